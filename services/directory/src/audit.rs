//! Audit entries that the kit does not write by itself.

use samspil_kit::{Ctx, Error, common::Common, telemetry};
use samspil_store::audit::{self, Entry};
use uuid::Uuid;

/// Writes that the caller read about a citizen, before the answer leaves. A service reads on behalf of the call that caused
/// it, which has its own entry.
pub(crate) async fn seen(ctx: &Ctx, patient: Uuid, resource: &str) -> Result<(), Error> {
    if ctx.caller.is_service() {
        return Ok(());
    }
    write(ctx, Some(patient), resource, "OK").await
}

/// `NO_RELATION`, once it is in the audit log. Without a patient where somebody wanted to register one of another municipality:
/// there is none that the entry could be of.
pub(crate) async fn refuse(ctx: &Ctx, patient: Option<Uuid>) -> Result<Error, Error> {
    let refusal = Error::from(Common::NoRelation);
    write(ctx, patient, "", refusal.reason()).await?;
    Ok(refusal)
}

async fn write(ctx: &Ctx, patient_id: Option<Uuid>, resource: &str, outcome: &str) -> Result<(), Error> {
    let entry = Entry {
        entry_id: ctx.id(),
        time: ctx.now(),
        person: ctx.caller.person.clone(),
        organisation: ctx.caller.organisation.clone(),
        role: ctx.caller.role.clone(),
        action: ctx.method.to_owned(),
        patient_id,
        resource: resource.to_owned(),
        outcome: outcome.to_owned(),
        trace_id: telemetry::current_trace_id(),
    };
    let mut tx = ctx.db().begin().await?;
    audit::put(&mut tx, &entry).await?;
    Ok(tx.commit().await?)
}
