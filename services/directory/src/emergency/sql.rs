//! Statements on emergency accesses.

use chrono::{DateTime, Utc};
use prost::Message as _;
use samspil_kit::Error;
use samspil_proto::common::v1::Actor;
use samspil_store::{FromRow, Tx, sql};
use uuid::Uuid;

use super::EmergencyAccess;

#[derive(FromRow)]
struct Row {
    access_id: Uuid,
    patient_id: Uuid,
    holder: Vec<u8>,
    reason: String,
    begin_time: DateTime<Utc>,
    end_time: DateTime<Utc>,
    give_back_time: Option<DateTime<Utc>>,
    check_id: Uuid,
}

impl TryFrom<Row> for EmergencyAccess {
    type Error = Error;

    fn try_from(row: Row) -> Result<EmergencyAccess, Error> {
        Ok(EmergencyAccess {
            id: row.access_id,
            patient: row.patient_id,
            holder: Actor::decode(row.holder.as_slice())?,
            reason: row.reason,
            begin_time: row.begin_time,
            end_time: row.end_time,
            give_back_time: row.give_back_time,
            check: row.check_id,
        })
    }
}

/// Adds an access.
pub(super) async fn insert(tx: &mut Tx, access: &EmergencyAccess) -> Result<(), Error> {
    sql!(
        tx,
        execute,
        "INSERT INTO emergency_accesses
             (access_id, patient_id, person, holder, reason, begin_time, end_time, check_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        access.id,
        access.patient,
        &access.holder.person,
        access.holder.encode_to_vec(),
        &access.reason,
        access.begin_time,
        access.end_time,
        access.check
    )?;
    Ok(())
}

/// An access, held until the transaction ends.
pub(super) async fn get_to_change(tx: &mut Tx, patient: Uuid, access: Uuid) -> Result<Option<EmergencyAccess>, Error> {
    macro_rules! one {
        ($lock:literal) => {
            concat!(
                "SELECT access_id, patient_id, holder, reason, begin_time, end_time, give_back_time, check_id
                 FROM emergency_accesses WHERE patient_id = $1 AND access_id = $2",
                $lock
            )
        };
    }
    let row = sql!(
        tx,
        fetch_optional as Row,
        { sqlite: one!(""), postgres: one!(" FOR UPDATE") },
        patient,
        access
    )?;
    row.map(EmergencyAccess::try_from).transpose()
}

/// Writes that an access was given back.
pub(super) async fn give_back(tx: &mut Tx, access: &EmergencyAccess) -> Result<(), Error> {
    sql!(
        tx,
        execute,
        "UPDATE emergency_accesses SET give_back_time = $2 WHERE access_id = $1",
        access.id,
        access.give_back_time
    )?;
    Ok(())
}
