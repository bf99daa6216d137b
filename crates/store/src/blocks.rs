//! What a service knows of blocks: a copy, kept by following `directory`.

use chrono::{DateTime, Utc};
use samspil_proto::directory::v1::BlockKind;
use uuid::Uuid;

use crate::{Tx, sql};

/// A block that was not lifted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Its id.
    pub block_id: Uuid,
    /// Whom it keeps out.
    pub kind: BlockKind,
    /// The person's subject, the organisation's SOR code, or empty for everybody.
    pub target: String,
    /// From when on.
    pub begin_time: DateTime<Utc>,
    /// Until when; until it is lifted when there is none.
    pub end_time: Option<DateTime<Utc>>,
}

/// Notes a block of a patient.
///
/// # Errors
/// As the engine.
pub async fn placed(tx: &mut Tx, patient: Uuid, block: &Block) -> Result<(), sqlx::Error> {
    sql!(
        tx,
        execute,
        "INSERT INTO blocks (block_id, patient_id, kind, target, begin_time, end_time) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (block_id) DO NOTHING",
        block.block_id,
        patient,
        i32::from(block.kind),
        &block.target,
        block.begin_time,
        block.end_time
    )?;
    Ok(())
}

/// Notes that a block was lifted.
///
/// # Errors
/// As the engine.
pub async fn lifted(tx: &mut Tx, block: Uuid) -> Result<(), sqlx::Error> {
    sql!(tx, execute, "DELETE FROM blocks WHERE block_id = $1", block)?;
    Ok(())
}
