//! The effects of `wound`'s events on the rows of a plan, each in the transaction that it is given.

use chrono::{DateTime, Utc};
use samspil_kit::{Clock, Error};
use samspil_proto::{
    careplan::v1::{ActivityKind, ActivityState},
    common::v1::Actor,
    names::{AssessmentName, NotAName, OrganisationName},
    time,
    wound::v1::{AnswerAmended, Assessment, AssessmentAnswered, AssessmentRequested},
};
use samspil_store::Tx;

use super::answer::{self, Proposal};
use crate::activity::{Activity, Source, sql};

/// The version that the activity of the question itself has. Answers count from 1.
const QUESTION: i32 = 0;

/// What came of an event.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Effects {
    pub(super) proposed: Vec<Activity>,
    pub(super) completed: Vec<Activity>,
    pub(super) cancelled: Vec<Activity>,
}

/// A version of an answer that was signed: whether it is the first or an amended one makes no difference here.
pub(super) struct Signed {
    requester: OrganisationName,
    receiver: OrganisationName,
    version: i32,
}

impl TryFrom<&AssessmentAnswered> for Signed {
    type Error = NotAName;

    fn try_from(event: &AssessmentAnswered) -> Result<Signed, NotAName> {
        Ok(Signed { requester: event.requester.parse()?, receiver: event.receiver.parse()?, version: event.version })
    }
}

impl TryFrom<&AnswerAmended> for Signed {
    type Error = NotAName;

    fn try_from(event: &AnswerAmended) -> Result<Signed, NotAName> {
        Ok(Signed { requester: event.requester.parse()?, receiver: event.receiver.parse()?, version: event.version })
    }
}

/// A question was asked: its receiver is to assess the wound.
pub(super) async fn requested(
    tx: &mut Tx,
    clock: &Clock,
    name: AssessmentName,
    event: &AssessmentRequested,
) -> Result<Effects, Error> {
    let receiver: OrganisationName = event.receiver.parse()?;
    let due = event.due_time.as_ref().map(|due| time::from_wire(due).ok_or_else(|| Error::internal("a due time")));
    let proposal = Proposal {
        line: 0,
        kind: ActivityKind::Assessment,
        owner: receiver.sor,
        description: "Assess the wound".to_owned(),
        due: due.transpose()?,
    };
    // Who asked stands in the assessment; the event names the organisation alone.
    let requester = Actor { organisation: event.requester.clone(), ..Actor::default() };
    sql::change_plan(tx, name.patient).await?;
    let proposed = propose(tx, clock, name, QUESTION, &requester, vec![proposal]).await?;
    Ok(Effects { proposed, ..Effects::default() })
}

/// A version of an answer was signed: the question is answered, what an earlier version asked for and nobody took on is
/// overtaken, and what this one asks for is proposed. What the owner has accepted already is the owner's to end.
pub(super) async fn answered(
    tx: &mut Tx,
    clock: &Clock,
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

    sql::change_plan(tx, name.patient).await?;
    let mut effects = Effects::default();
    for mut activity in sql::open_of_source(tx, &name.to_string()).await? {
        if activity.source.version == QUESTION {
            let outcome = format!("answered, version {}", signed.version);
            activity.answer(Some(signer.clone()), &outcome, clock.now())?;
            sql::update(tx, &activity).await?;
            effects.completed.push(activity);
        } else if activity.source.version < signed.version && activity.state == ActivityState::Proposed {
            activity.cancel(Some(signer.clone()), "amended", clock.now())?;
            sql::update(tx, &activity).await?;
            effects.cancelled.push(activity);
        }
    }
    let proposals = answer::proposals(answer, at, &signed.requester.sor, &signed.receiver.sor);
    effects.proposed = propose(tx, clock, name, signed.version, &signer, proposals).await?;
    Ok(effects)
}

/// A question was taken back: nobody has to answer it.
pub(super) async fn closed(tx: &mut Tx, clock: &Clock, name: AssessmentName) -> Result<Effects, Error> {
    sql::change_plan(tx, name.patient).await?;
    let mut effects = Effects::default();
    for mut activity in sql::open_of_source(tx, &name.to_string()).await? {
        if activity.source.version == QUESTION {
            activity.cancel(None, "closed without an answer", clock.now())?;
            sql::update(tx, &activity).await?;
            effects.cancelled.push(activity);
        }
    }
    Ok(effects)
}

/// Adds proposals to the plan and gives those that were not there before.
async fn propose(
    tx: &mut Tx,
    clock: &Clock,
    name: AssessmentName,
    version: i32,
    by: &Actor,
    proposals: Vec<Proposal>,
) -> Result<Vec<Activity>, Error> {
    let now: DateTime<Utc> = clock.now();
    let mut proposed = Vec::new();
    for proposal in proposals {
        let activity = Activity {
            id: clock.id(),
            patient: name.patient,
            state: ActivityState::Proposed,
            kind: proposal.kind,
            description: proposal.description,
            owner: proposal.owner,
            due: proposal.due,
            proposed_by: by.clone(),
            source: Source { name: name.to_string(), version, line: proposal.line },
            decided_by: None,
            outcome: String::new(),
            create_time: now,
            update_time: now,
            version: 1,
        };
        if sql::insert(tx, &activity).await? {
            proposed.push(activity);
        }
    }
    Ok(proposed)
}

#[cfg(test)]
mod tests;
