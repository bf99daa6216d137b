//! Which verb leads from which state to which: the one table of it.

pub(crate) use samspil_proto::referral::v1::ReferralState as State;

/// What somebody does to a referral that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Send,
    Withdraw,
    Receive,
    Accept,
    Reject,
}

/// A side of a referral.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Sender,
    Receiver,
}

/// The state that a verb leads to. `None` where the state does not allow the verb.
pub(crate) fn after(state: State, verb: Verb) -> Option<State> {
    match (state, verb) {
        (State::Proposed, Verb::Send) => Some(State::Sent),
        (State::Sent, Verb::Receive) => Some(State::Received),
        (State::Received, Verb::Accept) => Some(State::Accepted),
        (State::Received, Verb::Reject) => Some(State::Rejected),
        (State::Proposed | State::Sent | State::Received, Verb::Withdraw) => Some(State::Withdrawn),
        _ => None,
    }
}

impl Verb {
    /// The side that it belongs to.
    pub(crate) fn side(self) -> Side {
        match self {
            Verb::Send | Verb::Withdraw => Side::Sender,
            Verb::Receive | Verb::Accept | Verb::Reject => Side::Receiver,
        }
    }

    /// As a refusal names it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Verb::Send => "send",
            Verb::Withdraw => "withdraw",
            Verb::Receive => "receive",
            Verb::Accept => "accept",
            Verb::Reject => "reject",
        }
    }
}
