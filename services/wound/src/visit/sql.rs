//! The statements about visits.

use samspil_kit::paging::{Page, Position};
use samspil_proto::{names::VisitName, wound::v1::VisitState};
use samspil_store::{Tx, sql};
use uuid::Uuid;

use super::Visit;
use crate::wound::sql::far;

pub(crate) async fn get(tx: &mut Tx, name: VisitName) -> Result<Option<Visit>, samspil_store::Error> {
    sql!(
        tx,
        fetch_optional as Visit,
        "SELECT * FROM visits WHERE visit_id = $1 AND wound_id = $2 AND patient_id = $3",
        name.visit,
        name.wound,
        name.patient
    )
}

/// Writes a new visit. `false` when its id is taken.
pub(crate) async fn insert(tx: &mut Tx, visit: &Visit) -> Result<bool, samspil_store::Error> {
    let written = sql!(
        tx,
        execute,
        "INSERT INTO visits (visit_id, wound_id, patient_id, state, visit_time, findings, recorded_by, create_time, complete_time,
                             version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (visit_id) DO NOTHING",
        visit.visit_id,
        visit.wound_id,
        visit.patient_id,
        visit.state,
        visit.visit_time,
        &visit.findings,
        &visit.recorded_by,
        visit.create_time,
        visit.complete_time,
        visit.version
    )?;
    Ok(written == 1)
}

/// Writes state and completion, and what it was completed in spite of. The wound is held, so that nobody else does so meanwhile.
pub(crate) async fn update(tx: &mut Tx, visit: &mut Visit) -> Result<(), samspil_store::Error> {
    sql!(
        tx,
        execute,
        "UPDATE visits SET state = $1, complete_time = $2, overridden = $3, version = version + 1 WHERE visit_id = $4",
        visit.state,
        visit.complete_time,
        &visit.overridden,
        visit.visit_id
    )?;
    visit.version += 1;
    Ok(())
}

pub(crate) async fn list(tx: &mut Tx, wound: Uuid, page: &Page) -> Result<Vec<Visit>, samspil_store::Error> {
    let after = page.after.unwrap_or(Position { time: far(), id: Uuid::max() });
    sql!(
        tx,
        fetch_all as Visit,
        "SELECT * FROM visits WHERE wound_id = $1 AND (create_time, visit_id) < ($2, $3)
         ORDER BY create_time DESC, visit_id DESC LIMIT $4",
        wound,
        after.time,
        after.id,
        page.limit()
    )
}

/// The complete visits of a wound, in the order in which they were made.
pub(crate) async fn complete(tx: &mut Tx, wound: Uuid) -> Result<Vec<Visit>, samspil_store::Error> {
    sql!(
        tx,
        fetch_all as Visit,
        "SELECT * FROM visits WHERE wound_id = $1 AND state = $2 ORDER BY visit_time, complete_time, visit_id",
        wound,
        i32::from(VisitState::Complete)
    )
}
