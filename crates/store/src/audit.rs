//! Who saw or did what, to whom, and with what outcome.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{Tx, sql};

/// One entry: one call and one patient that it touched.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Entry {
    /// Its id.
    pub entry_id: Uuid,
    /// When.
    pub time: DateTime<Utc>,
    /// The caller's opaque subject.
    pub person: String,
    /// The SOR code on whose behalf, or empty.
    pub organisation: String,
    /// In which role.
    pub role: String,
    /// The method's full name.
    pub action: String,
    /// The patient, if one was touched.
    pub patient_id: Option<Uuid>,
    /// The resource, or empty.
    pub resource: String,
    /// `OK`, or the reason of the refusal.
    pub outcome: String,
    /// The trace of the call.
    pub trace_id: String,
}

/// Writes an entry.
///
/// # Errors
/// As the engine. Then the call must not be answered.
pub async fn put(tx: &mut Tx, entry: &Entry) -> Result<(), sqlx::Error> {
    sql!(
        tx,
        execute,
        "INSERT INTO audit (entry_id, time, person, organisation, role, action, patient_id, resource, outcome, trace_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        entry.entry_id,
        entry.time,
        &entry.person,
        &entry.organisation,
        &entry.role,
        &entry.action,
        entry.patient_id,
        &entry.resource,
        &entry.outcome,
        &entry.trace_id
    )?;
    Ok(())
}

/// The entries of a patient, the newest first.
///
/// # Errors
/// As the engine.
pub async fn of_patient(tx: &mut Tx, patient: Uuid, limit: i64) -> Result<Vec<Entry>, sqlx::Error> {
    sql!(
        tx,
        fetch_all as Entry,
        "SELECT entry_id, time, person, organisation, role, action, patient_id, resource, outcome, trace_id
         FROM audit WHERE patient_id = $1 ORDER BY time DESC, entry_id DESC LIMIT $2",
        patient,
        limit
    )
}
