//! Statements on citizens and person numbers. A number goes in and is never read out.

use chrono::{DateTime, Utc};
use samspil_proto::directory::v1::{PersonNumberKind, Presence};
use samspil_store::{Error, FromRow, Tx, sql};
use uuid::Uuid;

use super::{Citizen, NumberTold, rpc};
use crate::person_number::PersonNumber;

#[derive(FromRow)]
struct Row {
    display_name: String,
    municipality_code: String,
    create_time: DateTime<Utc>,
    presence: i32,
    presence_time: Option<DateTime<Utc>>,
}

/// A citizen by id.
pub(crate) async fn get(tx: &mut Tx, patient: Uuid) -> Result<Option<Citizen>, Error> {
    let row = sql!(
        tx,
        fetch_optional as Row,
        "SELECT display_name, municipality_code, create_time, presence, presence_time FROM citizens WHERE patient_id = $1",
        patient
    )?;
    let Some(row) = row else { return Ok(None) };
    let numbers = sql!(
        tx,
        fetch_all as (i32, String),
        "SELECT kind, birth_date FROM person_numbers WHERE patient_id = $1 ORDER BY kind, birth_date",
        patient
    )?;
    let told = |(kind, birth_date)| {
        let kind = PersonNumberKind::try_from(kind).ok().and_then(rpc::kind_of)?;
        Some(NumberTold { kind, birth_date })
    };
    Ok(Some(Citizen {
        patient,
        display_name: row.display_name,
        municipality_code: row.municipality_code,
        numbers: numbers.into_iter().filter_map(told).collect(),
        create_time: row.create_time,
        presence: Presence::try_from(row.presence).unwrap_or_default(),
        presence_time: row.presence_time,
    }))
}

/// Whether there is a citizen with this id.
pub(crate) async fn exists(tx: &mut Tx, patient: Uuid) -> Result<bool, Error> {
    let found = sql!(tx, fetch_optional as (Uuid,), "SELECT patient_id FROM citizens WHERE patient_id = $1", patient)?;
    Ok(found.is_some())
}

/// Who has a number.
pub(crate) async fn who_has(tx: &mut Tx, number: &PersonNumber) -> Result<Option<Uuid>, Error> {
    let row = sql!(
        tx,
        fetch_optional as (Uuid,),
        "SELECT patient_id FROM person_numbers WHERE number = $1",
        number.as_stored()
    )?;
    Ok(row.map(|(patient,)| patient))
}

/// Gives a number to a citizen, unless somebody has it. Tells whether it was given. One who registers the same number at the
/// same time is waited for.
pub(crate) async fn give_number(tx: &mut Tx, number: &PersonNumber, patient: Uuid) -> Result<bool, Error> {
    let given = sql!(
        tx,
        execute,
        "INSERT INTO person_numbers (number, kind, birth_date, patient_id) VALUES ($1, $2, $3, $4)
         ON CONFLICT (number) DO NOTHING",
        number.as_stored(),
        PersonNumberKind::from(number.kind()) as i32,
        number.birth_date(),
        patient
    )?;
    Ok(given == 1)
}

/// Adds a citizen.
pub(crate) async fn insert(tx: &mut Tx, citizen: &Citizen) -> Result<(), Error> {
    sql!(
        tx,
        execute,
        "INSERT INTO citizens (patient_id, display_name, municipality_code, create_time) VALUES ($1, $2, $3, $4)",
        citizen.patient,
        &citizen.display_name,
        &citizen.municipality_code,
        citizen.create_time
    )?;
    Ok(())
}
