//! Walks a chain and tells what was done to it.

use chrono::{DateTime, Utc};
use samspil_store::{
    Db,
    audit::{checkpoints, seals},
};

use super::{
    Report, Signed, Wrong,
    walk::{PATIENCE, TOLD, Walk},
};

/// Seals read at a time.
const BATCH: i64 = 1000;

/// Walks the chain of a service. `kept` are checkpoints that were kept elsewhere, beside those in the database; `key` is the
/// public key that all of them should be signed with.
///
/// # Errors
/// As the engine, and when what is there cannot be read as seals at all.
pub async fn verify(
    service: &str,
    db: &Db,
    key: &[u8],
    kept: &[Signed],
    now: DateTime<Utc>,
) -> Result<Report, samspil_store::Error> {
    // Before the walk, so that the chain is at least as long.
    let own = checkpoints::all(&mut db.read().await?).await?;
    let own = own.into_iter().map(|checkpoint| Signed { service: service.to_owned(), checkpoint });
    let mut walk = Walk::new(service);
    walk.hold_to(own.chain(kept.iter().filter(|signed| signed.service == service).cloned()), key);
    // From below the first number: somebody may have put a seal there.
    let mut after = i64::MIN;
    loop {
        let batch = seals::walk(db, after, BATCH).await?;
        let full = batch.len() == BATCH as usize;
        after = batch.last().map_or(after, |last| last.sequence);
        for found in batch {
            walk.step(found);
        }
        if !full {
            break;
        }
    }
    walk.end();
    for outside in seals::outside(db, now - PATIENCE, TOLD as i64).await? {
        let (wrong, text) = match (outside.waits, outside.is_there) {
            (false, _) => (Wrong::EntryInserted, "an entry was written past the sealer"),
            (true, false) => (Wrong::EntryRemoved, "an entry was taken away before it was sealed"),
            (true, true) => (Wrong::EntryUnsealed, "an entry has waited for the sealer too long"),
        };
        walk.find(None, Some(outside.entry_id), wrong, text.to_owned());
    }
    Ok(walk.report)
}
