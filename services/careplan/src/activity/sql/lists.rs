//! The statements of lists, the soonest due first.

use samspil_kit::{Error, paging::Position};
use samspil_proto::careplan::v1::ActivityState;
use samspil_store::{Tx, sql};
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

/// A slice of what an organisation owns, over all plans that a standing consent opens to it.
pub(crate) async fn of_owner(tx: &mut Tx, owner: &str, slice: &Slice) -> Result<Vec<Activity>, Error> {
    let rows = sql!(
        tx,
        fetch_all as Row,
        select!(
            "WHERE owner = $1 AND ($2 = 0 OR state = $2) AND (due_order, activity_id) > ($3, $4) AND due_order <= $5
               AND EXISTS (SELECT 1 FROM consents
                           WHERE consents.patient_id = activities.patient_id AND consents.organisation = $1
                             AND NOT consents.withdrawn)
             ORDER BY due_order, activity_id LIMIT $6"
        ),
        owner,
        slice.state,
        slice.after.time,
        slice.after.id,
        slice.due_by,
        slice.limit
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
