//! What the sender and the approver do.

use samspil_kit::{Error, deadlines::Deadlines};
use samspil_proto::{
    names::ReferralName,
    referral::v1::{
        Approval, ApprovalRequested, ApprovalState, ReferralDeclined, ReferralHeld, ReferralReplaced, ReferralResumed,
        ReferralSent, ReferralWithdrawn, SupplementAnswered, Triage, TriageState,
    },
    time,
};

use super::{By, Reason, Referral, history::Said, state::Verb};

/// The GLNs of both ends, as `directory` told them.
#[derive(Debug, Clone, Default)]
pub(super) struct Glns {
    pub(super) sender: String,
    pub(super) receiver: String,
}

impl Referral {
    /// Sends it to its receiver.
    pub(super) fn send(&mut self, glns: Glns, by: &By, deadlines: &Deadlines) -> Result<ReferralSent, Error> {
        let stage = self.may(Verb::Send, by.organisation())?;
        self.body.sender_gln = glns.sender;
        let due_time = self.hand_to_receiver(glns.receiver, by, deadlines)?;
        self.reach(stage, Verb::Send, by, Said::default());
        Ok(self.sent(due_time))
    }

    /// Asks the general practice that has to let it go out.
    pub(super) fn send_for_approval(
        &mut self,
        glns: Glns,
        by: &By,
        deadlines: &Deadlines,
    ) -> Result<ApprovalRequested, Error> {
        let stage = self.may(Verb::SendForApproval, by.organisation())?;
        self.body.sender_gln = glns.sender;
        self.body.approval = Some(Approval {
            state: ApprovalState::Requested.into(),
            request_time: Some(time::to_wire(by.at)),
            ..Approval::default()
        });
        let due = self.start_approval(deadlines, by.at)?;
        self.reach(stage, Verb::SendForApproval, by, Said::default());
        Ok(ApprovalRequested { approver: self.body.approver.clone(), due_time: Some(time::to_wire(due)) })
    }

    /// The general practice lets it go out.
    pub(super) fn approve(
        &mut self,
        note: String,
        glns: Glns,
        by: &By,
        deadlines: &Deadlines,
    ) -> Result<ReferralSent, Error> {
        let stage = self.may(Verb::Approve, by.organisation())?;
        self.decide_approval(ApprovalState::Approved, &note, by)?;
        // The decision's clock takes the approval's place, so the stage has to be left first.
        self.stage = stage;
        let due_time = self.hand_to_receiver(glns.receiver, by, deadlines)?;
        self.reach(stage, Verb::Approve, by, Said::words(note));
        Ok(self.sent(due_time))
    }

    /// The general practice does not let it go out.
    pub(super) fn decline(&mut self, reason: String, by: &By) -> Result<ReferralDeclined, Error> {
        let stage = self.may(Verb::Decline, by.organisation())?;
        self.decide_approval(ApprovalState::Declined, &reason, by)?;
        self.clock = None;
        self.reach(stage, Verb::Decline, by, Said::words(reason));
        Ok(ReferralDeclined { wound: self.body.wound.clone(), approver: self.body.approver.clone() })
    }

    /// Takes it back.
    pub(super) fn withdraw(&mut self, reason: String, by: &By) -> Result<ReferralWithdrawn, Error> {
        let stage = self.may(Verb::Withdraw, by.organisation())?;
        self.clock = None;
        self.reach(stage, Verb::Withdraw, by, Said::words(reason));
        Ok(ReferralWithdrawn { cause: "WITHDRAWN".to_owned() })
    }

    /// Gives its place to another, which knows whose place it takes.
    pub(super) fn replace(
        &mut self,
        with: &mut Referral,
        reason: String,
        by: &By,
    ) -> Result<ReferralReplaced, Error> {
        let stage = self.may(Verb::Replace, by.organisation())?;
        let (old, new): (ReferralName, ReferralName) = (self.name, with.name);
        self.clock = None;
        self.body.replaced_by = new.to_string();
        with.body.replaces = old.to_string();
        self.reach(stage, Verb::Replace, by, Said::words(reason));
        Ok(ReferralReplaced { replaced_by: new.to_string() })
    }

    /// Puts it on hold.
    pub(super) fn hold(&mut self, reason: String, by: &By) -> Result<ReferralHeld, Error> {
        let stage = self.may(Verb::Hold, by.organisation())?;
        self.hold_clock(by.at);
        self.reach(stage, Verb::Hold, by, Said::words(reason));
        Ok(ReferralHeld {})
    }

    /// Goes on with it.
    pub(super) fn resume_from_hold(&mut self, by: &By, deadlines: &Deadlines) -> Result<ReferralResumed, Error> {
        let stage = self.may(Verb::Resume, by.organisation())?;
        self.unhold_clock(deadlines, by.at)?;
        self.reach(stage, Verb::Resume, by, Said::default());
        Ok(ReferralResumed {})
    }

    /// Answers what the receiver asked.
    pub(super) fn answer_supplement(
        &mut self,
        answer: String,
        attachments: Vec<String>,
        by: &By,
        deadlines: &Deadlines,
    ) -> Result<SupplementAnswered, Error> {
        let stage = self.may(Verb::AnswerSupplement, by.organisation())?;
        let open = self.open_supplement().ok_or(Reason::NoSupplementAskedFor)?;
        let supplement = &mut self.body.supplements[open];
        supplement.answer = answer.clone();
        supplement.attachments = attachments;
        supplement.answered_by = Some(by.actor.clone());
        supplement.answer_time = Some(time::to_wire(by.at));
        self.supplement_came(deadlines, by.at)?;
        self.reach(stage, Verb::AnswerSupplement, by, Said::words(answer));
        Ok(SupplementAnswered {})
    }

    /// The question of the present receiver that waits for its answer. One that a receiver before left open went with it.
    pub(super) fn open_supplement(&self) -> Option<usize> {
        let last = self.body.supplements.last()?;
        let asked_by = &last.asked_by.as_ref()?.organisation;
        let is_open = last.answer_time.is_none() && *asked_by == self.body.receiver;
        is_open.then(|| self.body.supplements.len() - 1)
    }

    /// The receiver has it from now on, and has to decide by the time that is given.
    pub(super) fn hand_to_receiver(
        &mut self,
        gln: String,
        by: &By,
        deadlines: &Deadlines,
    ) -> Result<Option<prost_types::Timestamp>, Error> {
        self.body.receiver_gln = gln;
        self.body.triages.push(Triage {
            receiver: self.body.receiver.clone(),
            state: TriageState::Requested.into(),
            request_time: Some(time::to_wire(by.at)),
            ..Triage::default()
        });
        Ok(Some(time::to_wire(self.start_decision(deadlines, by.at)?)))
    }

    fn decide_approval(&mut self, state: ApprovalState, reason: &str, by: &By) -> Result<(), Error> {
        let approval =
            self.body.approval.as_mut().ok_or_else(|| Error::internal("an approval that nobody asked for"))?;
        approval.state = state.into();
        approval.decided_by = Some(by.actor.clone());
        approval.decide_time = Some(time::to_wire(by.at));
        reason.clone_into(&mut approval.reason);
        Ok(())
    }

    fn sent(&self, due_time: Option<prost_types::Timestamp>) -> ReferralSent {
        ReferralSent {
            sender: self.body.sender.clone(),
            receiver: self.body.receiver.clone(),
            wound: self.body.wound.clone(),
            due_time,
        }
    }
}
