//! Live streams for nurses and specialists.

use async_stream::try_stream;
use futures::{Stream, StreamExt as _};
use samspil_kit::{
    Ctx, Error,
    common::Common,
    watch::{self, Seen},
};
use samspil_proto::{
    names::{
        AssessmentName, FlagName, MessageName, OutlineName, PhotoName, ScoreName, SuggestionName, VisitName, WoundName,
        patient_of,
    },
    time,
    wound::v1::{self as pb, QueueUpdate, WatchQueueRequest, WatchWoundsRequest, WoundUpdate, wound_update::Resource},
};
use samspil_store::{Looks, event_log::LoggedEvent};
use tonic::{Code, Status};
use uuid::Uuid;

use crate::{access, assessment, flag, message, outline, photo, score, suggestion, visit};

/// What was read for those who watch, once for all of one organisation who ask at the same moment.
#[derive(Clone, Default)]
pub(crate) struct Shown {
    resources: Looks<Sight, Resource>,
    questions: Looks<Sight, (pb::Assessment, pb::Wound)>,
}

/// Something that changed, and all that decides who may read it once the patient is open to the caller.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Sight {
    subject: String,
    organisation: String,
    service: bool,
    emergency: bool,
}

impl Sight {
    /// Asked after it was decided what the access to the patient stands on.
    fn of(ctx: &Ctx, subject: &str, patient: Uuid) -> Sight {
        Sight {
            subject: subject.to_owned(),
            organisation: ctx.caller.organisation.clone(),
            service: ctx.caller.is_service(),
            emergency: ctx.in_emergency(patient),
        }
    }
}

/// The name that stands for all wounds of the caller's organisation.
const EVERY_WOUND: &str = "patients/-/wounds/-";

/// Every change of a wound, or of all wounds that the caller's organisation takes part in.
pub(crate) async fn wounds(
    ctx: Ctx,
    shown: Shown,
    request: WatchWoundsRequest,
) -> Result<impl Stream<Item = Result<WoundUpdate, Status>> + Send + 'static, Error> {
    let one = if request.name == EVERY_WOUND { None } else { Some(request.name.parse::<WoundName>()?) };
    if let Some(name) = one {
        access::patient(&ctx, name.patient).await?;
        access::wound(&ctx, &mut ctx.read().await?, name).await?;
        ctx.audit_read([(name.patient, request.name.as_str())]).await?;
    }
    let from = watch::cursor(&ctx, &request.cursor).await?;
    let organisation = ctx.caller.organisation.clone();
    let below = one.map(|name| format!("{name}/"));
    // In an emergency somebody watches a wound that the own organisation has no part in.
    let emergency = one.is_some_and(|name| ctx.in_emergency(name.patient));
    let wanted = move |event: &LoggedEvent| {
        (emergency || event.concerns(&organisation))
            && below
                .as_ref()
                .is_none_or(|below| event.subject.starts_with(below) || below.strip_suffix('/') == Some(&event.subject))
    };
    Ok(try_stream! {
        let mut seen = std::pin::pin!(watch::events(ctx.clone(), one.map(|name| name.patient), from, wanted));
        while let Some(seen) = seen.next().await {
            match seen? {
                Seen::From(cursor) => yield WoundUpdate { cursor: watch::token(&ctx, cursor), ..WoundUpdate::default() },
                Seen::Event(event) => {
                    // Boxed, here and below: it is as big as the biggest of what it may find, and is handed on some times.
                    let resource = Box::pin(resource(&ctx, &event.subject));
                    // In a stream of one wound it was asked already, and the stream would have ended.
                    if one.is_none() && !is_open(&ctx, &event).await? {
                        continue;
                    }
                    if let Some(resource) = seen_of(&ctx, &event, &shown.resources, resource).await? {
                        yield WoundUpdate {
                            cursor: watch::token(&ctx, event.sequence),
                            time: Some(time::to_wire(event.time)),
                            r#type: event.r#type,
                            subject: event.subject,
                            resource: Some(resource),
                        };
                    }
                }
            }
        }
    })
}

