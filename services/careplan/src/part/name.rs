//! Names of parts, of whatever collection.

use std::{fmt, str::FromStr};

use samspil_proto::{
    careplan::v1::{Part, part},
    names::{
        ActivityName, CarePlanName, ConditionName, GoalName, NotAName, NoteName, ReconciliationName, TeamMemberName,
    },
};
use uuid::Uuid;

/// What stands before the id in a part's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Collection {
    /// Who takes part.
    Team,
    /// The conditions.
    Conditions,
    /// The goals.
    Goals,
    /// The notes.
    Notes,
    /// The activities.
    Activities,
    /// The reconciliations.
    Reconciliations,
}

impl Collection {
    const ALL: [Collection; 6] = [
        Collection::Team,
        Collection::Conditions,
        Collection::Goals,
        Collection::Notes,
        Collection::Activities,
        Collection::Reconciliations,
    ];

    /// As the name has it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Collection::Team => "team",
            Collection::Conditions => "conditions",
            Collection::Goals => "goals",
            Collection::Notes => "notes",
            Collection::Activities => "activities",
            Collection::Reconciliations => "reconciliations",
        }
    }

    /// Where a part belongs.
    pub(crate) fn of(part: &part::Part) -> Collection {
        match part {
            part::Part::TeamMember(_) => Collection::Team,
            part::Part::Condition(_) => Collection::Conditions,
            part::Part::Goal(_) => Collection::Goals,
            part::Part::Note(_) => Collection::Notes,
            part::Part::Activity(_) => Collection::Activities,
            part::Part::Reconciliation(_) => Collection::Reconciliations,
        }
    }
}

/// The name of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PartName {
    /// Whose plan.
    pub(crate) patient: Uuid,
    /// Which collection.
    pub(crate) collection: Collection,
    /// Which of it.
    pub(crate) id: Uuid,
}

impl fmt::Display for PartName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let PartName { patient, collection, id } = *self;
        match collection {
            Collection::Team => TeamMemberName { patient, member: id }.fmt(f),
            Collection::Conditions => ConditionName { patient, condition: id }.fmt(f),
            Collection::Goals => GoalName { patient, goal: id }.fmt(f),
            Collection::Notes => NoteName { patient, note: id }.fmt(f),
            Collection::Activities => ActivityName { patient, activity: id }.fmt(f),
            Collection::Reconciliations => ReconciliationName { patient, reconciliation: id }.fmt(f),
        }
    }
}

impl FromStr for PartName {
    type Err = NotAName;

    fn from_str(text: &str) -> Result<PartName, NotAName> {
        let parsed = (|| {
            let (collection, id) = {
                let mut from_the_end = text.rsplitn(3, '/');
                let id = Uuid::try_parse(from_the_end.next()?).ok()?;
                let collection = from_the_end.next()?;
                (Collection::ALL.into_iter().find(|one| one.as_str() == collection)?, id)
            };
            let plan = text.rsplitn(3, '/').nth(2)?;
            let CarePlanName { patient } = plan.parse().ok()?;
            let name = PartName { patient, collection, id };
            // The one canonical spelling: an id has others.
            (name.to_string() == text).then_some(name)
        })();
        parsed.ok_or(NotAName { form: "patients/{patient}/carePlan/{collection}/{id}" })
    }
}

/// The name that a part bears, empty before it has one.
pub(crate) fn name_of(part: &Part) -> &str {
    match &part.part {
        None => "",
        Some(part::Part::TeamMember(part)) => &part.name,
        Some(part::Part::Condition(part)) => &part.name,
        Some(part::Part::Goal(part)) => &part.name,
        Some(part::Part::Note(part)) => &part.name,
        Some(part::Part::Activity(part)) => &part.name,
        Some(part::Part::Reconciliation(part)) => &part.name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0198f3a0-0000-7000-8000-00000000000a";

    #[test]
    fn a_name_of_each_collection_reads_back_as_it_was_written() {
        for collection in Collection::ALL {
            let text = format!("patients/{ID}/carePlan/{}/{ID}", collection.as_str());
            let name: PartName = text.parse().unwrap();
            assert_eq!((name.collection, name.to_string()), (collection, text));
        }
    }

    #[test]
    fn other_spellings_and_other_things_are_no_parts() {
        for text in [
            format!("patients/{ID}/carePlan"),
            format!("patients/{ID}/carePlan/wounds/{ID}"),
            format!("patients/{ID}/goals/{ID}"),
            format!("patients/{ID}/carePlan/goals/{}", ID.to_uppercase()),
            format!("patients/{ID}/carePlan/goals/{}", ID.replace('-', "")),
            format!("patients/{ID}/carePlan/goals/{ID}/"),
            String::new(),
        ] {
            assert!(text.parse::<PartName>().is_err(), "{text}");
        }
    }
}
