//! The live view of a plan, and of an organisation's own work in all of them.

use async_stream::try_stream;
use futures::Stream;
use samspil_kit::{
    Ctx, Error,
    common::Common,
    watch::{self, Seen},
};
use samspil_proto::{
    careplan::v1::{CarePlanUpdate, WatchCarePlanRequest},
    names::{ActivityName, CarePlanName},
    time,
};
use samspil_store::event_log::LoggedEvent;

use super::ALL_PLANS;
use crate::{
    activity,
    part::name::{Collection, PartName},
    versions,
};

/// Every change of a plan, or of the activities that the caller's organisation owns, after a cursor.
///
/// A plan is shared: whoever may read it sees all of its changes, also of activities between two others. So the filter of one
/// plan is its name and the relation to the patient. Over all plans it is the owner, besides the relation to each patient.
pub(crate) async fn watch(
    ctx: Ctx,
    request: WatchCarePlanRequest,
) -> Result<impl Stream<Item = Result<CarePlanUpdate, Error>> + Send, Error> {
    let plan = match request.name.as_str() {
        ALL_PLANS => None,
        name => Some(name.parse::<CarePlanName>()?),
    };
    if let Some(plan) = plan {
        ctx.cares_for(plan.patient).await?;
    }
    let from = watch::cursor(&ctx, &request.cursor).await?;
    let organisation = ctx.caller.organisation.clone();
    let begins = plan.map(|plan| format!("{plan}/"));
    let events = watch::events(ctx.clone(), plan.map(|plan| plan.patient), from, move |event| match &begins {
        Some(begins) => event.subject.starts_with(begins),
        None => event.subject.contains("/carePlan/activities/") && event.concerns(&organisation),
    });
    Ok(try_stream! {
        for await seen in events {
            match seen? {
                Seen::From(cursor) => yield CarePlanUpdate { cursor: watch::token(&ctx, cursor), ..CarePlanUpdate::default() },
                Seen::Event(event) => {
                    if let Some(update) = update(&ctx, *event, plan.is_none()).await? {
                        yield update;
                    }
                }
            }
        }
    })
}

/// What the watcher gets of an event: the part as it is now, or nothing once the patient has withdrawn the consent.
async fn update(ctx: &Ctx, event: LoggedEvent, own_work: bool) -> Result<Option<CarePlanUpdate>, Error> {
    let name: PartName = event.subject.parse()?;
    match ctx.cares_for(name.patient).await {
        Ok(()) => {}
        Err(Error::Refused(refused)) if refused.reason == samspil_kit::Reason::name(Common::NoRelation) => {
            return Ok(None);
        }
        Err(error) => return Err(error),
    }
    let mut update = CarePlanUpdate {
        cursor: watch::token(ctx, event.sequence),
        r#type: event.r#type,
        time: Some(time::to_wire(event.time)),
        ..CarePlanUpdate::default()
    };
    let mut tx = ctx.read().await?;
    let missing = || Error::internal("an event of a part that is not there");
    if name.collection == Collection::Activities {
        let name: ActivityName = event.subject.parse()?;
        let activity = activity::sql::get(&mut tx, name.patient, name.activity).await?.ok_or_else(missing)?;
        // The log names the proposer too, whose work it is not.
        if own_work && activity.owner.sor != ctx.caller.organisation {
            return Ok(None);
        }
        update.activity = Some(activity.shown(ctx.now()));
    } else {
        update.part = Some(versions::get(&mut tx, &event.subject, 0).await?.ok_or_else(missing)?);
    }
    drop(tx);
    ctx.audit_read([(name.patient, event.subject.as_str())]).await?;
    Ok(Some(update))
}
