//! The tasks of this repository: `cargo xtask …`.
//!
//! It depends on nothing but the standard library, so that it starts within seconds on a fresh machine. What a task needs
//! beyond Rust it looks for first, installs when it may (Debian packages, npm packages), and else names and stops.
//!
//! Everything that a task says goes to standard error: standard output belongs to the program that it runs.

mod chaos;
mod chart;
mod ci;
mod demo;
mod deny;
mod deploy;
mod eval;
mod fuzz;
mod image;
mod keeper;
mod postgres;
mod proto;
mod repo;
mod run;
mod seaweed;
mod test;
mod tools;
mod web;

use std::{ffi::OsString, process::ExitCode};

use crate::{
    repo::Repo,
    run::{Stop, say},
};

const HELP: &str = "\
cargo xtask demo [--once] [--json] [--photos DIR]
    Builds Samspil in release, starts every service on SQLite and a folder, and plays the wound workflow over gRPC.
    Stays up for you to try; with --once it ends. With --json the last line is one object.
cargo xtask test [ARGUMENTS]
    Installs what is missing, starts a throw-away PostgreSQL and S3 store and runs every test on both engines. Arguments go to the test
    runner in place of --workspace, for example: cargo xtask test -p samspil-wound answering
cargo xtask chaos [ARGUMENTS]
    The tests of bad days for long: a replica killed 200 times (SAMSPIL_CHAOS_KILLS), outages of 30 seconds (SAMSPIL_CHAOS_SECONDS), at
    times that SAMSPIL_CHAOS_SEED decides. Arguments go to the test runner.
cargo xtask bench [ARGUMENTS]
    Measures, and prints a table and JSON, each number beside its floor; at the end the web tool in a browser, which alone is
    cargo xtask bench --only web.
cargo xtask measure-eval [--json] [--scenes N] [--seed N]
    Measures drawn wounds by the marker on photos of known tilt, distance and light, and prints how far each kind is off.
    Fails when a bar is missed.
cargo xtask ci
    What .ci/run does: fmt, lint-proto, deny, chart, web, clippy, doc, test, fuzz. The first that fails ends it.
cargo xtask chart
    Renders the Helm chart in each of its value sets, and checks every object, whether they fit each other, and that bad values
    are refused. Tests the alert rules with promtool, and reads the Containerfile with hadolint. Installs what it needs for it.
cargo xtask image [--binary PATH]
    Builds the container image without a daemon, around a static release or a ready static program, runs it once, and writes it
    to target/image/samspil.oci.tar. Takes Linux and root.
cargo xtask web [test [ARGUMENTS]]
    Builds the web tool, which `samspil serve` then has in it; with `test` runs its tests, in a browser too. Arguments go to
    Playwright, for example: cargo xtask web test queue
cargo xtask imaging-eval --images DIR --masks DIR [--json]
    Measures the suggested outlines of wounds against masks that people drew: Dice, area, time, confidence.
cargo xtask quality-eval --images DIR --masks DIR [--json]
    Spoils photos of wounds on purpose and prints how often each threshold of the quality verdict warns, of good and of bad ones.
cargo xtask fuzz [--seconds N] [TARGET]
    Gives what reads photos, tokens, requests and uploads made-up ones, N seconds (60) for each target; fails with the first that
    breaks a promise. Installs cargo-fuzz. See docs/fuzzing.md.
cargo xtask deny
    Licences, forbidden crates and their sources, by cargo-deny and deny.toml.
cargo xtask lint-proto
    buf lint and buf format over proto/.
cargo xtask postgres [-- COMMAND]
    Runs a command with a throw-away PostgreSQL in SAMSPIL_TEST_POSTGRES (and PGHOST, PGPORT, PGUSER, PGDATABASE) and a
    throw-away S3 store in SAMSPIL_TEST_S3.
    Without a command: until standard input ends.
cargo xtask help
    This text.

With SAMSPIL_TEST_POSTGRES or SAMSPIL_TEST_S3 set, test, bench and postgres use that server and start none.
";

fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1);
    let task = args.next().unwrap_or_default();
    match perform(&task.to_string_lossy(), args.collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Stop { code, message }) => {
            if let Some(message) = message {
                say(&message);
            }
            ExitCode::from(code)
        }
    }
}

fn perform(task: &str, args: Vec<OsString>) -> Result<(), Stop> {
    match task {
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        "demo" => demo::demo(&Repo::open()?, &args),
        "bench" => demo::bench(&Repo::open()?, &args),
        "measure-eval" => eval::eval(&Repo::open()?, "measure", &args),
        "test" => test::test(&Repo::open()?, &args),
        "image" => image::image(&Repo::open()?, &args),
        "chart" => chart::chart(&Repo::open()?, &args),
        "chaos" => chaos::chaos(&args),
        "ci" => ci::ci(&Repo::open()?, &args),
        "web" => web::web(&Repo::open()?, &args),
        "imaging-eval" => eval::eval(&Repo::open()?, "imaging", &args),
        "quality-eval" => eval::eval(&Repo::open()?, "quality", &args),
        "fuzz" => fuzz::fuzz(&Repo::open()?, &args),
        "deny" => deny::deny(&Repo::open()?, &args),
        "lint-proto" => proto::lint(&Repo::open()?, &args),
        "postgres" => postgres::with(&args),
        "" => Err(Stop::usage(HELP)),
        other => Err(Stop::usage(&format!("there is no task {other:?}\n\n{HELP}"))),
    }
}
