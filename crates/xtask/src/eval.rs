//! `cargo xtask measure-eval`, `imaging-eval` and `quality-eval`: what the imaging crate claims, held against the truth.

use std::{ffi::OsString, process::Command};

use crate::{
    repo::Repo,
    run::{Stop, run, say},
    tools,
};

/// Builds the evaluation in release and runs one of its parts.
pub(crate) fn eval(repo: &Repo, part: &str, args: &[OsString]) -> Result<(), Stop> {
    tools::provide(&[tools::C_COMPILER])?;
    say("building the evaluation in release; the first time takes some minutes");
    run(&mut repo.cargo(["build", "--release", "-p", "samspil-eval"]))?;
    run(Command::new(repo.target.join("release/samspil-eval")).arg(part).args(args))
}
