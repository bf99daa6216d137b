//! What can be done with an assessment. Each is one transaction.

use prost::Message as _;
use samspil_kit::{
    Change, Ctx, Error,
    common::Common,
    once,
    paging::{Page, Position},
};
use samspil_proto::{
    names::{AssessmentName, VisitName, WoundName},
    wound::v1 as pb,
};
use samspil_store::{Tx, clock::DueClock};

use super::{Assessment, Detail, dial::Dial, draft, is_second_opinion, sql};
use crate::{
    Reason, Wounds, access, flag, visit,
    wound::{self, Wound},
};

/// Passes for a complete visit of the wound.
pub(super) async fn complete_visit(tx: &mut Tx, wound: WoundName, visit: &str, field: &str) -> Result<(), Error> {
    let name: VisitName = visit.parse()?;
    if (name.patient, name.wound) != (wound.patient, wound.wound) {
        return Err(Error::invalid(field, "parent", "must be a visit of this wound"));
    }
    let visit = visit::sql::get(tx, name).await?;
    let visit = visit.ok_or_else(|| Error::invalid(field, "exists", "must be a visit of this wound"))?;
    if visit.open().is_ok() { Err(Reason::VisitNotComplete.into()) } else { Ok(()) }
}

pub(crate) async fn get(ctx: &Ctx, request: pb::GetAssessmentRequest) -> Result<pb::Assessment, Error> {
    let name: AssessmentName = request.name.parse()?;
    access::patient(ctx, name.patient).await?;
    let assessment = find(ctx, &mut ctx.read().await?, name).await?;
    ctx.audit_read([(name.patient, request.name.as_str())]).await?;
    Ok(assessment.to_wire(ctx.now())?)
}

/// The assessment, for somebody who takes part in its wound.
pub(crate) async fn find(ctx: &Ctx, tx: &mut Tx, name: AssessmentName) -> Result<Assessment, Error> {
    Ok(find_with_wound(ctx, tx, name).await?.0)
}

/// The same, and the wound.
pub(crate) async fn find_with_wound(
    ctx: &Ctx,
    tx: &mut Tx,
    name: AssessmentName,
) -> Result<(Assessment, Wound), Error> {
    let wound = access::wound(ctx, tx, WoundName { patient: name.patient, wound: name.wound }).await?;
    Ok((sql::get(tx, name).await?.ok_or(Common::ResourceNotFound)?, wound))
}

pub(crate) async fn list(ctx: &Ctx, request: pb::ListAssessmentsRequest) -> Result<pb::ListAssessmentsResponse, Error> {
    let parent: WoundName = request.parent.parse()?;
    access::patient(ctx, parent.patient).await?;
    let list = [ctx.method, &request.parent, &ctx.caller.organisation];
    let page = Page::of(request.page_size, &request.page_token, &list)?;
    let mut tx = ctx.read().await?;
    access::wound(ctx, &mut tx, parent).await?;
    let mut rows = sql::of_wound(&mut tx, parent.wound, &page).await?;
    drop(tx);
    let next_page_token = page.cut(&mut rows, |row| Position { time: row.create_time, id: row.assessment_id });
    let assessments = rows.iter().map(|row| row.to_wire(ctx.now())).collect::<Result<_, _>>()?;
    ctx.audit_read([(parent.patient, request.parent.as_str())]).await?;
    Ok(pb::ListAssessmentsResponse { assessments, next_page_token })
}

/// An assessment that is about to change, with its wound held.
pub(super) struct Held {
    pub(super) assessment: Assessment,
    pub(super) detail: Detail,
    clock: DueClock,
    pub(super) wound: Wound,
}

/// Which side of the question a verb belongs to.
#[derive(Clone, Copy)]
pub(super) enum Side {
    Requester,
    Receiver,
}

pub(super) async fn hold(ctx: &Ctx, tx: &mut Tx, name: AssessmentName, etag: &str, side: Side) -> Result<Held, Error> {
    let wound = access::wound_to_change(ctx, tx, WoundName { patient: name.patient, wound: name.wound }).await?;
    let assessment = sql::hold(tx, name).await?.ok_or(Common::ResourceNotFound)?;
    let (organisation, refusal) = match side {
        Side::Requester => (&assessment.requester, Reason::NotTheRequester),
        Side::Receiver => (&assessment.receiver, Reason::NotTheReceiver),
    };
    if *organisation != ctx.caller.organisation {
        return Err(refusal.into());
    }
    access::matches(etag, assessment.version)?;
    let clock = assessment.clock(ctx.deadlines())?;
    Ok(Held { detail: assessment.detail()?, clock, assessment, wound })
}

