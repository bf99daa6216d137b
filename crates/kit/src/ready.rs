//! Whether this process can serve: its databases answer.

use std::time::Duration;

use samspil_store::Db;
use tonic_health::{ServingStatus, server::HealthReporter};

/// How often the databases are asked, and how long each may take to answer.
const LOOK: Duration = Duration::from_secs(2);

/// After so many silences in a row nobody is sent here any more. One alone may be a restart or a slow moment.
const SILENCES: u32 = 3;

/// The health of what answers at all, however its databases are: who restarts what does not live asks for this one.
pub(crate) const LIVE: &str = "live";

/// Tells health whether the databases answer, for ever.
pub(crate) async fn follow(dbs: Vec<Db>, health: HealthReporter, services: Vec<&'static str>) {
    let mut silences = 0;
    loop {
        tokio::time::sleep(LOOK).await;
        let before = silences;
        silences = if answer(&dbs).await { 0 } else { silences + 1 };
        let status = match (before, silences) {
            (SILENCES.., 0) => ServingStatus::Serving,
            (_, SILENCES) => ServingStatus::NotServing,
            _ => continue,
        };
        tracing::warn!(%status, "the databases answer, or do not");
        for service in &services {
            health.set_service_status(*service, status).await;
        }
    }
}

async fn answer(dbs: &[Db]) -> bool {
    let asked = futures::future::try_join_all(dbs.iter().map(Db::ping));
    matches!(tokio::time::timeout(LOOK, asked).await, Ok(Ok(_)))
}
