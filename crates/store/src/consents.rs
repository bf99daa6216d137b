//! What a service knows of consents: a copy, kept by following `directory`.

use uuid::Uuid;

use crate::{Tx, sql};

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
