//! The live view of a plan.

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

use super::sql;

/// Every change of a plan after a cursor.
///
/// A plan is shared: whoever may read it sees all of its changes, also of activities between two others. So the filter is the
/// plan's name and the relation to the patient, not the organisations that an event names.
pub(super) async fn watch(
    ctx: Ctx,
    request: WatchCarePlanRequest,
) -> Result<impl Stream<Item = Result<CarePlanUpdate, Error>> + Send, Error> {
    let plan: CarePlanName = request.name.parse()?;
    ctx.cares_for(plan.patient).await?;
    let from = watch::cursor(&ctx, &request.cursor).await?;
    let activities = format!("{plan}/activities/");
    let events = watch::events(ctx.clone(), from, move |event| event.subject.starts_with(&activities));
    Ok(try_stream! {
        for await seen in events {
            match seen? {
                Seen::From(cursor) => yield CarePlanUpdate { cursor: watch::token(&ctx, cursor), ..CarePlanUpdate::default() },
                Seen::Event(event) => {
                    if let Some(update) = update(&ctx, *event).await? {
                        yield update;
                    }
                }
            }
        }
    })
}

/// What the watcher gets of an event: the activity as it is now, or nothing once the patient has withdrawn the consent.
async fn update(ctx: &Ctx, event: LoggedEvent) -> Result<Option<CarePlanUpdate>, Error> {
    let name: ActivityName = event.subject.parse()?;
    match ctx.cares_for(name.patient).await {
        Ok(()) => {}
        Err(Error::Refused(refused)) if refused.reason == samspil_kit::Reason::name(Common::NoRelation) => {
            return Ok(None);
        }
        Err(error) => return Err(error),
    }
    let activity = sql::get(&mut ctx.read().await?, name.patient, name.activity).await?;
    let activity = activity.ok_or_else(|| Error::internal("an event of an activity that is not there"))?;
    ctx.audit_read([(name.patient, event.subject.as_str())]).await?;
    Ok(Some(CarePlanUpdate {
        cursor: watch::token(ctx, event.sequence),
        r#type: event.r#type,
        time: Some(time::to_wire(event.time)),
        activity: Some((&activity).into()),
        part: None,
    }))
}
