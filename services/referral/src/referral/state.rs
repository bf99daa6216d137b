//! Which verb leads from which stage to which: the one table of it.
//!
//! The wire tells a referral's place by two states, that of the referral and that of the present receiver's decision. A
//! [`Stage`] is both of them together, so that a rule is a cell of one table. docs/referral-states.md draws it.

use samspil_proto::referral::v1::{ReferralState, TriageState};

/// Where a referral stands, with its receiver's decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Written, and nobody else knows of it.
    Draft,
    /// With the general practice that has to let it go out.
    AwaitingApproval,
    /// Sent to its receiver.
    Requested,
    /// Its receiver has confirmed it.
    Received,
    /// Its receiver has taken the patient on.
    Accepted,
    /// Its receiver has turned it down, and the sender has not yet done anything about that.
    Rejected,
    /// On hold since it was requested.
    HeldRequested,
    /// On hold since it was received.
    HeldReceived,
    /// On hold since it was accepted.
    HeldAccepted,
    /// Ended before it was completed.
    Revoked,
    /// Done.
    Completed,
}

/// What is done to a referral that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Amend,
    /// Sends it to its receiver.
    Send,
    /// Sends it to the general practice that has to let it go out. For a caller this is `send` too.
    SendForApproval,
    Approve,
    Decline,
    Withdraw,
    Replace,
    Hold,
    Resume,
    Receive,
    Accept,
    Reject,
    Forward,
    ChangePriority,
    AskSupplement,
    AnswerSupplement,
    Book,
    CancelBooking,
    Complete,
    Attach,
    /// The patient has died.
    Die,
}

/// A side of a referral.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Sender,
    Approver,
    /// The one that has it now.
    Receiver,
    /// Any of the three.
    Any,
    /// Nobody who calls.
    Nobody,
}

/// The stage that a verb leads to. `None` where the stage does not allow the verb.
pub(crate) fn after(stage: Stage, verb: Verb) -> Option<Stage> {
    use Stage::*;
    match verb {
        Verb::Send => matches!(stage, Draft).then_some(Requested),
        Verb::SendForApproval => matches!(stage, Draft).then_some(AwaitingApproval),
        Verb::Approve => matches!(stage, AwaitingApproval).then_some(Requested),
        Verb::Decline => matches!(stage, AwaitingApproval).then_some(Revoked),
        // As long as nobody has decided on it. One that is on hold may be there to be corrected.
        Verb::Amend => {
            matches!(stage, Draft | AwaitingApproval | Requested | Received | HeldRequested | HeldReceived)
                .then_some(stage)
        }
        Verb::Withdraw | Verb::Die => stage.is_open().then_some(Revoked),
        // What is not sent is amended; a patient who was taken on is not taken away by a new paper.
        Verb::Replace => matches!(stage, AwaitingApproval | Requested | Received | Rejected).then_some(Revoked),
        Verb::Hold => match stage {
            Requested => Some(HeldRequested),
            Received => Some(HeldReceived),
            Accepted => Some(HeldAccepted),
            _ => None,
        },
        Verb::Resume => match stage {
            HeldRequested => Some(Requested),
            HeldReceived => Some(Received),
            HeldAccepted => Some(Accepted),
            _ => None,
        },
        Verb::Receive => matches!(stage, Requested).then_some(Received),
        // Whoever decides has confirmed before that it has arrived.
        Verb::Accept => matches!(stage, Received).then_some(Accepted),
        Verb::Reject => matches!(stage, Received).then_some(Rejected),
        Verb::Forward => matches!(stage, Received).then_some(Requested),
        Verb::ChangePriority | Verb::AskSupplement => matches!(stage, Received).then_some(stage),
        // The answer to what was asked before the hold may come during it.
        Verb::AnswerSupplement => matches!(stage, Received | HeldReceived).then_some(stage),
        Verb::Book => matches!(stage, Accepted).then_some(stage),
        // A patient who cannot come now must not keep the appointment.
        Verb::CancelBooking => matches!(stage, Accepted | HeldAccepted).then_some(stage),
        Verb::Complete => matches!(stage, Accepted).then_some(Completed),
        Verb::Attach => stage.is_open().then_some(stage),
    }
}

impl Stage {
    /// Every stage.
    pub(crate) const ALL: [Stage; 11] = [
        Stage::Draft,
        Stage::AwaitingApproval,
        Stage::Requested,
        Stage::Received,
        Stage::Accepted,
        Stage::Rejected,
        Stage::HeldRequested,
        Stage::HeldReceived,
        Stage::HeldAccepted,
        Stage::Revoked,
        Stage::Completed,
    ];

