//! Statements on citizens and person numbers. A number is found by a keyed hash of it, and stands there sealed.

use chrono::{DateTime, Utc};
use samspil_kit::Error;
use samspil_proto::directory::v1::{PersonNumberKind, Presence};
use samspil_store::{
    FromRow, Tx,
    keyring::{Keyring, Sealed},
    sql,
};
use uuid::Uuid;

use super::{Citizen, NumberTold};
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
pub(crate) async fn get(tx: &mut Tx, keys: &Keyring, patient: Uuid) -> Result<Option<Citizen>, Error> {
    let row = sql!(
        tx,
        fetch_optional as Row,
        "SELECT display_name, municipality_code, create_time, presence, presence_time FROM citizens WHERE patient_id = $1",
        patient
    )?;
    let Some(row) = row else { return Ok(None) };
    let numbers = numbers(tx, keys, patient).await?;
    let told = |number: PersonNumber| NumberTold { kind: number.kind(), birth_date: number.birth_date() };
    Ok(Some(Citizen {
        patient,
        display_name: row.display_name,
        municipality_code: row.municipality_code,
        numbers: numbers.into_iter().map(told).collect(),
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

/// The numbers of a citizen, the best known first.
pub(crate) async fn numbers(tx: &mut Tx, keys: &Keyring, patient: Uuid) -> Result<Vec<PersonNumber>, Error> {
    let rows = sql!(
        tx,
        fetch_all as (i64, Vec<u8>),
        "SELECT key_id, sealed FROM sealed_numbers WHERE patient_id = $1 ORDER BY kind, number_hash",
        patient
    )?;
    let mut numbers = Vec::new();
    for (key_id, bytes) in rows {
        let opened = keys.open_sealed(patient.as_bytes(), &Sealed { key_id, bytes }).await.map_err(Error::internal)?;
        let text = String::from_utf8(opened).map_err(Error::internal)?;
        // Of nothing but what was sealed here.
        numbers.push(PersonNumber::read(&text).map_err(|_| Error::internal("a sealed number is none"))?);
    }
    Ok(numbers)
}

/// What a number is found by.
fn hash(keys: &Keyring, number: &PersonNumber) -> Vec<u8> {
    keys.hash("person number", &[number.as_stored().as_bytes()])
}

/// Who has a number.
pub(crate) async fn who_has(tx: &mut Tx, keys: &Keyring, number: &PersonNumber) -> Result<Option<Uuid>, Error> {
    let row = sql!(
        tx,
        fetch_optional as (Uuid,),
        "SELECT patient_id FROM sealed_numbers WHERE number_hash = $1",
        hash(keys, number)
    )?;
    Ok(row.map(|(patient,)| patient))
}

/// Gives a number to a citizen, unless somebody has it. Tells whether it was given. One who registers the same number at the
/// same time is waited for.
pub(crate) async fn give_number(
    tx: &mut Tx,
    keys: &Keyring,
    number: &PersonNumber,
    patient: Uuid,
) -> Result<bool, Error> {
    let sealed = keys.seal(patient.as_bytes(), number.as_stored().as_bytes()).map_err(Error::internal)?;
    let given = sql!(
        tx,
        execute,
        "INSERT INTO sealed_numbers (number_hash, kind, key_id, sealed, patient_id) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (number_hash) DO NOTHING",
        hash(keys, number),
        PersonNumberKind::from(number.kind()) as i32,
        sealed.key_id,
        sealed.bytes,
        patient
    )?;
    Ok(given == 1)
}

/// Up to a hundred numbers that are not sealed with the present key: the hash, the citizen, what is sealed.
pub(crate) async fn sealed_before(tx: &mut Tx, keys: &Keyring) -> Result<Vec<(Vec<u8>, Uuid, Sealed)>, Error> {
    let rows = sql!(
        tx,
        fetch_all as (Vec<u8>, Uuid, i64, Vec<u8>),
        "SELECT number_hash, patient_id, key_id, sealed FROM sealed_numbers WHERE key_id < $1 LIMIT 100",
        keys.current()
    )?;
    Ok(rows.into_iter().map(|(hash, patient, key_id, bytes)| (hash, patient, Sealed { key_id, bytes })).collect())
}

/// Puts a number that was sealed anew in the place of what it was.
pub(crate) async fn reseal(tx: &mut Tx, hash: &[u8], sealed: &Sealed) -> Result<(), Error> {
    sql!(
        tx,
        execute,
        "UPDATE sealed_numbers SET key_id = $2, sealed = $3 WHERE number_hash = $1",
        hash,
        sealed.key_id,
        &sealed.bytes
    )?;
    Ok(())
}

/// Up to a hundred numbers of the time before they were sealed.
pub(crate) async fn in_the_clear(tx: &mut Tx) -> Result<Vec<(String, Uuid)>, Error> {
    Ok(sql!(tx, fetch_all as (String, Uuid), "SELECT number, patient_id FROM person_numbers LIMIT 100")?)
}

/// Forgets a number of that time.
pub(crate) async fn forget(tx: &mut Tx, number: &str) -> Result<(), Error> {
    sql!(tx, execute, "DELETE FROM person_numbers WHERE number = $1", number)?;
    Ok(())
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
