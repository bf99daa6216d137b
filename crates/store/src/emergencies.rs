//! What a service knows of accesses in an emergency: a copy, kept by following `directory`.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{Tx, sql};

/// Somebody's access in an emergency that was not given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emergency {
    /// Its id.
    pub emergency_id: Uuid,
    /// The holder's subject.
    pub person: String,
    /// What the holder gave as the reason.
    pub reason: String,
    /// From when on.
    pub begin_time: DateTime<Utc>,
    /// Until when.
    pub end_time: DateTime<Utc>,
}

/// Notes that somebody broke the glass.
///
/// # Errors
/// As the engine.
pub async fn begun(tx: &mut Tx, patient: Uuid, emergency: &Emergency) -> Result<(), sqlx::Error> {
    sql!(
        tx,
        execute,
        "INSERT INTO emergencies (emergency_id, patient_id, person, reason, begin_time, end_time)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (emergency_id) DO NOTHING",
        emergency.emergency_id,
        patient,
        &emergency.person,
        &emergency.reason,
        emergency.begin_time,
        emergency.end_time
    )?;
    Ok(())
}

/// Notes that it was given back.
///
/// # Errors
/// As the engine.
pub async fn ended(tx: &mut Tx, emergency: Uuid) -> Result<(), sqlx::Error> {
    sql!(tx, execute, "DELETE FROM emergencies WHERE emergency_id = $1", emergency)?;
    Ok(())
}
