//! An activity: one thing that one organisation does by a time. What it is and what may become of it.

pub(crate) mod act;
pub(crate) mod read;
mod rpc;
pub(crate) mod sql;
mod watch;
mod wire;

use std::fmt;

use chrono::{DateTime, Utc};
use samspil_proto::{
    careplan::v1::{ActivityKind, ActivityState},
    common::v1::Actor,
    names::{ActivityName, OrganisationName},
};
use uuid::Uuid;

/// Where an activity without a due time stands in the order of due times: the last time that the contract can say.
pub const NEVER_DUE: DateTime<Utc> =
    DateTime::from_timestamp_micros(253_402_300_799_999_999).expect("the last microsecond of 9999");

/// An activity of a patient's plan.
#[derive(Clone, PartialEq)]
pub struct Activity {
    /// Its id.
    pub id: Uuid,
    /// Whose plan it is in.
    pub patient: Uuid,
    /// Where it stands.
    pub state: ActivityState,
    /// What kind it is.
    pub kind: ActivityKind,
    /// What is to be done, in words.
    pub description: String,
    /// The SOR code of who does it.
    pub owner: String,
    /// By when.
    pub due: Option<DateTime<Utc>>,
    /// Who put it there.
    pub proposed_by: Actor,
    /// What it comes from.
    pub source: Source,
    /// Who decided on it last.
    pub decided_by: Option<Actor>,
    /// The owner's reason or outcome, in words.
    pub outcome: String,
    /// When it was added.
    pub create_time: DateTime<Utc>,
    /// When it was last changed.
    pub update_time: DateTime<Utc>,
    /// 1, 2, 3 …
    pub version: i64,
}

/// What an activity comes from. Nothing, when a person added it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// The resource's name, or empty.
    pub name: String,
    /// The version of the answer, 0 for the question itself.
    pub version: i32,
    /// Which of the activities that one version gives rise to.
    pub line: i32,
}

/// What can be done with an activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// The owner takes it on.
    Accept,
    /// The owner turns it down.
    Decline,
    /// The owner has done it.
    Complete,
    /// An event makes it pointless. No person does this.
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
}

impl Verb {
    /// Where the verb leads from a state, if it leads anywhere. What is DECLINED, COMPLETED or CANCELLED stays so for good.
    fn from(self, state: ActivityState) -> Option<ActivityState> {
        use ActivityState::{Accepted, Cancelled, Completed, Declined, Proposed};
        match (state, self) {
            (Proposed, Verb::Accept) => Some(Accepted),
            (Proposed, Verb::Decline) => Some(Declined),
            (Accepted, Verb::Complete) => Some(Completed),
            (Proposed | Accepted, Verb::Cancel) => Some(Cancelled),
            (Proposed | Accepted, Verb::Answer) => Some(Completed),
            _ => None,
        }
    }
}

impl Activity {
    /// Its name.
    pub fn name(&self) -> ActivityName {
        ActivityName { patient: self.patient, activity: self.id }
    }

    /// The owner's name.
    pub fn owner_name(&self) -> String {
        OrganisationName { sor: self.owner.clone() }.to_string()
    }

    /// Its etag.
    pub fn etag(&self) -> String {
        format!("v{}", self.version)
    }

    /// By when, for an order in which what has no due time comes last.
    pub fn due_order(&self) -> DateTime<Utc> {
        self.due.unwrap_or(NEVER_DUE)
    }

    /// Whether somebody still has to do something about it.
    pub fn is_open(&self) -> bool {
        matches!(self.state, ActivityState::Proposed | ActivityState::Accepted)
    }

    /// The SOR codes of those whom its changes concern: who owns it and who proposed it.
    pub fn concerns(&self) -> Vec<String> {
        let mut organisations = vec![self.owner.clone()];
        if let Ok(proposer) = self.proposed_by.organisation.parse::<OrganisationName>()
            && proposer.sor != self.owner
        {
            organisations.push(proposer.sor);
        }
        organisations
    }

    /// Passes for the organisation that owns it.
    ///
    /// # Errors
    /// For any other.
    pub fn owned_by(&self, sor: &str) -> Result<(), Refusal> {
        if self.owner == sor { Ok(()) } else { Err(Refusal::NotTheOwner) }
    }

    /// Takes a proposal on, by another due time if the owner gives one.
    ///
    /// # Errors
    /// When it is no proposal any more.
    pub fn accept(&mut self, by: Actor, due: Option<DateTime<Utc>>, at: DateTime<Utc>) -> Result<(), Refusal> {
        self.change(Verb::Accept, Some(by), "", at)?;
        self.due = due.or(self.due);
        Ok(())
    }

    /// Turns a proposal down.
    ///
    /// # Errors
    /// When it is no proposal any more.
    pub fn decline(&mut self, by: Actor, reason: &str, at: DateTime<Utc>) -> Result<(), Refusal> {
        self.change(Verb::Decline, Some(by), reason, at)
    }

    /// Marks it as done.
    ///
    /// # Errors
    /// When the owner has not taken it on, or it is over.
    pub fn complete(&mut self, by: Actor, outcome: &str, at: DateTime<Utc>) -> Result<(), Refusal> {
        self.change(Verb::Complete, Some(by), outcome, at)
    }

