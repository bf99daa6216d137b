//! Who saw or did what, to whom, and with what outcome.
//!
//! Entries are only ever added. Right after its commit each one is sealed into a chain of hashes ([`seals`]), in which a change
//! shows; signed [`checkpoints`] say how far it had come.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{Engine, Tx, sql};

pub mod chain;
pub mod checkpoints;
mod many;
pub mod seals;
mod together;

pub use many::put_all;
pub(crate) use together::Together;
pub use together::put_together;

/// A statement that selects entries, whole.
macro_rules! entries {
    ($rest:literal) => {
        concat!(
            "SELECT audit.entry_id, time, person, display_name, organisation, role, action, patient_id, resource, outcome,
                    trace_id, basis, reason, via
             FROM audit ",
            $rest
        )
    };
}
use entries;

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

/// Writes an entry, and queues it for the sealer.
///
/// # Errors
/// As the engine. Then the call must not be answered.
pub async fn put(tx: &mut Tx, entry: &Entry) -> Result<(), sqlx::Error> {
    macro_rules! insert {
        () => {
            "INSERT INTO audit (entry_id, time, person, organisation, role, action, patient_id, resource, outcome, trace_id,
                                display_name, basis, reason, via)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
        };
    }
    sql!(
        tx,
        execute,
        {
            sqlite: insert!(),
            // One round trip. SQLite knows no such statement, and has none.
            postgres: concat!("WITH queued AS (INSERT INTO audit_unsealed (entry_id) VALUES ($1)) ", insert!())
        },
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
    if tx.engine() == Engine::Sqlite {
        sql!(tx, execute, "INSERT INTO audit_unsealed (entry_id) VALUES ($1)", entry.entry_id)?;
    }
    Ok(())
}

/// Which entries of a patient are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter<'a> {
    /// On behalf of this organisation alone, by its SOR code.
    pub organisation: Option<&'a str>,
    /// From this time on.
    pub since: Option<DateTime<Utc>>,
    /// Before this entry, in the order of time: a page begins after the last one of the page before.
    pub before: Option<(DateTime<Utc>, Uuid)>,
}

/// The entries of a patient, the newest first.
///
/// # Errors
/// As the engine.
pub async fn of_patient(tx: &mut Tx, patient: Uuid, limit: i64) -> Result<Vec<Entry>, sqlx::Error> {
    list(tx, patient, Filter::default(), limit).await
}

/// The entries of a patient that are asked for, the newest first.
///
/// # Errors
/// As the engine.
pub async fn list(tx: &mut Tx, patient: Uuid, filter: Filter<'_>, limit: i64) -> Result<Vec<Entry>, sqlx::Error> {
    let since = filter.since.unwrap_or(DateTime::UNIX_EPOCH);
    let (time, id) = filter.before.unwrap_or((far(), Uuid::max()));
    sql!(
        tx,
        fetch_all as Entry,
        entries!(
            "WHERE patient_id = $1 AND organisation = COALESCE($2, organisation) AND time >= $3
               AND (time, entry_id) < ($4, $5)
             ORDER BY time DESC, entry_id DESC LIMIT $6"
        ),
        patient,
        filter.organisation,
        since,
        time,
        id,
        limit
    )
}

/// A time that nothing comes after.
fn far() -> DateTime<Utc> {
    DateTime::from_timestamp(253_370_764_800, 0).unwrap_or_default()
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
    let (time, id) = after.unwrap_or((far(), Uuid::max()));
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