/// Writes the change with its event and answers with how it is now.
async fn done<E: prost::Message + prost::Name>(
    ctx: &Ctx,
    mut tx: Box<Change>,
    mut held: Held,
    event: &E,
) -> Result<pb::Assessment, Error> {
    held.assessment.detail = held.detail.encode_to_vec();
    held.assessment.dial = Dial::of(&held.clock);
    sql::update(&mut tx, &mut held.assessment, ctx.now()).await?;
    let name = held.assessment.name().to_string();
    tx.event(&name, &held.wound.organisations(), event).await?;
    tx.commit(Some(held.assessment.patient_id), &name, held.assessment.to_wire(ctx.now())?).await
}

pub(crate) async fn claim(
    service: &Wounds,
    ctx: &Ctx,
    request: pb::ClaimAssessmentRequest,
) -> Result<pb::Assessment, Error> {
    let name: AssessmentName = request.name.parse()?;
    access::patient(ctx, name.patient).await?;
    let mut tx = once!(ctx, request);
    let mut held = hold(ctx, &mut tx, name, &request.etag, Side::Receiver).await?;
    if let Err(reason) = held.assessment.claim(ctx.actor(), ctx.now(), service.settings.claim) {
        let holder = held.detail.claim.and_then(|claim| claim.holder).unwrap_or_default();
        return Err(match reason {
            Reason::AssessmentClaimed => Error::from(reason).with("holder", holder.person),
            other => other.into(),
        });
    }
    held.detail.claim = Some(pb::Claim { holder: Some(ctx.actor()), expire_time: None });
    done(ctx, tx, held, &pb::AssessmentClaimed {}).await
}

pub(crate) async fn release(ctx: &Ctx, request: pb::ReleaseAssessmentRequest) -> Result<pb::Assessment, Error> {
    let name: AssessmentName = request.name.parse()?;
    access::patient(ctx, name.patient).await?;
    let mut tx = once!(ctx, request);
    let mut held = hold(ctx, &mut tx, name, &request.etag, Side::Receiver).await?;
    held.assessment.release(&ctx.caller.person)?;
    done(ctx, tx, held, &pb::AssessmentReleased {}).await
}

pub(crate) async fn ask(ctx: &Ctx, request: pb::AskForMoreRequest) -> Result<pb::Assessment, Error> {
    let name: AssessmentName = request.name.parse()?;
    access::patient(ctx, name.patient).await?;
    let mut tx = once!(ctx, request);
    let mut held = hold(ctx, &mut tx, name, &request.etag, Side::Receiver).await?;
    held.assessment.ask((&mut held.detail, &mut held.clock), request.question, ctx.actor(), ctx.now())?;
    done(ctx, tx, held, &pb::MoreRequested {}).await
}

pub(crate) async fn supply(ctx: &Ctx, request: pb::SupplyMoreRequest) -> Result<pb::Assessment, Error> {
    let name: AssessmentName = request.name.parse()?;
    access::patient(ctx, name.patient).await?;
    if request.reply.is_empty() && request.visit.is_empty() {
        return Err(Error::invalid("reply", "required", "a reply or a visit must be given"));
    }
    let mut tx = once!(ctx, request);
    let mut held = hold(ctx, &mut tx, name, &request.etag, Side::Requester).await?;
    if !request.visit.is_empty() {
        complete_visit(&mut tx, held.wound.name(), &request.visit, "visit").await?;
    }
    held.assessment.supply(&mut held.detail, request.reply, request.visit, ctx.now())?;
    held.assessment.resume(&mut held.clock, ctx.deadlines(), "AWAITING_MORE", ctx.now())?;
    let due_time = Some(samspil_proto::time::to_wire(held.clock.due()));
    done(ctx, tx, held, &pb::MoreSupplied { due_time }).await
}

/// The event of a signature: an answer and its amendment tell the same facts.
macro_rules! signed {
    ($event:ident, $held:expr, $plan_lines:expr) => {
        pb::$event {
            wound: $held.wound.name().to_string(),
            requester: format!("organisations/{}", $held.assessment.requester),
            receiver: format!("organisations/{}", $held.assessment.receiver),
            version: $held.detail.answers.len() as i32,
            plan_lines: $plan_lines,
            request_traceparent: $held.assessment.request_traceparent.clone(),
        }
    };
}

