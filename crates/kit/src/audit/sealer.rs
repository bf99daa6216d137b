//! The worker that seals committed entries and signs checkpoints.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use samspil_store::{
    Db,
    audit::{checkpoints, seals},
};
use tokio_util::sync::CancellationToken;

use super::{Key, Signed, walk::PATIENCE};
use crate::Clock;

/// Entries sealed in one transaction. On SQLite everybody who writes waits for it, so it should be a short one.
const BATCH: i64 = 100;

/// How often it looks. It is not woken by commits: a transaction for many entries costs what one for a single entry does, and on
/// SQLite it takes a turn that calls wait for.
const POLL: Duration = Duration::from_secs(1);

/// With what, and how often, checkpoints are signed.
#[derive(Clone)]
pub struct Sealing {
    /// Signs them.
    pub key: Key,
    /// After so many entries.
    pub entries: i64,
    /// And after this time, when there are new entries.
    pub interval: TimeDelta,
}

impl Sealing {
    /// With a key, as often as is usual: every thousand entries, and every hour.
    pub fn with(key: Key) -> Sealing {
        Sealing { key, entries: 1000, interval: TimeDelta::hours(1) }
    }
}

/// Seals a service's entries until it is told to stop. An error is logged and tried again at the next look.
pub async fn run(service: &'static str, db: Db, clock: Clock, sealing: Sealing, stop: CancellationToken) {
    loop {
        if let Err(error) = pass(service, &db, &clock, &sealing).await {
            tracing::error!(error = %error, service, "failed to seal audit entries");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(POLL) => {}
        }
    }
}

/// Seals what is committed, and signs a checkpoint when one is due.
async fn pass(service: &str, db: &Db, clock: &Clock, sealing: &Sealing) -> Result<(), samspil_store::Error> {
    let now = clock.now();
    let Some(head) = seal(service, db).await? else { return Ok(()) };
    let last = checkpoints::last(&mut db.read().await?).await?;
    let due = last.is_none_or(|last| {
        let new = head.sequence - last.sequence;
        new >= sealing.entries || new > 0 && now - last.time >= sealing.interval
    });
    if due && !is_ahead(db, clock, now).await? {
        keep(db, &sealing.key.sign(service, head, now)).await?;
    }
    Ok(())
}

/// Whether this machine's clock is far ahead of the database's. A checkpoint that is younger than the time would pass everything that
/// comes next for backdated; the replica whose clock is right signs one.
async fn is_ahead(db: &Db, clock: &Clock, now: DateTime<Utc>) -> Result<bool, samspil_store::Error> {
    let Some(ahead) = clock.ahead_of(db, now).await?.filter(|ahead| *ahead > PATIENCE) else { return Ok(false) };
    tracing::error!(
        ahead_seconds = ahead.num_seconds(),
        "the clock is ahead of the database's: no checkpoint is signed"
    );
    Ok(true)
}

/// Seals everything that is committed and signs how far the chain has come. `None` for a service without any entry.
///
/// # Errors
/// As the engine.
pub async fn checkpoint(
    service: &str,
    db: &Db,
    clock: &Clock,
    key: &Key,
) -> Result<Option<Signed>, samspil_store::Error> {
    // Before the entries are sealed: whatever is committed by then is up to here in the chain.
    let now = clock.now();
    let Some(head) = seal(service, db).await? else { return Ok(None) };
    let signed = key.sign(service, head, now);
    keep(db, &signed).await?;
    Ok(Some(signed))
}

/// Seals until nothing waits. Gives how far the chain has come.
async fn seal(service: &str, db: &Db) -> Result<Option<seals::Head>, samspil_store::Error> {
    while seals::seal(db, service, BATCH).await? == BATCH as usize {}
    let head = seals::head(&mut db.read().await?, service).await?;
    Ok((head.sequence > 0).then_some(head))
}

async fn keep(db: &Db, signed: &Signed) -> Result<(), samspil_store::Error> {
    let mut tx = db.begin().await?;
    checkpoints::put(&mut tx, &signed.checkpoint).await?;
    tx.commit().await
}
