//! Lines of medication lists: what has to be right about one, and what two are compared by.
//!
//! Form, dosage and indication are words, which every sector writes in its own way; they are not compared. The one exception is
//! the dosage of what is taken as needed, because its dose stands nowhere else.

use std::collections::HashSet;

use samspil_kit::validate::Violation;
use samspil_proto::careplan::v1::MedicationLine;

/// The letters of the main anatomical groups of ATC. No code begins with another.
const MAIN_GROUPS: &str = "ABCDGHJLMNPRSV";

/// A medicine: a substance in a strength. Lines of different lists are matched by it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Medicine {
    /// The ATC code.
    pub(super) atc: String,
    /// The strength. `None` for several substances.
    pub(super) strength: Option<Strength>,
}

/// A strength: how many thousandths of which unit. Masses are in nanograms, so that 1 g and 1000 mg are one strength.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Strength {
    unit: String,
    milli: i128,
}

/// How much is taken.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Dose {
    /// Every day, in thousandths of a unit of the form.
    Daily(i64),
    /// As needed, as these words say.
    AsNeeded(String),
}

/// The medicine of a line.
pub(super) fn medicine(line: &MedicationLine) -> Medicine {
    let strength = line.strength_milli.map(|milli| {
        let (unit, factor) = match line.strength_unit.as_str() {
            "g" => ("ng", 1_000_000_000),
            "mg" => ("ng", 1_000_000),
            "ug" => ("ng", 1_000),
            other => (other, 1),
        };
        Strength { unit: unit.to_owned(), milli: i128::from(milli) * factor }
    });
    Medicine { atc: line.atc.clone(), strength }
}

/// The dose of a line.
pub(super) fn dose(line: &MedicationLine) -> Dose {
    match line.daily_dose_milli {
        Some(milli) if !line.as_needed => Dose::Daily(milli),
        _ => Dose::AsNeeded(plain(&line.dosage)),
    }
}

/// The name of a line's product, however it is spaced and capitalised.
pub(super) fn product(line: &MedicationLine) -> String {
    plain(&line.product_name)
}

/// Whether two lines would be a double on one list: the same product in the same strength.
pub(super) fn is_double(one: &MedicationLine, other: &MedicationLine) -> bool {
    medicine(one) == medicine(other) && product(one) == product(other)
}

/// Whether two lines tell a patient the same: the same product, strength and dose.
pub(super) fn says_the_same(one: &MedicationLine, other: &MedicationLine) -> bool {
    is_double(one, other) && dose(one) == dose(other)
}

fn plain(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// What is wrong with the lines of a list, besides what the contract's annotations say. `field` is where the lines stand.
pub(super) fn violations(field: &str, lines: &[MedicationLine]) -> Vec<Violation> {
    let mut ids = HashSet::new();
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let field = format!("{field}[{index}]");
        found.extend(line_violations(&field, line));
        if !ids.insert(&line.line_id) {
            found.push(violation(&field, "line_id", "must tell the line from the others of its list"));
        }
    }
    found
}

/// What is wrong with one line.
pub(super) fn line_violations(field: &str, line: &MedicationLine) -> Vec<Violation> {
    let mut found = Vec::new();
    if !line.atc.starts_with(|letter| MAIN_GROUPS.contains(letter)) {
        found.push(violation(field, "atc", "must begin with the letter of a main group of ATC: one of ABCDGHJLMNPRSV"));
    }
    match (line.strength_milli, line.strength_unit.as_str()) {
        (Some(_), "") => found.push(violation(field, "strength_unit", "must be there with a strength")),
        (None, unit) if !unit.is_empty() => {
            found.push(violation(field, "strength_milli", "must be there with a unit of strength"));
        }
        // UCUM has no other signs; a micro sign would make another unit of the same one.
        (_, unit) if !unit.bytes().all(|byte| byte.is_ascii_graphic()) => {
            found.push(violation(field, "strength_unit", "must be a unit of UCUM, such as mg or ug"));
        }
        _ => {}
    }
    if line.as_needed == line.daily_dose_milli.is_some() {
        found.push(violation(field, "daily_dose_milli", "must be there, unless the medicine is taken as needed"));
    }
    found
}

