//! What people read of reconciliations. Each answer leaves only once the audit log says who read it.

use chrono::{DateTime, Utc};
use samspil_kit::{
    Ctx, Error,
    common::Common,
    paging::{Page, Position},
};
use samspil_proto::{
    careplan::v1::{self as pb, GetReconciliationRequest, ListReconciliationsRequest, ListReconciliationsResponse},
    names::{CarePlanName, ReconciliationName},
};
use uuid::Uuid;

use super::{Reconciliation, sql};

/// Before every row of a list that has the newest first: nothing was opened in the last second that the contract can say.
const FIRST: Position = Position {
    time: DateTime::<Utc>::from_timestamp(253_402_300_799, 0).expect("the last second of 9999"),
    id: Uuid::max(),
};

/// A reconciliation.
pub(crate) async fn get(ctx: &Ctx, request: GetReconciliationRequest) -> Result<pb::Reconciliation, Error> {
    let name: ReconciliationName = request.name.parse()?;
    ctx.cares_for(name.patient).await?;
    let reconciliation = sql::get(&mut ctx.read().await?, name.patient, name.reconciliation).await?;
    let reconciliation = reconciliation.ok_or(Common::ResourceNotFound)?;
    ctx.audit_read([(name.patient, request.name.as_str())]).await?;
    Ok((&reconciliation).into())
}

/// A page of a plan's reconciliations, the newest first.
pub(crate) async fn list(ctx: &Ctx, request: ListReconciliationsRequest) -> Result<ListReconciliationsResponse, Error> {
    let plan: CarePlanName = request.parent.parse()?;
    ctx.cares_for(plan.patient).await?;
    let list = [ctx.method, &request.parent, &ctx.caller.organisation];
    let page = Page::of(request.page_size, &request.page_token, &list)?;
    let before = page.after.unwrap_or(FIRST);
    let mut found = sql::of_plan(&mut ctx.read().await?, plan.patient, before, page.limit()).await?;
    let next_page_token =
        page.cut(&mut found, |last: &Reconciliation| Position { time: last.create_time, id: last.id });
    // The plan was looked into, even when nothing was in it.
    ctx.audit_read([(plan.patient, request.parent.as_str())]).await?;
    Ok(ListReconciliationsResponse {
        reconciliations: found.iter().map(pb::Reconciliation::from).collect(),
        next_page_token,
    })
}
