//! Whether this process can serve: its databases answer, and its clock is right by theirs.

use std::time::Duration;

use chrono::TimeDelta;
use samspil_store::Db;
use tonic_health::{ServingStatus, server::HealthReporter};

use crate::Clock;

/// How often the databases are asked, and how long each may take to answer.
const LOOK: Duration = Duration::from_secs(2);

/// After so many silences in a row nobody is sent here any more. One alone may be a restart or a slow moment.
const SILENCES: u32 = 3;

/// The health of what answers at all, however its databases are: who restarts what does not live asks for this one.
pub(crate) const LIVE: &str = "live";

/// How far the clock may be off. Services let each other in for five minutes, and stores of objects nobody who is off by fifteen.
const OFF: TimeDelta = TimeDelta::minutes(4);

/// Tells health whether this process can serve, for ever.
pub(crate) async fn follow(dbs: Vec<Db>, clock: Clock, health: HealthReporter, services: Vec<&'static str>) {
    let mut silences = 0;
    loop {
        tokio::time::sleep(LOOK).await;
        let before = silences;
        let looked = look(&dbs, &clock).await;
        silences = if looked.is_ok() { 0 } else { silences + 1 };
        let status = match (before, silences) {
            (SILENCES.., 0) => ServingStatus::Serving,
            (_, SILENCES) => ServingStatus::NotServing,
            _ => continue,
        };
        tracing::warn!(%status, trouble = looked.err(), "whether this process can serve has changed");
        for service in &services {
            health.set_service_status(*service, status).await;
        }
    }
}

/// What keeps this process from serving.
async fn look(dbs: &[Db], clock: &Clock) -> Result<(), String> {
    let asked = futures::future::try_join_all(dbs.iter().map(|db| clock.ahead_of(db, clock.now())));
    let Ok(Ok(ahead)) = tokio::time::timeout(LOOK, asked).await else {
        return Err("a database does not answer".to_owned());
    };
    match ahead.into_iter().flatten().find(|ahead| ahead.abs() > OFF) {
        Some(ahead) => Err(format!("the clock is {} seconds ahead of the database's", ahead.num_seconds())),
        None => Ok(()),
    }
}
