//! Medication reconciliation: the lists that hospital, municipality and general practice have of a patient's medication become
//! one list, which a named person has agreed to.
//!
//! A reconciliation is opened by a discharge ([`discharge`]) or by hand. Each sector puts its own list in; what these do not
//! agree on is found out ([`differences`]) and decided one by one ([`decisions`]) by the owner of its task, an activity of the
//! plan. With every difference decided, the owner closes it: that gives the agreed list ([`agreed`]), each line of which says
//! where it comes from, and completes the task in the same transaction.
//!
//! The task can be declined or taken off the plan like any other activity. The reconciliation then stays open without an owner,
//! and opening it again gives it a new task: nothing that was put in or decided is lost.
//!
//! To read on: the table of kinds in `differences.rs`, then `act.rs`.

pub(crate) mod act;
mod agreed;
mod decisions;
mod differences;
pub(crate) mod discharge;
mod lines;

pub(crate) mod read;
mod reconciler;
mod sql;
mod task;
#[cfg(test)]
mod tests;
mod wire;

use std::fmt;

use chrono::{DateTime, Utc};
use samspil_kit::validate::Violation;
use samspil_proto::{
    careplan::v1::{
        AgreedLine, Difference, DifferenceDecision, MedicationList, MedicationListKind, ReconciliationState,
    },
    common::v1::Actor,
    directory::v1::OrganisationKind,
    names::ReconciliationName,
    time,
};
use uuid::Uuid;

/// The lists without which nothing can be closed.
const NEEDED: [MedicationListKind; 2] = [MedicationListKind::BeforeAdmission, MedicationListKind::Discharge];

/// A reconciliation of a patient's medication.
#[derive(Clone, PartialEq)]
pub(crate) struct Reconciliation {
    /// Its id.
    pub(crate) id: Uuid,
    /// Whose medication.
    pub(crate) patient: Uuid,
    /// Where it stands.
    pub(crate) state: ReconciliationState,
    /// The activity that is its task.
    pub(crate) task: Uuid,
    /// How many tasks it has had.
    pub(crate) tasks: i32,
    /// The hospital event that opened it, or empty.
    pub(crate) cause: String,
    /// One of each kind at most, in the order of the kinds.
    pub(crate) lists: Vec<MedicationList>,
    /// When the patient was last admitted while it was open.
    pub(crate) admit_time: Option<DateTime<Utc>>,
    /// What they do not agree on, with what was decided.
    pub(crate) differences: Vec<Difference>,
    /// The agreed list, once it is closed.
    pub(crate) agreed: Vec<AgreedLine>,
    /// Who closed it.
    pub(crate) closed_by: Option<Actor>,
    /// When.
    pub(crate) close_time: Option<DateTime<Utc>>,
    /// When it was opened.
    pub(crate) create_time: DateTime<Utc>,
    /// When it was last changed.
    pub(crate) update_time: DateTime<Utc>,
    /// 1, 2, 3 …
    pub(crate) version: i32,
}

/// Why a reconciliation cannot be changed so.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Refusal {
    /// It is closed or cancelled.
    WrongState(ReconciliationState),
    /// The list is another sector's.
    NotYourList,
    /// There is no such difference, or none any more.
    DifferenceNotFound,
    /// The decision does not fit its difference.
    Misplaced(Violation),
    /// These differences are not decided.
    DifferencesOpen(Vec<String>),
    /// These lists have to be there.
    ListsMissing(Vec<MedicationListKind>),
}

impl Reconciliation {
    /// One that begins, with its first task.
    fn opened(id: Uuid, patient: Uuid, task: Uuid, cause: &str, at: DateTime<Utc>) -> Reconciliation {
        Reconciliation {
            id,
            patient,
            state: ReconciliationState::Open,
            task,
            tasks: 1,
            cause: cause.to_owned(),
            lists: Vec::new(),
            admit_time: None,
            differences: Vec::new(),
            agreed: Vec::new(),
            closed_by: None,
            close_time: None,
            create_time: at,
            update_time: at,
            version: 1,
        }
    }

    /// Its name.
    pub(crate) fn name(&self) -> ReconciliationName {
        ReconciliationName { patient: self.patient, reconciliation: self.id }
    }

    /// Its etag.
    pub(crate) fn etag(&self) -> String {
        format!("v{}", self.version)
    }

    /// Whether lists come in and differences are decided.
    pub(crate) fn is_open(&self) -> bool {
        self.state == ReconciliationState::Open
    }

    /// Whether nobody has put anything in. Without a list there is nothing to decide either.
    pub(crate) fn is_untouched(&self) -> bool {
        self.lists.is_empty()
    }

