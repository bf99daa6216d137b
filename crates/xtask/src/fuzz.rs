//! `cargo xtask fuzz`: what reads bytes from outside, given some that nobody would think of.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{
    repo::Repo,
    run::{Stop, output, run, say},
    tools,
};

/// cargo-fuzz in one release for everybody.
const VERSION: &str = "0.13.2";

/// Targets that are built together.
struct Package {
    folder: &'static str,
    /// What there is, the quicker first.
    targets: &'static [&'static str],
    /// How it is built.
    build: &'static [&'static str],
    /// The package whose example writes the seeds, where the targets do not do it themselves.
    seeds: Option<&'static str>,
    /// Of one input: its bytes, the seconds it may take, and the megabytes that one allocation and all of it may take.
    bounds: &'static [&'static str],
}

/// Photos are decoded with the address sanitizer: decoders are where memory is misused.
const PHOTOS: Package = Package {
    folder: "crates/imaging/fuzz",
    targets: &["strip", "photo"],
    build: &[],
    seeds: Some("samspil-imaging"),
    bounds: &["-max_len=65536", "-timeout=10", "-malloc_limit_mb=64", "-rss_limit_mb=1024"],
};

/// The rest is safe code of ours. Without a sanitizer and without much optimisation it is built sooner.
const SERVICES: Package = Package {
    folder: "crates/fuzz",
    targets: &["page_token", "token", "request", "upload"],
    build: &["--dev", "--sanitizer", "none"],
    seeds: None,
    bounds: &["-max_len=4096", "-timeout=10", "-rss_limit_mb=1024"],
};

const PACKAGES: [&Package; 2] = [&SERVICES, &PHOTOS];

/// Runs each target, or the one that is named, for a while. Fails at the first find, and says where the input is that shows it.
pub(crate) fn fuzz(repo: &Repo, args: &[OsString]) -> Result<(), Stop> {
    fuzz_as(repo, &chosen(args)?)
}

/// Runs each target for a moment, from the same seed every time: what it finds now, the next run finds too.
pub(crate) fn briefly(repo: &Repo) -> Result<(), Stop> {
    fuzz_as(repo, &Chosen { seconds: 12, seed: Some(1), target: None })
}

fn fuzz_as(repo: &Repo, chosen: &Chosen) -> Result<(), Stop> {
    tools::provide(&[tools::C_COMPILER, tools::CXX_COMPILER])?;
    let cargo_fuzz = cargo_fuzz(repo)?;
    let scratch = Scratch::new()?;
    for package in PACKAGES {
        for target in package.targets.iter().filter(|target| chosen.target.is_none_or(|one| one == **target)) {
            say(&format!("── {target}, {} seconds", chosen.seconds));
            run(&mut package.command(repo, target, chosen, &cargo_fuzz, &scratch)?)?;
        }
    }
    Ok(())
}

impl Package {
    fn command(
        &self,
        repo: &Repo,
        target: &str,
        chosen: &Chosen,
        cargo_fuzz: &Path,
        scratch: &Scratch,
    ) -> Result<Command, Stop> {
        let corpus = repo.root.join(self.folder).join("corpus");
        let (found, seeds) = (corpus.join(target), corpus.join("seeds").join(self.seeds.map_or(target, |_| "")));
        for folder in [&found, &seeds] {
            make(folder)?;
        }
        if let Some(of) = self.seeds {
            run(repo.cargo(["run", "--quiet", "-p", of, "--example", "seeds", "--"]).arg(&seeds))?;
        }
        let mut command = Command::new(cargo_fuzz);
        // What instruments the code is in the stable release too, behind the door that this opens.
        command.env("RUSTC_BOOTSTRAP", "1").env("CARGO_TARGET_DIR", repo.target.join("fuzz")).current_dir(&repo.root);
        command.env("SAMSPIL_FUZZ_SEEDS", &seeds).env("TMPDIR", &scratch.0);
        command.args(["fuzz", "run", target, "--fuzz-dir", self.folder]).args(self.build).args([found, seeds]);
        command.args(["--", "-print_final_stats=1"]).args(self.bounds);
        command.arg(format!("-max_total_time={}", chosen.seconds));
        command.args(chosen.seed.map(|seed| format!("-seed={seed}")));
        Ok(command)
    }
}

