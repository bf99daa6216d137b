//! The statements about assessments.

use chrono::{DateTime, Utc};
use samspil_kit::{
    Error,
    common::Common,
    paging::{Page, Position},
};
use samspil_proto::names::AssessmentName;
use samspil_store::{Tx, sql};
use uuid::Uuid;

use super::Assessment;
use crate::wound::sql::far;

pub(crate) async fn get(tx: &mut Tx, name: AssessmentName) -> Result<Option<Assessment>, samspil_store::Error> {
    sql!(
        tx,
        fetch_optional as Assessment,
        "SELECT * FROM assessments WHERE assessment_id = $1 AND wound_id = $2 AND patient_id = $3",
        name.assessment,
        name.wound,
        name.patient
    )
}

/// The assessment, held so that no worker changes it until this transaction ends: a person who was first must not hear that
/// somebody else was.
pub(crate) async fn hold(tx: &mut Tx, name: AssessmentName) -> Result<Option<Assessment>, samspil_store::Error> {
    if tx.engine() == samspil_store::Engine::Postgres {
        let id = name.assessment;
        sql!(tx, fetch_optional as (i64,), "SELECT version FROM assessments WHERE assessment_id = $1 FOR UPDATE", id)?;
    }
    get(tx, name).await
}

pub(crate) async fn insert(tx: &mut Tx, a: &Assessment) -> Result<(), samspil_store::Error> {
    sql!(
        tx,
        execute,
        "INSERT INTO assessments (assessment_id, wound_id, patient_id, state, is_open, requester, receiver, priority, due_time,
                                  clock_state, clock_stop, clock_reason, overdue, holder, claim_expire, detail,
                                  request_traceparent, create_time, update_time, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)",
        a.assessment_id,
        a.wound_id,
        a.patient_id,
        a.state,
        a.is_open,
        &a.requester,
        &a.receiver,
        a.priority,
        a.due_time,
        a.clock_state,
        a.clock_stop,
        &a.clock_reason,
        a.overdue,
        &a.holder,
        a.claim_expire,
        &a.detail,
        &a.request_traceparent,
        a.create_time,
        a.update_time,
        a.version
    )?;
    Ok(())
}

/// Writes what can change, if nobody else did since it was read.
pub(crate) async fn update(tx: &mut Tx, a: &mut Assessment, now: DateTime<Utc>) -> Result<(), Error> {
    let changed = sql!(
        tx,
        execute,
        "UPDATE assessments SET state = $1, is_open = $2, due_time = $3, clock_state = $4, clock_stop = $5, clock_reason = $6,
                overdue = $7, holder = $8, claim_expire = $9, detail = $10, update_time = $11, version = version + 1
         WHERE assessment_id = $12 AND version = $13",
        a.state,
        a.is_open,
        a.due_time,
        a.clock_state,
        a.clock_stop,
        &a.clock_reason,
        a.overdue,
        &a.holder,
        a.claim_expire,
        &a.detail,
        now,
        a.assessment_id,
        a.version
    )?;
    if changed == 0 {
        return Err(Common::EtagMismatch.into());
    }
    a.version += 1;
    a.update_time = now;
    Ok(())
}

pub(crate) async fn of_wound(tx: &mut Tx, wound: Uuid, page: &Page) -> Result<Vec<Assessment>, samspil_store::Error> {
    let after = page.after.unwrap_or(Position { time: far(), id: Uuid::max() });
    sql!(
        tx,
        fetch_all as Assessment,
        "SELECT * FROM assessments WHERE wound_id = $1 AND (create_time, assessment_id) < ($2, $3)
         ORDER BY create_time DESC, assessment_id DESC LIMIT $4",
        wound,
        after.time,
        after.id,
        page.limit()
    )
}

/// The queue of an organisation, the soonest due first, of patients whose consent covers it. `state` 0 for every open one.
pub(crate) async fn queue(
    tx: &mut Tx,
    receiver: &str,
    state: i32,
    page: &Page,
) -> Result<Vec<Assessment>, samspil_store::Error> {
    let after = page.after.unwrap_or(Position { time: DateTime::UNIX_EPOCH, id: Uuid::nil() });
    let open = (1..=3).contains(&state) || state == 0;
    sql!(
        tx,
        fetch_all as Assessment,
        "SELECT a.* FROM assessments a
         WHERE a.receiver = $1 AND a.is_open = $2 AND ($3 = 0 OR a.state = $3) AND (a.due_time, a.assessment_id) > ($4, $5)
           AND EXISTS (SELECT 1 FROM consents c
                       WHERE c.patient_id = a.patient_id AND c.organisation = $1 AND NOT c.withdrawn)
         ORDER BY a.due_time, a.assessment_id LIMIT $6",
        receiver,
        open,
        state,
        after.time,
        after.id,
        page.limit()
    )
}

/// A running clock that has passed its due time and whose alarm has not been raised.
pub(crate) async fn overdue(tx: &mut Tx, now: DateTime<Utc>) -> Result<Option<Assessment>, samspil_store::Error> {
    sql!(
        tx,
        fetch_optional as Assessment,
        "SELECT * FROM assessments WHERE clock_state = 1 AND NOT overdue AND due_time < $1 ORDER BY due_time LIMIT 1",
        now
    )
}
