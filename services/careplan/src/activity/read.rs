//! What people read of a plan. Each answer leaves only once the audit log says who read it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use samspil_kit::{
    Ctx, Error,
    common::Common,
    paging::{Page, Position},
};
use samspil_proto::{
    careplan::v1::{self as pb, GetActivityRequest, GetCarePlanRequest, ListActivitiesRequest, ListActivitiesResponse},
    names::{ActivityName, CarePlanName},
};
use uuid::Uuid;

use super::{Activity, sql};

/// How many open activities a plan shows at once.
const SHOWN: i64 = 200;

/// The parent of everything that the caller's organisation owns.
const ALL_PLANS: &str = "patients/-/carePlan";

/// Before every row: nothing is due before the first year that the contract can say.
const FIRST: Position = Position {
    time: DateTime::<Utc>::from_timestamp(-62_135_596_800, 0).expect("the first second of year 1"),
    id: Uuid::nil(),
};

/// A patient's plan with its open activities.
pub(super) async fn plan(ctx: &Ctx, request: GetCarePlanRequest) -> Result<pb::CarePlan, Error> {
    let name: CarePlanName = request.name.parse()?;
    ctx.cares_for(name.patient).await?;
    let mut tx = ctx.read().await?;
    // The version first: should a change come in between, the etag is old, and the next read shows it.
    let version = sql::plan_version(&mut tx, name.patient).await?;
    let activities = sql::open(&mut tx, name.patient, SHOWN).await?;
    drop(tx);
    ctx.audit_read([(name.patient, name.to_string().as_str())]).await?;
    Ok(pb::CarePlan {
        name: name.to_string(),
        activities: activities.iter().map(pb::Activity::from).collect(),
        etag: format!("v{version}"),
        ..pb::CarePlan::default()
    })
}

/// An activity.
pub(super) async fn activity(ctx: &Ctx, request: GetActivityRequest) -> Result<pb::Activity, Error> {
    let name: ActivityName = request.name.parse()?;
    ctx.cares_for(name.patient).await?;
    let activity = sql::get(&mut ctx.read().await?, name.patient, name.activity).await?;
    let activity = activity.ok_or(Common::ResourceNotFound)?;
    ctx.audit_read([(name.patient, name.to_string().as_str())]).await?;
    Ok((&activity).into())
}

/// A page of a plan, or of what the caller's organisation owns over all plans, the soonest due first.
pub(super) async fn list(ctx: &Ctx, request: ListActivitiesRequest) -> Result<ListActivitiesResponse, Error> {
    let plan = match request.parent.as_str() {
        ALL_PLANS => None,
        name => Some(name.parse::<CarePlanName>()?),
    };
    if let Some(plan) = plan {
        ctx.cares_for(plan.patient).await?;
    }
    let organisation = &ctx.caller.organisation;
    let list = [ctx.method, &request.parent, &request.state.to_string(), organisation];
    let page = Page::of(request.page_size, &request.page_token, &list)?;
    let after = page.after.unwrap_or(FIRST);
    let mut tx = ctx.read().await?;
    let mut activities = match plan {
        Some(plan) => sql::of_plan(&mut tx, plan.patient, request.state, after, page.limit()).await?,
        None => sql::of_owner(&mut tx, organisation, request.state, after, page.limit()).await?,
    };
    drop(tx);
    let next_page_token = page.cut(&mut activities, |last: &Activity| Position { time: last.due_order(), id: last.id });
    // One entry for each patient. A plan that was asked for by name was looked into, even when nothing was in it.
    let touched: BTreeSet<Uuid> =
        activities.iter().map(|activity| activity.patient).chain(plan.map(|plan| plan.patient)).collect();
    let touched: Vec<_> = touched.into_iter().map(|patient| (patient, CarePlanName { patient }.to_string())).collect();
    ctx.audit_read(touched.iter().map(|(patient, name)| (*patient, name.as_str()))).await?;
    Ok(ListActivitiesResponse { activities: activities.iter().map(pb::Activity::from).collect(), next_page_token })
}