    /// Something can still become of it.
    pub(crate) fn is_open(self) -> bool {
        !matches!(self, Stage::Revoked | Stage::Completed)
    }

    /// As the column has it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Stage::Draft => "Draft",
            Stage::AwaitingApproval => "AwaitingApproval",
            Stage::Requested => "Requested",
            Stage::Received => "Received",
            Stage::Accepted => "Accepted",
            Stage::Rejected => "Rejected",
            Stage::HeldRequested => "HeldRequested",
            Stage::HeldReceived => "HeldReceived",
            Stage::HeldAccepted => "HeldAccepted",
            Stage::Revoked => "Revoked",
            Stage::Completed => "Completed",
        }
    }

    /// Reads the column.
    pub(crate) fn of(name: &str) -> Option<Stage> {
        Stage::ALL.into_iter().find(|stage| stage.name() == name)
    }

    /// The referral's state on the wire.
    pub(crate) fn state(self) -> ReferralState {
        match self {
            Stage::Draft | Stage::AwaitingApproval => ReferralState::Proposed,
            Stage::Requested | Stage::Received | Stage::Accepted | Stage::Rejected => ReferralState::Active,
            Stage::HeldRequested | Stage::HeldReceived | Stage::HeldAccepted => ReferralState::OnHold,
            Stage::Revoked => ReferralState::Revoked,
            Stage::Completed => ReferralState::Completed,
        }
    }

    /// What the present receiver's decision becomes at this stage. `None` where the stage alone does not tell: there is no
    /// receiver yet, or the referral ended at any of them.
    pub(crate) fn triage_state(self) -> Option<TriageState> {
        match self {
            Stage::Requested | Stage::HeldRequested => Some(TriageState::Requested),
            Stage::Received | Stage::HeldReceived => Some(TriageState::Received),
            Stage::Accepted | Stage::HeldAccepted => Some(TriageState::Accepted),
            Stage::Rejected => Some(TriageState::Rejected),
            Stage::Completed => Some(TriageState::Completed),
            Stage::Draft | Stage::AwaitingApproval | Stage::Revoked => None,
        }
    }
}

impl Verb {
    /// Every verb.
    #[cfg(test)]
    pub(crate) const ALL: [Verb; 21] = [
        Verb::Amend,
        Verb::Send,
        Verb::SendForApproval,
        Verb::Approve,
        Verb::Decline,
        Verb::Withdraw,
        Verb::Replace,
        Verb::Hold,
        Verb::Resume,
        Verb::Receive,
        Verb::Accept,
        Verb::Reject,
        Verb::Forward,
        Verb::ChangePriority,
        Verb::AskSupplement,
        Verb::AnswerSupplement,
        Verb::Book,
        Verb::CancelBooking,
        Verb::Complete,
        Verb::Attach,
        Verb::Die,
    ];

    /// The side that it belongs to.
    pub(crate) fn side(self) -> Side {
        match self {
            Verb::Amend
            | Verb::Send
            | Verb::SendForApproval
            | Verb::Withdraw
            | Verb::Replace
            | Verb::Hold
            | Verb::Resume
            | Verb::AnswerSupplement => Side::Sender,
            Verb::Approve | Verb::Decline => Side::Approver,
            Verb::Receive
            | Verb::Accept
            | Verb::Reject
            | Verb::Forward
            | Verb::ChangePriority
            | Verb::AskSupplement
            | Verb::Book
            | Verb::CancelBooking
            | Verb::Complete => Side::Receiver,
            Verb::Attach => Side::Any,
            Verb::Die => Side::Nobody,
        }
    }

    /// As the history and a refusal name it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Verb::Amend => "amend",
            Verb::Send | Verb::SendForApproval => "send",
            Verb::Approve => "approve",
            Verb::Decline => "decline",
            Verb::Withdraw => "withdraw",
            Verb::Replace => "replace",
            Verb::Hold => "hold",
            Verb::Resume => "resume",
            Verb::Receive => "receive",
            Verb::Accept => "accept",
            Verb::Reject => "reject",
            Verb::Forward => "forward",
            Verb::ChangePriority => "change_priority",
            Verb::AskSupplement => "ask_supplement",
            Verb::AnswerSupplement => "answer_supplement",
            Verb::Book => "book",
            Verb::CancelBooking => "cancel_booking",
            Verb::Complete => "complete",
            Verb::Attach => "attach",
            Verb::Die => "die",
        }
    }
}

#[cfg(test)]
mod tests;
