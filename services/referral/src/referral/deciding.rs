//! What a receiver decides.

use prost_types::FieldMask;
use samspil_kit::{Error, deadlines::Deadlines};
use samspil_proto::{
    referral::v1::{
        self as pb,
        AlternativeOffer, Priority, ReferralAccepted, ReferralForwarded, ReferralPriorityChanged, ReferralReceived,
        ReferralRejected, RejectionReason, Supplement, SupplementRequested, TriageDecision, TriageState,
    },
    time,
};

use super::{By, Reason, Referral, history::Said, state::Verb};

impl Referral {
    /// It has arrived.
    pub(super) fn receive(&mut self, by: &By) -> Result<ReferralReceived, Error> {
        let stage = self.may(Verb::Receive, by.organisation())?;
        self.triage_mut()?.receive_time = Some(time::to_wire(by.at));
        self.reach(stage, Verb::Receive, by, Said::default());
        Ok(ReferralReceived {})
    }

    /// Takes the patient on.
    pub(super) fn accept(&mut self, note: String, by: &By) -> Result<ReferralAccepted, Error> {
        let stage = self.may(Verb::Accept, by.organisation())?;
        self.decide(TriageDecision::Accept, &note, by)?;
        self.clock = None;
        self.reach(stage, Verb::Accept, by, Said::words(note));
        let service = self.body.service.clone().unwrap_or_default();
        Ok(ReferralAccepted {
            sender: self.body.sender.clone(),
            receiver: self.body.receiver.clone(),
            wound: self.body.wound.clone(),
            service_code: service.code,
            service_system: service.system,
        })
    }

    /// Turns it down.
    pub(super) fn reject(
        &mut self,
        rejection_reason: RejectionReason,
        reason: String,
        alternative: Option<AlternativeOffer>,
        by: &By,
    ) -> Result<ReferralRejected, Error> {
        let stage = self.may(Verb::Reject, by.organisation())?;
        self.decide(TriageDecision::Reject, &reason, by)?;
        let triage = self.triage_mut()?;
        triage.rejection_reason = rejection_reason.into();
        triage.alternative = alternative;
        self.clock = None;
        self.reach(stage, Verb::Reject, by, Said { words: reason, rejection_reason });
        Ok(ReferralRejected {
            rejection_reason: rejection_reason.as_str_name().to_owned(),
            sender: self.body.sender.clone(),
        })
    }

    /// Passes it on to somebody who has not had it. What was asked for stays as it was.
    pub(super) fn forward(
        &mut self,
        to: &str,
        gln: String,
        reason: String,
        by: &By,
        deadlines: &Deadlines,
    ) -> Result<ReferralForwarded, Error> {
        let stage = self.may(Verb::Forward, by.organisation())?;
        if to == self.body.sender || self.body.triages.iter().any(|triage| triage.receiver == to) {
            return Err(Error::from(Reason::ForwardedInACircle).with("organisation", to));
        }
        self.decide(TriageDecision::Forward, &reason, by)?;
        let triage = self.triage_mut()?;
        triage.state = TriageState::Completed.into();
        to.clone_into(&mut triage.forwarded_to);
        let from = std::mem::replace(&mut self.body.receiver, to.to_owned());
        let due_time = self.hand_to_receiver(gln, by, deadlines)?;
        self.reach(stage, Verb::Forward, by, Said::words(reason));
        Ok(ReferralForwarded { from, to: to.to_owned(), due_time })
    }

    /// Wants it sooner, or lets it wait longer.
    pub(super) fn change_priority(
        &mut self,
        priority: Priority,
        reason: String,
        by: &By,
        deadlines: &Deadlines,
    ) -> Result<ReferralPriorityChanged, Error> {
        let stage = self.may(Verb::ChangePriority, by.organisation())?;
        let before = pb::Referral { priority: self.body.priority, ..Default::default() };
        self.body.priority = priority.into();
        self.restart_decision(deadlines)?;
        let step = self.reach(stage, Verb::ChangePriority, by, Said::words(reason));
        step.before = Some(before);
        step.changed = Some(FieldMask { paths: vec!["priority".to_owned()] });
        Ok(ReferralPriorityChanged { priority: priority.as_str_name().to_owned() })
    }

    /// Needs more from the sender.
    pub(super) fn ask_supplement(&mut self, question: String, by: &By) -> Result<SupplementRequested, Error> {
        let stage = self.may(Verb::AskSupplement, by.organisation())?;
        if self.open_supplement().is_some() {
            return Err(Reason::SupplementOpen.into());
        }
        self.body.supplements.push(Supplement {
            question: question.clone(),
            asked_by: Some(by.actor.clone()),
            ask_time: Some(time::to_wire(by.at)),
            ..Supplement::default()
        });
        self.await_supplement(by.at);
        self.reach(stage, Verb::AskSupplement, by, Said::words(question));
        Ok(SupplementRequested {})
    }

    fn decide(&mut self, decision: TriageDecision, reason: &str, by: &By) -> Result<(), Error> {
        let triage = self.triage_mut()?;
        triage.decision = decision.into();
        reason.clone_into(&mut triage.reason);
        triage.decided_by = Some(by.actor.clone());
        triage.decide_time = Some(time::to_wire(by.at));
        Ok(())
    }
}
