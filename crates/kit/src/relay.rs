//! The worker that gives committed events their number in the log.

use std::time::Duration;

use samspil_store::{Db, outbox};
use tokio_util::sync::CancellationToken;

/// What the relay rests on when nobody tells it of a commit: another process, or a signal that was lost.
const POLL: Duration = Duration::from_secs(1);

/// Moves events until it is told to stop. An error is logged and tried again at the next poll.
pub async fn run(db: Db, stop: CancellationToken) {
    let mut committed = db.committed();
    loop {
        match outbox::relay(&db, 500).await {
            Ok(500..) => continue,
            Ok(_) => {}
            Err(error) => tracing::error!(error = %error, "failed to relay events"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            _ = committed.changed() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
}