    /// Puts a list in, or in anew. Decisions on lines that are as they were still stand.
    ///
    /// # Errors
    /// When it is over.
    fn put(&mut self, mut list: MedicationList, by: Actor, at: DateTime<Utc>) -> Result<(), Refusal> {
        self.open()?;
        let earlier = self.lists.iter().find(|earlier| earlier.kind == list.kind);
        list.version = earlier.map_or(0, |earlier| earlier.version) + 1;
        list.recorded_by = Some(by);
        list.record_time = Some(time::to_wire(at));

        let before = self.lists.clone();
        self.lists.retain(|earlier| earlier.kind != list.kind);
        self.lists.push(list);
        self.lists.sort_by_key(|list| list.kind);
        self.differences = decisions::carry(&before, &self.differences, &self.lists);
        self.changed(at);
        Ok(())
    }

    /// Decides on a difference, or decides anew.
    ///
    /// # Errors
    /// When it is over, has no such difference, or the decision does not fit the difference.
    fn decide(
        &mut self,
        id: &str,
        mut decision: DifferenceDecision,
        by: Actor,
        at: DateTime<Utc>,
    ) -> Result<(), Refusal> {
        self.open()?;
        let position = self.differences.iter().position(|difference| difference.difference_id == id);
        let position = position.ok_or(Refusal::DifferenceNotFound)?;
        let misplaced = decisions::misplaced(&self.lists, &self.differences, &self.differences[position], &decision);
        if let Some(violation) = misplaced {
            return Err(Refusal::Misplaced(violation));
        }
        decision.decided_by = Some(by);
        decision.decide_time = Some(time::to_wire(at));
        self.differences[position].decision = Some(decision);
        self.changed(at);
        Ok(())
    }

    /// Closes it into one agreed list.
    ///
    /// # Errors
    /// When it is over, a list is missing or a difference is open.
    fn close(&mut self, by: Actor, at: DateTime<Utc>) -> Result<(), Refusal> {
        self.open()?;
        let is_there = |kind| self.lists.iter().any(|list| list.kind() == kind && !self.is_of_an_earlier_stay(list));
        let missing: Vec<_> = NEEDED.into_iter().filter(|kind| !is_there(*kind)).collect();
        if !missing.is_empty() {
            return Err(Refusal::ListsMissing(missing));
        }
        self.agreed = agreed::agreed(&self.lists, &self.differences).map_err(Refusal::DifferencesOpen)?;
        self.state = ReconciliationState::Closed;
        self.closed_by = Some(by);
        self.close_time = Some(at);
        self.changed(at);
        Ok(())
    }

    /// Whether it is a discharge list that was put in before the patient was admitted again: another one is to come.
    fn is_of_an_earlier_stay(&self, list: &MedicationList) -> bool {
        let recorded = list.record_time.as_ref().and_then(time::from_wire);
        list.kind() == MedicationListKind::Discharge
            && self.admit_time.is_some_and(|admitted| recorded < Some(admitted))
    }

    /// Lets events overtake it.
    ///
    /// # Errors
    /// When it is over.
    fn cancel(&mut self, at: DateTime<Utc>) -> Result<(), Refusal> {
        self.open()?;
        self.state = ReconciliationState::Cancelled;
        self.changed(at);
        Ok(())
    }

    /// Gives it another task, after the one before came to nothing.
    ///
    /// # Errors
    /// When it is over.
    fn give(&mut self, task: Uuid, at: DateTime<Utc>) -> Result<(), Refusal> {
        self.open()?;
        self.task = task;
        self.tasks += 1;
        self.changed(at);
        Ok(())
    }

    fn open(&self) -> Result<(), Refusal> {
        if self.is_open() { Ok(()) } else { Err(Refusal::WrongState(self.state)) }
    }

    fn changed(&mut self, at: DateTime<Utc>) {
        self.update_time = at;
        self.version += 1;
    }
}

/// Passes for a list that an organisation of this kind may put in. What the patient took before the admission, whoever knows it
/// may tell.
fn may_put(list: MedicationListKind, organisation: OrganisationKind) -> Result<(), Refusal> {
    let sector = match list {
        MedicationListKind::BeforeAdmission => return Ok(()),
        MedicationListKind::Discharge => OrganisationKind::Hospital,
        MedicationListKind::Municipality => OrganisationKind::Municipality,
        MedicationListKind::GeneralPractice => OrganisationKind::GeneralPractice,
        MedicationListKind::Unspecified => return Err(Refusal::NotYourList),
    };
    if organisation == sector { Ok(()) } else { Err(Refusal::NotYourList) }
}

impl fmt::Debug for Reconciliation {
    // No more than the id: what is in it is a patient's medication.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reconciliation({}, {})", self.id, self.state.as_str_name())
    }
}
