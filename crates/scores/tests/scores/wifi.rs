//! WIfI: all 64 stages, and the ischaemia from what was measured.

use samspil_scores::{Instrument, Refusal, Wifi};

/// The published figure, written as it is drawn: a row for each ischaemia, a group for each wound, in it a letter for each
/// infection. V very low, L low, M moderate, H high.
const FIGURE: [&str; 4] = ["VVLM VVLM LLMH MMHH", "VLMH VLMH MMHH HHHH", "LLMH LMHH MHHH HHHH", "LMMH MMHH HHHH HHHH"];

fn wifi(wound: i32, ischaemia: i32, infection: i32) -> Wifi {
    Wifi { wound: Some(wound), ischaemia: Some(ischaemia), infection: Some(infection), ..Wifi::default() }
}

fn stage(wound: i32, ischaemia: i32, infection: i32) -> i32 {
    wifi(wound, ischaemia, infection).score().unwrap().stage.unwrap()
}

/// Nothing but perfusion is in question.
const LIMB: Wifi = Wifi {
    wound: Some(1),
    ischaemia: None,
    infection: Some(0),
    abi_hundredths: None,
    ankle_mmhg: None,
    toe_mmhg: None,
    tcpo2_mmhg: None,
};

fn ischaemia(inputs: Wifi) -> (i32, Option<&'static str>) {
    let scored = inputs.score().unwrap();
    (scored.items[1].points, scored.items[1].measured_by)
}

#[test]
fn all_64_stages_are_those_of_the_figure() {
    let mut cells = 0;
    for (ischaemia, row) in (0..).zip(FIGURE) {
        for (wound, group) in (0..).zip(row.split(' ')) {
            for (infection, letter) in (0..).zip(group.chars()) {
                let (expected, band) = match letter {
                    'V' => (1, "very_low"),
                    'L' => (2, "low"),
                    'M' => (3, "moderate"),
                    'H' => (4, "high"),
                    other => panic!("no such letter: {other}"),
                };
                let scored = wifi(wound, ischaemia, infection).score().unwrap();
                let cell = format!("W{wound} I{ischaemia} fI{infection}");
                assert_eq!((scored.stage, scored.band), (Some(expected), Some(band)), "{cell}");
                cells += 1;
            }
        }
    }
    assert_eq!(cells, 64);
}

#[test]
fn a_worse_grade_never_gives_a_better_stage() {
    for wound in 0..4 {
        for ischaemia in 0..4 {
            for infection in 0..4 {
                let here = stage(wound, ischaemia, infection);
                assert!((1..=4).contains(&here));
                for (w, i, f) in [(1, 0, 0), (0, 1, 0), (0, 0, 1)] {
                    let (wound, ischaemia, infection) = (wound + w, ischaemia + i, infection + f);
                    if wound < 4 && ischaemia < 4 && infection < 4 {
                        assert!(stage(wound, ischaemia, infection) >= here, "W{wound} I{ischaemia} fI{infection}");
                    }
                }
            }
        }
    }
}

#[test]
fn every_limit_of_the_ischaemia_is_where_it_was_published() {
    for (abi, grade) in [(0, 3), (39, 3), (40, 2), (59, 2), (60, 1), (79, 1), (80, 0), (130, 0)] {
        let measured = Wifi { abi_hundredths: Some(abi), ..LIMB };
        assert_eq!(ischaemia(measured), (grade, Some("abi_hundredths")), "an index of {abi} hundredths");
    }
    for (ankle, grade) in [(0, 3), (49, 3), (50, 2), (69, 2), (70, 1), (100, 1), (101, 0), (350, 0)] {
        let measured = Wifi { ankle_mmhg: Some(ankle), ..LIMB };
        assert_eq!(ischaemia(measured), (grade, Some("ankle_mmhg")), "{ankle} mmHg at the ankle");
    }
    for (pressure, grade) in [(0, 3), (29, 3), (30, 2), (39, 2), (40, 1), (59, 1), (60, 0), (350, 0)] {
        let toe = Wifi { toe_mmhg: Some(pressure), ..LIMB };
        assert_eq!(ischaemia(toe), (grade, Some("toe_mmhg")), "{pressure} mmHg in the toe");
        let tcpo2 = Wifi { tcpo2_mmhg: Some(pressure), ..LIMB };
        assert_eq!(ischaemia(tcpo2), (grade, Some("tcpo2_mmhg")), "{pressure} mmHg through the skin");
    }
}

