//! Who saw what, in the audit log.

use samspil_kit::{Ctx, Error, telemetry};
use samspil_store::audit::{self, Entry};
use uuid::Uuid;

/// Writes that the caller read something about each of these patients, before the answer leaves. A service reads on behalf of
/// the call that caused it, which has its own entry.
pub(crate) async fn seen(ctx: &Ctx, touched: &[(Uuid, String)]) -> Result<(), Error> {
    if touched.is_empty() || ctx.caller.is_service() {
        return Ok(());
    }
    let mut tx = ctx.db().begin().await?;
    for (patient, resource) in touched {
        let entry = Entry {
            entry_id: ctx.id(),
            time: ctx.now(),
            person: ctx.caller.person.clone(),
            organisation: ctx.caller.organisation.clone(),
            role: ctx.caller.role.clone(),
            action: ctx.method.to_owned(),
            patient_id: Some(*patient),
            resource: resource.clone(),
            outcome: "OK".to_owned(),
            trace_id: telemetry::current_trace_id(),
        };
        audit::put(&mut tx, &entry).await?;
    }
    Ok(tx.commit().await?)
}