/// Every change in the queue of the caller's organisation.
pub(crate) async fn queue(
    ctx: Ctx,
    shown: Shown,
    request: WatchQueueRequest,
) -> Result<impl Stream<Item = Result<QueueUpdate, Status>> + Send + 'static, Error> {
    let from = watch::cursor(&ctx, &request.cursor).await?;
    let organisation = ctx.caller.organisation.clone();
    let wanted =
        move |event: &LoggedEvent| event.concerns(&organisation) && event.subject.parse::<AssessmentName>().is_ok();
    Ok(try_stream! {
        let mut seen = std::pin::pin!(watch::events(ctx.clone(), None, from, wanted));
        while let Some(seen) = seen.next().await {
            match seen? {
                Seen::From(cursor) => yield QueueUpdate { cursor: watch::token(&ctx, cursor), ..QueueUpdate::default() },
                Seen::Event(event) => {
                    if !is_open(&ctx, &event).await? {
                        continue;
                    }
                    let question = Box::pin(question(&ctx, &event.subject));
                    if let Some((assessment, wound)) = seen_of(&ctx, &event, &shown.questions, question).await? {
                        yield QueueUpdate {
                            cursor: watch::token(&ctx, event.sequence),
                            time: Some(time::to_wire(event.time)),
                            r#type: event.r#type,
                            assessment: Some(assessment),
                            wound: Some(wound),
                        };
                    }
                }
            }
        }
    })
}

/// Whether the caller may see the patient of an event now: a consent may have been withdrawn since the stream was opened.
async fn is_open(ctx: &Ctx, event: &LoggedEvent) -> Result<bool, Error> {
    Ok(unless_refused(access::patient(ctx, patient(event)?).await)?.is_some())
}

/// What changed, once the audit log says that it is shown. `None` where there is nothing for the caller to see.
async fn seen_of<T: Clone>(
    ctx: &Ctx,
    event: &LoggedEvent,
    looks: &Looks<Sight, T>,
    look: impl Future<Output = Result<T, Error>>,
) -> Result<Option<T>, Error> {
    let patient = patient(event)?;
    let found = unless_refused(looks.share(Sight::of(ctx, &event.subject, patient), look).await)?;
    if found.is_some() {
        ctx.audit_read([(patient, event.subject.as_str())]).await?;
    }
    Ok(found)
}

fn patient(event: &LoggedEvent) -> Result<Uuid, Error> {
    patient_of(&event.subject).ok_or_else(|| Error::internal("an event without a patient"))
}

/// A refusal of one event is no end of the stream: it goes on with others.
fn unless_refused<T>(found: Result<T, Error>) -> Result<Option<T>, Error> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Error::Refused(refused)) if matches!(refused.code, Code::PermissionDenied | Code::NotFound) => Ok(None),
        Err(other) => Err(other),
    }
}

/// A question to the caller's organisation, with the wound that it is about. A hospital that takes part in a wound also hears of
/// questions to others; those are not its queue.
async fn question(ctx: &Ctx, subject: &str) -> Result<(pb::Assessment, pb::Wound), Error> {
    let (found, wound) = assessment::act::find_with_wound(ctx, &mut ctx.read().await?, subject.parse()?).await?;
    if found.receiver != ctx.caller.organisation {
        return Err(Common::ResourceNotFound.into());
    }
    Ok((found.to_wire(ctx.now())?, wound.to_wire(ctx.now())?))
}

async fn resource(ctx: &Ctx, subject: &str) -> Result<Resource, Error> {
    let mut tx = ctx.read().await?;
    if let Ok(name) = subject.parse::<WoundName>() {
        return Ok(Resource::Wound(access::wound(ctx, &mut tx, name).await?.to_wire(ctx.now())?));
    }
    if let Ok(name) = subject.parse::<VisitName>() {
        let visit = visit::act::find(ctx, &mut tx, name).await?;
        return Ok(Resource::Visit(visit.to_wire(&photo::sql::of_visit(&mut tx, visit.visit_id).await?)?));
    }
    if let Ok(name) = subject.parse::<PhotoName>() {
        return Ok(Resource::Photo(photo::act::find(ctx, &mut tx, name).await?.to_wire()?));
    }
    if let Ok(name) = subject.parse::<AssessmentName>() {
        return Ok(Resource::Assessment(assessment::act::find(ctx, &mut tx, name).await?.to_wire(ctx.now())?));
    }
    if let Ok(name) = subject.parse::<MessageName>() {
        access::wound(ctx, &mut tx, WoundName { patient: name.patient, wound: name.wound }).await?;
        return Ok(Resource::Message(message::find(&mut tx, name).await?));
    }
    if let Ok(name) = subject.parse::<FlagName>() {
        return Ok(Resource::Flag(flag::act::find(ctx, &mut tx, name).await?.to_wire()?));
    }
    if let Ok(name) = subject.parse::<ScoreName>() {
        return Ok(Resource::Score(score::act::find(ctx, &mut tx, name).await?.to_wire()?));
    }
    if let Ok(name) = subject.parse::<OutlineName>() {
        return Ok(Resource::Outline(outline::act::find(ctx, &mut tx, name).await?.to_wire()?));
    }
    if let Ok(name) = subject.parse::<SuggestionName>() {
        return Ok(Resource::Suggestion(suggestion::act::find(ctx, &mut tx, name).await?.to_wire()?));
    }
    Err(Common::ResourceNotFound.into())
}
