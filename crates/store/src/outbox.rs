//! Events on their way from the change that caused them to the log.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{Db, Engine, Tx, sql, wake};

/// An event, as the change that causes it writes it.
#[derive(Debug, Clone)]
pub struct NewEvent<'a> {
    /// Its id for good.
    pub id: Uuid,
    /// The payload's full message name.
    pub r#type: &'a str,
    /// The resource that it happened to.
    pub subject: &'a str,
    /// SOR codes of the organisations that may watch it.
    pub organisations: &'a [String],
    /// When.
    pub time: DateTime<Utc>,
    /// W3C trace context of the call, or empty.
    pub traceparent: &'a str,
    /// The encoded payload.
    pub data: Vec<u8>,
}

/// Writes an event in the transaction of its change.
///
/// # Errors
/// As the engine.
pub async fn put(tx: &mut Tx, event: NewEvent<'_>) -> Result<(), sqlx::Error> {
    let organisations = event.organisations.iter().fold(String::from(" "), |all, sor| all + sor + " ");
    sql!(
        tx,
        execute,
        "INSERT INTO outbox (event_id, type, subject, organisations, time, traceparent, data)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        event.id,
        event.r#type,
        event.subject,
        organisations,
        event.time,
        event.traceparent,
        event.data
    )?;
    Ok(())
}

/// How many wait, and since when the first of them does.
pub type Waiting = (i64, Option<DateTime<Utc>>);

/// What has no place in the log yet.
///
/// # Errors
/// As the engine.
pub async fn waiting(tx: &mut Tx) -> Result<Waiting, sqlx::Error> {
    sql!(tx, fetch_one as Waiting, "SELECT COUNT(*), MIN(time) FROM outbox")
}

/// An event that came into the log.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Moved {
    /// The payload's full message name.
    pub r#type: String,
    /// W3C trace context of the call that caused it, or empty.
    pub traceparent: String,
}

/// Moves what is committed to the log, in the order of the outbox, and numbers it without gaps. Gives what was moved: the type
/// of each event and the trace that caused it.
///
/// A number that an insert takes by itself would not do: one taken first may be committed last, and a follower that has
/// already passed it would never see it. Here numbers are given to what is already visible, by one relay at a time.
///
/// # Errors
/// As the engine; then nothing was moved.
pub async fn relay(db: &Db, limit: i64) -> Result<Vec<Moved>, sqlx::Error> {
    // Without this look, an idle service would open a writing transaction every second.
    let mut tx = db.read().await?;
    if sql!(tx, fetch_optional as (i64,), "SELECT position FROM outbox LIMIT 1")?.is_none() {
        return Ok(Vec::new());
    }
    drop(tx);
    let mut tx = db.begin().await?;
    if tx.engine() == Engine::Postgres {
        // SQLite has one writer anyway.
        sql!(tx, execute, "SELECT pg_advisory_xact_lock(hashtext(current_schema() || '.relay'))")?;
    }
    let (last,) = sql!(tx, fetch_one as (i64,), "SELECT COALESCE(MAX(sequence), 0) FROM event_log")?;
    let moved = sql!(
        tx,
        fetch_all as Moved,
        "INSERT INTO event_log (sequence, event_id, type, subject, organisations, time, traceparent, data)
         SELECT $1 + ROW_NUMBER() OVER (ORDER BY position), event_id, type, subject, organisations, time, traceparent, data
         FROM (SELECT * FROM outbox ORDER BY position LIMIT $2) AS next
         RETURNING type, traceparent",
        last,
        limit
    )?;
    // By what is in the log, not by position: a row that became visible in between has not been moved.
    sql!(
        tx,
        execute,
        "DELETE FROM outbox WHERE event_id IN (SELECT event_id FROM event_log WHERE sequence > $1)",
        last
    )?;
    if tx.engine() == Engine::Postgres && !moved.is_empty() {
        wake::notify(&mut tx).await?;
    }
    tx.commit().await?;
    if !moved.is_empty() {
        db.tell_logged();
    }
    Ok(moved)
}
