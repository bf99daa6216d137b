//! The stream of what happens to an organisation's referrals.

use async_stream::try_stream;
use futures::{Stream, StreamExt as _};
use samspil_kit::{
    Ctx, Error, Reason as _,
    common::Common,
    watch::{self, Seen},
};
use samspil_proto::{
    names::{AttachmentName, ReferralName},
    referral::v1::{ReferralUpdate, WatchReferralsRequest},
    time,
};
use samspil_store::event_log::LoggedEvent;

use super::{read, show};

/// Streams what happens to the referrals of the caller's organisation.
pub(super) async fn watch(
    ctx: Ctx,
    request: WatchReferralsRequest,
) -> Result<impl Stream<Item = Result<ReferralUpdate, Error>> + Send, Error> {
    let from = watch::cursor(&ctx, &request.cursor).await?;
    let organisation = ctx.caller.organisation.clone();
    let mut events = Box::pin(watch::events(ctx.clone(), None, from, move |event| event.concerns(&organisation)));
    Ok(try_stream! {
        while let Some(seen) = events.next().await {
            match seen? {
                Seen::From(at) => yield ReferralUpdate { cursor: watch::token(&ctx, at), ..ReferralUpdate::default() },
                Seen::Event(event) => {
                    if let Some(update) = update(&ctx, *event).await? {
                        yield update;
                    }
                }
            }
        }
    })
}

/// What a watcher gets for an event. Nothing once the patient has withdrawn the consent.
async fn update(ctx: &Ctx, event: LoggedEvent) -> Result<Option<ReferralUpdate>, Error> {
    let name = referral_of(&event.subject)?;
    match ctx.cares_for(name.patient).await {
        Err(error) if error.reason() == Common::NoRelation.name() => return Ok(None),
        other => other?,
    }
    let found = read::visible(ctx, &mut ctx.read().await?, name).await?;
    let shown = show::delivered(ctx, vec![found]).await?.pop();
    ctx.audit_read([(name.patient, name.to_string().as_str())]).await?;
    Ok(Some(ReferralUpdate {
        cursor: watch::token(ctx, event.sequence),
        r#type: event.r#type,
        time: Some(time::to_wire(event.time)),
        referral: shown,
    }))
}

/// The referral that an event is about: an attachment is of one.
fn referral_of(subject: &str) -> Result<ReferralName, Error> {
    if let Ok(AttachmentName { patient, referral, .. }) = subject.parse() {
        return Ok(ReferralName { patient, referral });
    }
    Ok(subject.parse()?)
}
