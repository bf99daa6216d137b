//! Recording, taking back and listing what hospitals tell.

use chrono::{DateTime, Utc};
use samspil_kit::{
    Change, Ctx, Error, once,
    paging::{Page, Position},
};
use samspil_proto::{
    directory::v1::{
        self as pb, CancelHospitalEventRequest, ListHospitalEventsRequest, ListHospitalEventsResponse, PresenceChanged,
        RecordHospitalEventRequest,
    },
    names::{HospitalEventName, PatientName},
    time,
};
use uuid::Uuid;

use super::{HospitalEvent, Whereabouts, check_new, rpc, sql, whereabouts};
use crate::{
    consent::{BadTime, check_given_time},
    error::Reason,
    relation,
    rpc::named,
};

/// Records what a hospital tells.
pub(crate) async fn record(ctx: &Ctx, request: RecordHospitalEventRequest) -> Result<pb::HospitalEvent, Error> {
    let PatientName { patient } = named("parent", &request.parent)?;
    relation::act::may_report(ctx, patient).await?;
    let told = request.hospital_event.clone().unwrap_or_default();
    let happened = told.event_time.as_ref().and_then(time::from_wire).ok_or(BadTime::NoTime);
    let event_time = happened
        .and_then(|happened| check_given_time(happened, ctx.now()).map(|()| happened))
        .map_err(rpc::bad_time)?;
    let mut tx = once!(ctx, request);
    let (events, before) = held(&mut tx, patient).await?;
    let event = HospitalEvent {
        id: ctx.id(),
        patient,
        kind: told.kind(),
        event_time,
        reported_by: ctx.actor(),
        create_time: ctx.now(),
        cancelled: None,
    };
    check_new(&event, before)?;
    sql::insert(&mut tx, &event).await?;
    let all: Vec<_> = events.into_iter().chain([event.clone()]).collect();
    settle(ctx, &mut tx, patient, before, &all, false).await?;
    let name = event.name().to_string();
    tx.commit(Some(patient), &name, event.into()).await
}

/// Takes an event back that was reported by mistake.
pub(crate) async fn cancel(ctx: &Ctx, request: CancelHospitalEventRequest) -> Result<pb::HospitalEvent, Error> {
    let HospitalEventName { patient, event: id } = named("name", &request.name)?;
    relation::act::may_report(ctx, patient).await?;
    let mut tx = once!(ctx, request);
    let (mut events, before) = held(&mut tx, patient).await?;
    let event = events.iter_mut().find(|event| event.id == id).ok_or(Reason::HospitalEventNotFound)?;
    event.cancel(ctx.actor(), request.reason, ctx.now())?;
    sql::cancel(&mut tx, event).await?;
    let answer = event.clone();
    settle(ctx, &mut tx, patient, before, &events, true).await?;
    tx.commit(Some(patient), &request.name, answer.into()).await
}

/// Lists a citizen's hospital events, the newest first.
pub(crate) async fn list(ctx: &Ctx, request: ListHospitalEventsRequest) -> Result<ListHospitalEventsResponse, Error> {
    let PatientName { patient } = named("parent", &request.parent)?;
    relation::act::concerns(ctx, patient).await?;
    let list = [ctx.method, &request.parent, &ctx.caller.organisation];
    let page = Page::of(request.page_size, &request.page_token, &list)?;
    let mut events = sql::list(&mut ctx.read().await?, patient, page.after, page.limit()).await?;
    let next_page_token = page.cut(&mut events, |last| Position { time: last.event_time, id: last.id });
    ctx.audit_read([(patient, request.parent.as_str())]).await?;
    Ok(ListHospitalEventsResponse { hospital_events: events.into_iter().map(Into::into).collect(), next_page_token })
}

/// A citizen's events and where they put the citizen, held so that two reports wait for each other.
async fn held(tx: &mut Change, patient: Uuid) -> Result<(Vec<HospitalEvent>, Whereabouts), Error> {
    if !sql::hold_citizen(tx, patient).await? {
        return Err(Reason::CitizenNotFound.into());
    }
    let events = sql::all(tx, patient).await?;
    let before = whereabouts(&events);
    Ok((events, before))
}

/// Writes where the citizen is now, and tells the other services if that is elsewhere than before.
async fn settle(
    ctx: &Ctx,
    tx: &mut Change,
    patient: Uuid,
    before: Whereabouts,
    events: &[HospitalEvent],
    correction: bool,
) -> Result<(), Error> {
    let now = whereabouts(events);
    if now == before {
        return Ok(());
    }
    sql::put_whereabouts(tx, patient, now).await?;
    if now.presence == before.presence {
        return Ok(());
    }
    let since: DateTime<Utc> = now.since.unwrap_or_else(|| ctx.now());
    let event = PresenceChanged {
        presence: now.presence.into(),
        previous: before.presence.into(),
        time: Some(time::to_wire(since)),
        hospital_event: now.event.map(|event| HospitalEventName { patient, event }.to_string()).unwrap_or_default(),
        correction,
    };
    tx.event(&PatientName { patient }.to_string(), &[], &event).await
}
