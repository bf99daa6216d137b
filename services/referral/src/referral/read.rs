//! How referrals are shown: one, a list, a stream. What is shown is audited before it leaves.

use std::collections::BTreeSet;

use async_stream::try_stream;
use futures::{Stream, StreamExt as _};
use samspil_kit::{
    Ctx, Error, Reason as _,
    common::Common,
    paging::{Page, Position},
    watch::{self, Seen},
};
use samspil_proto::{
    names::{NotAName, PatientName, ReferralName},
    referral::v1::{
        self as pb, GetReferralRequest, ListReferralsRequest, ListReferralsResponse, ReferralUpdate,
        WatchReferralsRequest,
    },
    time,
};
use samspil_store::event_log::LoggedEvent;
use uuid::Uuid;

use super::{Referral, State, sql};

/// Shows a referral.
pub(super) async fn get(ctx: &Ctx, request: GetReferralRequest) -> Result<pb::Referral, Error> {
    let name: ReferralName = request.name.parse()?;
    ctx.cares_for(name.patient).await?;
    show(ctx, name).await
}

/// Shows a page of the referrals of one patient, or of all whose consent to the caller's organisation stands.
pub(super) async fn list(ctx: &Ctx, request: ListReferralsRequest) -> Result<ListReferralsResponse, Error> {
    let patient = patient(&request.parent)?;
    if let Some(patient) = patient {
        ctx.cares_for(patient).await?;
    }
    let state = match request.state() {
        State::Unspecified => "",
        told => told.as_str_name(),
    };
    let side = request.r#box();
    let organisation = &ctx.caller.organisation;
    let bound_to = [ctx.method, &request.parent, side.as_str_name(), state, organisation];
    let page = Page::of(request.page_size, &request.page_token, &bound_to)?;
    let mut tx = ctx.read().await?;
    let mut rows = sql::list(&mut tx, organisation, patient, side, state, &page).await?;
    // On SQLite a reader that stays open would keep the write-ahead log from being cut.
    drop(tx);
    let next_page_token = page.cut(&mut rows, Referral::position);
    // Who looked at a patient's list has learnt something, also when it is empty.
    let touched: BTreeSet<Uuid> = rows.iter().map(|referral| referral.name.patient).chain(patient).collect();
    let touched: Vec<_> = touched.into_iter().map(|patient| (patient, PatientName { patient }.to_string())).collect();
    ctx.audit_read(touched.iter().map(|(patient, name)| (*patient, name.as_str()))).await?;
    Ok(ListReferralsResponse { referrals: rows.into_iter().map(pb::Referral::from).collect(), next_page_token })
}

/// Streams what happens to the referrals of the caller's organisation.
pub(super) async fn watch(
    ctx: Ctx,
    request: WatchReferralsRequest,
) -> Result<impl Stream<Item = Result<ReferralUpdate, Error>> + Send, Error> {
    let from = watch::cursor(&ctx, &request.cursor).await?;
    let organisation = ctx.caller.organisation.clone();
    let mut events = Box::pin(watch::events(ctx.clone(), from, move |event| event.concerns(&organisation)));
    Ok(try_stream! {
        while let Some(seen) = events.next().await {
            match seen? {
                Seen::From(at) => yield ReferralUpdate { cursor: at.to_string(), ..ReferralUpdate::default() },
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
    let name: ReferralName = event.subject.parse()?;
    match ctx.cares_for(name.patient).await {
        Err(error) if error.reason() == Common::NoRelation.name() => return Ok(None),
        other => other?,
    }
    Ok(Some(ReferralUpdate {
        cursor: event.sequence.to_string(),
        r#type: event.r#type,
        time: Some(time::to_wire(event.time)),
        referral: Some(show(ctx, name).await?),
    }))
}

/// A referral, as one of its two sides sees it.
async fn show(ctx: &Ctx, name: ReferralName) -> Result<pb::Referral, Error> {
    let referral = sql::get(&mut ctx.read().await?, name).await?;
    let referral = referral.filter(|referral| referral.side(&ctx.caller.organisation).is_some());
    let referral = referral.ok_or(Common::ResourceNotFound)?;
    ctx.audit_read([(name.patient, name.to_string().as_str())]).await?;
    Ok(referral.into())
}

/// The patient whose referrals are listed. `None` for `patients/-`.
fn patient(parent: &str) -> Result<Option<Uuid>, Error> {
    if parent == "patients/-" {
        return Ok(None);
    }
    let name: Result<PatientName, NotAName> = parent.parse();
    name.map(|name| Some(name.patient)).map_err(|error| Error::invalid("parent", "name", error.to_string()))
}

impl Referral {
    fn position(&self) -> Position {
        Position { time: self.create_time, id: self.name.referral }
    }
}
