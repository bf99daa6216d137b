//! What breaks under a site of two replicas on PostgreSQL and S3: a replica, the database, the network between services, a
//! clock. After each of them everything that was acknowledged is there once, and `samspil verify` finds nothing.
//!
//! | file | what |
//! | --- | --- |
//! | `site` | two replicas on one database and one bucket, and how a site is looked over |
//! | `balancer` | the one address before them, which can be cut |
//! | `work` | nurses who send photos and questions, and a specialist who answers |
//! | `killed` | a replica is killed at random, or told to stop, under all of that |
//! | `database` | PostgreSQL crashes, stands still, has no connection or no room left |
//! | `cut` | the network between two services |
//! | `restored` | a database restored to a point in time, beside objects of another time |
//! | `slow_reader` | watchers that do not read |
//! | `clock`, `wrong_clock` | the clock of a replica jumps an hour |
//!
//! They are short here. `cargo xtask chaos` runs them for long: `SAMSPIL_CHAOS_KILLS` (10) says how often a replica dies,
//! `SAMSPIL_CHAOS_SECONDS` (5) how long an outage lasts, `SAMSPIL_CHAOS_SEED` when it comes.

mod balancer;
mod clock;
mod cut;
mod database;
mod killed;
mod restored;
mod site;
mod slow_reader;
mod work;
mod wrong_clock;

use std::time::Duration;

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().expect("a number"))
}

/// How long an outage lasts.
fn outage() -> Duration {
    Duration::from_secs(setting("SAMSPIL_CHAOS_SECONDS", 5))
}
