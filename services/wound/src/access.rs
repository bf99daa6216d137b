//! Who may see a wound: whoever may see the patient and takes part in it; to read, also whoever is there in an emergency.

use std::collections::BTreeSet;

use samspil_kit::{Ctx, Error, common::Common};
use samspil_proto::names::{PatientName, WoundName};
use samspil_store::Tx;
use uuid::Uuid;

use crate::wound::{self, Wound};

/// Passes for somebody with a relation to the patient, before anything is looked up.
pub(crate) async fn patient(ctx: &Ctx, patient: Uuid) -> Result<(), Error> {
    ctx.cares_for(patient).await
}

/// The wound to read, for somebody who takes part in it or has an emergency. One that does not exist and one of others look the
/// same.
pub(crate) async fn wound(ctx: &Ctx, tx: &mut Tx, name: WoundName) -> Result<Wound, Error> {
    let wound = wound::sql::get(tx, name).await?;
    if ctx.in_emergency(name.patient) {
        return Ok(wound.ok_or(Common::ResourceNotFound)?);
    }
    part(ctx, wound)
}

/// The wound to change, held so that nobody else does meanwhile: for those who take part in it alone.
pub(crate) async fn wound_to_change(ctx: &Ctx, tx: &mut Tx, name: WoundName) -> Result<Wound, Error> {
    wound::sql::hold(tx, name).await?;
    part(ctx, wound::sql::get(tx, name).await?)
}

fn part(ctx: &Ctx, wound: Option<Wound>) -> Result<Wound, Error> {
    let takes_part = |wound: &Wound| ctx.caller.is_service() || wound.takes_part(&ctx.caller.organisation);
    Ok(wound.filter(takes_part).ok_or(Common::ResourceNotFound)?)
}

/// Writes that the caller saw something of each of these patients: one entry for each, however much it was.
pub(crate) async fn saw(ctx: &Ctx, patients: impl IntoIterator<Item = Uuid>) -> Result<(), Error> {
    let patients: BTreeSet<_> = patients.into_iter().collect();
    let names: Vec<_> = patients.into_iter().map(|patient| (patient, patient_name(patient).to_string())).collect();
    ctx.audit_list(names.iter().map(|(patient, name)| (*patient, name.as_str()))).await
}

/// Checks an etag that a caller read before, if there is one.
pub(crate) fn matches(etag: &str, version: i64) -> Result<(), Error> {
    if etag.is_empty() || etag == self::etag(version) { Ok(()) } else { Err(Common::EtagMismatch.into()) }
}

/// A version as the wire has it.
pub(crate) fn etag(version: i64) -> String {
    format!("v{version}")
}

/// The name of a patient.
pub(crate) fn patient_name(patient: Uuid) -> PatientName {
    PatientName { patient }
}
