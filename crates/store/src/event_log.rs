//! What has happened, in order, without gaps.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{Db, sql};

mod tail;

pub(crate) use tail::Tail;

/// An event with its place in the log.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct LoggedEvent {
    /// 1, 2, 3 …
    pub sequence: i64,
    /// Its id for good.
    pub event_id: Uuid,
    /// The payload's full message name.
    pub r#type: String,
    /// The resource that it happened to.
    pub subject: String,
    /// SOR codes of those who may watch it, each between spaces.
    pub organisations: String,
    /// When.
    pub time: DateTime<Utc>,
    /// W3C trace context of the call that caused it, or empty.
    pub traceparent: String,
    /// The encoded payload.
    pub data: Vec<u8>,
}

impl LoggedEvent {
    /// Whether an organisation may watch it.
    pub fn concerns(&self, sor: &str) -> bool {
        self.organisations.split(' ').any(|one| one == sor)
    }
}

/// The events after a sequence number, at most `limit`. The newest ones are in memory.
///
/// # Errors
/// As the engine.
pub async fn read(db: &Db, after: i64, limit: i64) -> Result<Vec<LoggedEvent>, sqlx::Error> {
    db.tail().read(db, after, limit).await
}

/// The same from the table alone, for who has to see what is in it.
///
/// # Errors
/// As the engine.
pub async fn read_rows(db: &Db, after: i64, limit: i64) -> Result<Vec<LoggedEvent>, sqlx::Error> {
    let mut tx = db.read().await?;
    sql!(
        tx,
        fetch_all as LoggedEvent,
        "SELECT sequence, event_id, type, subject, organisations, time, traceparent, data
         FROM event_log WHERE sequence > $1 ORDER BY sequence LIMIT $2",
        after,
        limit
    )
}

/// The last sequence number, 0 for an empty log.
///
/// # Errors
/// As the engine.
pub async fn last(db: &Db) -> Result<i64, sqlx::Error> {
    let mut tx = db.read().await?;
    sql!(tx, fetch_one as (i64,), "SELECT COALESCE(MAX(sequence), 0) FROM event_log").map(|(last,)| last)
}
