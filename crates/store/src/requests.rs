//! Answers already given, so that a repeated call gets the same one.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{Engine, Tx, sql};

/// An answer that was given before.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Given {
    /// Of the method and content that it answered.
    pub digest: Vec<u8>,
    /// The encoded answer.
    pub response: Vec<u8>,
}

/// What was answered to this request of this caller, if it was. On PostgreSQL a second call with the same id waits here until
/// the first has ended.
///
/// # Errors
/// As the engine.
pub async fn get(tx: &mut Tx, caller: &str, request_id: Uuid) -> Result<Option<Given>, sqlx::Error> {
    if tx.engine() == Engine::Postgres {
        sql!(
            tx,
            execute,
            "SELECT pg_advisory_xact_lock(hashtextextended($1 || $2, 0))",
            caller,
            request_id.to_string()
        )?;
    }
    sql!(
        tx,
        fetch_optional as Given,
        "SELECT digest, response FROM requests WHERE caller = $1 AND request_id = $2",
        caller,
        request_id
    )
}

/// Keeps an answer, in the transaction of the change that it answers.
///
/// # Errors
/// As the engine.
pub async fn put(
    tx: &mut Tx,
    caller: &str,
    request_id: Uuid,
    digest: &[u8],
    response: &[u8],
    time: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sql!(
        tx,
        execute,
        "INSERT INTO requests (caller, request_id, digest, response, time) VALUES ($1, $2, $3, $4, $5)",
        caller,
        request_id,
        digest,
        response,
        time
    )?;
    Ok(())
}

/// Forgets answers from before a time. Gives how many.
///
/// # Errors
/// As the engine.
pub async fn sweep(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    sql!(tx, execute, "DELETE FROM requests WHERE time < $1", before)
}
