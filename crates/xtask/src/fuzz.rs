//! `cargo xtask fuzz`: what reads photos, given bytes that nobody would think of.

use std::{
    ffi::OsString,
    path::PathBuf,
    process::{Command, Stdio},
};

use crate::{
    repo::Repo,
    run::{Stop, output, run, say},
    tools,
};

/// cargo-fuzz in one release for everybody.
const VERSION: &str = "0.13.2";
/// The package of the targets, and what there is, the quicker first.
const PACKAGE: &str = "crates/imaging/fuzz";
const TARGETS: [&str; 2] = ["strip", "photo"];
/// Of one file: its bytes, the seconds it may take, and the megabytes that one allocation and all of it may take.
const BOUNDS: [&str; 4] = ["-max_len=65536", "-timeout=10", "-malloc_limit_mb=64", "-rss_limit_mb=1024"];

/// Runs each target, or the one that is named, for a while. Fails at the first find, and says where the file is that shows it.
pub(crate) fn fuzz(repo: &Repo, args: &[OsString]) -> Result<(), Stop> {
    let Chosen { seconds, targets } = chosen(args)?;
    tools::provide(&[tools::C_COMPILER, tools::CXX_COMPILER])?;
    let cargo_fuzz = cargo_fuzz(repo)?;
    let package = repo.root.join(PACKAGE);
    let seeds = package.join("corpus/seeds");
    run(repo.cargo(["run", "--quiet", "-p", "samspil-imaging", "--example", "seeds", "--"]).arg(&seeds))?;
    for target in targets {
        let found = package.join("corpus").join(target);
        std::fs::create_dir_all(&found)
            .map_err(|error| Stop::because(format!("cannot make {}: {error}", found.display())))?;
        say(&format!("── {target}, {seconds} seconds"));
        // The sanitizer is in the stable release too, behind the door that this opens.
        let mut command = Command::new(&cargo_fuzz);
        command.env("RUSTC_BOOTSTRAP", "1").current_dir(&repo.root);
        command.args(["fuzz", "run", target, "--fuzz-dir", PACKAGE]).args([found, seeds.clone()]);
        command.args(["--", "-print_final_stats=1"]).args(BOUNDS).arg(format!("-max_total_time={seconds}"));
        run(&mut command)?;
    }
    Ok(())
}

#[derive(Debug, PartialEq)]
struct Chosen {
    seconds: u32,
    targets: Vec<&'static str>,
}

fn chosen(args: &[OsString]) -> Result<Chosen, Stop> {
    let mut chosen = Chosen { seconds: 60, targets: TARGETS.to_vec() };
    let mut args = args.iter().map(|arg| arg.to_string_lossy());
    while let Some(arg) = args.next() {
        if arg == "--seconds" {
            let seconds = args.next().and_then(|seconds| seconds.parse().ok()).filter(|seconds| *seconds > 0);
            chosen.seconds = seconds.ok_or_else(|| Stop::usage("--seconds takes a whole number above 0"))?;
        } else {
            let target = TARGETS.into_iter().find(|target| *target == arg);
            let target = target.ok_or_else(|| Stop::usage(&format!("fuzz has the targets {}", TARGETS.join(", "))))?;
            chosen.targets = vec![target];
        }
    }
    Ok(chosen)
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
    run(repo.cargo(["install", "--quiet", "--locked", "cargo-fuzz", "--version", VERSION, "--root"]).arg(&folder))?;
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
        assert_eq!(of(&[]), Ok(Chosen { seconds: 60, targets: TARGETS.to_vec() }));
        assert_eq!(of(&["--seconds", "5", "strip"]), Ok(Chosen { seconds: 5, targets: vec!["strip"] }));
    }

    #[test]
    fn what_is_no_target_and_no_number_is_refused() {
        for wrong in [&["pictures"][..], &["--seconds"], &["--seconds", "0"], &["--seconds", "long"]] {
            assert_eq!(of(wrong), Err(2), "{wrong:?}");
        }
    }

    #[test]
    fn the_targets_are_those_of_the_package() {
        let manifest = std::fs::read_to_string(Repo::open().unwrap().root.join(PACKAGE).join("Cargo.toml")).unwrap();
        for target in TARGETS {
            assert!(manifest.contains(&format!("path = \"fuzz_targets/{target}.rs\"")), "{target}");
        }
        assert_eq!(manifest.matches("[[bin]]").count(), TARGETS.len());
    }
}
