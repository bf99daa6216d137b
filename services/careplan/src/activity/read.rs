//! What people read of activities. Each answer leaves only once the audit log says who read it.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use samspil_kit::{
    Ctx, Error,
    common::Common,
    paging::{Page, Position},
};
use samspil_proto::{
    careplan::v1::{self as pb, GetActivityRequest, ListActivitiesRequest, ListActivitiesResponse},
    names::{ActivityName, CarePlanName},
};
use uuid::Uuid;

use super::{
    Activity, NEVER_DUE,
    sql::{self, lists},
    wire,
};
use crate::plan::ALL_PLANS;

/// Before every row: nothing is due before the first year that the contract can say.
const FIRST: Position = Position {
    time: DateTime::<Utc>::from_timestamp(-62_135_596_800, 0).expect("the first second of year 1"),
    id: Uuid::nil(),
};

/// An activity.
pub(crate) async fn activity(ctx: &Ctx, request: GetActivityRequest) -> Result<pb::Activity, Error> {
    let name: ActivityName = request.name.parse()?;
    ctx.cares_for(name.patient).await?;
    let activity = sql::get(&mut ctx.read().await?, name.patient, name.activity).await?;
    let activity = activity.ok_or(Common::ResourceNotFound)?;
    ctx.audit_read([(name.patient, name.to_string().as_str())]).await?;
    Ok(activity.shown(ctx.now()))
}

/// A page of a plan, or of what the caller's organisation owns over all plans, the soonest due first.
pub(crate) async fn list(ctx: &Ctx, request: ListActivitiesRequest) -> Result<ListActivitiesResponse, Error> {
    let plan = match request.parent.as_str() {
        ALL_PLANS => None,
        name => Some(name.parse::<CarePlanName>()?),
    };
    if let Some(plan) = plan {
        ctx.cares_for(plan.patient).await?;
    }
    let organisation = &ctx.caller.organisation;
    let due_before = wire::only_due("due_before", request.due_before.as_ref())?;
    let bound = due_before.map_or_else(String::new, |due| due.to_rfc3339());
    let list = [ctx.method, &request.parent, &request.state.to_string(), &bound, organisation];
    let page = Page::of(request.page_size, &request.page_token, &list)?;
    let slice = lists::Slice {
        state: request.state,
        // The last microsecond before it: so one statement does for lists with and without a bound.
        due_by: due_before.map_or(NEVER_DUE, |due| due - TimeDelta::microseconds(1)),
        after: page.after.unwrap_or(FIRST),
        limit: page.limit(),
    };
    let mut tx = ctx.read().await?;
    let mut activities = match plan {
        Some(plan) => lists::of_plan(&mut tx, plan.patient, &slice).await?,
        None => lists::of_owner(&mut tx, &ctx.caller, ctx.now(), &slice).await?,
    };
    drop(tx);
    let next_page_token = page.cut(&mut activities, |last: &Activity| Position { time: last.due_order(), id: last.id });
    // One entry for each patient. A plan that was asked for by name was looked into, even when nothing was in it.
    let touched: BTreeSet<Uuid> =
        activities.iter().map(|activity| activity.patient).chain(plan.map(|plan| plan.patient)).collect();
    let touched: Vec<_> = touched.into_iter().map(|patient| (patient, CarePlanName { patient }.to_string())).collect();
    ctx.audit_list(touched.iter().map(|(patient, name)| (*patient, name.as_str()))).await?;
    let now = ctx.now();
    Ok(ListActivitiesResponse { activities: activities.iter().map(|one| one.shown(now)).collect(), next_page_token })
}
