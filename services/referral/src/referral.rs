//! A referral: what it holds, who sees it, and what each side may do.

mod act;
mod read;
mod rpc;
mod sql;
mod state;

use chrono::{DateTime, Utc};
use samspil_kit::{Error, common::Common, validate::Violation};
use samspil_proto::{
    common::v1::Actor,
    names::{ReferralName, WoundName},
    referral::v1::{self as pb, Priority, ReferralStep, RejectionReason},
    time,
};
use state::{Side, State, Verb};
use uuid::Uuid;

/// A referral.
#[derive(Clone)]
pub(crate) struct Referral {
    name: ReferralName,
    state: State,
    /// SOR code.
    sender: String,
    /// SOR code.
    receiver: String,
    /// What is asked for: priority, service, indications, note, wound, referrer. It never changes.
    asked: pb::Referral,
    /// The oldest first.
    history: Vec<ReferralStep>,
    create_time: DateTime<Utc>,
    update_time: DateTime<Utc>,
    version: i64,
}

/// Why a step is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The verb belongs to the other side.
    NotYourSide { verb: Verb },
    /// The state does not allow the verb.
    WrongState { state: State, verb: Verb },
}

/// The reason that somebody gives for a step.
#[derive(Default)]
struct Said {
    rejection_reason: RejectionReason,
    words: String,
}

/// What is wrong with a referral to write, as far as it shows in itself.
fn faults(patient: Uuid, sender: &str, asked: &pb::Referral) -> Vec<Violation> {
    let mut found = Vec::new();
    if asked.receiver == format!("organisations/{sender}") {
        found.push(fault("referral.receiver", "must be another organisation than the sender"));
    }
    if !asked.wound.is_empty() && !asked.wound.parse::<WoundName>().is_ok_and(|wound| wound.patient == patient) {
        found.push(fault("referral.wound", "must be a wound of the patient whom the referral is about"));
    }
    found
}

fn fault(field: &str, description: &str) -> Violation {
    Violation { field: field.to_owned(), rule: "referral".to_owned(), description: description.to_owned() }
}

impl Referral {
    /// Writes a referral.
    fn write(name: ReferralName, asked: pb::Referral, receiver: String, referrer: Actor, at: DateTime<Utc>) -> Self {
        let sender = referrer.organisation.trim_start_matches("organisations/").to_owned();
        let priority = match asked.priority() {
            Priority::Unspecified => Priority::Routine,
            told => told,
        };
        let mut referral = Referral {
            name,
            state: State::Proposed,
            sender,
            receiver,
            asked: pb::Referral {
                priority: priority.into(),
                service: asked.service,
                indications: asked.indications,
                note: asked.note,
                wound: asked.wound,
                referrer: Some(referrer.clone()),
                ..pb::Referral::default()
            },
            history: Vec::new(),
            create_time: at,
            update_time: at,
            version: 1,
        };
        referral.reach(State::Proposed, Said::default(), referrer, at);
        referral
    }

    /// Which side an organisation is on. `None` for one that must not know of the referral: the receiver too, before it is
    /// sent.
    fn side(&self, organisation: &str) -> Option<Side> {
        if organisation == self.sender {
            Some(Side::Sender)
        } else if organisation == self.receiver && self.was_sent() {
            Some(Side::Receiver)
        } else {
            None
        }
    }

    /// The receiver knows of it. A withdrawn one may or may not have been sent before.
    fn was_sent(&self) -> bool {
        self.history.iter().any(|step| step.state() == State::Sent)
    }

    /// SOR codes of the organisations that may watch what happens to it.
    fn watchers(&self) -> Vec<String> {
        let receiver = self.was_sent().then(|| self.receiver.clone());
        [Some(self.sender.clone()), receiver].into_iter().flatten().collect()
    }

    /// Passes when the caller has read what is stored now, or does not say what it has read.
    fn matches(&self, etag: &str) -> Result<(), Error> {
        if etag.is_empty() || etag == self.etag() { Ok(()) } else { Err(Common::EtagMismatch.into()) }
    }

    fn etag(&self) -> String {
        format!("v{}", self.version)
    }

    /// Does what somebody of one side wants to be done.
    fn step(&mut self, verb: Verb, side: Side, said: Said, by: Actor, at: DateTime<Utc>) -> Result<(), Refusal> {
        if side != verb.side() {
            return Err(Refusal::NotYourSide { verb });
        }
        let reached = state::after(self.state, verb).ok_or(Refusal::WrongState { state: self.state, verb })?;
        self.reach(reached, said, by, at);
        Ok(())
    }

    fn reach(&mut self, state: State, said: Said, by: Actor, at: DateTime<Utc>) {
        self.state = state;
        self.update_time = at;
        self.history.push(ReferralStep {
            state: state.into(),
            actor: Some(by),
            time: Some(time::to_wire(at)),
            rejection_reason: said.rejection_reason.into(),
            reason: said.words,
        });
    }
}

#[cfg(test)]
mod tests;
