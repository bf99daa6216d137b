//! The effects of other services' events on the rows of a plan, each in the transaction that it is given.

use chrono::{DateTime, Utc};
use samspil_kit::{Base, Clock, Error, deadlines::Deadlines};
use samspil_proto::{
    careplan::v1::{ActivityKind, ActivityState},
    common::v1::Actor,
    names::AssessmentName,
    time,
    wound::v1::{Assessment, AssessmentRequested},
};
use samspil_store::Tx;
use uuid::Uuid;

use super::answer::{self, Proposal};
use crate::{
    activity::{Activity, New, Owner, Source, sql},
    plan::{DECEASED, Held},
};

/// The version that the activity of the question itself has. Answers count from 1.
const QUESTION: i32 = 0;

/// What an effect takes besides its transaction.
pub(super) struct Means<'a> {
    pub(super) clock: &'a Clock,
    pub(super) deadlines: &'a Deadlines,
}

impl<'a> From<&'a Base> for Means<'a> {
    fn from(base: &'a Base) -> Means<'a> {
        Means { clock: &base.clock, deadlines: &base.deadlines }
    }
}

/// What came of an event.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Effects {
    pub(super) proposed: Vec<Activity>,
    pub(super) completed: Vec<Activity>,
    pub(super) cancelled: Vec<Activity>,
}

/// A version of an answer that was signed: whether it is the first or an amended one makes no difference here.
pub(super) struct Signed {
    pub(super) requester: Owner,
    pub(super) receiver: Owner,
    pub(super) version: i32,
}

/// A question was asked: its receiver is to assess the wound.
pub(super) async fn requested(
    tx: &mut Tx,
    means: Means<'_>,
    name: AssessmentName,
    receiver: Owner,
    event: &AssessmentRequested,
) -> Result<Effects, Error> {
    let due = event.due_time.as_ref().map(|due| time::from_wire(due).ok_or_else(|| Error::internal("a due time")));
    let proposal = Proposal {
        line: 0,
        kind: ActivityKind::Assessment,
        owner: receiver,
        description: "Assess the wound".to_owned(),
        due: due.transpose()?,
    };
    // Who asked stands in the assessment; the event names the organisation alone.
    let requester = Actor { organisation: event.requester.clone(), ..Actor::default() };
    let held = Held::begin(tx, name.patient).await?;
    let cause = Cause { patient: name.patient, source: name.to_string(), version: QUESTION, by: requester };
    let proposed = propose(tx, &held, &means, cause, vec![proposal]).await?;
    Ok(Effects { proposed, ..Effects::default() })
}

/// A version of an answer was signed: the question is answered, what an earlier version asked for and nobody took on is
/// overtaken, and what this one asks for is proposed. What the owner has accepted already is the owner's to end; the photos of
/// an earlier version end when the owner says yes to those of this one.
pub(super) async fn answered(
    tx: &mut Tx,
    means: Means<'_>,
    name: AssessmentName,
    assessment: &Assessment,
    signed: &Signed,
) -> Result<Effects, Error> {
    // There may be a newer version by now, which has an event of its own.
    let answer = assessment.answers.iter().find(|answer| answer.version == signed.version);
    let answer = answer.ok_or_else(|| Error::internal("an answer that its assessment does not have"))?;
    let at = answer.sign_time.as_ref().and_then(time::from_wire);
    let at = at.ok_or_else(|| Error::internal("an answer without the time of its signature"))?;
    let signer = answer.signed_by.clone().unwrap_or_default();

    let held = Held::begin(tx, name.patient).await?;
    let mut effects = Effects::default();
    for mut activity in sql::open_of_source(tx, &name.to_string()).await? {
        if activity.source.version == QUESTION {
            let outcome = format!("answered, version {}", signed.version);
            activity.answer(Some(signer.clone()), &outcome, means.clock.now())?;
            held.write(tx, &activity, None, "").await?;
            effects.completed.push(activity);
        } else if activity.source.version < signed.version && activity.state == ActivityState::Proposed {
            activity.cancel(Some(signer.clone()), "amended", means.clock.now())?;
            held.write(tx, &activity, None, "").await?;
            effects.cancelled.push(activity);
        }
    }
    if !assessment.second_opinion_of.is_empty() {
        // It advises the specialist who asked for it. What is to be done stands in that one's own answer.
        return Ok(effects);
    }
    let proposals = answer::proposals(answer, at, &signed.requester, &signed.receiver);
    let cause = Cause { patient: name.patient, source: name.to_string(), version: signed.version, by: signer };
    effects.proposed = propose(tx, &held, &means, cause, proposals).await?;
    Ok(effects)
}

/// A question was taken back: nobody has to answer it.
pub(super) async fn closed(tx: &mut Tx, means: Means<'_>, name: AssessmentName) -> Result<Effects, Error> {
    let held = Held::begin(tx, name.patient).await?;
    let mut effects = Effects::default();
    for mut activity in sql::open_of_source(tx, &name.to_string()).await? {
        if activity.source.version == QUESTION {
            activity.cancel(None, "closed without an answer", means.clock.now())?;
            held.write(tx, &activity, None, "").await?;
            effects.cancelled.push(activity);
        }
    }
    Ok(effects)
}

/// What proposals come from.
pub(super) struct Cause {
    pub(super) patient: Uuid,
    pub(super) source: String,
    pub(super) version: i32,
    pub(super) by: Actor,
}

/// Adds proposals to the plan and gives those that were not there before. The dead need nothing any more.
pub(super) async fn propose(
    tx: &mut Tx,
    held: &Held,
    means: &Means<'_>,
    cause: Cause,
    proposals: Vec<Proposal>,
) -> Result<Vec<Activity>, Error> {
    let now: DateTime<Utc> = means.clock.now();
    let mut proposed = Vec::new();
    if held.paused == DECEASED {
        return Ok(proposed);
    }
    for proposal in proposals {
        let mut activity = Activity::proposed(New {
            id: means.clock.id(),
            patient: cause.patient,
            kind: proposal.kind,
            description: proposal.description,
            owner: proposal.owner,
            due: proposal.due,
            by: cause.by.clone(),
            source: Source { name: cause.source.clone(), version: cause.version, line: proposal.line },
            at: now,
        });
        held.wind(&mut activity, means.deadlines, now)?;
        if held.add(tx, &activity).await? {
            proposed.push(activity);
        }
    }
    Ok(proposed)
}

#[cfg(test)]
mod tests;
