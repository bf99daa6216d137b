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
use crate::wound::{Wound, sql::far};

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
        "INSERT INTO assessments (assessment_id, wound_id, patient_id, state, is_open, requester, receiver, priority, wound_type,
                                  clock, due_time, alarm_time, stage, soon_time, due_day_time, escalate_time, holder,
                                  claim_expire, detail, request_traceparent, create_time, update_time, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)",
        a.assessment_id,
        a.wound_id,
        a.patient_id,
        a.state,
        a.is_open,
        &a.requester,
        &a.receiver,
        a.priority,
        a.wound_type,
        &a.dial.clock,
        a.dial.due_time,
        a.dial.alarm_time,
        a.dial.stage,
        a.dial.soon_time,
        a.dial.due_day_time,
        a.dial.escalate_time,
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
        "UPDATE assessments SET state = $1, is_open = $2, clock = $3, due_time = $4, alarm_time = $5, stage = $6, soon_time = $7,
                due_day_time = $8, escalate_time = $9, holder = $10, claim_expire = $11, detail = $12, update_time = $13,
                version = version + 1
         WHERE assessment_id = $14 AND version = $15",
        a.state,
        a.is_open,
        &a.dial.clock,
        a.dial.due_time,
        a.dial.alarm_time,
        a.dial.stage,
        a.dial.soon_time,
        a.dial.due_day_time,
        a.dial.escalate_time,
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

/// An assessment whose alarm is to be rung.
pub(crate) async fn by_id(tx: &mut Tx, assessment: Uuid) -> Result<Assessment, samspil_store::Error> {
    sql!(tx, fetch_one as Assessment, "SELECT * FROM assessments WHERE assessment_id = $1", assessment)
}

/// Writes the clock of an assessment that is held, after an alarm. That is no change of the question: nobody's etag gets old
/// by it.
pub(crate) async fn update_clock(tx: &mut Tx, a: &Assessment) -> Result<(), samspil_store::Error> {
    sql!(
        tx,
        execute,
        "UPDATE assessments SET clock = $1, due_time = $2, alarm_time = $3, stage = $4, soon_time = $5, due_day_time = $6,
                escalate_time = $7
         WHERE assessment_id = $8",
        &a.dial.clock,
        a.dial.due_time,
        a.dial.alarm_time,
        a.dial.stage,
        a.dial.soon_time,
        a.dial.due_day_time,
        a.dial.escalate_time,
        a.assessment_id
    )?;
    Ok(())
}

/// Keeps the copy of a wound's type. That is no change of a question: nobody's etag gets old by it.
pub(crate) async fn update_wound_type(tx: &mut Tx, wound: &Wound) -> Result<(), samspil_store::Error> {
    let wound_type = wound.r#type;
    sql!(tx, execute, "UPDATE assessments SET wound_type = $1 WHERE wound_id = $2", wound_type, wound.wound_id)?;
    Ok(())
}

/// The questions about a wound that wait for an answer.
pub(crate) async fn open_of_wound(tx: &mut Tx, wound: Uuid) -> Result<Vec<Assessment>, samspil_store::Error> {
    sql!(
        tx,
        fetch_all as Assessment,
        "SELECT * FROM assessments WHERE wound_id = $1 AND is_open = $2 ORDER BY assessment_id",
        wound,
        true
    )
}
