//! `cargo xtask imaging-eval`: how near findings on photos come to the truth.

use std::ffi::OsString;

use crate::{
    repo::Repo,
    run::{Stop, run, say},
};

/// Suggested outlines against masks that people drew. Standard output is the program's.
pub(crate) fn imaging(repo: &Repo, args: &[OsString]) -> Result<(), Stop> {
    say("building the evaluation in release");
    run(&mut repo.cargo(["build", "--quiet", "--release", "-p", "samspil-eval"]))?;
    let mut eval = std::process::Command::new(repo.target.join("release/samspil-eval"));
    run(eval.arg("imaging").args(args))
}
