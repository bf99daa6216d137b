//! The owner's work: an activity is done, or one time of it is skipped.

use samspil_kit::{Change, Ctx, Error, once};
use samspil_proto::{
    careplan::v1::{
        self as pb, ActivityCompleted, ActivityState, CompleteActivityRequest, OccurrencePassed, SkipOccurrenceRequest,
    },
    names::ActivityName,
};

use super::{answer, begin_as_owner};
use crate::{
    activity::{Activity, Refusal},
    plan::Held,
};

/// Marks an activity as done, of a recurring one this time.
pub(crate) async fn complete(ctx: &Ctx, request: CompleteActivityRequest) -> Result<pb::Activity, Error> {
    let name: ActivityName = request.name.parse()?;
    ctx.cares_for(name.patient).await?;
    let mut tx = once!(ctx, request);
    let (held, mut activity) = begin_as_owner(ctx, &mut tx, name, &request.etag).await?;
    if activity.is_reconciliation() && activity.state == ActivityState::Accepted {
        return Err(Error::from(Refusal::ReconciliationOpen).with("reconciliation", &activity.source.name));
    }
    let number = activity.occurrence();
    activity.complete(ctx.actor(), &request.outcome, ctx.now(), &ctx.deadlines().calendar)?;
    passed(ctx, &mut tx, &held, &mut activity, (number, true), "").await?;
    answer(ctx, tx, &activity).await
}

/// Does without the next time of a recurring activity.
pub(crate) async fn skip(ctx: &Ctx, request: SkipOccurrenceRequest) -> Result<pb::Activity, Error> {
    let name: ActivityName = request.name.parse()?;
    ctx.cares_for(name.patient).await?;
    let mut tx = once!(ctx, request);
    let (held, mut activity) = begin_as_owner(ctx, &mut tx, name, &request.etag).await?;
    let number = activity.occurrence();
    activity.skip(ctx.actor(), &request.reason, ctx.now(), &ctx.deadlines().calendar)?;
    passed(ctx, &mut tx, &held, &mut activity, (number, false), &request.reason).await?;
    answer(ctx, tx, &activity).await
}

/// Writes that a time is over: the next has a clock of its own, and after the last the activity is over.
async fn passed(
    ctx: &Ctx,
    tx: &mut Change,
    held: &Held,
    activity: &mut Activity,
    (number, done): (i32, bool),
    reason: &str,
) -> Result<(), Error> {
    held.wind(activity, ctx.deadlines(), ctx.now())?;
    held.write(tx, activity, Some(ctx.actor()), reason).await?;
    let (name, owner) = (activity.name().to_string(), activity.owner_name());
    if number > 0 {
        tx.event(&name, &activity.concerns(), &OccurrencePassed { owner: owner.clone(), number, done }).await?;
    }
    if !activity.is_open() {
        tx.event(&name, &activity.concerns(), &ActivityCompleted { owner }).await?;
    }
    Ok(())
}
