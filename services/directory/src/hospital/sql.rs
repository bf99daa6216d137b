//! Statements on hospital events.

use chrono::{DateTime, Utc};
use prost::Message as _;
use samspil_kit::{Error, paging::Position};
use samspil_proto::{common::v1::Actor, directory::v1::HospitalEventKind};
use samspil_store::{FromRow, Tx, sql};
use uuid::Uuid;

use super::{Cancelled, HospitalEvent, Whereabouts};

#[derive(FromRow)]
struct Row {
    event_id: Uuid,
    patient_id: Uuid,
    kind: i32,
    event_time: DateTime<Utc>,
    reported_by: Vec<u8>,
    create_time: DateTime<Utc>,
    cancelled_by: Option<Vec<u8>>,
    cancel_time: Option<DateTime<Utc>>,
    cancel_reason: String,
}

/// Holds a citizen until the transaction ends. Tells whether there is one.
pub(super) async fn hold_citizen(tx: &mut Tx, patient: Uuid) -> Result<bool, Error> {
    let found = sql!(
        tx,
        fetch_optional as (Uuid,),
        { sqlite: "SELECT patient_id FROM citizens WHERE patient_id = $1",
          postgres: "SELECT patient_id FROM citizens WHERE patient_id = $1 FOR UPDATE" },
        patient
    )?;
    Ok(found.is_some())
}

/// Every event of a citizen. There are a handful in a life.
pub(super) async fn all(tx: &mut Tx, patient: Uuid) -> Result<Vec<HospitalEvent>, Error> {
    let rows = sql!(
        tx,
        fetch_all as Row,
        "SELECT * FROM hospital_events WHERE patient_id = $1 ORDER BY event_time, event_id",
        patient
    )?;
    rows.into_iter().map(HospitalEvent::try_from).collect()
}

/// A citizen's events, the newest first, after a position.
pub(super) async fn list(
    tx: &mut Tx,
    patient: Uuid,
    after: Option<Position>,
    limit: i64,
) -> Result<Vec<HospitalEvent>, Error> {
    let rows = sql!(
        tx,
        fetch_all as Row,
        "SELECT * FROM hospital_events
         WHERE patient_id = $1 AND ($2 IS NULL OR (event_time, event_id) < ($2, $3))
         ORDER BY event_time DESC, event_id DESC LIMIT $4",
        patient,
        after.map(|position| position.time),
        after.map(|position| position.id),
        limit
    )?;
    rows.into_iter().map(HospitalEvent::try_from).collect()
}

/// Adds an event.
pub(super) async fn insert(tx: &mut Tx, event: &HospitalEvent) -> Result<(), Error> {
    sql!(
        tx,
        execute,
        "INSERT INTO hospital_events (event_id, patient_id, kind, event_time, reported_by, create_time, cancel_reason)
         VALUES ($1, $2, $3, $4, $5, $6, '')",
        event.id,
        event.patient,
        i32::from(event.kind),
        event.event_time,
        event.reported_by.encode_to_vec(),
        event.create_time
    )?;
    Ok(())
}

/// Writes that an event was taken back.
pub(super) async fn cancel(tx: &mut Tx, event: &HospitalEvent) -> Result<(), Error> {
    let cancelled = event.cancelled.as_ref();
    sql!(
        tx,
        execute,
        "UPDATE hospital_events SET cancelled_by = $2, cancel_time = $3, cancel_reason = $4 WHERE event_id = $1",
        event.id,
        cancelled.map(|cancelled| cancelled.by.encode_to_vec()),
        cancelled.map(|cancelled| cancelled.time),
        cancelled.map(|cancelled| cancelled.reason.as_str()).unwrap_or_default()
    )?;
    Ok(())
}

/// Writes where a citizen is.
pub(super) async fn put_whereabouts(tx: &mut Tx, patient: Uuid, now: Whereabouts) -> Result<(), Error> {
    sql!(
        tx,
        execute,
        "UPDATE citizens SET presence = $2, presence_time = $3 WHERE patient_id = $1",
        patient,
        i32::from(now.presence),
        now.since
    )?;
    Ok(())
}

impl TryFrom<Row> for HospitalEvent {
    type Error = Error;

    fn try_from(row: Row) -> Result<HospitalEvent, Error> {
        let kind = HospitalEventKind::try_from(row.kind).map_err(Error::internal)?;
        let cancelled = match (row.cancelled_by, row.cancel_time) {
            (Some(by), Some(time)) => {
                Some(Cancelled { by: Actor::decode(by.as_slice())?, time, reason: row.cancel_reason })
            }
            _ => None,
        };
        Ok(HospitalEvent {
            id: row.event_id,
            patient: row.patient_id,
            kind,
            event_time: row.event_time,
            reported_by: Actor::decode(row.reported_by.as_slice())?,
            create_time: row.create_time,
            cancelled,
        })
    }
}
