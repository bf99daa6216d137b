//! Who saw what, in the audit log.

use samspil_kit::{Ctx, Error};
use samspil_store::audit;
use uuid::Uuid;

/// Writes that the caller read these resources, each with its patient, before the answer leaves: without the entries there is
/// no answer. A service reads on behalf of the call that caused it, which has its own entry.
pub(crate) async fn seen(ctx: &Ctx, touched: &[(Uuid, String)]) -> Result<(), Error> {
    if ctx.caller.is_service() || touched.is_empty() {
        return Ok(());
    }
    let mut tx = ctx.db().begin().await?;
    for (patient, resource) in touched {
        audit::put(&mut tx, &ctx.audit_entry(*patient, resource)).await?;
    }
    Ok(tx.commit().await?)
}
