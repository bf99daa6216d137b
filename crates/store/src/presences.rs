//! What a service knows of where a patient is: a copy, kept by following `directory`.

use chrono::{DateTime, Utc};
use samspil_proto::directory::v1::Presence;
use uuid::Uuid;

use crate::{Tx, sql};

/// Where a patient is. UNSPECIFIED when nobody has told.
///
/// # Errors
/// As the engine.
pub async fn get(tx: &mut Tx, patient: Uuid) -> Result<Presence, sqlx::Error> {
    let row = sql!(tx, fetch_optional as (i32,), "SELECT presence FROM presences WHERE patient_id = $1", patient)?;
    Ok(row.and_then(|(presence,)| Presence::try_from(presence).ok()).unwrap_or_default())
}

/// Notes where a patient is.
///
/// # Errors
/// As the engine.
pub async fn put(tx: &mut Tx, patient: Uuid, presence: Presence, since: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sql!(
        tx,
        execute,
        "INSERT INTO presences (patient_id, presence, since) VALUES ($1, $2, $3)
         ON CONFLICT (patient_id) DO UPDATE SET presence = excluded.presence, since = excluded.since",
        patient,
        i32::from(presence),
        since
    )?;
    Ok(())
}
