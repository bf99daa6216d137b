//! `cargo xtask ci`: what has to pass before a change lands.

use std::{
    ffi::OsString,
    time::{Duration, Instant},
};

use crate::{
    chart, deny, fuzz, proto,
    repo::Repo,
    run::{Stop, run, say},
    test, web,
};

type Step = (&'static str, fn(&Repo) -> Result<(), Stop>);

/// The quick ones first.
const STEPS: [Step; 9] = [
    ("fmt", |repo| run(&mut repo.cargo(["fmt", "--all", "--check"]))),
    ("lint-proto", |repo| proto::lint(repo, &[])),
    ("deny", |repo| deny::deny(repo, &[])),
    ("chart", |repo| chart::chart(repo, &[])),
    ("web", web::check),
    ("clippy", |repo| run(&mut repo.cargo(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))),
    ("doc", |repo| run(repo.cargo(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))),
    ("test", |repo| test::test(repo, &[])),
    ("fuzz", fuzz::briefly),
];

/// Takes one step after the other; the first that fails ends it with its exit code.
pub(crate) fn ci(repo: &Repo, args: &[OsString]) -> Result<(), Stop> {
    if !args.is_empty() {
        return Err(Stop::usage("ci takes no arguments"));
    }
    let begin = Instant::now();
    let mut times = Vec::new();
    let mut outcome = Ok(());
    for (name, step) in STEPS {
        say(&format!("── {name}"));
        let begin = Instant::now();
        outcome = step(repo);
        let word = if outcome.is_ok() { "passed" } else { "FAILED" };
        let line = format!("{name:<12} {word} after {}", seconds(begin.elapsed()));
        say(&line);
        times.push(line);
        if outcome.is_err() {
            break;
        }
    }
    say("── summary");
    times.iter().for_each(|line| say(line));
    for (name, _) in &STEPS[times.len()..] {
        say(&format!("{name:<12} not run"));
    }
    say(&format!("{:<12} {}", "together", seconds(begin.elapsed())));
    outcome
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
