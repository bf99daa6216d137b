//! `cargo xtask test`: every test, on both engines.

use std::{ffi::OsString, process::Command};

use crate::{
    postgres::Postgres,
    repo::Repo,
    run::{Stop, output, run, say},
    seaweed::Seaweed,
    tools,
    web::Web,
};

/// Runs every test, or those that the arguments choose.
pub(crate) fn test(repo: &Repo, args: &[OsString]) -> Result<(), Stop> {
    tools::provide(&[tools::C_COMPILER, tools::POSTGRES])?;
    let web = Web::open(repo)?;
    web.build()?;
    say(photographs(repo));
    let server = Postgres::start()?;
    let objects = Seaweed::start(repo)?;
    let cargo = |args: &[&str], more: &[OsString]| {
        let mut command = repo.cargo(args.iter().copied());
        command.args(more);
        objects.offer(server.offer(&mut command));
        command
    };
    if output(&mut cargo(&["nextest", "--version"], &[])).is_none() {
        say(
            "cargo-nextest is not installed (cargo install --locked cargo-nextest); running `cargo test`, which is slower",
        );
        return run(&mut match args {
            [] => cargo(&["test", "--workspace", "--no-fail-fast"], &[]),
            chosen => cargo(&["test", "--no-fail-fast"], chosen),
        });
    }
    match args {
        // All run even when the first fails, so that one run tells everything; the tests last, as theirs is the summary that
        // people and machines look for at the end.
        [] => {
            let examples = examples(&mut cargo(&["test", "--doc", "--workspace", "--quiet"], &[]));
            let browser = web.test(&[]);
            let tests = run(&mut cargo(&["nextest", "run", "--workspace", "--no-fail-fast"], &[]));
            tests.and(browser).and(examples)
        }
        chosen => run(&mut cargo(&["nextest", "run", "--no-fail-fast"], chosen)),
    }
}

/// Nextest does not run the examples in the documentation.
fn examples(command: &mut Command) -> Result<(), Stop> {
    say("the examples in the documentation, then the tests");
    run(command)
}

/// Whether the tests over real photographs have any.
fn photographs(repo: &Repo) -> &'static str {
    if repo.root.join("../shared/wound-data/dev/images").is_dir() {
        "the tests over real photographs run: ../shared/wound-data is there"
    } else {
        "the tests over real photographs are skipped, and say so: there is no folder ../shared/wound-data beside this checkout"
    }
}
