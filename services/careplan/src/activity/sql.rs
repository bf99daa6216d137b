//! The statements.

use chrono::{DateTime, Utc};
use prost::Message as _;
use samspil_kit::{Error, common::Common};
use samspil_proto::{
    careplan::v1::{self as pb, ActivityState},
    common::v1::Actor,
};
use samspil_store::{Tx, clock::DueClock, sql};
use uuid::Uuid;

use super::Activity;
use row::Row;

pub(crate) mod lists;
mod row;

macro_rules! select {
    ($rest:expr) => {
        concat!(
            "SELECT activity_id, patient_id, state, kind, description, owner, owner_kind, owner_role, due_time, occurrence,
                    anchor_number, anchor_time, details, clock, proposed_by, source, source_version, source_line, decided_by,
                    outcome, create_time, update_time, version
             FROM activities ",
            $rest
        )
    };
}
use select;

/// The same text with the rows held until the transaction ends: an alarm that rings meanwhile would be lost otherwise. SQLite
/// has one writer at a time anyway.
macro_rules! held {
    ($tx:expr, $method:ident, $rest:literal $(, $bind:expr)*) => {
        sql!(
            $tx,
            $method as Row,
            { sqlite: select!($rest), postgres: concat!(select!($rest), " FOR UPDATE") }
            $(, $bind)*
        )
    };
}

fn activities(rows: Vec<Row>) -> Result<Vec<Activity>, Error> {
    rows.into_iter().map(Activity::try_from).collect()
}

impl Activity {
    fn details(&self) -> Vec<u8> {
        pb::Activity {
            goals: self.goals.clone(),
            occurrences: self.occurrences.clone(),
            recurrence: self.series.map(|series| (&series.recurrence).into()),
            ..pb::Activity::default()
        }
        .encode_to_vec()
    }

    fn anchor(&self) -> (i32, Option<DateTime<Utc>>) {
        let number = self.series.map_or(0, |series| i32::try_from(series.anchor_number).unwrap_or(i32::MAX));
        (number, self.series.map(|series| series.anchor))
    }
}

/// An activity of a patient.
pub(crate) async fn get(tx: &mut Tx, patient: Uuid, activity: Uuid) -> Result<Option<Activity>, Error> {
    let row =
        sql!(tx, fetch_optional as Row, select!("WHERE activity_id = $1 AND patient_id = $2"), activity, patient)?;
    row.map(Activity::try_from).transpose()
}

/// The same to change it.
pub(crate) async fn get_held(tx: &mut Tx, patient: Uuid, activity: Uuid) -> Result<Option<Activity>, Error> {
    let row = held!(tx, fetch_optional, "WHERE activity_id = $1 AND patient_id = $2", activity, patient)?;
    row.map(Activity::try_from).transpose()
}

/// The activity with this id, to ring its clock: the transaction holds its row already.
pub(crate) async fn by_id(tx: &mut Tx, activity: Uuid) -> Result<Option<Activity>, Error> {
    let row = sql!(tx, fetch_optional as Row, select!("WHERE activity_id = $1"), activity)?;
    row.map(Activity::try_from).transpose()
}

/// The open activities of a plan to change them, in the order in which they came.
pub(crate) async fn open_held(tx: &mut Tx, patient: Uuid) -> Result<Vec<Activity>, Error> {
    let rows = held!(
        tx,
        fetch_all,
        "WHERE patient_id = $1 AND state IN ($2, $3) ORDER BY activity_id",
        patient,
        i32::from(ActivityState::Proposed),
        i32::from(ActivityState::Accepted)
    )?;
    activities(rows)
}

/// What a resource gave rise to and is still open, to change it, in the order in which it came.
pub(crate) async fn open_of_source(tx: &mut Tx, source: &str) -> Result<Vec<Activity>, Error> {
    let rows = held!(
        tx,
        fetch_all,
        "WHERE source = $1 AND source <> '' AND state IN ($2, $3) ORDER BY source_version, source_line",
        source,
        i32::from(ActivityState::Proposed),
        i32::from(ActivityState::Accepted)
    )?;
    activities(rows)
}

/// Adds an activity. `false` when its source has given rise to it before.
pub(crate) async fn insert(tx: &mut Tx, activity: &Activity) -> Result<bool, Error> {
    let (anchor_number, anchor) = activity.anchor();
    let inserted = sql!(
        tx,
        execute,
        "INSERT INTO activities (activity_id, patient_id, state, kind, description, owner, due_time, due_order, proposed_by,
                                 source, source_version, source_line, decided_by, outcome, create_time, update_time, version,
                                 owner_kind, owner_role, occurrence, anchor_number, anchor_time, details, clock, alarm_time)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
                 $25)
         ON CONFLICT (source, source_version, source_line) WHERE source <> '' DO NOTHING",
        activity.id,
        activity.patient,
        i32::from(activity.state),
        i32::from(activity.kind),
        &activity.description,
        &activity.owner.sor,
        activity.due,
        activity.due_order(),
        activity.proposed_by.encode_to_vec(),
        &activity.source.name,
        activity.source.version,
        activity.source.line,
        activity.decided_by.as_ref().map(Actor::encode_to_vec),
        &activity.outcome,
        activity.create_time,
        activity.update_time,
        i64::from(activity.version),
        i32::from(activity.owner.kind),
        &activity.owner_role,
        activity.occurrence(),
        anchor_number,
        anchor,
        activity.details(),
        activity.clock.as_ref().map(DueClock::encode),
        activity.clock.as_ref().and_then(DueClock::alarm_time)
    )?;
    Ok(inserted == 1)
}

/// Writes a changed activity, whose version has gone up by one.
pub(crate) async fn update(tx: &mut Tx, activity: &Activity) -> Result<(), Error> {
    let (anchor_number, anchor) = activity.anchor();
    let updated = sql!(
        tx,
        execute,
        "UPDATE activities SET state = $1, kind = $2, description = $3, due_time = $4, due_order = $5, decided_by = $6,
                               outcome = $7, update_time = $8, owner_kind = $9, owner_role = $10, occurrence = $11,
                               anchor_number = $12, anchor_time = $13, details = $14, clock = $15, alarm_time = $16,
                               version = version + 1
         WHERE activity_id = $17 AND version = $18",
        i32::from(activity.state),
        i32::from(activity.kind),
        &activity.description,
        activity.due,
        activity.due_order(),
        activity.decided_by.as_ref().map(Actor::encode_to_vec),
        &activity.outcome,
        activity.update_time,
        i32::from(activity.owner.kind),
        &activity.owner_role,
        activity.occurrence(),
        anchor_number,
        anchor,
        activity.details(),
        activity.clock.as_ref().map(DueClock::encode),
        activity.clock.as_ref().and_then(DueClock::alarm_time),
        activity.id,
        i64::from(activity.version - 1)
    )?;
    if updated == 1 { Ok(()) } else { Err(Common::EtagMismatch.into()) }
}

/// Writes the clock of an activity alone: that an alarm was rung is no change of the plan.
pub(crate) async fn rung(tx: &mut Tx, activity: Uuid, clock: &DueClock) -> Result<(), Error> {
    sql!(
        tx,
        execute,
        "UPDATE activities SET clock = $1, alarm_time = $2 WHERE activity_id = $3",
        clock.encode(),
        clock.alarm_time(),
        activity
    )?;
    Ok(())
}
