//! The owner's yes or no, and taking an activity off the plan.

use prost_types::FieldMask;
use samspil_kit::{Change, Ctx, Error, once};
use samspil_proto::{
    careplan::v1::{
        self as pb, AcceptActivityRequest, ActivityAccepted, ActivityCancelled, ActivityDeclined, ActivityKind,
        ActivityState, CancelActivityRequest, DeclineActivityRequest,
    },
    names::ActivityName,
};

use super::{answer, begin, begin_as_owner, edit};
use crate::{
    activity::{Activity, sql, wire},
    plan::Held,
};

/// Takes a proposal on, with the owner's changes.
pub(crate) async fn accept(ctx: &Ctx, request: AcceptActivityRequest) -> Result<pb::Activity, Error> {
    let name: ActivityName = request.name.parse()?;
    ctx.cares_for(name.patient).await?;
    wire::only_due("due_time", request.due_time.as_ref())?;
    let changes = request.update_mask.as_ref().is_some_and(|mask| !mask.paths.is_empty());
    if changes && request.reason.is_empty() {
        return Err(Error::invalid("reason", "required", "must say why it was changed"));
    }
    // Else every field of the mask would be emptied.
    if changes && request.activity.is_none() {
        return Err(Error::invalid("activity", "required", "must be set with update_mask"));
    }
    // The due time that stands beside the activity is one more field that the owner changes.
    let mut wanted = request.activity.clone().unwrap_or_default();
    let mut mask = request.update_mask.clone().unwrap_or_default();
    if let Some(due) = request.due_time {
        wanted.due_time = Some(due);
        mask.paths.push("due_time".to_owned());
    }

    let mut tx = once!(ctx, request);
    let (held, mut activity) = begin_as_owner(ctx, &mut tx, name, &request.etag).await?;
    activity.accept(ctx.actor(), ctx.now())?;
    if mask != FieldMask::default() {
        edit::apply(ctx, &mut tx, &mut activity, &wanted, &mask).await?;
    }
    edit::within_the_calendar(ctx, &activity)?;
    held.wind(&mut activity, ctx.deadlines(), ctx.now())?;
    held.write(&mut tx, &activity, Some(ctx.actor()), &request.reason).await?;
    let event = ActivityAccepted { owner: activity.owner_name() };
    tx.event(&name.to_string(), &activity.concerns(), &event).await?;
    replace_photos(ctx, &mut tx, &held, &activity).await?;
    answer(ctx, tx, &activity).await
}

/// The next photos that an amended answer asks for take the place of those that an earlier version asked for: the nurse who
/// says yes to the new ones has not promised to come twice.
async fn replace_photos(ctx: &Ctx, tx: &mut Change, held: &Held, accepted: &Activity) -> Result<(), Error> {
    if accepted.kind != ActivityKind::NextPhoto {
        return Ok(());
    }
    for mut earlier in sql::open_of_source(tx, &accepted.source.name).await? {
        let same = earlier.kind == ActivityKind::NextPhoto && earlier.owner.sor == accepted.owner.sor;
        let promised = earlier.state == ActivityState::Accepted;
        if same && promised && earlier.source.version < accepted.source.version {
            earlier.cancel(Some(ctx.actor()), "replaced", ctx.now())?;
            held.write(tx, &earlier, Some(ctx.actor()), "").await?;
            let event = ActivityCancelled { owner: earlier.owner_name() };
            tx.event(&earlier.name().to_string(), &earlier.concerns(), &event).await?;
        }
    }
    Ok(())
}

/// Turns a proposal down.
pub(crate) async fn decline(ctx: &Ctx, request: DeclineActivityRequest) -> Result<pb::Activity, Error> {
    let name: ActivityName = request.name.parse()?;
    ctx.cares_for(name.patient).await?;
    let mut tx = once!(ctx, request);
    let (held, mut activity) = begin_as_owner(ctx, &mut tx, name, &request.etag).await?;
    activity.decline(ctx.actor(), &request.reason, ctx.now())?;
    held.write(&mut tx, &activity, Some(ctx.actor()), &request.reason).await?;
    let event = ActivityDeclined { owner: activity.owner_name() };
    tx.event(&name.to_string(), &activity.concerns(), &event).await?;
    answer(ctx, tx, &activity).await
}

/// Takes an open activity off the plan.
pub(crate) async fn cancel(ctx: &Ctx, request: CancelActivityRequest) -> Result<pb::Activity, Error> {
    let name: ActivityName = request.name.parse()?;
    ctx.cares_for(name.patient).await?;
    let mut tx = once!(ctx, request);
    let (held, mut activity) = begin(&mut tx, name, &request.etag).await?;
    activity.in_the_hands_of(&ctx.caller.organisation)?;
    activity.cancel(Some(ctx.actor()), &request.reason, ctx.now())?;
    held.write(&mut tx, &activity, Some(ctx.actor()), &request.reason).await?;
    let event = ActivityCancelled { owner: activity.owner_name() };
    tx.event(&name.to_string(), &activity.concerns(), &event).await?;
    answer(ctx, tx, &activity).await
}
