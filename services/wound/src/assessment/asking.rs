//! Asking: the nurse's question, and the specialist's for a second opinion on it.
//!
//! A second opinion is an assessment of its own, in another organisation's queue. It advises the specialist who asked: neither
//! the clock on the next photos nor the flag of a missing answer heeds it, and it stays as it is whatever becomes of the
//! question that it is about.

use prost::Message as _;
use samspil_kit::{Change, Ctx, Error, once};
use samspil_proto::{
    directory::v1::Presence,
    names::{AssessmentName, OrganisationName, WoundName},
    wound::v1 as pb,
};
use samspil_store::{Tx, presences};

use super::{
    Assessment, Detail,
    act::{self, Side, complete_visit},
    dial::{self, Dial},
    sql,
};
use crate::{
    Reason, access,
    wound::{self, Wound},
};

pub(crate) async fn request(ctx: &Ctx, request: pb::RequestAssessmentRequest) -> Result<pb::Assessment, Error> {
    let parent: WoundName = request.parent.parse()?;
    access::patient(ctx, parent.patient).await?;
    let asked = request.assessment.clone().unwrap_or_default();
    let receiver: OrganisationName = asked.receiver.parse()?;
    covered(ctx, parent, &receiver).await?;
    let mut tx = once!(ctx, request);
    let wound = access::wound_to_change(ctx, &mut tx, parent).await?;
    wound.open()?;
    let [visit] = asked.visits.as_slice() else {
        return Err(Error::invalid("assessment.visits", "repeated.max_items", "a question is asked about one visit"));
    };
    complete_visit(&mut tx, parent, visit, "assessment.visits[0]").await?;
    let detail = Detail { question: asked.question, visits: asked.visits, ..Detail::default() };
    let (assessment, _) = ask(ctx, &mut tx, wound, (&receiver, asked.priority), detail).await?;
    let name = assessment.name().to_string();
    tx.commit(Some(parent.patient), &name, assessment.to_wire(ctx.now())?).await
}

pub(crate) async fn second_opinion(ctx: &Ctx, request: pb::AskSecondOpinionRequest) -> Result<pb::Assessment, Error> {
    let name: AssessmentName = request.name.parse()?;
    access::patient(ctx, name.patient).await?;
    let receiver: OrganisationName = request.receiver.parse()?;
    covered(ctx, WoundName { patient: name.patient, wound: name.wound }, &receiver).await?;
    let mut tx = once!(ctx, request);
    let held = act::hold(ctx, &mut tx, name, &request.etag, Side::Receiver).await?;
    held.assessment.held_by(&ctx.caller.person)?;
    if receiver.sor == ctx.caller.organisation {
        return Err(Reason::SecondOpinionOfOwn.into());
    }
    if is_asked(&mut tx, &held.assessment, &receiver).await? {
        return Err(Error::from(Reason::SecondOpinionOpen).with("receiver", receiver));
    }
    let detail = Detail {
        question: request.question,
        visits: held.detail.visits,
        second_opinion_of: request.name.clone(),
        ..Detail::default()
    };
    let (opinion, wound) = ask(ctx, &mut tx, held.wound, (&receiver, request.priority), detail).await?;
    let opinion = opinion.to_wire(ctx.now())?;
    let event = pb::SecondOpinionAsked { second_opinion: opinion.name.clone(), receiver: receiver.to_string() };
    tx.event(&request.name, &wound.organisations(), &event).await?;
    let name = opinion.name.clone();
    tx.commit(Some(wound.patient_id), &name, opinion).await
}

/// Whether an organisation has yet to give a second opinion on a question.
async fn is_asked(tx: &mut Tx, about: &Assessment, receiver: &OrganisationName) -> Result<bool, Error> {
    let about_name = about.name().to_string();
    for open in sql::open_of_wound(tx, about.wound_id).await? {
        if open.receiver == receiver.sor && open.detail()?.second_opinion_of == about_name {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Passes when a consent covers the organisation that is to answer: otherwise nobody there would ever see the question.
async fn covered(ctx: &Ctx, wound: WoundName, receiver: &OrganisationName) -> Result<(), Error> {
    if ctx.covers(wound.patient, &receiver.sor).await? {
        Ok(())
    } else {
        Err(Error::from(Reason::ReceiverNotCovered).with("receiver", receiver))
    }
}

/// Puts a question into the receiver's queue, whose organisation takes part in the wound from then on.
async fn ask(
    ctx: &Ctx,
    tx: &mut Change,
    mut wound: Wound,
    (receiver, priority): (&OrganisationName, i32),
    detail: Detail,
) -> Result<(Assessment, Wound), Error> {
    let now = ctx.now();
    let priority = priority.max(pb::AssessmentPriority::Routine as i32);
    let mut clock = ctx.deadlines().start(dial::CLOCK, dial::variant(priority), now)?;
    if presences::get(tx, wound.patient_id).await? == Presence::Deceased {
        clock.stop("DECEASED", now);
    }
    let assessment = Assessment {
        assessment_id: ctx.id(),
        wound_id: wound.wound_id,
        patient_id: wound.patient_id,
        state: pb::AssessmentState::Requested as i32,
        is_open: true,
        requester: ctx.caller.organisation.clone(),
        receiver: receiver.sor.clone(),
        priority,
        wound_type: wound.r#type,
        dial: Dial::of(&clock),
        holder: String::new(),
        claim_expire: None,
        detail: Detail { requested_by: Some(ctx.actor()), ..detail }.encode_to_vec(),
        request_traceparent: ctx.traceparent.clone(),
        create_time: now,
        update_time: now,
        version: 1,
    };
    if !wound.takes_part(&receiver.sor) {
        wound::sql::add_participant(tx, &wound, &receiver.sor).await?;
        wound::sql::update(tx, &mut wound, now).await?;
    }
    sql::insert(tx, &assessment).await?;
    let wound = wound::sql::by_id(tx, wound.wound_id).await?;
    let event = pb::AssessmentRequested {
        wound: wound.name().to_string(),
        requester: ctx.caller.organisation_name(),
        receiver: receiver.to_string(),
        due_time: Some(samspil_proto::time::to_wire(assessment.dial.due_time)),
    };
    tx.event(&assessment.name().to_string(), &wound.organisations(), &event).await?;
    Ok((assessment, wound))
}