pub(crate) async fn answer(
    service: &Wounds,
    ctx: &Ctx,
    request: pb::AnswerAssessmentRequest,
) -> Result<pb::Assessment, Error> {
    let name: AssessmentName = request.name.parse()?;
    access::patient(ctx, name.patient).await?;
    let mut tx = once!(ctx, request);
    let mut held = hold(ctx, &mut tx, name, &request.etag, Side::Receiver).await?;
    let answer = request.answer.unwrap_or_default();
    let (plan_lines, days) = (answer.plan.len() as i32, answer.next_photo_days);
    held.assessment.answer((&mut held.detail, &mut held.clock), answer, ctx.actor(), ctx.now())?;
    // The answer is a trace of its own, which points back to the one that asked.
    samspil_kit::telemetry::answers(&held.assessment.request_traceparent);
    draft::throw_away(&mut tx, name.assessment, &ctx.caller.person).await?;
    start_photo_clock(service, ctx, &mut tx, &mut held, days).await?;
    no_longer_waits(ctx, &mut tx, &held).await?;
    let event = signed!(AssessmentAnswered, held, plan_lines);
    done(ctx, tx, held, &event).await
}

pub(crate) async fn amend(
    service: &Wounds,
    ctx: &Ctx,
    request: pb::AmendAnswerRequest,
) -> Result<pb::Assessment, Error> {
    let name: AssessmentName = request.name.parse()?;
    access::patient(ctx, name.patient).await?;
    let mut tx = once!(ctx, request);
    let mut held = hold(ctx, &mut tx, name, &request.etag, Side::Receiver).await?;
    let answer = request.answer.unwrap_or_default();
    let (plan_lines, days) = (answer.plan.len() as i32, answer.next_photo_days);
    held.assessment.amend(&mut held.detail, answer, ctx.actor(), ctx.now(), request.reason)?;
    samspil_kit::telemetry::answers(&held.assessment.request_traceparent);
    draft::throw_away(&mut tx, name.assessment, &ctx.caller.person).await?;
    start_photo_clock(service, ctx, &mut tx, &mut held, days).await?;
    let event = signed!(AnswerAmended, held, plan_lines);
    done(ctx, tx, held, &event).await
}

/// Clears the flag of a missing answer, unless another question about the wound waits for too long as well.
async fn no_longer_waits(ctx: &Ctx, tx: &mut Tx, held: &Held) -> Result<(), Error> {
    if is_second_opinion(&held.detail) {
        return Ok(());
    }
    for other in sql::open_of_wound(tx, held.wound.wound_id).await? {
        let is_late = other.assessment_id != held.assessment.assessment_id && other.is_overdue();
        if is_late && !is_second_opinion(&other.detail()?) {
            return Ok(());
        }
    }
    flag::watch::clear(ctx, tx, &held.wound, pb::FlagKind::NoAnswer).await
}

/// The next photos are due when the specialist says, else in a fortnight. A closed wound has no such clock, and a second opinion
/// is not what the nurse goes by.
async fn start_photo_clock(service: &Wounds, ctx: &Ctx, tx: &mut Tx, held: &mut Held, days: i32) -> Result<(), Error> {
    let wound = &mut held.wound;
    if wound.open().is_err() || is_second_opinion(&held.detail) {
        return Ok(());
    }
    let days = u64::try_from(days).ok().filter(|days| *days > 0).unwrap_or(service.settings.photo_days);
    wound::clock::start(ctx, tx, wound, days).await?;
    wound::sql::update(tx, wound, ctx.now()).await
}

pub(crate) async fn close(ctx: &Ctx, request: pb::CloseAssessmentRequest) -> Result<pb::Assessment, Error> {
    let name: AssessmentName = request.name.parse()?;
    access::patient(ctx, name.patient).await?;
    let mut tx = once!(ctx, request);
    let mut held = hold(ctx, &mut tx, name, &request.etag, Side::Requester).await?;
    held.assessment.close((&mut held.detail, &mut held.clock), request.reason, ctx.now())?;
    no_longer_waits(ctx, &mut tx, &held).await?;
    let answered = !held.detail.answers.is_empty();
    done(ctx, tx, held, &pb::AssessmentClosed { answered }).await
}
