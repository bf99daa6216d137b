//! The statements.

use chrono::{DateTime, Utc};
use prost::Message as _;
use samspil_kit::{Error, common::Common, paging::Position};
use samspil_proto::{
    careplan::v1::{self as pb, ReconciliationState},
    time,
};
use samspil_store::{Tx, sql};
use uuid::Uuid;

use super::Reconciliation;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT reconciliation_id, patient_id, state, task_id, tasks, cause, content, admit_time, create_time, update_time,
                    version
             FROM reconciliations ",
            $rest
        )
    };
}

#[derive(samspil_store::FromRow)]
struct Row {
    reconciliation_id: Uuid,
    patient_id: Uuid,
    state: i32,
    task_id: Uuid,
    tasks: i32,
    cause: String,
    content: Vec<u8>,
    admit_time: Option<DateTime<Utc>>,
    create_time: DateTime<Utc>,
    update_time: DateTime<Utc>,
    version: i32,
}

impl TryFrom<Row> for Reconciliation {
    type Error = Error;

    fn try_from(row: Row) -> Result<Reconciliation, Error> {
        let content = pb::Reconciliation::decode(row.content.as_slice())?;
        Ok(Reconciliation {
            id: row.reconciliation_id,
            patient: row.patient_id,
            state: ReconciliationState::try_from(row.state).map_err(Error::internal)?,
            task: row.task_id,
            tasks: row.tasks,
            cause: row.cause,
            lists: content.lists,
            admit_time: row.admit_time,
            differences: content.differences,
            agreed: content.agreed,
            closed_by: content.closed_by,
            close_time: content.close_time.as_ref().and_then(time::from_wire),
            create_time: row.create_time,
            update_time: row.update_time,
            version: row.version,
        })
    }
}

/// What no statement asks for.
fn content(reconciliation: &Reconciliation) -> Vec<u8> {
    let content = pb::Reconciliation {
        lists: reconciliation.lists.clone(),
        differences: reconciliation.differences.clone(),
        agreed: reconciliation.agreed.clone(),
        closed_by: reconciliation.closed_by.clone(),
        close_time: reconciliation.close_time.map(time::to_wire),
        ..pb::Reconciliation::default()
    };
    content.encode_to_vec()
}

/// A reconciliation of a patient.
pub(super) async fn get(tx: &mut Tx, patient: Uuid, id: Uuid) -> Result<Option<Reconciliation>, Error> {
    let row =
        sql!(tx, fetch_optional as Row, select!("WHERE reconciliation_id = $1 AND patient_id = $2"), id, patient)?;
    row.map(Reconciliation::try_from).transpose()
}

/// The open reconciliation of a patient.
pub(super) async fn open(tx: &mut Tx, patient: Uuid) -> Result<Option<Reconciliation>, Error> {
    let state = i32::from(ReconciliationState::Open);
    let row = sql!(tx, fetch_optional as Row, select!("WHERE patient_id = $1 AND state = $2"), patient, state)?;
    row.map(Reconciliation::try_from).transpose()
}

/// Whether a hospital event has opened one before.
pub(super) async fn has_cause(tx: &mut Tx, cause: &str) -> Result<bool, Error> {
    let statement = "SELECT 1 FROM reconciliations WHERE cause = $1 AND cause <> ''";
    Ok(sql!(tx, fetch_optional as (i32,), statement, cause)?.is_some())
}

/// A page of a plan's reconciliations, the newest first.
pub(super) async fn of_plan(
    tx: &mut Tx,
    patient: Uuid,
    before: Position,
    limit: i64,
) -> Result<Vec<Reconciliation>, Error> {
    let rows = sql!(
        tx,
        fetch_all as Row,
        select!(
            "WHERE patient_id = $1 AND (create_time, reconciliation_id) < ($2, $3)
             ORDER BY create_time DESC, reconciliation_id DESC LIMIT $4"
        ),
        patient,
        before.time,
        before.id,
        limit
    )?;
    rows.into_iter().map(Reconciliation::try_from).collect()
}

/// Adds a reconciliation.
pub(super) async fn insert(tx: &mut Tx, reconciliation: &Reconciliation) -> Result<(), Error> {
    sql!(
        tx,
        execute,
        "INSERT INTO reconciliations (reconciliation_id, patient_id, state, task_id, tasks, cause, content, create_time,
                                      update_time, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        reconciliation.id,
        reconciliation.patient,
        i32::from(reconciliation.state),
        reconciliation.task,
        reconciliation.tasks,
        &reconciliation.cause,
        content(reconciliation),
        reconciliation.create_time,
        reconciliation.update_time,
        reconciliation.version
    )?;
    Ok(())
}

/// Writes a changed reconciliation, whose version has gone up by one.
pub(super) async fn update(tx: &mut Tx, reconciliation: &Reconciliation) -> Result<(), Error> {
    let updated = sql!(
        tx,
        execute,
        "UPDATE reconciliations SET state = $1, task_id = $2, tasks = $3, content = $4, update_time = $5, version = version + 1
         WHERE reconciliation_id = $6 AND version = $7",
        i32::from(reconciliation.state),
        reconciliation.task,
        reconciliation.tasks,
        content(reconciliation),
        reconciliation.update_time,
        reconciliation.id,
        reconciliation.version - 1
    )?;
    if updated == 1 { Ok(()) } else { Err(Common::EtagMismatch.into()) }
}

/// Notes that the patient was admitted while a reconciliation is open. Nobody sees anything of it but who wants to close.
pub(super) async fn admitted(tx: &mut Tx, patient: Uuid, at: DateTime<Utc>) -> Result<(), Error> {
    sql!(
        tx,
        execute,
        "UPDATE reconciliations SET admit_time = $1 WHERE patient_id = $2 AND state = $3",
        at,
        patient,
        i32::from(ReconciliationState::Open)
    )?;
    Ok(())
}
