//! Changing the fields of an open activity.

use chrono::{DateTime, Utc};
use prost_types::FieldMask;
use samspil_kit::{Change, Ctx, Error, mask, once};
use samspil_proto::{
    careplan::v1::{self as pb, ActivityKind, ActivityState, ActivityUpdated, UpdateActivityRequest},
    names::ActivityName,
};

use super::{answer, begin};
use crate::{
    activity::{Activity, Verb, wire},
    part::references,
    recurrence::{Recurrence, Series, Unusable},
};

/// The fields that can be changed.
const FIELDS: &[&str] = &["kind", "description", "owner_role", "due_time", "recurrence", "goals"];

/// Changes fields of an open activity.
pub(crate) async fn update(ctx: &Ctx, request: UpdateActivityRequest) -> Result<pb::Activity, Error> {
    let name: ActivityName = request.name.parse()?;
    ctx.cares_for(name.patient).await?;
    let wanted = request.activity.clone().unwrap_or_default();
    let mask = request.update_mask.clone().unwrap_or_default();
    let mut tx = once!(ctx, request);
    let (held, mut activity) = begin(&mut tx, name, &request.etag).await?;
    activity.in_the_hands_of(&ctx.caller.organisation)?;
    activity.state = Verb::Update.from(activity.state)?;
    let (due, series) = (activity.due, activity.series);
    let fields = apply(ctx, &mut tx, &mut activity, &wanted, &mask).await?;
    activity.touch(ctx.now());
    if (activity.due, activity.series) != (due, series) {
        within_the_calendar(ctx, &activity)?;
        // A proposal that is changed is still the same question to its owner, and has waited as long.
        if activity.state == ActivityState::Accepted {
            held.wind(&mut activity, ctx.deadlines(), ctx.now())?;
        }
    }
    held.write(&mut tx, &activity, Some(ctx.actor()), &request.reason).await?;
    let event = ActivityUpdated { owner: activity.owner_name(), fields };
    tx.event(&name.to_string(), &activity.concerns(), &event).await?;
    answer(ctx, tx, &activity).await
}

/// Takes over the fields of a mask, and tells which of them differ.
pub(super) async fn apply(
    ctx: &Ctx,
    tx: &mut Change,
    activity: &mut Activity,
    wanted: &pb::Activity,
    mask: &FieldMask,
) -> Result<Vec<String>, Error> {
    let before = activity.shown(ctx.now());
    let mut after = before.clone();
    mask::apply(mask, FIELDS, wanted, &mut after)?;
    let changed = mask::changed(&before, &after)?;
    let has = |field: &str| changed.iter().any(|one| one == field);
    if has("goals") {
        references::exist(tx, activity.patient, "activity.goals", &after.goals).await?;
    }
    activity.kind = ActivityKind::try_from(after.kind).map_err(Error::internal)?;
    activity.description = after.description;
    activity.owner_role = after.owner_role;
    activity.goals = after.goals;
    if has("due_time") || has("recurrence") {
        activity.due = wire::only_due("activity.due_time", after.due_time.as_ref())?;
        // The times that are over stay counted.
        let number = activity.series.map_or(1, |series| series.number);
        activity.series = series(ctx, after.recurrence.as_ref(), number, activity.due)?;
    }
    Ok(changed)
}

/// The times of a recurring activity from the one that is due next on.
pub(super) fn series(
    ctx: &Ctx,
    recurrence: Option<&pb::Recurrence>,
    number: u32,
    due: Option<DateTime<Utc>>,
) -> Result<Option<Series>, Error> {
    let Some(recurrence) = recurrence else { return Ok(None) };
    let due =
        due.ok_or_else(|| Error::invalid("activity.due_time", "required", "must say when a recurring one begins"))?;
    let refuse = |unusable: Unusable| Error::invalid("activity.recurrence", "recurrence", unusable.expected());
    let recurrence = Recurrence::try_from(recurrence).map_err(refuse)?;
    Series::from(&ctx.deadlines().calendar, recurrence, number, due).map(Some).map_err(refuse)
}

/// Refuses times that the calendar of working days does not reach, the last one too: a clock that cannot be started later
/// would keep its owner from completing what is done.
pub(super) fn within_the_calendar(ctx: &Ctx, activity: &Activity) -> Result<(), Error> {
    let Some(due) = activity.due else { return Ok(()) };
    let deadlines = ctx.deadlines();
    deadlines.start_due("activity", "", ctx.now(), due)?;
    if let Some(series) = &activity.series {
        let last = series.last(&deadlines.calendar);
        let last = last.ok_or_else(|| {
            Error::invalid("activity.recurrence", "recurrence", "must end within the years that a calendar has")
        })?;
        deadlines.start_due("activity", "", ctx.now(), last)?;
    }
    Ok(())
}
