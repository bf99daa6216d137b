//! What happens to a plan when a referral comes back to who sent it.
//!
//! | event | effect |
//! | --- | --- |
//! | `ReferralRejected` | the sender is to decide what now: one activity of kind FOLLOW_UP is proposed to it |
//! | `ReferralCompleted` | the sender is to read the discharge letter: the same |

use futures::future::BoxFuture;
use prost::Name as _;
use samspil_kit::{
    Error,
    follow::{Handler, Step, payload},
};
use samspil_proto::{
    careplan::v1::ActivityKind,
    common::v1::Actor,
    event::v1::Event,
    names::ReferralName,
    referral::v1::{ReferralCompleted, ReferralRejected},
};

use super::{
    answer::Proposal,
    effects::{self, Cause, Effects, Means},
    tell,
};
use crate::{owners, plan::Held};

/// Follows `referral`.
pub struct FollowReferral;

impl Handler for FollowReferral {
    fn source(&self) -> &'static str {
        "referral"
    }

    fn types(&self) -> Vec<String> {
        vec![ReferralRejected::full_name(), ReferralCompleted::full_name()]
    }

    fn handle<'a>(&'a self, event: &'a Event, step: &'a mut Step) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let name: ReferralName = event.subject.parse()?;
            if event.r#type == ReferralRejected::full_name() {
                let rejected: ReferralRejected = payload(event)?;
                let what = "The referral was turned down: decide what now";
                follow_up(step, name, 0, &rejected.sender, String::new(), what).await
            } else if event.r#type == ReferralCompleted::full_name() {
                let completed: ReferralCompleted = payload(event)?;
                let what = "The referral is completed: read the discharge letter";
                follow_up(step, name, 1, &completed.sender, completed.receiver, what).await
            } else {
                Err(Error::internal("an event that was not asked for"))
            }
        })
    }
}

/// Proposes to the sender to follow up, once for each line.
async fn follow_up(
    step: &mut Step,
    name: ReferralName,
    line: i32,
    sender: &str,
    receiver: String,
    what: &str,
) -> Result<(), Error> {
    let base = step.base().clone();
    // Asked for before the transaction begins: it must not wait for another service.
    let owner = owners::named(&base, sender).await?;
    let proposal = Proposal { line, kind: ActivityKind::FollowUp, owner, description: what.to_owned(), due: None };
    // Who wrote stands in the referral; the event names the organisation alone.
    let by = Actor { organisation: receiver, ..Actor::default() };
    let cause = Cause { patient: name.patient, source: name.to_string(), version: 0, by };
    let tx = step.tx().await?;
    let held = Held::begin(tx, name.patient).await?;
    let proposed = effects::propose(tx, &held, &Means::from(&base), cause, vec![proposal]).await?;
    tell(step, Effects { proposed, ..Effects::default() }).await
}
