//! Statements on text blocks.

use chrono::{DateTime, Utc};
use prost::Message as _;
use samspil_proto::common::v1::Actor;
use samspil_store::{Engine, Error, FromRow, Tx, sql};
use uuid::Uuid;

use super::TextBlock;

#[derive(FromRow)]
struct Row {
    text_block_id: Uuid,
    organisation: String,
    place: i32,
    label: String,
    text: String,
    due_days: i32,
    created_by: Vec<u8>,
    create_time: DateTime<Utc>,
}

impl TryFrom<Row> for TextBlock {
    type Error = Error;

    fn try_from(row: Row) -> Result<TextBlock, Error> {
        Ok(TextBlock {
            id: row.text_block_id,
            organisation: row.organisation,
            place: row.place,
            label: row.label,
            text: row.text,
            due_days: row.due_days,
            created_by: Actor::decode(row.created_by.as_slice()).map_err(|error| Error::Decode(error.into()))?,
            create_time: row.create_time,
        })
    }
}

/// All of an organisation.
pub(super) async fn list(tx: &mut Tx, organisation: &str) -> Result<Vec<TextBlock>, Error> {
    let rows = sql!(
        tx,
        fetch_all as Row,
        "SELECT text_block_id, organisation, place, label, text, due_days, created_by, create_time
         FROM text_blocks WHERE organisation = $1",
        organisation
    )?;
    rows.into_iter().map(TextBlock::try_from).collect()
}

/// How many an organisation has. Until the transaction ends nobody else counts them to add one.
pub(super) async fn count(tx: &mut Tx, organisation: &str) -> Result<i64, Error> {
    if tx.engine() == Engine::Postgres {
        sql!(tx, execute, "SELECT pg_advisory_xact_lock(hashtextextended('text_blocks ' || $1, 0))", organisation)?;
    }
    let (count,) =
        sql!(tx, fetch_one as (i64,), "SELECT COUNT(*) FROM text_blocks WHERE organisation = $1", organisation)?;
    Ok(count)
}

/// Adds one.
pub(super) async fn insert(tx: &mut Tx, block: &TextBlock) -> Result<(), Error> {
    sql!(
        tx,
        execute,
        "INSERT INTO text_blocks (text_block_id, organisation, place, label, text, due_days, created_by, create_time)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        block.id,
        &block.organisation,
        block.place,
        &block.label,
        &block.text,
        block.due_days,
        block.created_by.encode_to_vec(),
        block.create_time
    )?;
    Ok(())
}

/// Deletes one of an organisation. Tells whether it was there.
pub(super) async fn delete(tx: &mut Tx, id: Uuid, organisation: &str) -> Result<bool, Error> {
    let gone =
        sql!(tx, execute, "DELETE FROM text_blocks WHERE text_block_id = $1 AND organisation = $2", id, organisation)?;
    Ok(gone == 1)
}
