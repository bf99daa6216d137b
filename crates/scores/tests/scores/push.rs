//! PUSH 3.0 at the limits of its bands.

use proptest::prelude::*;
use samspil_scores::{Inputs, Instrument, MAX_MM, Push, Refusal};

fn push(length: i32, width: i32) -> Push {
    Push { length_mm: Some(length), width_mm: Some(width), exudate: Some(0), tissue: Some(0) }
}

fn area_points(length: i32, width: i32) -> i32 {
    push(length, width).score().unwrap().items[0].points
}

#[test]
fn every_limit_of_the_area_is_where_the_form_has_it() {
    // cm² in hundredths, as a length and a width that give it, and the points.
    for (hundredths, (length, width), points) in [
        (0, (0, 0), 0),
        (1, (1, 1), 1),
        (4, (4, 1), 1),
        (24, (24, 1), 1),
        (25, (25, 1), 2),
        (29, (29, 1), 2),
        (30, (30, 1), 2),
        (60, (60, 1), 2),
        (64, (64, 1), 2),
        (65, (65, 1), 3),
        (70, (70, 1), 3),
        (100, (10, 10), 3),
        (104, (104, 1), 3),
        (105, (105, 1), 4),
        (110, (11, 10), 4),
        (200, (20, 10), 4),
        (204, (204, 1), 4),
        (205, (205, 1), 5),
        (210, (21, 10), 5),
        (220, (22, 10), 5),
        (300, (30, 10), 5),
        (310, (31, 10), 6),
        (400, (20, 20), 6),
        (404, (404, 1), 6),
        (405, (405, 1), 7),
        (410, (41, 10), 7),
        (800, (40, 20), 7),
        (810, (81, 10), 8),
        (1200, (40, 30), 8),
        (1210, (121, 10), 9),
        (2400, (60, 40), 9),
        (2404, (1202, 2), 9),
        (2405, (481, 5), 10),
        (2410, (241, 10), 10),
        (4_000_000, (MAX_MM, MAX_MM), 10),
    ] {
        assert_eq!(length * width, hundredths, "the case itself");
        assert_eq!(area_points(length, width), points, "{hundredths} hundredths of a cm²");
        assert_eq!(area_points(width, length), points, "{hundredths} hundredths of a cm², turned");
    }
}

#[test]
fn the_whole_scale_goes_from_0_to_17() {
    let closed = push(0, 0).score().unwrap();
    assert_eq!(closed.total, Some(0));
    let worst = Push { exudate: Some(3), tissue: Some(4), ..push(100, 100) }.score().unwrap();
    assert_eq!(worst.total, Some(17));
}

#[test]
fn five_visits_of_a_published_case_give_the_published_totals() {
    for (length, width, exudate, tissue, total) in
        [(37, 31, 1, 3, 12), (33, 27, 1, 3, 12), (32, 29, 0, 2, 10), (32, 28, 0, 2, 10), (29, 19, 0, 1, 8)]
    {
        let scored = Push { exudate: Some(exudate), tissue: Some(tissue), ..push(length, width) }.score().unwrap();
        assert_eq!(scored.total, Some(total), "{length} x {width}");
    }
}

#[test]
fn a_score_tells_its_table_its_inputs_and_its_items() {
    let inputs = Push { exudate: Some(2), tissue: Some(4), ..push(20, 10) };
    let scored = Inputs::from(inputs).score().unwrap();
    assert_eq!(scored.instrument, Instrument::Push);
    assert_eq!(scored.table_version, "3.0-1");
    assert_eq!(scored.inputs, Inputs::Push(inputs));
    let items: Vec<_> =
        scored.items.iter().map(|item| (item.code, item.points, item.choice, item.measured_by)).collect();
    assert_eq!(
        items,
        [
            ("area", 4, None, Some("length_x_width")),
            ("exudate", 2, Some("moderate"), None),
            ("tissue", 4, Some("necrotic"), None),
        ]
    );
    assert_eq!((scored.total, scored.grade, scored.stage, scored.band), (Some(10), None, None, None));
}

#[test]
fn what_is_missing_or_out_of_range_is_refused_by_its_name() {
    let whole = push(10, 10);
    for (inputs, field) in [
        (Push { length_mm: None, ..whole }, "length_mm"),
        (Push { width_mm: None, ..whole }, "width_mm"),
        (Push { exudate: None, ..whole }, "exudate"),
        (Push { tissue: None, ..whole }, "tissue"),
    ] {
        assert_eq!(inputs.score(), Err(Refusal::Missing { field }));
    }
    for bad in [-1, i32::MIN, i32::MAX] {
        for (inputs, field, high) in [
            (Push { length_mm: Some(bad), ..whole }, "length_mm", MAX_MM),
            (Push { width_mm: Some(bad), ..whole }, "width_mm", MAX_MM),
            (Push { exudate: Some(bad), ..whole }, "exudate", 3),
            (Push { tissue: Some(bad), ..whole }, "tissue", 4),
        ] {
            assert_eq!(inputs.score(), Err(Refusal::OutOfRange { field, low: 0, high }), "{bad}");
        }
    }
    assert_eq!(
        Push { exudate: Some(4), ..whole }.score(),
        Err(Refusal::OutOfRange { field: "exudate", low: 0, high: 3 })
    );
    assert_eq!(
        Push { tissue: Some(5), ..whole }.score(),
        Err(Refusal::OutOfRange { field: "tissue", low: 0, high: 4 })
    );
}

#[test]
fn a_fissure_recorded_as_nothing_wide_is_not_scored_as_closed() {
    let refused = push(20, 0).score().unwrap_err();
    assert_eq!(refused, Refusal::Contradictory { field: "width_mm" });
    assert_eq!((refused.reason(), refused.field()), ("SCORE_INPUT_CONTRADICTORY", "width_mm"));
}

proptest! {
    #[test]
    fn a_longer_or_wider_wound_never_scores_less(
        length in 1..=MAX_MM, width in 1..=MAX_MM, longer in 0..=MAX_MM, wider in 0..=MAX_MM,
    ) {
        let larger = area_points((length + longer).min(MAX_MM), (width + wider).min(MAX_MM));
        prop_assert!(larger >= area_points(length, width));
        prop_assert!(area_points(length, width) >= 1);
    }

    #[test]
    fn the_points_are_those_of_the_area_rounded_half_up_to_a_tenth(length in 1..=120_i32, width in 1..=60_i32) {
        // The form's upper limits in tenths of a cm²; a wound beyond the last has 10 points.
        let tenths = (length * width + 5).div_euclid(10);
        let passed = [2, 6, 10, 20, 30, 40, 80, 120, 240].into_iter().filter(|limit| tenths > *limit).count();
        prop_assert_eq!(usize::try_from(area_points(length, width)).unwrap(), 1 + passed);
    }

    #[test]
    fn the_total_is_the_sum_of_its_items(
        length in 1..=MAX_MM, width in 1..=MAX_MM, exudate in 0..=3, tissue in 0..=4,
    ) {
        let scored = Push { exudate: Some(exudate), tissue: Some(tissue), ..push(length, width) }.score().unwrap();
        prop_assert_eq!(scored.total, Some(area_points(length, width) + exudate + tissue));
    }
}
