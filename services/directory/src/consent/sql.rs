//! Statements on consents.

use chrono::{DateTime, Utc};
use prost::Message as _;
use samspil_kit::{Error, paging::Position};
use samspil_proto::common::v1::Actor;
use samspil_store::{FromRow, Tx, sql};
use uuid::Uuid;

use super::Consent;

#[derive(FromRow)]
struct Row {
    consent_id: Uuid,
    patient_id: Uuid,
    document: String,
    given_time: DateTime<Utc>,
    recorded_by: Vec<u8>,
    create_time: DateTime<Utc>,
    withdraw_time: Option<DateTime<Utc>>,
    version: i64,
}

async fn with_organisations(tx: &mut Tx, row: Row) -> Result<Consent, Error> {
    let organisations = sql!(
        tx,
        fetch_all as (String,),
        "SELECT sor FROM citizen_consent_organisations WHERE consent_id = $1 ORDER BY position",
        row.consent_id
    )?;
    Ok(Consent {
        id: row.consent_id,
        patient: row.patient_id,
        organisations: organisations.into_iter().map(|(sor,)| sor).collect(),
        document: row.document,
        given_time: row.given_time,
        recorded_by: Actor::decode(row.recorded_by.as_slice())?,
        create_time: row.create_time,
        withdraw_time: row.withdraw_time,
        version: row.version,
    })
}

/// Adds a consent.
pub(crate) async fn insert(tx: &mut Tx, consent: &Consent) -> Result<(), Error> {
    sql!(
        tx,
        execute,
        "INSERT INTO citizen_consents
             (consent_id, patient_id, document, given_time, recorded_by, create_time, withdraw_time, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        consent.id,
        consent.patient,
        &consent.document,
        consent.given_time,
        consent.recorded_by.encode_to_vec(),
        consent.create_time,
        consent.withdraw_time,
        consent.version
    )?;
    for (position, sor) in (0_i64..).zip(&consent.organisations) {
        sql!(
            tx,
            execute,
            "INSERT INTO citizen_consent_organisations (consent_id, position, sor) VALUES ($1, $2, $3)",
            consent.id,
            position,
            sor
        )?;
    }
    Ok(())
}

macro_rules! one {
    ($lock:literal) => {
        concat!(
            "SELECT consent_id, patient_id, document, given_time, recorded_by, create_time, withdraw_time, version
             FROM citizen_consents WHERE patient_id = $1 AND consent_id = $2",
            $lock
        )
    };
}

/// A citizen's consent, to be changed.
pub(crate) async fn get_to_change(tx: &mut Tx, patient: Uuid, consent: Uuid) -> Result<Option<Consent>, Error> {
    let row = sql!(
        tx,
        fetch_optional as Row,
        { sqlite: one!(""), postgres: one!(" FOR UPDATE") },
        patient,
        consent
    )?;
    match row {
        Some(row) => Ok(Some(with_organisations(tx, row).await?)),
        None => Ok(None),
    }
}

/// Writes that a consent was withdrawn, unless somebody changed it since it was read. Tells whether it was written.
pub(crate) async fn withdraw(tx: &mut Tx, consent: &Consent) -> Result<bool, Error> {
    let changed = sql!(
        tx,
        execute,
        "UPDATE citizen_consents SET withdraw_time = $3, version = version + 1 WHERE consent_id = $1 AND version = $2",
        consent.id,
        consent.version,
        consent.withdraw_time
    )?;
    Ok(changed == 1)
}

/// A citizen's consents, the newest first, after a position.
pub(crate) async fn list(
    tx: &mut Tx,
    patient: Uuid,
    after: Option<Position>,
    limit: i64,
) -> Result<Vec<Consent>, Error> {
    let rows = sql!(
        tx,
        fetch_all as Row,
        "SELECT consent_id, patient_id, document, given_time, recorded_by, create_time, withdraw_time, version
         FROM citizen_consents
         WHERE patient_id = $1 AND ($2 IS NULL OR (create_time, consent_id) < ($2, $3))
         ORDER BY create_time DESC, consent_id DESC LIMIT $4",
        patient,
        after.map(|position| position.time),
        after.map(|position| position.id),
        limit
    )?;
    let mut consents = Vec::with_capacity(rows.len());
    // A citizen has a handful of them: one statement each is no matter.
    for row in rows {
        consents.push(with_organisations(tx, row).await?);
    }
    Ok(consents)
}
