//! Who saw or did what, to whom, and with what outcome.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{Tx, sql};

/// One entry: one call and one patient that it touched.
#[derive(Debug, Clone, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Entry {
    /// Its id.
    pub entry_id: Uuid,
    /// When.
    pub time: DateTime<Utc>,
    /// The caller's opaque subject.
    pub person: String,
    /// The caller's name at that time, or empty.
    pub display_name: String,
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
    /// What the access stood on, such as `CONSENT` or `BREAK_GLASS`, or empty.
    pub basis: String,
    /// The reason that the person gave, empty unless the access takes one.
    pub reason: String,
    /// The service that passed the person's call on, or empty.
    pub via: String,
}

/// Writes an entry.
///
/// # Errors
/// As the engine. Then the call must not be answered.
pub async fn put(tx: &mut Tx, entry: &Entry) -> Result<(), sqlx::Error> {
    sql!(
        tx,
        execute,
        "INSERT INTO audit (entry_id, time, person, organisation, role, action, patient_id, resource, outcome, trace_id,
                            display_name, basis, reason, via)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        entry.entry_id,
        entry.time,
        &entry.person,
        &entry.organisation,
        &entry.role,
        &entry.action,
        entry.patient_id,
        &entry.resource,
        &entry.outcome,
        &entry.trace_id,
        &entry.display_name,
        &entry.basis,
        &entry.reason,
        &entry.via
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
        "SELECT entry_id, time, person, display_name, organisation, role, action, patient_id, resource, outcome, trace_id,
                basis, reason, via
         FROM audit WHERE patient_id = $1 ORDER BY time DESC, entry_id DESC LIMIT $2",
        patient,
        limit
    )
}

/// Somebody who was shown a resource, or something under it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Viewer {
    /// The caller's opaque subject.
    pub person: String,
    /// The caller's name at the last time, or empty.
    pub display_name: String,
    /// The SOR code on whose behalf.
    pub organisation: String,
    /// When first.
    pub first_time: DateTime<Utc>,
    /// When last.
    pub last_time: DateTime<Utc>,
    /// The last entry.
    pub entry_id: Uuid,
}

/// Who has been shown a resource of a patient, or something under it, whoever saw it last first. `after` are the last time and
/// entry of the one that the page before ended with. Services are nobody: they read on somebody's behalf.
///
/// # Errors
/// As the engine.
pub async fn viewers(
    tx: &mut Tx,
    patient: Uuid,
    resource: &str,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<Viewer>, sqlx::Error> {
    let far = DateTime::from_timestamp(253_370_764_800, 0).unwrap_or_default();
    let (time, id) = after.unwrap_or((far, Uuid::max()));
    // "0" comes right after "/": between them lies the resource with everything under it.
    let end = format!("{resource}0");
    sql!(
        tx,
        fetch_all as Viewer,
        "SELECT person, display_name, organisation, first_time, last_time, entry_id
         FROM (SELECT person, display_name, organisation, time AS last_time, entry_id,
                      MIN(time) OVER (PARTITION BY person, organisation) AS first_time,
                      ROW_NUMBER() OVER (PARTITION BY person, organisation ORDER BY time DESC, entry_id DESC) AS nth
               FROM audit
               WHERE patient_id = $1 AND resource >= $2 AND resource < $3 AND outcome = 'OK' AND role <> 'service') shown
         WHERE nth = 1 AND (last_time, entry_id) < ($4, $5)
         ORDER BY last_time DESC, entry_id DESC LIMIT $6",
        patient,
        resource,
        end,
        time,
        id,
        limit
    )
}
