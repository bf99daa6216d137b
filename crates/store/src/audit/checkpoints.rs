//! Signed statements of how far a chain had come. What signs and checks them stands above this crate.

use chrono::{DateTime, Utc};

use super::chain;
use crate::{Tx, sql};

/// A checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Checkpoint {
    /// The number of the seal that it is of.
    pub sequence: i64,
    /// That seal's hash.
    pub hash: chain::Hash,
    /// When. Every entry that was committed by then is sealed up to it.
    pub time: DateTime<Utc>,
    /// The public key: Ed25519.
    pub key: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
}

/// Keeps a checkpoint, unless another replica made one at the same seal.
///
/// # Errors
/// As the engine.
pub async fn put(tx: &mut Tx, checkpoint: &Checkpoint) -> Result<(), sqlx::Error> {
    sql!(
        tx,
        execute,
        "INSERT INTO audit_checkpoints (sequence, hash, time, key, signature) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (sequence) DO NOTHING",
        checkpoint.sequence,
        &checkpoint.hash,
        checkpoint.time,
        &checkpoint.key,
        &checkpoint.signature
    )?;
    Ok(())
}

/// The last one.
///
/// # Errors
/// As the engine.
pub async fn last(tx: &mut Tx) -> Result<Option<Checkpoint>, sqlx::Error> {
    sql!(
        tx,
        fetch_optional as Checkpoint,
        "SELECT sequence, hash, time, key, signature FROM audit_checkpoints ORDER BY sequence DESC LIMIT 1"
    )
}

/// All of them, in the order of the chain.
///
/// # Errors
/// As the engine.
pub async fn all(tx: &mut Tx) -> Result<Vec<Checkpoint>, sqlx::Error> {
    sql!(
        tx,
        fetch_all as Checkpoint,
        "SELECT sequence, hash, time, key, signature FROM audit_checkpoints ORDER BY sequence"
    )
}
