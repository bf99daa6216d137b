//! An activity: one thing that one organisation does by a time, once or again and again.
//!
//! What may become of it stands in [`verb`], how it changes in `change`, how its times follow each other in
//! [`recurrence`](crate::recurrence). Nothing here reads a clock or a table.

pub(crate) mod act;
pub(crate) mod alarms;
mod change;
pub(crate) mod read;
pub(crate) mod sql;
pub mod verb;
pub(crate) mod wire;

use std::fmt;

use chrono::{DateTime, Utc};
use samspil_proto::{
    careplan::v1::{ActivityKind, ActivityState, Occurrence},
    common::v1::Actor,
    directory::v1::OrganisationKind,
    names::{ActivityName, OrganisationName, ReconciliationName},
};
use samspil_store::clock::DueClock;
use uuid::Uuid;

pub use verb::{Refusal, Verb};

use crate::recurrence::Series;

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
    /// Who does it.
    pub owner: Owner,
    /// The role at the owner that does it, or empty.
    pub owner_role: String,
    /// By when; of a recurring one the next time.
    pub due: Option<DateTime<Utc>>,
    /// How it comes again.
    pub series: Option<Series>,
    /// The times that are over, the newest last, at most fifty.
    pub occurrences: Vec<Occurrence>,
    /// The goals that it serves, by name.
    pub goals: Vec<String>,
    /// The clock on the owner's decision, then on the due time.
    pub clock: Option<DueClock>,
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
    /// 1, 2, 3 … It is the number of the part's version too.
    pub version: i32,
}

/// An organisation that owns activities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// Its SOR code.
    pub sor: String,
    /// What kind it is, as directory said; not told where it was not asked yet.
    pub kind: OrganisationKind,
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

/// What an activity begins as.
pub struct New {
    /// Its id.
    pub id: Uuid,
    /// Whose plan it is in.
    pub patient: Uuid,
    /// What kind it is.
    pub kind: ActivityKind,
    /// What is to be done, in words.
    pub description: String,
    /// Who is to do it.
    pub owner: Owner,
    /// By when.
    pub due: Option<DateTime<Utc>>,
    /// Who puts it there.
    pub by: Actor,
    /// What it comes from.
    pub source: Source,
    /// When.
    pub at: DateTime<Utc>,
}

impl Activity {
    /// A proposal to its owner. Its clock starts as the plan keeps it (`Held::wind`).
    pub fn proposed(new: New) -> Activity {
        Activity {
            id: new.id,
            patient: new.patient,
            state: ActivityState::Proposed,
            kind: new.kind,
            description: new.description,
            owner: new.owner,
            owner_role: String::new(),
            due: new.due,
            series: None,
            occurrences: Vec::new(),
            goals: Vec::new(),
            clock: None,
            proposed_by: new.by,
            source: new.source,
            decided_by: None,
            outcome: String::new(),
            create_time: new.at,
            update_time: new.at,
            version: 1,
        }
    }

    /// Its name.
    pub fn name(&self) -> ActivityName {
        ActivityName { patient: self.patient, activity: self.id }
    }

    /// The owner's name.
    pub fn owner_name(&self) -> String {
        OrganisationName { sor: self.owner.sor.clone() }.to_string()
    }

    /// Its etag.
    pub fn etag(&self) -> String {
        format!("v{}", self.version)
    }

    /// By when, for an order in which what has no due time comes last.
    pub fn due_order(&self) -> DateTime<Utc> {
        self.due.unwrap_or(NEVER_DUE)
    }

    /// Which time is next, 0 for one that is done once.
    pub fn occurrence(&self) -> i32 {
        self.series.map_or(0, |series| i32::try_from(series.number).unwrap_or(i32::MAX))
    }

    /// Whether somebody still has to do something about it.
    pub fn is_open(&self) -> bool {
        matches!(self.state, ActivityState::Proposed | ActivityState::Accepted)
    }

    /// Whether it is the task of a reconciliation, which ends with that.
    pub fn is_reconciliation(&self) -> bool {
        self.source.name.parse::<ReconciliationName>().is_ok()
    }

    /// The rule of the clock that it has in its state.
    pub fn clock_rule(&self) -> &'static str {
        match self.state {
            ActivityState::Proposed => "proposal",
            _ if self.is_reconciliation() => "reconciliation",
            _ => "activity",
        }
    }

    /// The SOR codes of those whom its changes concern: who owns it and who proposed it.
    pub fn concerns(&self) -> Vec<String> {
        let mut organisations = vec![self.owner.sor.clone()];
        organisations.extend(self.proposer().filter(|sor| *sor != self.owner.sor));
        organisations
    }

    /// The SOR code of who proposed it, if that is an organisation.
    pub fn proposer(&self) -> Option<String> {
        let proposer: OrganisationName = self.proposed_by.organisation.parse().ok()?;
        Some(proposer.sor)
    }

    /// Passes for the organisation that owns it.
    ///
    /// # Errors
    /// For any other.
    pub fn owned_by(&self, sor: &str) -> Result<(), Refusal> {
        if self.owner.sor == sor { Ok(()) } else { Err(Refusal::NotTheOwner) }
    }

    /// Passes for the organisation that owns it and, while the owner has not said yes, for the one that proposed it.
    ///
    /// # Errors
    /// For any other.
    pub fn in_the_hands_of(&self, sor: &str) -> Result<(), Refusal> {
        if self.state == ActivityState::Proposed && self.proposer().as_deref() == Some(sor) {
            return Ok(());
        }
        self.owned_by(sor)
    }
}

impl fmt::Debug for Activity {
    // No more than the name: the words are about a patient.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Activity({}, {})", self.id, self.state.as_str_name())
    }
}

#[cfg(test)]
pub(crate) mod tests;
