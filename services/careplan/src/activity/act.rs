//! What people do with activities: one function per change, one transaction each.
//!
//! Here they add one; what they decide, do and change of it stands in the files below.

pub(crate) mod decide;
pub(crate) mod edit;
pub(crate) mod work;

use samspil_kit::{Change, Ctx, Error, common::Common, once};
use samspil_proto::{
    careplan::v1::{
        self as pb, ActivityAccepted, ActivityKind, ActivityProposed, ActivityState, CreateActivityRequest,
    },
    names::{ActivityName, CarePlanName, OrganisationName},
};

use super::{Activity, New, Source, sql, wire};
use crate::{owners, part::references, plan::Held};

/// Adds an activity: at once where the own organisation does it, else as a proposal to the owner.
pub(crate) async fn create(ctx: &Ctx, request: CreateActivityRequest) -> Result<pb::Activity, Error> {
    let plan: CarePlanName = request.parent.parse()?;
    ctx.cares_for(plan.patient).await?;
    let wanted = request.activity.clone().unwrap_or_default();
    let owner: OrganisationName = wanted.owner.parse()?;
    let due = wire::only_due("activity.due_time", wanted.due_time.as_ref())?;
    let series = edit::series(ctx, wanted.recurrence.as_ref(), 1, due)?;
    let own = owner.sor == ctx.caller.organisation;
    let owner = owners::of(ctx, plan.patient, &owner).await?;

    let mut tx = once!(ctx, request);
    let held = Held::begin(&mut tx, plan.patient).await?;
    references::exist(&mut tx, plan.patient, "activity.goals", &wanted.goals).await?;
    let mut activity = Activity::proposed(New {
        id: ctx.id(),
        patient: plan.patient,
        kind: ActivityKind::try_from(wanted.kind).map_err(Error::internal)?,
        description: wanted.description,
        owner,
        due,
        by: ctx.actor(),
        source: Source::default(),
        at: ctx.now(),
    });
    (activity.owner_role, activity.goals, activity.series) = (wanted.owner_role, wanted.goals, series);
    if own {
        (activity.state, activity.decided_by) = (ActivityState::Accepted, Some(ctx.actor()));
    }
    edit::within_the_calendar(ctx, &activity)?;
    held.wind(&mut activity, ctx.deadlines(), ctx.now())?;
    held.add(&mut tx, &activity).await?;
    let name = activity.name().to_string();
    if own {
        let event = ActivityAccepted { owner: activity.owner_name() };
        tx.event(&name, &activity.concerns(), &event).await?;
    } else {
        let event = ActivityProposed { owner: activity.owner_name(), source: String::new() };
        tx.event(&name, &activity.concerns(), &event).await?;
    }
    answer(ctx, tx, &activity).await
}

/// Begins a change of an activity, which must be as the caller has read it.
async fn begin(tx: &mut Change, name: ActivityName, etag: &str) -> Result<(Held, Activity), Error> {
    let held = Held::begin(tx, name.patient).await?;
    let activity = sql::get_held(tx, name.patient, name.activity).await?.ok_or(Common::ResourceNotFound)?;
    if !etag.is_empty() && etag != activity.etag() {
        return Err(Common::EtagMismatch.into());
    }
    Ok((held, activity))
}

/// The same for the owner alone.
async fn begin_as_owner(ctx: &Ctx, tx: &mut Change, name: ActivityName, etag: &str) -> Result<(Held, Activity), Error> {
    let (held, activity) = begin(tx, name, etag).await?;
    activity.owned_by(&ctx.caller.organisation)?;
    Ok((held, activity))
}

async fn answer(ctx: &Ctx, tx: Box<Change>, activity: &Activity) -> Result<pb::Activity, Error> {
    tx.commit(Some(activity.patient), &activity.name().to_string(), activity.shown(ctx.now())).await
}
