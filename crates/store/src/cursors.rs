//! How far a follower has come in another service's log.

use crate::{Tx, sql};

/// The last sequence number whose effect is here, 0 before the first.
///
/// # Errors
/// As the engine.
pub async fn get(tx: &mut Tx, follower: &str) -> Result<i64, sqlx::Error> {
    let row = sql!(tx, fetch_optional as (i64,), "SELECT sequence FROM cursors WHERE follower = $1", follower)?;
    Ok(row.map_or(0, |(sequence,)| sequence))
}

/// Moves a cursor on, in the transaction that has the effect. `false` when another replica has moved it there already: then
/// the effect must not be committed.
///
/// # Errors
/// As the engine.
pub async fn advance(tx: &mut Tx, follower: &str, from: i64, to: i64) -> Result<bool, sqlx::Error> {
    sql!(
        tx,
        execute,
        "INSERT INTO cursors (follower, sequence) VALUES ($1, 0) ON CONFLICT (follower) DO NOTHING",
        follower
    )?;
    let moved = sql!(
        tx,
        execute,
        "UPDATE cursors SET sequence = $1 WHERE follower = $2 AND sequence = $3",
        to,
        follower,
        from
    )?;
    Ok(moved == 1)
}
