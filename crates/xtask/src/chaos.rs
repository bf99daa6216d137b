//! `cargo xtask chaos`: the bad days of the tests, for long.

use std::{ffi::OsString, process::Command};

use crate::run::{Stop, run, say};

/// How often a replica dies, and for how many seconds an outage lasts, unless the environment says otherwise.
const LONG: [(&str, &str); 2] = [("SAMSPIL_CHAOS_KILLS", "200"), ("SAMSPIL_CHAOS_SECONDS", "30")];

/// Runs them one after the other, so that the load of one is no trouble of another.
pub(crate) fn chaos(args: &[OsString]) -> Result<(), Stop> {
    let this = std::env::current_exe().map_err(|error| Stop::because(error.to_string()))?;
    let mut tests = Command::new(this);
    tests.args(["test", "-p", "samspil", "--test", "journeys", "--profile", "chaos", "-E", "test(bad_days)"]).args(args);
    for (name, long) in LONG {
        let told = std::env::var(name).unwrap_or_else(|_| long.to_owned());
        say(&format!("{name}={told}"));
        tests.env(name, told);
    }
    run(&mut tests)
}
