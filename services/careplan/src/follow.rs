//! What happens to a plan when `wound` tells of a question or of its answer.
//!
//! | event | effect |
//! | --- | --- |
//! | `AssessmentRequested` | the hospital is to assess: one activity of kind ASSESSMENT is proposed to it |
//! | `AssessmentAnswered` | that activity is COMPLETED; what the answer asks for is proposed ([`answer`]) |
//! | `AnswerAmended` | proposals of earlier versions that nobody took on are CANCELLED; the new ones are proposed. Photos that |
//! | | the owner has promised already are replaced by the new ones when the owner says yes to these, so never doubled |
//! | the same of a second opinion | the activity is COMPLETED; nothing is proposed: it advises the specialist who asked |
//! | `AssessmentClosed` without an answer | the open ASSESSMENT activity is CANCELLED |
//!
//! What `referral` tells stands in `referral`, what `directory` tells of the patient in `presence`.
//!
//! The effects on the rows stand in `effects`, apart from how an event arrives and whom it is told to.

pub mod answer;
mod effects;
mod presence;
mod referral;

use futures::future::BoxFuture;
use prost::Name as _;
use samspil_kit::{
    Error,
    follow::{Handler, Step, payload},
    telemetry,
};
use samspil_proto::{
    careplan::v1::{ActivityCancelled, ActivityCompleted, ActivityProposed},
    event::v1::Event,
    names::AssessmentName,
    wound::v1::{AnswerAmended, AssessmentAnswered, AssessmentClosed, AssessmentRequested, GetAssessmentRequest},
};

use effects::{Effects, Means, Signed};

pub(crate) use presence::Presences;
pub use referral::FollowReferral;

use crate::owners;

/// Follows `wound`.
pub struct FollowWound;

impl Handler for FollowWound {
    fn source(&self) -> &'static str {
        "wound"
    }

    fn types(&self) -> Vec<String> {
        vec![
            AssessmentRequested::full_name(),
            AssessmentAnswered::full_name(),
            AnswerAmended::full_name(),
            AssessmentClosed::full_name(),
        ]
    }

    fn handle<'a>(&'a self, event: &'a Event, step: &'a mut Step) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let name: AssessmentName = event.subject.parse()?;
            let kind = event.r#type.as_str();
            if kind == AssessmentRequested::full_name() {
                requested(step, name, &payload(event)?).await
            } else if kind == AssessmentAnswered::full_name() {
                let event: AssessmentAnswered = payload(event)?;
                let signed = signed(step, &event.requester, &event.receiver, event.version).await?;
                answered(step, name, &event.request_traceparent, signed).await
            } else if kind == AnswerAmended::full_name() {
                let event: AnswerAmended = payload(event)?;
                let signed = signed(step, &event.requester, &event.receiver, event.version).await?;
                answered(step, name, &event.request_traceparent, signed).await
            } else if kind == AssessmentClosed::full_name() {
                closed(step, name, &payload(event)?).await
            } else {
                Err(Error::internal("an event that was not asked for"))
            }
        })
    }
}

async fn requested(step: &mut Step, name: AssessmentName, event: &AssessmentRequested) -> Result<(), Error> {
    let base = step.base().clone();
    let receiver = owners::named(&base, &event.receiver).await?;
    let effects = effects::requested(step.tx().await?, Means::from(&base), name, receiver, event).await?;
    tell(step, effects).await
}

async fn signed(step: &Step, requester: &str, receiver: &str, version: i32) -> Result<Signed, Error> {
    let (requester, receiver) =
        (owners::named(step.base(), requester).await?, owners::named(step.base(), receiver).await?);
    Ok(Signed { requester, receiver, version })
}

async fn answered(step: &mut Step, name: AssessmentName, question: &str, signed: Signed) -> Result<(), Error> {
    // The answer came hours after the question, so its trace is its own; the link leads back.
    telemetry::answers(question);
    let base = step.base().clone();
    // Asked for before the transaction begins: it must not wait for another service.
    let request = GetAssessmentRequest { name: name.to_string() };
    let assessment = step.base().peers.wound().get_assessment(request).await;
    let assessment = assessment.map_err(|status| Error::Peer(Box::new(status)))?.into_inner();
    let effects = effects::answered(step.tx().await?, Means::from(&base), name, &assessment, &signed).await?;
    tell(step, effects).await
}

async fn closed(step: &mut Step, name: AssessmentName, event: &AssessmentClosed) -> Result<(), Error> {
    if event.answered {
        return Ok(());
    }
    let base = step.base().clone();
    let effects = effects::closed(step.tx().await?, Means::from(&base), name).await?;
    tell(step, effects).await
}

/// Writes an event for each activity that came or changed.
async fn tell(step: &mut Step, effects: Effects) -> Result<(), Error> {
    for activity in effects.completed {
        let event = ActivityCompleted { owner: activity.owner_name() };
        step.event(&activity.name().to_string(), &activity.concerns(), &event).await?;
    }
    for activity in effects.cancelled {
        let event = ActivityCancelled { owner: activity.owner_name() };
        step.event(&activity.name().to_string(), &activity.concerns(), &event).await?;
    }
    for activity in effects.proposed {
        let event = ActivityProposed { owner: activity.owner_name(), source: activity.source.name.clone() };
        step.event(&activity.name().to_string(), &activity.concerns(), &event).await?;
    }
    Ok(())
}
