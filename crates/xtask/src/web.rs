//! The web tool: built by Node, served by Samspil, tried in a browser.

use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::SystemTime,
};

use crate::{
    repo::Repo,
    run::{Stop, output, run, say},
    tools::{self, find},
};

/// The oldest Node that builds it, as its package.json says.
const OLDEST: (u32, u32) = (20, 19);

/// What its files are made of, besides the contract.
const SOURCES: [&str; 9] = [
    "src",
    "locales",
    "public",
    "proto",
    "index.html",
    "buf.gen.yaml",
    "package-lock.json",
    "tsconfig.json",
    "vite.config.ts",
];

/// The web tool's folder, with Node to work in it.
pub(crate) struct Web<'r> {
    repo: &'r Repo,
    folder: PathBuf,
}

impl<'r> Web<'r> {
    /// Finds Node and installs what the lock file names.
    pub(crate) fn open(repo: &'r Repo) -> Result<Web<'r>, Stop> {
        let found = node();
        if found.is_none_or(|version| version < OLDEST) {
            let (major, minor) = OLDEST;
            let found = found.map_or("there is none".to_owned(), |(major, minor)| format!("there is {major}.{minor}"));
            return Err(Stop::because(format!(
                "missing: Node {major}.{minor} or later with npm, for the web tool; {found} on the PATH. Please install it: \
                 https://nodejs.org, or a package of your system that is new enough."
            )));
        }
        let web = Web { repo, folder: repo.root.join("services/review/web") };
        web.install()?;
        Ok(web)
    }

    fn npm<S: Into<OsString>>(&self, args: impl IntoIterator<Item = S>) -> Command {
        let mut npm = Command::new("npm");
        npm.args(args.into_iter().map(Into::into)).current_dir(&self.folder).stdin(Stdio::null());
        // Standard output belongs to the program that a task runs.
        npm.stdout(io::stderr());
        npm
    }

    fn install(&self) -> Result<(), Stop> {
        let lock = self.folder.join("package-lock.json");
        let done = self.folder.join("node_modules/.package-lock.json");
        if modified(&done) > modified(&lock) {
            return Ok(());
        }
        say("installing what the web tool is made of");
        // Not `npm ci`: it wants the packages of every platform to be in the lock file, and a registry may not have them all.
        run(&mut self.npm(["install", "--no-save", "--loglevel=error"]))
    }

    /// Builds it, unless it is newer than all that it is made of.
    pub(crate) fn build(&self) -> Result<(), Stop> {
        let sources = SOURCES.iter().map(|source| self.folder.join(source)).chain([self.repo.root.join("proto")]);
        let newest = sources.map(|source| newest(&source)).max().flatten();
        if modified(&self.folder.join("dist/index.html")) > newest {
            return Ok(());
        }
        say("building the web tool");
        run(&mut self.npm(["run", "--silent", "build"]))
    }

    /// Types, form and lint.
    pub(crate) fn check(&self) -> Result<(), Stop> {
        run(&mut self.npm(["run", "--silent", "check"]))
    }

    /// Its own tests, then those in a browser against a server of this checkout. Arguments go to the latter.
    pub(crate) fn test(&self, args: &[OsString]) -> Result<(), Stop> {
        tools::provide(&[tools::CHROMIUM])?;
        self.build()?;
        if args.is_empty() {
            run(&mut self.npm(["run", "--silent", "test"]))?;
        }
        run(&mut self.repo.cargo(["build", "--package", "samspil"]))?;
        say("the web tool in a browser");
        let mut browser = self.browser("e2e", "debug")?;
        browser.env("SAMSPIL_SHOTS", self.repo.target.join("screenshots"));
        run(browser.args(args).env("SAMSPIL_OUTLINE_MODEL", self.repo.outline_model()))
    }

    /// Measures the release, which has been built, as people meet it in a browser.
    pub(crate) fn bench(&self) -> Result<(), Stop> {
        tools::provide(&[tools::CHROMIUM])?;
        say("measuring the web tool in a browser; this takes some minutes");
        run(self.browser("bench", "release")?.stdout(Stdio::inherit()))
    }

    /// A script of the web tool's that starts servers of a profile and opens them in a browser.
    fn browser(&self, script: &str, profile: &str) -> Result<Command, Stop> {
        let mut command = self.npm(["run", "--silent", script, "--"]);
        command.env("SAMSPIL_BINARY", self.repo.target.join(profile).join("samspil"));
        command.env("SAMSPIL_PHOTOS", self.photos()?);
        Ok(command)
    }

    /// Drawn photographs, made once.
    fn photos(&self) -> Result<PathBuf, Stop> {
        let folder = self.repo.target.join("photos");
        if !folder.join("visit-3.jpg").is_file() {
            let draw = ["run", "--quiet", "--package", "samspil-phantom", "--example", "draw", "--"];
            run(self.repo.cargo(draw).arg(&folder))?;
        }
        Ok(folder)
    }
}

/// `cargo xtask web [test [ARGUMENTS]]`.
pub(crate) fn web(repo: &Repo, args: &[OsString]) -> Result<(), Stop> {
    match args.split_first() {
        None => Web::open(repo)?.build(),
        Some((task, rest)) if task == "test" => Web::open(repo)?.test(rest),
        Some(_) => Err(Stop::usage("web takes nothing, or `test` and arguments for Playwright")),
    }
}

/// Types, form and lint of the web tool.
pub(crate) fn check(repo: &Repo) -> Result<(), Stop> {
    Web::open(repo)?.check()
}

/// Node's version, when npm is there too.
fn node() -> Option<(u32, u32)> {
    find("npm")?;
    version(&output(Command::new("node").arg("--version").stderr(Stdio::null()))?)
}

/// Major and minor in what `node --version` prints.
fn version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.strip_prefix('v')?.split('.').map(str::parse);
    Some((parts.next()?.ok()?, parts.next()?.ok()?))
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|file| file.modified()).ok()
}

/// When anything in a folder was last changed, or a file. The folders count too: a file may be gone.
fn newest(path: &Path) -> Option<SystemTime> {
    let within = |folder: fs::ReadDir| {
        let entries: io::Result<Vec<_>> = folder.collect();
        entries.ok()?.iter().filter_map(|entry| newest(&entry.path())).max()
    };
    // What is generated from the contract is newer with every build.
    if path.ends_with("src/gen") {
        return None;
    }
    fs::read_dir(path).ok().and_then(within).max(modified(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_version_is_read_from_what_it_prints() {
        assert_eq!(version("v20.19.2"), Some((20, 19)));
        assert_eq!(version("v24.0.0-nightly"), Some((24, 0)));
        assert_eq!(version("20"), None);
        assert!((22, 1) > OLDEST && (20, 18) < OLDEST);
    }

    #[test]
    fn a_folder_is_as_new_as_its_newest_file() {
        let folder = std::env::temp_dir().join(format!("xtask-newest-{}", std::process::id()));
        fs::create_dir_all(folder.join("deep")).unwrap();
        let file = folder.join("deep/file");
        fs::write(&file, "").unwrap();
        let future = SystemTime::now() + std::time::Duration::from_secs(60);
        fs::File::options().write(true).open(&file).unwrap().set_modified(future).unwrap();
        assert_eq!(newest(&folder), modified(&file));
        assert_eq!(newest(&folder.join("missing")), None);
        fs::remove_dir_all(folder).unwrap();
    }
}
