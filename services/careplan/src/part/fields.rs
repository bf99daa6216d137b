//! What can be said of a part, what of it can be changed, and what it names.

use chrono::NaiveDate;
use prost::{Message, Name};
use prost_types::FieldMask;
use samspil_kit::{Error, mask, validate};
use samspil_proto::{
    careplan::v1::{Part, part::Part as Inner},
    names::OrganisationName,
};

use super::name::{Collection, PartName};

const TEAM_MEMBER: &[&str] = &["organisation", "role", "display_name", "contact"];
const CONDITION: &[&str] = &["code", "status", "onset_date", "note"];
const GOAL: &[&str] = &["description", "status", "measures", "target_date", "conditions"];
// What a note answers it answers for good.
const NOTE: &[&str] = &["text", "recipients"];

/// The part that a request holds, if it is one that people add and change here.
pub(super) fn inner(part: Option<&Part>) -> Result<Inner, Error> {
    let inner = part.and_then(|part| part.part.clone());
    let inner = inner.ok_or_else(|| Error::invalid("part", "required", "must be set"))?;
    match inner {
        Inner::Activity(_) | Inner::Reconciliation(_) => Err(own_methods("part")),
        inner => Ok(inner),
    }
}

/// The refusal of an activity or a reconciliation, which have rules of their own.
pub(super) fn own_methods(field: &str) -> Error {
    Error::invalid(
        field,
        "kind",
        "must be of the team, a condition, a goal or a note: the others have methods of their own",
    )
}

/// Gives a part its name.
pub(super) fn name(part: &mut Inner, name: PartName) {
    let place = match part {
        Inner::TeamMember(part) => &mut part.name,
        Inner::Condition(part) => &mut part.name,
        Inner::Goal(part) => &mut part.name,
        Inner::Note(part) => &mut part.name,
        Inner::Activity(part) => &mut part.name,
        Inner::Reconciliation(part) => &mut part.name,
    };
    *place = name.to_string();
}

/// Takes over the fields of a mask, and tells which of them differ.
pub(super) fn apply(mask: &FieldMask, wanted: &Inner, part: &mut Inner) -> Result<Vec<String>, Error> {
    match (wanted, part) {
        (Inner::TeamMember(wanted), Inner::TeamMember(part)) => change(mask, TEAM_MEMBER, wanted, part),
        (Inner::Condition(wanted), Inner::Condition(part)) => change(mask, CONDITION, wanted, part),
        (Inner::Goal(wanted), Inner::Goal(part)) => change(mask, GOAL, wanted, part),
        (Inner::Note(wanted), Inner::Note(part)) => change(mask, NOTE, wanted, part),
        (_, part) => {
            let kind = Collection::of(part).as_str();
            Err(Error::invalid("part", "kind", format!("must be of the same kind as the name says: {kind}")))
        }
    }
}

fn change<M: Message + Name + Default + Clone>(
    mask: &FieldMask,
    allowed: &[&str],
    wanted: &M,
    part: &mut M,
) -> Result<Vec<String>, Error> {
    let before = part.clone();
    mask::apply(mask, allowed, wanted, part)?;
    // What was right when it was added may not be any more with what changed.
    validate::check(part)?;
    mask::changed(&before, part)
}

/// The organisations that those fields of a part name that `counts` picks: they have to take part in the plan.
pub(super) fn organisations(part: &Inner, counts: impl Fn(&str) -> bool) -> Result<Vec<OrganisationName>, Error> {
    let names = match part {
        Inner::TeamMember(member) if counts("organisation") => std::slice::from_ref(&member.organisation),
        Inner::Note(note) if counts("recipients") => &note.recipients,
        _ => &[],
    };
    Ok(names.iter().map(|name| name.parse()).collect::<Result<_, _>>()?)
}

/// The parts that a part names, and the field that names them.
pub(super) fn references(part: &Inner) -> (&'static str, Vec<String>) {
    match part {
        Inner::Goal(goal) => ("part.goal.conditions", goal.conditions.clone()),
        Inner::Note(note) if !note.in_reply_to.is_empty() => ("part.note.in_reply_to", vec![note.in_reply_to.clone()]),
        _ => ("", vec![]),
    }
}

/// Passes when every day that those fields of a part name that `counts` picks is one that a calendar has.
pub(super) fn days(part: &Inner, counts: impl Fn(&str) -> bool) -> Result<(), Error> {
    let (field, day) = match part {
        Inner::Condition(condition) if counts("onset_date") => ("part.condition.onset_date", &condition.onset_date),
        Inner::Goal(goal) if counts("target_date") => ("part.goal.target_date", &goal.target_date),
        _ => return Ok(()),
    };
    if day.is_empty() || NaiveDate::parse_from_str(day, "%Y-%m-%d").is_ok() {
        return Ok(());
    }
    Err(Error::invalid(field, "date", "must be a day that a calendar has"))
}

#[cfg(test)]
mod tests {
    use samspil_proto::careplan::v1::{Goal, Note, TeamMember};

    use super::*;

    fn goal(description: &str, target_date: &str) -> Inner {
        let (description, target_date) = (description.to_owned(), target_date.to_owned());
        Inner::Goal(Goal { name: "kept".to_owned(), description, target_date, ..Goal::default() })
    }

    fn mask(paths: &[&str]) -> FieldMask {
        FieldMask { paths: paths.iter().map(|path| (*path).to_owned()).collect() }
    }

    #[test]
    fn the_fields_of_the_mask_change_and_the_name_never_does() {
        let mut part = goal("closed", "2027-01-01");
        let changed = apply(&mask(&["description", "target_date"]), &goal("smaller", "2027-01-01"), &mut part);
        assert_eq!(changed.unwrap(), ["description"]);
        assert_eq!(part, goal("smaller", "2027-01-01"));
        for output_only in [&["name"][..], &["description", "name"], &["in_reply_to"], &[]] {
            assert!(apply(&mask(output_only), &goal("x", ""), &mut part).is_err(), "{output_only:?}");
        }
    }

    #[test]
    fn one_kind_does_not_become_another_nor_lose_what_it_must_have() {
        let mut part = goal("closed", "");
        let note = Inner::Note(Note { text: "x".to_owned(), ..Note::default() });
        assert!(apply(&mask(&["description"]), &note, &mut part).is_err());
        assert!(apply(&mask(&["description"]), &goal("", ""), &mut part).is_err());
    }

    #[test]
    fn a_day_has_to_be_one() {
        for (day, good) in [("", true), ("2028-02-29", true), ("2027-02-29", false), ("2027-13-01", false)] {
            assert_eq!(days(&goal("x", day), |_| true).is_ok(), good, "{day}");
        }
        assert!(days(&goal("x", "2027-02-29"), |field| field != "target_date").is_ok(), "it is not taken over");
    }

    #[test]
    fn who_is_named_is_found() {
        let member = TeamMember { organisation: "organisations/990000000000766".to_owned(), ..TeamMember::default() };
        let of = |part: &Inner, field: &str| organisations(part, |one| one == field).map(|found| found.len()).ok();
        let (member, nobody) = (Inner::TeamMember(member), Inner::TeamMember(TeamMember::default()));
        assert_eq!((of(&member, "organisation"), of(&member, "role")), (Some(1), Some(0)));
        assert_eq!((of(&nobody, "role"), of(&nobody, "organisation")), (Some(0), None));
        assert_eq!(of(&goal("x", ""), "organisation"), Some(0));
    }
}
