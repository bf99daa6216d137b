//! What up to four medication lists do not agree on.
//!
//! The lines of a substance (an ATC code) are sorted into units. Of each unit the patient takes at most one line, so a decision
//! on a unit is one line, something else, or nothing; a patient who takes two lines of a substance has two units.
//!
//! - Lines of the same strength are one unit, whatever the product is called: what one sector calls Furix and another
//!   Furosemid is one medicine.
//! - Strengths that no list has side by side are one unit too: one took the place of the other. Unless they differ in the product
//!   and in how it is taken as well: a depot tablet each day and a quick one as needed are no change of strength.
//! - Once a list has the substance under two product names, each product has units of its own. That may be meant, as with these two
//!   tablets, or a double that nobody noticed; so each of them has to be decided.
//!
//! A unit is one difference at most. Its kind is the first row that applies:
//!
//! | kind | applies when |
//! | --- | --- |
//! | DUPLICATE | a list has two lines of the unit: the same product and strength twice |
//! | SAME_SUBSTANCE | a list has the substance under two product names |
//! | STOPPED | there is a discharge list and the unit is not on it |
//! | STRENGTH_CHANGED | its lines are of two strengths |
//! | DOSE_CHANGED | its lines are of two doses |
//! | SAME_SUBSTANCE | its lines are of two products: one was substituted for the other |
//! | NEW | there is a list before the admission and the unit is not on it |
//! | MISSING | a list lacks it: a sector's own, as the rows above have left |
//! | none | every list has it, and all say the same |
//!
//! Whether a medicine is taken at all comes before how much of it, and how much before what it is called.

use std::collections::{BTreeMap, BTreeSet};

use prost::Message as _;
use samspil_proto::careplan::v1::{
    Difference, DifferenceKind, LineReference, MedicationLine, MedicationList, MedicationListKind,
};
use sha2::{Digest as _, Sha256};

use super::lines::{self, Medicine};

/// A line and the list that it stands on.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) list: MedicationListKind,
    pub(super) line: &'a MedicationLine,
}

/// Lines of a substance of which the patient takes one at most, in the order of their lists.
pub(super) struct Unit<'a> {
    pub(super) entries: Vec<Entry<'a>>,
    /// What the lists do not agree on, if they do not.
    pub(super) kind: Option<DifferenceKind>,
}

impl Entry<'_> {
    pub(super) fn reference(&self) -> LineReference {
        LineReference { list: self.list.into(), line_id: self.line.line_id.clone() }
    }

    /// What the line says, without the number that it happens to have on its list.
    pub(super) fn content(&self) -> Vec<u8> {
        MedicationLine { line_id: String::new(), ..self.line.clone() }.encode_to_vec()
    }
}

impl Unit<'_> {
    /// The difference, open, if it is one.
    pub(super) fn difference(&self) -> Option<Difference> {
        let kind = self.kind?;
        Some(Difference {
            difference_id: self.id(kind),
            kind: kind.into(),
            atc: self.entries.first().map(|entry| entry.line.atc.clone()).unwrap_or_default(),
            lines: self.entries.iter().map(Entry::reference).collect(),
            decision: None,
        })
    }

    /// Made from the kind and from what the lines say: a list that is put in anew with the same lines has the same differences,
    /// even when its lines are numbered anew.
    fn id(&self, kind: DifferenceKind) -> String {
        let mut contents: Vec<_> = self.entries.iter().map(|entry| (i32::from(entry.list), entry.content())).collect();
        contents.sort();
        let mut hash = Sha256::new_with_prefix(i32::from(kind).to_be_bytes());
        for (list, content) in contents {
            hash.update(list.to_be_bytes());
            hash.update(content.len().to_be_bytes());
            hash.update(content);
        }
        let first: [u8; 16] = hash.finalize()[..16].try_into().expect("sixteen of thirty-two bytes");
        format!("{:032x}", u128::from_be_bytes(first))
    }
}

/// What the lists do not agree on, all of it open, in the order of the ATC codes.
pub(super) fn differences(lists: &[MedicationList]) -> Vec<Difference> {
    units(lists).iter().filter_map(Unit::difference).collect()
}

