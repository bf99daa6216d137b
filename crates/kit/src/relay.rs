//! The worker that gives committed events their number in the log.

use std::time::{Duration, SystemTime};

use samspil_store::{Db, outbox};
use tokio_util::sync::CancellationToken;

use crate::telemetry;

/// Events moved in one transaction.
const BATCH: i64 = 500;

/// What the relay rests on when nobody tells it of a commit: another process, or a signal that was lost.
const POLL: Duration = Duration::from_secs(1);

/// Moves events until it is told to stop. An error is logged and tried again at the next poll.
pub async fn run(db: Db, stop: CancellationToken) {
    let mut committed = db.committed();
    loop {
        let begun = SystemTime::now();
        match outbox::relay(&db, BATCH).await {
            Ok(moved) => {
                for event in &moved {
                    telemetry::past_span(&event.traceparent, &format!("relay {}", last(&event.r#type)), begun);
                }
                if moved.len() as i64 == BATCH {
                    continue;
                }
            }
            Err(error) => tracing::error!(error = %error, "failed to relay events"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            _ = committed.changed() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
}

/// `AssessmentRequested`, of a full message name.
fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}