#[test]
fn the_toe_decides_before_the_skin_and_the_skin_before_the_ankle() {
    let all = Wifi { toe_mmhg: Some(35), tcpo2_mmhg: Some(60), abi_hundredths: Some(90), ankle_mmhg: Some(40), ..LIMB };
    assert_eq!(ischaemia(all), (2, Some("toe_mmhg")));
    assert_eq!(ischaemia(Wifi { toe_mmhg: None, ..all }), (0, Some("tcpo2_mmhg")));
    let ankle = Wifi { toe_mmhg: None, tcpo2_mmhg: None, ..all };
    assert_eq!(ischaemia(ankle), (3, Some("ankle_mmhg")), "the worse of the two");
    let index = Wifi { abi_hundredths: Some(30), ankle_mmhg: Some(90), ..ankle };
    assert_eq!(ischaemia(index), (3, Some("abi_hundredths")), "the worse of the two");
    let same = Wifi { abi_hundredths: Some(90), ankle_mmhg: Some(120), ..ankle };
    assert_eq!(ischaemia(same), (0, Some("abi_hundredths")));
}

#[test]
fn a_vessel_that_cannot_be_compressed_is_graded_by_the_toe_alone() {
    let stiff = Wifi { abi_hundredths: Some(131), ankle_mmhg: Some(180), ..LIMB };
    let refused = stiff.score().unwrap_err();
    assert_eq!((refused.reason(), refused.field()), ("ABI_NOT_COMPRESSIBLE", "abi_hundredths"));
    assert_eq!(Wifi { abi_hundredths: Some(400), ..LIMB }.score(), Err(refused));
    assert_eq!(Wifi { ischaemia: Some(0), ..stiff }.score(), Err(refused), "a grade by hand does not excuse it");
    assert_eq!(ischaemia(Wifi { toe_mmhg: Some(25), ..stiff }), (3, Some("toe_mmhg")));
    assert_eq!(ischaemia(Wifi { tcpo2_mmhg: Some(45), ..stiff }), (1, Some("tcpo2_mmhg")));
}

#[test]
fn a_grade_by_hand_must_agree_with_the_measurement() {
    let measured = Wifi { toe_mmhg: Some(50), ..LIMB };
    assert_eq!(ischaemia(Wifi { ischaemia: Some(1), ..measured }), (1, Some("toe_mmhg")));
    let refused = Wifi { ischaemia: Some(0), ..measured }.score();
    assert_eq!(refused, Err(Refusal::Contradictory { field: "ischaemia" }));
    assert_eq!(ischaemia(wifi(1, 2, 0)), (2, None));
}

#[test]
fn every_field_that_is_missing_or_out_of_range_is_refused_by_its_name() {
    let whole = wifi(1, 1, 1);
    for (inputs, field) in [
        (Wifi { wound: None, ..whole }, "wound"),
        (Wifi { ischaemia: None, ..whole }, "ischaemia"),
        (Wifi { infection: None, ..whole }, "infection"),
    ] {
        assert_eq!(inputs.score(), Err(Refusal::Missing { field }));
    }
    for bad in [i32::MIN, -1, 4, i32::MAX] {
        for (inputs, field) in [
            (Wifi { wound: Some(bad), ..whole }, "wound"),
            (Wifi { ischaemia: Some(bad), ..whole }, "ischaemia"),
            (Wifi { infection: Some(bad), ..whole }, "infection"),
        ] {
            assert_eq!(inputs.score(), Err(Refusal::OutOfRange { field, low: 0, high: 3 }), "{bad}");
        }
    }
    for bad in [i32::MIN, -1, 401, i32::MAX] {
        // A measurement that does not decide is checked all the same: it was mistyped.
        let toe = Wifi { toe_mmhg: Some(50), ..LIMB };
        for (inputs, field, high) in [
            (Wifi { abi_hundredths: Some(bad), ..toe }, "abi_hundredths", 400),
            (Wifi { ankle_mmhg: Some(bad), ..toe }, "ankle_mmhg", 350),
            (Wifi { toe_mmhg: Some(bad), ..LIMB }, "toe_mmhg", 350),
            (Wifi { tcpo2_mmhg: Some(bad), ..toe }, "tcpo2_mmhg", 350),
        ] {
            assert_eq!(inputs.score(), Err(Refusal::OutOfRange { field, low: 0, high }), "{bad}");
        }
    }
}

#[test]
fn the_score_names_its_table_and_its_grades() {
    let scored = wifi(2, 1, 3).score().unwrap();
    assert_eq!((scored.instrument, scored.table_version), (Instrument::Wifi, "2014-1"));
    let items: Vec<_> = scored.items.iter().map(|item| (item.code, item.points)).collect();
    assert_eq!(items, [("wound", 2), ("ischaemia", 1), ("infection", 3)]);
    assert_eq!((scored.total, scored.grade), (None, None));
}