    /// Takes it off the plan because of an event. `by` is who caused that, where somebody did.
    ///
    /// # Errors
    /// When it is over.
    pub fn cancel(&mut self, by: Option<Actor>, why: &str, at: DateTime<Utc>) -> Result<(), Refusal> {
        self.change(Verb::Cancel, by, why, at)
    }

    /// Marks the assessment that it asks for as given.
    ///
    /// # Errors
    /// When it is over.
    pub fn answer(&mut self, by: Option<Actor>, outcome: &str, at: DateTime<Utc>) -> Result<(), Refusal> {
        self.change(Verb::Answer, by, outcome, at)
    }

    fn change(&mut self, verb: Verb, by: Option<Actor>, outcome: &str, at: DateTime<Utc>) -> Result<(), Refusal> {
        self.state = verb.from(self.state).ok_or(Refusal::WrongState { state: self.state, verb })?;
        self.decided_by = by;
        self.outcome = outcome.to_owned();
        self.update_time = at;
        self.version += 1;
        Ok(())
    }
}

impl fmt::Debug for Activity {
    // No more than the name: the words are about a patient.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Activity({}, {})", self.id, self.state.as_str_name())
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Verb::Accept => "accept",
            Verb::Decline => "decline",
            Verb::Complete => "complete",
            Verb::Cancel => "cancel",
            Verb::Answer => "answer",
        })
    }
}

#[cfg(test)]
mod tests {
    use ActivityState::{Accepted, Cancelled, Completed, Declined, Proposed, Unspecified};

    use super::*;

    const VERBS: [Verb; 5] = [Verb::Accept, Verb::Decline, Verb::Complete, Verb::Cancel, Verb::Answer];

    fn actor(person: &str, sor: &str) -> Actor {
        Actor { person: person.to_owned(), display_name: String::new(), organisation: format!("organisations/{sor}") }
    }

    fn activity(state: ActivityState) -> Activity {
        let time = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        Activity {
            id: Uuid::nil(),
            patient: Uuid::nil(),
            state,
            kind: ActivityKind::WoundCare,
            description: "clean daily".to_owned(),
            owner: "990000000000766".to_owned(),
            due: None,
            proposed_by: actor("specialist", "990000000006008"),
            source: Source::default(),
            decided_by: None,
            outcome: String::new(),
            create_time: time,
            update_time: time,
            version: 1,
        }
    }

    #[test]
    fn every_verb_leads_from_every_state_where_it_should() {
        let table = [
            (Unspecified, [None, None, None, None, None]),
            (Proposed, [Some(Accepted), Some(Declined), None, Some(Cancelled), Some(Completed)]),
            (Accepted, [None, None, Some(Completed), Some(Cancelled), Some(Completed)]),
            (Declined, [None, None, None, None, None]),
            (Completed, [None, None, None, None, None]),
            (Cancelled, [None, None, None, None, None]),
        ];
        for (state, leads) in table {
            for (verb, to) in VERBS.into_iter().zip(leads) {
                let mut changed = activity(state);
                let result = changed.change(verb, Some(actor("nurse", "990000000000766")), "x", changed.create_time);
                match to {
                    Some(to) => {
                        assert_eq!(result, Ok(()), "{state:?} {verb}");
                        assert_eq!((changed.state, changed.version), (to, 2), "{state:?} {verb}");
                    }
                    None => {
                        assert_eq!(result, Err(Refusal::WrongState { state, verb }));
                        assert_eq!(changed, activity(state), "a refused change leaves no mark");
                    }
                }
            }
        }
    }

    #[test]
    fn only_accepting_with_another_due_time_moves_it() {
        let at = activity(Proposed).create_time;
        let later = at + chrono::TimeDelta::days(3);
        let mut due = Activity { due: Some(at), ..activity(Proposed) };
        due.clone().accept(actor("nurse", "1"), None, at).unwrap();
        assert_eq!(due.due, Some(at));
        due.accept(actor("nurse", "1"), Some(later), at).unwrap();
        assert_eq!(due.due, Some(later));
        assert_eq!(activity(Proposed).due_order(), NEVER_DUE);
    }

    #[test]
    fn a_change_concerns_owner_and_proposer_each_once() {
        assert_eq!(activity(Proposed).concerns(), ["990000000000766", "990000000006008"]);
        let own = Activity { proposed_by: actor("nurse", "990000000000766"), ..activity(Proposed) };
        assert_eq!(own.concerns(), ["990000000000766"]);
        let nobody = Activity { proposed_by: Actor::default(), ..activity(Proposed) };
        assert_eq!(nobody.concerns(), ["990000000000766"]);
    }

    #[test]
    fn no_words_about_a_patient_are_in_a_debug_output() {
        assert!(!format!("{:?}", activity(Proposed)).contains("clean"));
    }

    #[test]
    fn the_order_of_what_is_never_due_is_a_time_that_the_wire_can_say() {
        let wire = samspil_proto::time::to_wire(NEVER_DUE);
        assert_eq!(samspil_proto::time::from_wire(&wire), Some(NEVER_DUE));
    }
}
