//! Statements on blocks.

use chrono::{DateTime, Utc};
use prost::Message as _;
use samspil_kit::{Error, paging::Position};
use samspil_proto::{common::v1::Actor, directory::v1::BlockKind};
use samspil_store::{FromRow, Tx, sql};
use uuid::Uuid;

use super::{Block, Whom};

#[derive(FromRow)]
struct Row {
    block_id: Uuid,
    patient_id: Uuid,
    kind: i32,
    target: String,
    begin_time: DateTime<Utc>,
    end_time: Option<DateTime<Utc>>,
    placed_by: Vec<u8>,
    create_time: DateTime<Utc>,
    lifted_by: Option<Vec<u8>>,
    lift_time: Option<DateTime<Utc>>,
    version: i64,
}

impl TryFrom<Row> for Block {
    type Error = Error;

    fn try_from(row: Row) -> Result<Block, Error> {
        let lifted = match (row.lifted_by, row.lift_time) {
            (Some(by), Some(at)) => Some((Actor::decode(by.as_slice())?, at)),
            _ => None,
        };
        Ok(Block {
            id: row.block_id,
            patient: row.patient_id,
            whom: match BlockKind::try_from(row.kind) {
                Ok(BlockKind::Person) => Whom::Person(row.target),
                Ok(BlockKind::Organisation) => Whom::Organisation(row.target),
                _ => Whom::Everybody,
            },
            begin_time: row.begin_time,
            end_time: row.end_time,
            placed_by: Actor::decode(row.placed_by.as_slice())?,
            create_time: row.create_time,
            lifted,
            version: row.version,
        })
    }
}

/// Adds a block.
pub(super) async fn insert(tx: &mut Tx, block: &Block) -> Result<(), Error> {
    sql!(
        tx,
        execute,
        "INSERT INTO citizen_blocks
             (block_id, patient_id, kind, target, begin_time, end_time, placed_by, create_time, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        block.id,
        block.patient,
        i32::from(block.whom.kind()),
        block.whom.stored(),
        block.begin_time,
        block.end_time,
        block.placed_by.encode_to_vec(),
        block.create_time,
        block.version
    )?;
    Ok(())
}

/// A citizen's block, to be changed.
pub(super) async fn get_to_change(tx: &mut Tx, patient: Uuid, block: Uuid) -> Result<Option<Block>, Error> {
    let row = sql!(
        tx,
        fetch_optional as Row,
        { sqlite: "SELECT * FROM citizen_blocks WHERE patient_id = $1 AND block_id = $2",
          postgres: "SELECT * FROM citizen_blocks WHERE patient_id = $1 AND block_id = $2 FOR UPDATE" },
        patient,
        block
    )?;
    row.map(Block::try_from).transpose()
}

/// Writes that a block was lifted, unless somebody changed it since it was read. Tells whether it was written.
pub(super) async fn lift(tx: &mut Tx, block: &Block) -> Result<bool, Error> {
    let (by, at) = block.lifted.clone().unzip();
    let changed = sql!(
        tx,
        execute,
        "UPDATE citizen_blocks SET lifted_by = $3, lift_time = $4, version = version + 1
         WHERE block_id = $1 AND version = $2",
        block.id,
        block.version,
        by.map(|by| by.encode_to_vec()),
        at
    )?;
    Ok(changed == 1)
}

/// A citizen's blocks, the newest first, after a position.
pub(super) async fn list(tx: &mut Tx, patient: Uuid, after: Option<Position>, limit: i64) -> Result<Vec<Block>, Error> {
    let rows = sql!(
        tx,
        fetch_all as Row,
        "SELECT * FROM citizen_blocks
         WHERE patient_id = $1 AND ($2 IS NULL OR (create_time, block_id) < ($2, $3))
         ORDER BY create_time DESC, block_id DESC LIMIT $4",
        patient,
        after.map(|position| position.time),
        after.map(|position| position.id),
        limit
    )?;
    rows.into_iter().map(Block::try_from).collect()
}
