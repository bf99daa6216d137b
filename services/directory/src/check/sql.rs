//! Statements on checks.

use chrono::{DateTime, Utc};
use prost::Message as _;
use samspil_kit::{Error, paging::Position};
use samspil_proto::{
    common::v1::Actor,
    directory::v1::{AccessCheckCause, AccessCheckOutcome},
};
use samspil_store::{FromRow, Tx, sql};
use uuid::Uuid;

use super::{Check, Settled};

#[derive(FromRow)]
struct Row {
    check_id: Uuid,
    patient_id: Uuid,
    cause: i32,
    organisation: String,
    about: Vec<u8>,
    access_id: Option<Uuid>,
    reason: String,
    create_time: DateTime<Utc>,
    due_time: DateTime<Utc>,
    outcome: i32,
    note: String,
    settled_by: Option<Vec<u8>>,
    settle_time: Option<DateTime<Utc>>,
    version: i64,
}

impl TryFrom<Row> for Check {
    type Error = Error;

    fn try_from(row: Row) -> Result<Check, Error> {
        let settled = match row.settle_time {
            Some(at) => Some(Settled {
                outcome: AccessCheckOutcome::try_from(row.outcome).unwrap_or_default(),
                note: row.note,
                by: row.settled_by.map(|by| Actor::decode(by.as_slice())).transpose()?,
                at,
            }),
            None => None,
        };
        Ok(Check {
            id: row.check_id,
            patient: row.patient_id,
            cause: AccessCheckCause::try_from(row.cause).unwrap_or_default(),
            about: Actor::decode(row.about.as_slice())?,
            organisation: row.organisation,
            emergency: row.access_id,
            reason: row.reason,
            create_time: row.create_time,
            due_time: row.due_time,
            settled,
            version: row.version,
        })
    }
}

/// Whether an access that stands on the own municipality wants a check: no consent covers it, and none is open.
pub(super) async fn evidence_is_weak(
    tx: &mut Tx,
    patient: Uuid,
    organisation: &str,
    person: &str,
) -> Result<bool, Error> {
    let (weak,) = sql!(
        tx,
        fetch_one as (bool,),
        "SELECT NOT EXISTS (SELECT 1 FROM access_checks WHERE patient_id = $1 AND person = $3 AND organisation = $2
                                                          AND outcome = 0 AND cause = 2)
                AND NOT EXISTS (SELECT 1 FROM citizen_consents g JOIN citizen_consent_organisations o USING (consent_id)
                                WHERE g.patient_id = $1 AND g.withdraw_time IS NULL AND o.sor = $2)",
        patient,
        organisation,
        person
    )?;
    Ok(weak)
}

/// Adds a check, unless it is one on weak evidence and another such is open.
pub(crate) async fn insert(tx: &mut Tx, check: &Check) -> Result<(), Error> {
    sql!(
        tx,
        execute,
        "INSERT INTO access_checks (check_id, patient_id, cause, person, organisation, about, access_id, reason, create_time,
                                    due_time, outcome, note, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, '', $11) ON CONFLICT DO NOTHING",
        check.id,
        check.patient,
        i32::from(check.cause),
        &check.about.person,
        &check.organisation,
        check.about.encode_to_vec(),
        check.emergency,
        &check.reason,
        check.create_time,
        check.due_time,
        check.version
    )?;
    Ok(())
}

/// Settles the checks on weak evidence of an organisation whom a consent covers now.
pub(crate) async fn settle_by_consent(
    tx: &mut Tx,
    patient: Uuid,
    organisation: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    sql!(
        tx,
        execute,
        "UPDATE access_checks SET outcome = $3, settle_time = $4, version = version + 1
         WHERE patient_id = $1 AND organisation = $2 AND outcome = 0 AND cause = 2",
        patient,
        organisation,
        i32::from(AccessCheckOutcome::ConsentRecorded),
        now
    )?;
    Ok(())
}

/// A check, held until the transaction ends.
pub(super) async fn get_to_change(tx: &mut Tx, patient: Uuid, check: Uuid) -> Result<Option<Check>, Error> {
    let row = sql!(
        tx,
        fetch_optional as Row,
        { sqlite: "SELECT * FROM access_checks WHERE patient_id = $1 AND check_id = $2",
          postgres: "SELECT * FROM access_checks WHERE patient_id = $1 AND check_id = $2 FOR UPDATE" },
        patient,
        check
    )?;
    row.map(Check::try_from).transpose()
}

/// Writes how a check ended, unless somebody changed it since it was read. Tells whether it was written.
pub(super) async fn settle(tx: &mut Tx, check: &Check) -> Result<bool, Error> {
    let Some(settled) = &check.settled else { return Ok(false) };
    let changed = sql!(
        tx,
        execute,
        "UPDATE access_checks SET outcome = $3, note = $4, settled_by = $5, settle_time = $6, version = version + 1
         WHERE check_id = $1 AND version = $2",
        check.id,
        check.version,
        i32::from(settled.outcome),
        &settled.note,
        settled.by.as_ref().map(Actor::encode_to_vec),
        settled.at
    )?;
    Ok(changed == 1)
}

/// Which checks.
pub(super) struct Wanted<'a> {
    /// SOR code.
    pub organisation: &'a str,
    /// Of this patient alone.
    pub patient: Option<Uuid>,
    /// Those that ended, in place of those that are open.
    pub settled: bool,
    /// Only those due before this time.
    pub overdue_at: Option<DateTime<Utc>>,
}

/// Checks, the soonest due first, after a position.
pub(super) async fn list(
    tx: &mut Tx,
    wanted: &Wanted<'_>,
    after: Option<Position>,
    limit: i64,
) -> Result<Vec<Check>, Error> {
    let rows = sql!(
        tx,
        fetch_all as Row,
        "SELECT * FROM access_checks
         WHERE organisation = $1 AND (outcome <> 0) = $2 AND ($3 IS NULL OR patient_id = $3)
           AND ($4 IS NULL OR due_time < $4) AND ($5 IS NULL OR (due_time, check_id) > ($5, $6))
         ORDER BY due_time, check_id LIMIT $7",
        wanted.organisation,
        wanted.settled,
        wanted.patient,
        wanted.overdue_at,
        after.map(|position| position.time),
        after.map(|position| position.id),
        limit
    )?;
    rows.into_iter().map(Check::try_from).collect()
}