/// Where targets put what they need for a moment: in memory, where there is such a place. They end too suddenly to clean up.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Scratch, Stop> {
        let memory = Path::new("/dev/shm");
        let place = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let folder = place.join(format!("samspil-fuzz-{}", std::process::id()));
        make(&folder)?;
        Ok(Scratch(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            say(&format!("{} is left: {error}", self.0.display()));
        }
    }
}

fn make(folder: &Path) -> Result<(), Stop> {
    fs::create_dir_all(folder).map_err(|error| Stop::because(format!("cannot make {}: {error}", folder.display())))
}

#[derive(Debug, PartialEq)]
struct Chosen {
    seconds: u32,
    /// What chance begins with. None for another one each time.
    seed: Option<u32>,
    /// None for all of them.
    target: Option<&'static str>,
}

fn chosen(args: &[OsString]) -> Result<Chosen, Stop> {
    let mut chosen = Chosen { seconds: 60, seed: None, target: None };
    let mut args = args.iter().map(|arg| arg.to_string_lossy());
    while let Some(arg) = args.next() {
        if arg == "--seconds" {
            let seconds = args.next().and_then(|seconds| seconds.parse().ok()).filter(|seconds| *seconds > 0);
            chosen.seconds = seconds.ok_or_else(|| Stop::usage("--seconds takes a whole number above 0"))?;
        } else {
            let target = targets().find(|target| *target == arg);
            let all = || targets().collect::<Vec<_>>().join(", ");
            chosen.target = Some(target.ok_or_else(|| Stop::usage(&format!("fuzz has the targets {}", all())))?);
        }
    }
    Ok(chosen)
}

fn targets() -> impl Iterator<Item = &'static str> {
    PACKAGES.into_iter().flat_map(|package| package.targets).copied()
}

/// cargo-fuzz: the person's own, or else one in our release.
fn cargo_fuzz(repo: &Repo) -> Result<PathBuf, Stop> {
    let folder = repo.tools("cargo-fuzz");
    let own = folder.join("bin/cargo-fuzz");
    let works = |path: &PathBuf| {
        output(Command::new(path).args(["fuzz", "--version"]).stderr(Stdio::null()))
            .is_some_and(|name| !name.is_empty())
    };
    if let Some(present) = tools::find("cargo-fuzz").into_iter().chain([own.clone()]).find(works) {
        return Ok(present);
    }
    say(&format!("installing cargo-fuzz {VERSION} under {}", folder.display()));
    // It only starts others, so how fast it is itself is nothing to wait for.
    let install = ["install", "--quiet", "--debug", "--locked", "cargo-fuzz", "--version", VERSION, "--root"];
    run(repo.cargo(install).arg(&folder))?;
    Ok(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(args: &[&str]) -> Result<Chosen, u8> {
        chosen(&args.iter().map(OsString::from).collect::<Vec<_>>()).map_err(|stop| stop.code)
    }

    #[test]
    fn a_minute_for_each_target_unless_something_else_is_said() {
        assert_eq!(of(&[]), Ok(Chosen { seconds: 60, seed: None, target: None }));
        assert_eq!(of(&["--seconds", "5", "strip"]), Ok(Chosen { seconds: 5, seed: None, target: Some("strip") }));
    }

    #[test]
    fn what_is_no_target_and_no_number_is_refused() {
        for wrong in [&["pictures"][..], &["--seconds"], &["--seconds", "0"], &["--seconds", "long"]] {
            assert_eq!(of(wrong), Err(2), "{wrong:?}");
        }
    }

    #[test]
    fn the_targets_are_those_of_the_packages() {
        let root = Repo::open().unwrap().root;
        for package in PACKAGES {
            let manifest = fs::read_to_string(root.join(package.folder).join("Cargo.toml")).unwrap();
            for target in package.targets {
                assert!(manifest.contains(&format!("path = \"fuzz_targets/{target}.rs\"")), "{target}");
            }
            assert_eq!(manifest.matches("[[bin]]").count(), package.targets.len());
        }
    }
}
