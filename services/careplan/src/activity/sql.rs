//! The statements.

use chrono::{DateTime, Utc};
use prost::Message as _;
use samspil_kit::{Error, common::Common, paging::Position};
use samspil_proto::{
    careplan::v1::{ActivityKind, ActivityState},
    common::v1::Actor,
};
use samspil_store::{Tx, sql};
use uuid::Uuid;

use super::{Activity, Source};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT activity_id, patient_id, state, kind, description, owner, due_time, proposed_by, source, source_version,
                    source_line, decided_by, outcome, create_time, update_time, version
             FROM activities ",
            $rest
        )
    };
}

#[derive(samspil_store::FromRow)]
struct Row {
    activity_id: Uuid,
    patient_id: Uuid,
    state: i32,
    kind: i32,
    description: String,
    owner: String,
    due_time: Option<DateTime<Utc>>,
    proposed_by: Vec<u8>,
    source: String,
    source_version: i32,
    source_line: i32,
    decided_by: Option<Vec<u8>>,
    outcome: String,
    create_time: DateTime<Utc>,
    update_time: DateTime<Utc>,
    version: i64,
}

impl TryFrom<Row> for Activity {
    type Error = Error;

    fn try_from(row: Row) -> Result<Activity, Error> {
        Ok(Activity {
            id: row.activity_id,
            patient: row.patient_id,
            state: ActivityState::try_from(row.state).map_err(Error::internal)?,
            kind: ActivityKind::try_from(row.kind).map_err(Error::internal)?,
            description: row.description,
            owner: row.owner,
            due: row.due_time,
            proposed_by: Actor::decode(row.proposed_by.as_slice())?,
            source: Source { name: row.source, version: row.source_version, line: row.source_line },
            decided_by: row.decided_by.map(|actor| Actor::decode(actor.as_slice())).transpose()?,
            outcome: row.outcome,
            create_time: row.create_time,
            update_time: row.update_time,
            version: row.version,
        })
    }
}

fn activities(rows: Vec<Row>) -> Result<Vec<Activity>, Error> {
    rows.into_iter().map(Activity::try_from).collect()
}

/// Begins a change of a patient's plan: counts its version up and makes other changes of it wait. Comes before anything is
/// read, so that what is then read stays as it is until the end of the transaction.
pub(crate) async fn change_plan(tx: &mut Tx, patient: Uuid) -> Result<(), Error> {
    sql!(
        tx,
        execute,
        "INSERT INTO care_plans (patient_id, version) VALUES ($1, 1)
         ON CONFLICT (patient_id) DO UPDATE SET version = care_plans.version + 1",
        patient
    )?;
    Ok(())
}

/// The version of a patient's plan, 0 when it was never changed.
pub(crate) async fn plan_version(tx: &mut Tx, patient: Uuid) -> Result<i64, Error> {
    let row = sql!(tx, fetch_optional as (i64,), "SELECT version FROM care_plans WHERE patient_id = $1", patient)?;
    Ok(row.map_or(0, |(version,)| version))
}

/// An activity of a patient.
pub(crate) async fn get(tx: &mut Tx, patient: Uuid, activity: Uuid) -> Result<Option<Activity>, Error> {
    let row =
        sql!(tx, fetch_optional as Row, select!("WHERE activity_id = $1 AND patient_id = $2"), activity, patient)?;
    row.map(Activity::try_from).transpose()
}

/// The open activities of a plan, the soonest due first.
pub(crate) async fn open(tx: &mut Tx, patient: Uuid, limit: i64) -> Result<Vec<Activity>, Error> {
    let rows = sql!(
        tx,
        fetch_all as Row,
        select!("WHERE patient_id = $1 AND state IN ($2, $3) ORDER BY due_order, activity_id LIMIT $4"),
        patient,
        i32::from(ActivityState::Proposed),
        i32::from(ActivityState::Accepted),
        limit
    )?;
    activities(rows)
}

/// A page of a plan.
pub(crate) async fn of_plan(
    tx: &mut Tx,
    patient: Uuid,
    state: i32,
    after: Position,
    limit: i64,
) -> Result<Vec<Activity>, Error> {
    let rows = sql!(
        tx,
        fetch_all as Row,
        select!(
            "WHERE patient_id = $1 AND ($2 = 0 OR state = $2) AND (due_order, activity_id) > ($3, $4)
             ORDER BY due_order, activity_id LIMIT $5"
        ),
        patient,
        state,
        after.time,
        after.id,
        limit
    )?;
    activities(rows)
}

/// A page of what an organisation owns, over all plans that a standing consent opens to it.
pub(crate) async fn of_owner(
    tx: &mut Tx,
    owner: &str,
    state: i32,
    after: Position,
    limit: i64,
) -> Result<Vec<Activity>, Error> {
    let rows = sql!(
        tx,
        fetch_all as Row,
        select!(
            "WHERE owner = $1 AND ($2 = 0 OR state = $2) AND (due_order, activity_id) > ($3, $4)
               AND EXISTS (SELECT 1 FROM consents
                           WHERE consents.patient_id = activities.patient_id AND consents.organisation = $1
                             AND NOT consents.withdrawn)
             ORDER BY due_order, activity_id LIMIT $5"
        ),
        owner,
        state,
        after.time,
        after.id,
        limit
    )?;
    activities(rows)
}

/// What a resource gave rise to and is still open, in the order in which it came.
pub(crate) async fn open_of_source(tx: &mut Tx, source: &str) -> Result<Vec<Activity>, Error> {
    let rows = sql!(
        tx,
        fetch_all as Row,
        select!("WHERE source = $1 AND source <> '' AND state IN ($2, $3) ORDER BY source_version, source_line"),
        source,
        i32::from(ActivityState::Proposed),
        i32::from(ActivityState::Accepted)
    )?;
    activities(rows)
}

/// Adds an activity. `false` when its source has given rise to it before.
pub(crate) async fn insert(tx: &mut Tx, activity: &Activity) -> Result<bool, Error> {
    let inserted = sql!(
        tx,
        execute,
        "INSERT INTO activities (activity_id, patient_id, state, kind, description, owner, due_time, due_order, proposed_by,
                                 source, source_version, source_line, decided_by, outcome, create_time, update_time, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
         ON CONFLICT (source, source_version, source_line) WHERE source <> '' DO NOTHING",
        activity.id,
        activity.patient,
        i32::from(activity.state),
        i32::from(activity.kind),
        &activity.description,
        &activity.owner,
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
        activity.version
    )?;
    Ok(inserted == 1)
}

/// Writes a changed activity, whose version has gone up by one.
pub(crate) async fn update(tx: &mut Tx, activity: &Activity) -> Result<(), Error> {
    let updated = sql!(
        tx,
        execute,
        "UPDATE activities SET state = $1, due_time = $2, due_order = $3, decided_by = $4, outcome = $5, update_time = $6,
                               version = version + 1
         WHERE activity_id = $7 AND version = $8",
        i32::from(activity.state),
        activity.due,
        activity.due_order(),
        activity.decided_by.as_ref().map(Actor::encode_to_vec),
        &activity.outcome,
        activity.update_time,
        activity.id,
        activity.version - 1
    )?;
    if updated == 1 { Ok(()) } else { Err(Common::EtagMismatch.into()) }
}
