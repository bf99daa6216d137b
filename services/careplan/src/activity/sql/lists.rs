//! The statements of lists, the soonest due first.

use samspil_kit::{Caller, Error, paging::Position};
use samspil_proto::careplan::v1::ActivityState;
use samspil_store::{Tx, open_to, sql};
use uuid::Uuid;

use super::{Activity, DateTime, Row, Utc, activities, select};

/// Which part of a list to read.
pub(crate) struct Slice {
    /// Only those in this state, 0 for all.
    pub(crate) state: i32,
    /// Only those that are due by then.
    pub(crate) due_by: DateTime<Utc>,
    /// After this row.
    pub(crate) after: Position,
    /// At most so many.
    pub(crate) limit: i64,
}

/// The open activities of a plan.
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

/// A slice of a plan.
pub(crate) async fn of_plan(tx: &mut Tx, patient: Uuid, slice: &Slice) -> Result<Vec<Activity>, Error> {
    let rows = sql!(
        tx,
        fetch_all as Row,
        select!(
            "WHERE patient_id = $1 AND ($2 = 0 OR state = $2) AND (due_order, activity_id) > ($3, $4) AND due_order <= $5
             ORDER BY due_order, activity_id LIMIT $6"
        ),
        patient,
        slice.state,
        slice.after.time,
        slice.after.id,
        slice.due_by,
        slice.limit
    )?;
    activities(rows)
}

/// A slice of what the caller's organisation owns, over the plans of all patients who are open to the caller.
pub(crate) async fn of_owner(
    tx: &mut Tx,
    caller: &Caller,
    now: DateTime<Utc>,
    slice: &Slice,
) -> Result<Vec<Activity>, Error> {
    let rows = sql!(
        tx,
        fetch_all as Row,
        select!(concat!(
            "WHERE owner = $1 AND ($2 = 0 OR state = $2) AND (due_order, activity_id) > ($3, $4) AND due_order <= $5 AND ",
            open_to!("activities.patient_id", "$1", "$7", "$8"),
            " ORDER BY due_order, activity_id LIMIT $6"
        )),
        &caller.organisation,
        slice.state,
        slice.after.time,
        slice.after.id,
        slice.due_by,
        slice.limit,
        &caller.person,
        now
    )?;
    activities(rows)
}

/// Who owns something open in a plan and is of a kind that the plan does not know.
pub(crate) async fn unknown_owners(tx: &mut Tx, patient: Uuid) -> Result<Vec<String>, Error> {
    let rows = sql!(
        tx,
        fetch_all as (String,),
        "SELECT DISTINCT owner FROM activities WHERE patient_id = $1 AND owner_kind = 0 AND state IN ($2, $3) ORDER BY owner",
        patient,
        i32::from(ActivityState::Proposed),
        i32::from(ActivityState::Accepted)
    )?;
    Ok(rows.into_iter().map(|(sor,)| sor).collect())
}
