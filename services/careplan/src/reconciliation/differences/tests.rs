//! One difference for one fact, and every line accounted for.

use proptest::prelude::*;

use super::{
    super::tests::{
        BeforeAdmission, Discharge, FUROSEMIDE, GeneralPractice, Municipality, OXYCODONE, furix, line, lines, list,
        lists,
    },
    *,
};

fn kinds(lists: &[MedicationList]) -> Vec<DifferenceKind> {
    differences(lists).iter().map(Difference::kind).collect()
}

fn furosemid(mg: i64, daily: i64) -> MedicationLine {
    line("1", FUROSEMIDE, "Furosemid", mg, daily)
}

fn as_needed(line: MedicationLine) -> MedicationLine {
    MedicationLine { daily_dose_milli: None, as_needed: true, ..line }
}

#[test]
fn each_kind_is_found() {
    use DifferenceKind::{DoseChanged, Duplicate, Missing, New, SameSubstance, Stopped, StrengthChanged};
    let furix = || furix(40, 1);
    let oxycontin = || line("1", OXYCODONE, "OxyContin", 10, 2);
    let oxynorm = || line("1", OXYCODONE, "OxyNorm", 10, 1);
    let table: [(&str, &[MedicationList], &[DifferenceKind]); 20] = [
        ("the same", &[list(BeforeAdmission, &[furix()]), list(Discharge, &[furix()])], &[]),
        ("new", &[list(BeforeAdmission, &[]), list(Discharge, &[furix()])], &[New]),
        ("stopped", &[list(BeforeAdmission, &[furix()]), list(Discharge, &[])], &[Stopped]),
        (
            "another dose",
            &[list(BeforeAdmission, &[furix()]), list(Discharge, &[super::tests::furix(40, 2)])],
            &[DoseChanged],
        ),
        (
            "another strength",
            &[list(BeforeAdmission, &[furix()]), list(Discharge, &[super::tests::furix(20, 2)])],
            &[StrengthChanged],
        ),
        ("another name", &[list(BeforeAdmission, &[furix()]), list(Discharge, &[furosemid(40, 1)])], &[SameSubstance]),
        (
            "another name and dose are one fact",
            &[list(BeforeAdmission, &[furix()]), list(Discharge, &[furosemid(40, 2)])],
            &[DoseChanged],
        ),
        (
            "another name and strength are one fact",
            &[list(BeforeAdmission, &[furix()]), list(Discharge, &[furosemid(20, 2)])],
            &[StrengthChanged],
        ),
        ("twice on one list", &[list(BeforeAdmission, &[furix(), furix()]), list(Discharge, &[furix()])], &[Duplicate]),
        (
            "twice on every list",
            &[list(BeforeAdmission, &[furix(), furix()]), list(Discharge, &[furix(), furix()])],
            &[Duplicate],
        ),
        (
            "two names on one list are decided each",
            &[list(BeforeAdmission, &[oxycontin(), oxynorm()]), list(Discharge, &[oxycontin(), oxynorm()])],
            &[SameSubstance, SameSubstance],
        ),
        (
            "missing on a sector's own",
            &[list(BeforeAdmission, &[furix()]), list(Discharge, &[furix()]), list(Municipality, &[])],
            &[Missing],
        ),
        (
            "only a sector has it",
            &[list(BeforeAdmission, &[]), list(Discharge, &[]), list(Municipality, &[furix()])],
            &[Stopped],
        ),
        (
            "stopped comes before strength and dose",
            &[
                list(BeforeAdmission, &[furix()]),
                list(Discharge, &[]),
                list(Municipality, &[super::tests::furix(20, 1)]),
                list(GeneralPractice, &[super::tests::furix(20, 2)]),
            ],
            &[Stopped],
        ),
        (
            "one tablet becomes two: one strength is changed, the other is new",
            &[
                list(BeforeAdmission, &[furix()]),
                list(Discharge, &[super::tests::furix(10, 1), super::tests::furix(20, 1)]),
            ],
            &[StrengthChanged, New],
        ),
        (
            "two strengths side by side on every list",
            &[
                list(BeforeAdmission, &[furix(), super::tests::furix(20, 1)]),
                list(Discharge, &[super::tests::furix(20, 1), furix()]),
            ],
            &[],
        ),
        (
            "another product that is taken in another way is no change of strength",
            &[
                list(BeforeAdmission, &[oxycontin()]),
                list(Discharge, &[as_needed(line("1", OXYCODONE, "OxyNorm", 5, 1))]),
            ],
            &[New, Stopped],
        ),
        (
            "the same product that is taken in another way is one",
            &[list(BeforeAdmission, &[furix()]), list(Discharge, &[as_needed(super::tests::furix(20, 1))])],
            &[StrengthChanged],
        ),
        ("before there is a discharge list", &[list(BeforeAdmission, &[furix()]), list(Municipality, &[])], &[Missing]),
        ("one list alone", &[list(Municipality, &[furix(), oxynorm()])], &[]),
    ];
    for (what, lists, expected) in table {
        assert_eq!(kinds(lists), expected, "{what}");
    }
}