fn violation(line: &str, field: &str, description: &str) -> Violation {
    Violation {
        field: format!("{line}.{field}"),
        rule: format!("medication_line.{field}"),
        description: description.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn furosemide() -> MedicationLine {
        MedicationLine {
            line_id: "1".to_owned(),
            atc: "C03CA01".to_owned(),
            product_name: "Furix".to_owned(),
            strength_milli: Some(40_000),
            strength_unit: "mg".to_owned(),
            daily_dose_milli: Some(1_000),
            ..MedicationLine::default()
        }
    }

    fn broken(lines: &[MedicationLine]) -> Vec<String> {
        violations("list.lines", lines).into_iter().map(|violation| violation.field).collect()
    }

    #[test]
    fn a_right_list_breaks_no_rule() {
        let combination = MedicationLine {
            line_id: "2".to_owned(),
            strength_milli: None,
            strength_unit: String::new(),
            ..furosemide()
        };
        let as_needed =
            MedicationLine { line_id: "3".to_owned(), daily_dose_milli: None, as_needed: true, ..furosemide() };
        assert!(broken(&[furosemide(), combination, as_needed]).is_empty());
        assert!(broken(&[]).is_empty());
    }

    #[test]
    fn only_the_letters_of_main_groups_begin_a_code() {
        for letter in 'A'..='Z' {
            let line = MedicationLine { atc: format!("{letter}03CA01"), ..furosemide() };
            let expected: &[&str] = if MAIN_GROUPS.contains(letter) { &[] } else { &["list.lines[0].atc"] };
            assert_eq!(broken(&[line]), expected, "{letter}");
        }
    }

    #[test]
    fn every_broken_rule_is_told_where_it_is_broken() {
        let no_unit = MedicationLine { strength_unit: String::new(), ..furosemide() };
        let no_strength = MedicationLine { line_id: "2".to_owned(), strength_milli: None, ..furosemide() };
        let micro = MedicationLine { line_id: "3".to_owned(), strength_unit: "µg".to_owned(), ..furosemide() };
        let both = MedicationLine { line_id: "4".to_owned(), as_needed: true, ..furosemide() };
        let neither = MedicationLine { daily_dose_milli: None, ..furosemide() };
        assert_eq!(
            broken(&[no_unit, no_strength, micro, both, neither]),
            [
                "list.lines[0].strength_unit",
                "list.lines[1].strength_milli",
                "list.lines[2].strength_unit",
                "list.lines[3].daily_dose_milli",
                "list.lines[4].daily_dose_milli",
                "list.lines[4].line_id",
            ]
        );
    }

    #[test]
    fn one_strength_in_two_units_is_one_medicine() {
        let in_unit = |milli, unit: &str| MedicationLine {
            strength_milli: Some(milli),
            strength_unit: unit.to_owned(),
            ..furosemide()
        };
        let medicines = [(1_000, "g"), (1_000_000, "mg"), (1_000_000_000, "ug"), (1_000_000_000_000, "ng")]
            .map(|(milli, unit)| medicine(&in_unit(milli, unit)));
        assert!(medicines.iter().all(|other| *other == medicines[0]));
        assert!(medicine(&in_unit(1_000, "mg")) != medicine(&in_unit(1_000, "mL")));
        // The largest strength that the wire can say is still one.
        assert!(medicine(&in_unit(i64::MAX, "g")) > medicine(&in_unit(i64::MAX, "mg")));
    }

    #[test]
    fn words_are_compared_only_where_the_dose_stands_in_them() {
        let as_needed = |dosage: &str| MedicationLine {
            daily_dose_milli: None,
            as_needed: true,
            dosage: dosage.to_owned(),
            ..furosemide()
        };
        assert!(says_the_same(&as_needed("one, at most four"), &as_needed("One,  at most four ")));
        assert!(!says_the_same(&as_needed("one, at most four"), &as_needed("one, at most eight")));
        let worded = MedicationLine { dosage: "in the morning".to_owned(), form: "tablet".to_owned(), ..furosemide() };
        assert!(says_the_same(&worded, &furosemide()));
        assert!(!says_the_same(&as_needed(""), &furosemide()));
        let shouted = MedicationLine { product_name: " FURIX".to_owned(), ..furosemide() };
        assert!(says_the_same(&shouted, &furosemide()));
    }
}
