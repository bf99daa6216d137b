//! The statements of the plan's own row, and of its pauses.

use samspil_kit::Error;
use samspil_store::{Tx, sql};
use uuid::Uuid;

/// Begins a change of a patient's plan: counts its version up, gives the new one, and makes other changes of it wait.
pub(crate) async fn change_plan(tx: &mut Tx, patient: Uuid) -> Result<i64, Error> {
    let (version,) = sql!(
        tx,
        fetch_one as (i64,),
        "INSERT INTO care_plans (patient_id, version) VALUES ($1, 1)
         ON CONFLICT (patient_id) DO UPDATE SET version = care_plans.version + 1
         RETURNING version",
        patient
    )?;
    Ok(version)
}

/// The version of a patient's plan, 0 when it was never changed.
pub(crate) async fn plan_version(tx: &mut Tx, patient: Uuid) -> Result<i64, Error> {
    let row = sql!(tx, fetch_optional as (i64,), "SELECT version FROM care_plans WHERE patient_id = $1", patient)?;
    Ok(row.map_or(0, |(version,)| version))
}

/// Why a plan stood still at one of its versions, or empty.
pub(crate) async fn paused(tx: &mut Tx, patient: Uuid, plan_version: i64) -> Result<String, Error> {
    let row = sql!(
        tx,
        fetch_optional as (String,),
        "SELECT reason FROM plan_pauses WHERE patient_id = $1 AND plan_version <= $2 ORDER BY plan_version DESC LIMIT 1",
        patient,
        plan_version
    )?;
    Ok(row.map_or_else(String::new, |(reason,)| reason))
}

/// Notes why a plan stands still from one of its versions on, with no reason that it goes on.
pub(crate) async fn pause(tx: &mut Tx, patient: Uuid, plan_version: i64, reason: &str) -> Result<(), Error> {
    sql!(
        tx,
        execute,
        "INSERT INTO plan_pauses (patient_id, plan_version, reason) VALUES ($1, $2, $3)
         ON CONFLICT (patient_id, plan_version) DO UPDATE SET reason = excluded.reason",
        patient,
        plan_version,
        reason
    )?;
    Ok(())
}