#[test]
fn a_difference_is_another_when_a_line_says_another_thing() {
    let id = |discharge: MedicationLine| {
        differences(&[list(BeforeAdmission, &[furix(40, 1)]), list(Discharge, &[discharge])]).remove(0).difference_id
    };
    let first = id(furix(40, 2));
    assert_eq!(first, id(MedicationLine { line_id: "9".to_owned(), ..furix(40, 2) }));
    for changed in [
        furix(40, 3),
        MedicationLine { dosage: "in the morning".to_owned(), ..furix(40, 2) },
        MedicationLine { indication: "oedema".to_owned(), ..furix(40, 2) },
    ] {
        assert_ne!(first, id(changed));
    }
    // The same two lines the other way round are another fact.
    let turned = differences(&[list(BeforeAdmission, &[furix(40, 2)]), list(Discharge, &[furix(40, 1)])]);
    assert_ne!(first, turned[0].difference_id);
}

/// Whether every list that is there has the line once, and the substance under one name alone.
fn is_agreed(lists: &[MedicationList], line: &MedicationLine) -> bool {
    lists.iter().all(|list| {
        let of_substance: Vec<_> = list.lines.iter().filter(|other| other.atc == line.atc).collect();
        of_substance.iter().all(|other| lines::product(other) == lines::product(line))
            && of_substance.iter().filter(|other| lines::medicine(other) == lines::medicine(line)).count() == 1
            && of_substance.iter().any(|other| lines::says_the_same(other, line))
    })
}

proptest! {
    #[test]
    fn the_order_of_the_lines_makes_no_difference(lists in lists(), turn in 0..6_usize) {
        let mut turned = lists.clone();
        for list in &mut turned {
            let by = turn % list.lines.len().max(1);
            list.lines.rotate_left(by);
            list.lines.reverse();
        }
        turned.reverse();
        prop_assert_eq!(differences(&turned), differences(&lists));
    }

    #[test]
    fn identical_lists_have_no_difference_whatever_their_order(of_all in lines(), turn in 0..6_usize) {
        // Of each substance one product, and each strength of it once: else the lists agree on a fault.
        let mut sound: Vec<MedicationLine> = Vec::new();
        for line in of_all {
            let goes_with = |other: &MedicationLine| {
                other.atc != line.atc
                    || lines::product(other) == lines::product(&line) && lines::medicine(other) != lines::medicine(&line)
            };
            if sound.iter().all(goes_with) {
                sound.push(line);
            }
        }
        let all: Vec<_> = [BeforeAdmission, Discharge, Municipality, GeneralPractice]
            .into_iter()
            .enumerate()
            .map(|(n, kind)| {
                let mut lines = sound.clone();
                let by = (turn * n) % lines.len().max(1);
                lines.rotate_left(by);
                list(kind, &lines)
            })
            .collect();
        prop_assert_eq!(differences(&all), vec![]);
    }

    #[test]
    fn a_line_is_in_one_difference_unless_all_lists_agree_on_it(lists in lists()) {
        let differences = differences(&lists);
        for list in &lists {
            for line in &list.lines {
                let reference = LineReference { list: list.kind, line_id: line.line_id.clone() };
                let about = differences.iter().filter(|difference| difference.lines.contains(&reference)).count();
                prop_assert_eq!(about, usize::from(!is_agreed(&lists, line)), "{:?} of {:?}", reference, lists);
            }
        }
        let ids: BTreeSet<_> = differences.iter().map(|difference| &difference.difference_id).collect();
        prop_assert_eq!(ids.len(), differences.len());
    }
}
