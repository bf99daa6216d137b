//! What a service knows of consents: a copy, kept by following `directory`.

use uuid::Uuid;

use crate::{Tx, sql};

/// What the copy says about an organisation and a patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// A consent that stands covers the organisation.
    Stands,
    /// Every consent that covered it was withdrawn.
    Withdrawn,
    /// Nothing is known. The copy may be behind: ask `directory`.
    Unknown,
}

/// Notes a consent.
///
/// # Errors
/// As the engine.
pub async fn granted(tx: &mut Tx, consent: Uuid, patient: Uuid, organisation: &str) -> Result<(), sqlx::Error> {
    sql!(
        tx,
        execute,
        "INSERT INTO consents (consent_id, organisation, patient_id) VALUES ($1, $2, $3)
         ON CONFLICT (consent_id, organisation) DO NOTHING",
        consent,
        organisation,
        patient
    )?;
    Ok(())
}

/// Notes that a consent was withdrawn.
///
/// # Errors
/// As the engine.
pub async fn withdrawn(tx: &mut Tx, consent: Uuid) -> Result<(), sqlx::Error> {
    sql!(
        tx,
        execute,
        { sqlite: "UPDATE consents SET withdrawn = 1 WHERE consent_id = $1",
          postgres: "UPDATE consents SET withdrawn = TRUE WHERE consent_id = $1" },
        consent
    )?;
    Ok(())
}

/// Whether a consent stands that covers an organisation.
///
/// # Errors
/// As the engine.
pub async fn standing(tx: &mut Tx, patient: Uuid, organisation: &str) -> Result<Standing, sqlx::Error> {
    let rows = sql!(
        tx,
        fetch_all as (bool,),
        "SELECT withdrawn FROM consents WHERE patient_id = $1 AND organisation = $2",
        patient,
        organisation
    )?;
    Ok(match rows.as_slice() {
        [] => Standing::Unknown,
        rows if rows.iter().any(|(withdrawn,)| !withdrawn) => Standing::Stands,
        _ => Standing::Withdrawn,
    })
}
