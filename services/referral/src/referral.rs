//! A referral: what it holds, who sees it, and what each side may do.
//!
//! The model keeps the contract's own message, which is also how it is stored; around it stand what the database searches
//! and what is not the sender's to say. The rules lie in the files below: `asked` (what the sender fills in), `sending`,
//! `deciding`, `caring` (what each side does), `clocks`.

mod act;
mod asked;
mod caring;
mod clocks;
mod codes;
mod deciding;
mod history;
mod list;
pub(crate) mod outside;
pub(crate) mod read;
mod receipts;
mod rpc;
mod sending;
pub(crate) mod show;
pub(crate) mod sql;
pub(crate) mod state;
mod watch;

use chrono::{DateTime, Utc};
use samspil_kit::{Error, common::Common};
use samspil_proto::{
    common::v1::Actor,
    names::ReferralName,
    referral::v1::{self as pb, TriageState},
};
use samspil_store::clock::DueClock;

use crate::error::Reason;
pub(crate) use clocks::ReferralClocks;
use state::{Side, Stage, Verb};

/// A referral.
#[derive(Clone)]
pub(crate) struct Referral {
    pub(crate) name: ReferralName,
    pub(crate) stage: Stage,
    /// As the contract has it, without what stands beside it here or in other tables.
    pub(crate) body: pb::Referral,
    /// On who has to decide. `None` while nobody has to.
    pub(crate) clock: Option<DueClock>,
    pub(crate) create_time: DateTime<Utc>,
    pub(crate) update_time: DateTime<Utc>,
    pub(crate) version: i64,
}

/// Who does something, and when.
#[derive(Clone)]
pub(crate) struct By {
    pub(crate) actor: Actor,
    pub(crate) at: DateTime<Utc>,
}

impl By {
    fn organisation(&self) -> &str {
        sor(&self.actor.organisation)
    }
}

/// The SOR code in an organisation's name.
pub(crate) fn sor(organisation: &str) -> &str {
    organisation.strip_prefix("organisations/").unwrap_or(organisation)
}

impl Referral {
    pub(crate) fn etag(&self) -> String {
        format!("v{}", self.version)
    }

    /// Passes when the caller has read what is stored now, or does not say what it has read.
    pub(crate) fn matches(&self, etag: &str) -> Result<(), Error> {
        if etag.is_empty() || etag == self.etag() { Ok(()) } else { Err(Common::EtagMismatch.into()) }
    }

    /// SOR codes of the organisations that see it, in the order in which they came: the sender; the approver once it was
    /// asked; every receiver once it was sent there, for good.
    pub(crate) fn seen_by(&self) -> Vec<String> {
        let mut all = vec![sor(&self.body.sender).to_owned()];
        let approver = self.body.approval.is_some().then_some(&self.body.approver);
        for organisation in approver.into_iter().chain(self.body.triages.iter().map(|triage| &triage.receiver)) {
            if !all.iter().any(|one| one == sor(organisation)) {
                all.push(sor(organisation).to_owned());
            }
        }
        all
    }

    /// Whether an organisation may know of it.
    pub(crate) fn is_seen_by(&self, organisation: &str) -> bool {
        self.seen_by().iter().any(|one| one == organisation)
    }

    fn is_on(&self, side: Side, organisation: &str) -> bool {
        match side {
            Side::Sender => organisation == sor(&self.body.sender),
            Side::Approver => self.body.approval.is_some() && organisation == sor(&self.body.approver),
            Side::Receiver => self.triage().is_some_and(|triage| sor(&triage.receiver) == organisation),
            Side::Any => {
                [Side::Sender, Side::Approver, Side::Receiver].into_iter().any(|side| self.is_on(side, organisation))
            }
            Side::Nobody => false,
        }
    }

    /// What the one that has it now makes of it. `None` before it was sent to a receiver.
    pub(crate) fn triage(&self) -> Option<&pb::Triage> {
        self.body.triages.last()
    }

    fn triage_mut(&mut self) -> Result<&mut pb::Triage, Error> {
        self.body.triages.last_mut().ok_or_else(|| Error::internal("a receiver's step without a receiver"))
    }

    pub(crate) fn triage_state(&self) -> TriageState {
        self.triage().map_or(TriageState::Unspecified, pb::Triage::state)
    }

    /// The stage that a verb of an organisation would reach.
    pub(crate) fn may(&self, verb: Verb, organisation: &str) -> Result<Stage, Error> {
        if !self.is_on(verb.side(), organisation) {
            return Err(Error::from(Reason::NotYourSide).with("verb", verb.name()));
        }
        self.would_reach(verb)
    }

    fn would_reach(&self, verb: Verb) -> Result<Stage, Error> {
        state::after(self.stage, verb).ok_or_else(|| {
            Error::from(Reason::ReferralWrongState)
                .with("state", self.stage.state().as_str_name())
                .with("triage_state", self.triage_state().as_str_name())
                .with("verb", verb.name())
        })
    }
}

#[cfg(test)]
mod tests;
