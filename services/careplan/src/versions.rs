//! Every version of every part of a plan, never overwritten.
//!
//! Whoever changes a part, a person or an event, calls [`record`] in the same transaction, with the plan's version that
//! `Held::begin` gave. An older plan, and what changed between two, is read from here.

use chrono::{DateTime, Utc};
use prost::Message as _;
use samspil_kit::Error;
use samspil_proto::{
    careplan::v1::{Part, PartVersion},
    common::v1::Actor,
    time,
};
use samspil_store::{Tx, sql};
use uuid::Uuid;

use crate::part::name::{PartName, name_of};

/// A part as it becomes: its first version or a later one, written by somebody, or by an event when `author` is nobody.
pub(crate) fn written(
    part: Part,
    version: i32,
    plan_version: i64,
    author: Option<Actor>,
    at: DateTime<Utc>,
) -> PartVersion {
    PartVersion {
        part: Some(part),
        version,
        plan_version,
        author,
        time: Some(time::to_wire(at)),
        reason: String::new(),
        withdrawn: false,
        etag: format!("v{version}"),
    }
}

/// Keeps a version of a part for good.
pub(crate) async fn record(tx: &mut Tx, written: &PartVersion) -> Result<(), Error> {
    let part = written.part.as_ref().ok_or_else(|| Error::internal("a version of nothing"))?;
    let name: PartName = name_of(part).parse()?;
    let at = written.time.as_ref().and_then(time::from_wire).ok_or_else(|| Error::internal("a version of no time"))?;
    sql!(
        tx,
        execute,
        "INSERT INTO part_versions (part, version, patient_id, plan_version, collection, time, author, reason, withdrawn, content)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        name.to_string(),
        written.version,
        name.patient,
        written.plan_version,
        name.collection.as_str(),
        at,
        written.author.clone().unwrap_or_default().encode_to_vec(),
        &written.reason,
        written.withdrawn,
        part.encode_to_vec()
    )?;
    Ok(())
}

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT version, plan_version, time, author, reason, withdrawn, content FROM part_versions v ", $rest)
    };
}

#[derive(samspil_store::FromRow)]
struct Row {
    version: i32,
    plan_version: i64,
    time: DateTime<Utc>,
    author: Vec<u8>,
    reason: String,
    withdrawn: bool,
    content: Vec<u8>,
}

impl TryFrom<Row> for PartVersion {
    type Error = Error;

    fn try_from(row: Row) -> Result<PartVersion, Error> {
        let author = Actor::decode(row.author.as_slice())?;
        let author = (author != Actor::default()).then_some(author);
        let part = Part::decode(row.content.as_slice())?;
        let read = written(part, row.version, row.plan_version, author, row.time);
        Ok(PartVersion { reason: row.reason, withdrawn: row.withdrawn, ..read })
    }
}

fn versions(rows: Vec<Row>) -> Result<Vec<PartVersion>, Error> {
    rows.into_iter().map(PartVersion::try_from).collect()
}

/// A version of a part, 0 for the last one.
pub(crate) async fn get(tx: &mut Tx, part: &str, version: i32) -> Result<Option<PartVersion>, Error> {
    let row = sql!(
        tx,
        fetch_optional as Row,
        select!("WHERE part = $1 AND ($2 = 0 OR version = $2) ORDER BY version DESC LIMIT 1"),
        part,
        version
    )?;
    row.map(PartVersion::try_from).transpose()
}

/// The versions of a part before a version, the newest first.
pub(crate) async fn before(tx: &mut Tx, part: &str, version: i32, limit: i64) -> Result<Vec<PartVersion>, Error> {
    let rows = sql!(
        tx,
        fetch_all as Row,
        select!("WHERE part = $1 AND version < $2 ORDER BY version DESC LIMIT $3"),
        part,
        version,
        limit
    )?;
    versions(rows)
}

/// Every part of a plan as it was at one of the plan's versions, also what was withdrawn by then, in the order of their last
/// change.
pub(crate) async fn at(tx: &mut Tx, patient: Uuid, plan_version: i64) -> Result<Vec<PartVersion>, Error> {
    let rows = sql!(
        tx,
        fetch_all as Row,
        select!(
            "WHERE patient_id = $1 AND plan_version <= $2
               AND NOT EXISTS (SELECT 1 FROM part_versions w
                               WHERE w.part = v.part AND w.version > v.version AND w.plan_version <= $2)
             ORDER BY plan_version, part"
        ),
        patient,
        plan_version
    )?;
    versions(rows)
}

/// Every part of one collection as it is now, in the order of their last change.
pub(crate) async fn now(tx: &mut Tx, patient: Uuid, collection: &str) -> Result<Vec<PartVersion>, Error> {
    let rows = sql!(
        tx,
        fetch_all as Row,
        select!(
            "WHERE patient_id = $1 AND collection = $2
               AND NOT EXISTS (SELECT 1 FROM part_versions w WHERE w.part = v.part AND w.version > v.version)
             ORDER BY plan_version, part"
        ),
        patient,
        collection
    )?;
    versions(rows)
}