/// The lines of the lists, in units.
pub(super) fn units(lists: &[MedicationList]) -> Vec<Unit<'_>> {
    let present: BTreeSet<_> = lists.iter().map(MedicationList::kind).collect();
    let mut substances: BTreeMap<&str, Vec<Entry<'_>>> = BTreeMap::new();
    for list in lists {
        for line in &list.lines {
            substances.entry(&line.atc).or_default().push(Entry { list: list.kind(), line });
        }
    }
    substances.into_values().flat_map(|entries| of_substance(&present, entries)).collect()
}

fn of_substance<'a>(present: &BTreeSet<MedicationListKind>, mut entries: Vec<Entry<'a>>) -> Vec<Unit<'a>> {
    // So that the order of the lines on a list makes no difference.
    entries.sort_by(|one, other| (one.list, &one.line.line_id).cmp(&(other.list, &other.line.line_id)));
    let several_names = has_several_names(&entries);
    let mut courses: BTreeMap<String, Vec<Entry<'a>>> = BTreeMap::new();
    for entry in entries {
        let name = if several_names { lines::product(entry.line) } else { String::new() };
        courses.entry(name).or_default().push(entry);
    }
    let units = courses.into_values().flat_map(by_strength);
    units.map(|entries| Unit { kind: kind(present, several_names, &entries), entries }).collect()
}

/// Whether one list has the substance under two product names.
fn has_several_names(entries: &[Entry<'_>]) -> bool {
    let mut names: BTreeMap<MedicationListKind, BTreeSet<String>> = BTreeMap::new();
    for entry in entries {
        names.entry(entry.list).or_default().insert(lines::product(entry.line));
    }
    names.values().any(|names| names.len() > 1)
}

/// Puts strengths together that no list has side by side, the weakest first.
fn by_strength(entries: Vec<Entry<'_>>) -> Vec<Vec<Entry<'_>>> {
    let mut medicines: BTreeMap<Medicine, Vec<Entry<'_>>> = BTreeMap::new();
    for entry in entries {
        medicines.entry(lines::medicine(entry.line)).or_default().push(entry);
    }
    let mut units: Vec<Vec<Entry<'_>>> = Vec::new();
    for medicine in medicines.into_values() {
        match units.iter_mut().find(|unit| took_the_place(unit, &medicine)) {
            Some(unit) => unit.extend(medicine),
            None => units.push(medicine),
        }
    }
    for unit in &mut units {
        unit.sort_by_key(|entry| entry.list);
    }
    units
}

/// Whether one strength may have taken the place of another.
fn took_the_place(unit: &[Entry<'_>], medicine: &[Entry<'_>]) -> bool {
    let alike = |one: &MedicationLine, other: &MedicationLine| {
        one.as_needed == other.as_needed || lines::product(one) == lines::product(other)
    };
    on(unit).is_disjoint(&on(medicine))
        && unit.iter().any(|one| medicine.iter().any(|other| alike(one.line, other.line)))
}

/// The lists that have a line of a unit.
fn on(entries: &[Entry<'_>]) -> BTreeSet<MedicationListKind> {
    entries.iter().map(|entry| entry.list).collect()
}

/// The table above.
fn kind(present: &BTreeSet<MedicationListKind>, several_names: bool, entries: &[Entry<'_>]) -> Option<DifferenceKind> {
    use MedicationListKind::{BeforeAdmission, Discharge};
    let on = on(entries);
    let lacks = |list| present.contains(&list) && !on.contains(&list);
    if entries.len() > on.len() {
        Some(DifferenceKind::Duplicate)
    } else if several_names {
        Some(DifferenceKind::SameSubstance)
    } else if lacks(Discharge) {
        Some(DifferenceKind::Stopped)
    } else if differ(entries, lines::medicine) {
        Some(DifferenceKind::StrengthChanged)
    } else if differ(entries, lines::dose) {
        Some(DifferenceKind::DoseChanged)
    } else if differ(entries, lines::product) {
        Some(DifferenceKind::SameSubstance)
    } else if lacks(BeforeAdmission) {
        Some(DifferenceKind::New)
    } else if on != *present {
        Some(DifferenceKind::Missing)
    } else {
        None
    }
}

fn differ<T: PartialEq>(entries: &[Entry<'_>], by: impl Fn(&MedicationLine) -> T) -> bool {
    entries.windows(2).any(|pair| by(pair[0].line) != by(pair[1].line))
}

#[cfg(test)]
mod tests;
