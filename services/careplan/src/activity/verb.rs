//! What can be done with an activity, and where it leads.

use std::fmt;

use samspil_proto::careplan::v1::ActivityState;

/// What can be done with an activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// The owner takes it on.
    Accept,
    /// The owner turns it down.
    Decline,
    /// The owner has done it, of a recurring one the last time.
    Complete,
    /// One of its times is over, and it comes again.
    GoOn,
    /// The owner does without one of its times.
    Skip,
    /// Its fields are changed.
    Update,
    /// It is taken off the plan: by the owner, by who proposed it, or by an event.
    Cancel,
    /// The question that it asks to be assessed was answered, whether or not anybody had said yes to it. No person does this.
    Answer,
}

/// Why an activity cannot be changed so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Its state does not allow the verb.
    WrongState {
        /// Where it stands.
        state: ActivityState,
        /// What was tried.
        verb: Verb,
    },
    /// Another organisation owns it.
    NotTheOwner,
    /// It is done once: there is no time to skip.
    NotRecurring,
    /// It is the task of a reconciliation and ends with that.
    ReconciliationOpen,
}

impl Verb {
    /// Every verb.
    pub const ALL: [Verb; 8] =
        [Verb::Accept, Verb::Decline, Verb::Complete, Verb::GoOn, Verb::Skip, Verb::Update, Verb::Cancel, Verb::Answer];

    /// Where the verb leads from a state. What is DECLINED, COMPLETED or CANCELLED stays so for good.
    ///
    /// # Errors
    /// When it leads nowhere from there.
    pub fn from(self, state: ActivityState) -> Result<ActivityState, Refusal> {
        use ActivityState::{Accepted, Cancelled, Completed, Declined, Proposed};
        match (state, self) {
            (Proposed, Verb::Accept) => Ok(Accepted),
            (Proposed, Verb::Decline) => Ok(Declined),
            (Proposed, Verb::Update) => Ok(Proposed),
            (Accepted, Verb::Complete) => Ok(Completed),
            (Accepted, Verb::GoOn | Verb::Skip | Verb::Update) => Ok(Accepted),
            (Proposed | Accepted, Verb::Cancel) => Ok(Cancelled),
            (Proposed | Accepted, Verb::Answer) => Ok(Completed),
            _ => Err(Refusal::WrongState { state, verb: self }),
        }
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Verb::Accept => "accept",
            Verb::Decline => "decline",
            Verb::Complete => "complete",
            Verb::GoOn => "go on",
            Verb::Skip => "skip",
            Verb::Update => "update",
            Verb::Cancel => "cancel",
            Verb::Answer => "answer",
        })
    }
}

#[cfg(test)]
mod tests {
    use ActivityState::{Accepted, Cancelled, Completed, Declined, Proposed, Unspecified};

    use super::*;

    #[test]
    fn every_verb_leads_from_every_state_where_it_should() {
        let nowhere = [None; 8];
        // accept, decline, complete, go on, skip, update, cancel, answer
        let proposed =
            [Some(Accepted), Some(Declined), None, None, None, Some(Proposed), Some(Cancelled), Some(Completed)];
        let goes_on = Some(Accepted);
        let accepted = [None, None, Some(Completed), goes_on, goes_on, goes_on, Some(Cancelled), Some(Completed)];
        let table = [
            (Unspecified, nowhere),
            (Proposed, proposed),
            (Accepted, accepted),
            (Declined, nowhere),
            (Completed, nowhere),
            (Cancelled, nowhere),
        ];
        for (state, leads) in table {
            for (verb, to) in Verb::ALL.into_iter().zip(leads) {
                assert_eq!(verb.from(state), to.ok_or(Refusal::WrongState { state, verb }), "{state:?} {verb}");
            }
        }
    }
}
