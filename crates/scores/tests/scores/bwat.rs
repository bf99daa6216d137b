//! BWAT: thirteen items, the bands of the size and of the total.

use proptest::prelude::*;
use samspil_scores::{Bwat, Instrument, MAX_MM, Refusal};

type Set = fn(&mut Bwat, Option<i32>);

/// Every item that is picked, with how it is set.
const ITEMS: [(&str, Set); 13] = [
    ("size", |bwat, to| bwat.size = to),
    ("depth", |bwat, to| bwat.depth = to),
    ("edges", |bwat, to| bwat.edges = to),
    ("undermining", |bwat, to| bwat.undermining = to),
    ("necrosis_type", |bwat, to| bwat.necrosis_type = to),
    ("necrosis_amount", |bwat, to| bwat.necrosis_amount = to),
    ("exudate_type", |bwat, to| bwat.exudate_type = to),
    ("exudate_amount", |bwat, to| bwat.exudate_amount = to),
    ("surrounding_skin", |bwat, to| bwat.surrounding_skin = to),
    ("oedema", |bwat, to| bwat.oedema = to),
    ("induration", |bwat, to| bwat.induration = to),
    ("granulation", |bwat, to| bwat.granulation = to),
    ("epithelialisation", |bwat, to| bwat.epithelialisation = to),
];

fn of(points: [i32; 13]) -> Bwat {
    let mut bwat = Bwat::default();
    for ((_, set), points) in ITEMS.iter().zip(points) {
        set(&mut bwat, Some(points));
    }
    bwat
}

/// Thirteen items with this sum.
fn with_total(total: i32) -> Bwat {
    let mut points = [1; 13];
    let mut left = total - 13;
    for item in &mut points {
        let more = left.min(4);
        *item += more;
        left -= more;
    }
    of(points)
}

fn size_points(length: i32, width: i32) -> i32 {
    let bwat = Bwat { length_mm: Some(length), width_mm: Some(width), size: None, ..of([1; 13]) };
    bwat.score().unwrap().items[0].points
}

#[test]
fn every_total_falls_in_its_band() {
    for total in 13..=65 {
        let scored = with_total(total).score().unwrap();
        let band = match total {
            13..=20 => "minimal",
            21..=30 => "mild",
            31..=40 => "moderate",
            _ => "extreme",
        };
        assert_eq!((scored.total, scored.band), (Some(total), Some(band)));
    }
}

#[test]
fn each_item_counts_once_and_stands_under_its_own_name() {
    for (place, (field, set)) in ITEMS.iter().enumerate() {
        let mut bwat = of([1; 13]);
        set(&mut bwat, Some(4));
        let scored = bwat.score().unwrap();
        assert_eq!(scored.total, Some(16), "{field}");
        assert_eq!((scored.items[place].code, scored.items[place].points), (*field, 4));
    }
}

#[test]
fn every_item_that_is_missing_or_out_of_range_is_refused_by_its_name() {
    for (field, set) in ITEMS {
        let mut bwat = of([3; 13]);
        set(&mut bwat, None);
        assert_eq!(bwat.score(), Err(Refusal::Missing { field }));
        for bad in [i32::MIN, -1, 0, 6, i32::MAX] {
            set(&mut bwat, Some(bad));
            assert_eq!(bwat.score(), Err(Refusal::OutOfRange { field, low: 1, high: 5 }), "{bad}");
        }
    }
}

#[test]
fn every_limit_of_the_size_is_where_the_form_has_it() {
    for (mm2, (length, width), points) in [
        (0, (0, 0), 1),
        (1, (1, 1), 1),
        (399, (133, 3), 1),
        (400, (20, 20), 2),
        (1600, (40, 40), 2),
        (1601, (1601, 1), 3),
        (1610, (70, 23), 3),
        (3600, (60, 60), 3),
        (3601, (277, 13), 4),
        (8000, (100, 80), 4),
        (8001, (381, 21), 5),
        (4_000_000, (MAX_MM, MAX_MM), 5),
    ] {
        assert_eq!(length * width, mm2, "the case itself");
        assert_eq!(size_points(length, width), points, "{mm2} mm²");
    }
}

#[test]
fn a_measured_size_needs_no_picked_one_and_must_agree_with_it() {
    let measured = Bwat { length_mm: Some(40), width_mm: Some(40), ..of([2; 13]) };
    let scored = measured.score().unwrap();
    assert_eq!(scored.items[0].measured_by, Some("length_x_width"));
    assert_eq!(Bwat { size: None, ..measured }.score().unwrap().total, scored.total);
    assert_eq!(Bwat { size: Some(3), ..measured }.score(), Err(Refusal::Contradictory { field: "size" }));
    let out = Refusal::OutOfRange { field: "size", low: 1, high: 5 };
    assert_eq!(Bwat { size: Some(0), ..measured }.score(), Err(out));
    assert_eq!(Bwat { width_mm: None, ..measured }.score(), Err(Refusal::Missing { field: "width_mm" }));
    assert_eq!(of([2; 13]).score().unwrap().items[0].measured_by, None);
}

#[test]
fn the_score_names_its_table() {
    let scored = of([5; 13]).score().unwrap();
    assert_eq!((scored.instrument, scored.table_version), (Instrument::Bwat, "13-item-1"));
    assert_eq!((scored.total, scored.band), (Some(65), Some("extreme")));
}

proptest! {
    #[test]
    fn a_longer_or_wider_wound_never_scores_less(
        length in 1..=MAX_MM, width in 1..=MAX_MM, longer in 0..=MAX_MM, wider in 0..=MAX_MM,
    ) {
        let larger = size_points((length + longer).min(MAX_MM), (width + wider).min(MAX_MM));
        prop_assert!(larger >= size_points(length, width));
    }

    #[test]
    fn the_total_is_the_sum_of_its_items(points in prop::array::uniform13(1..=5)) {
        let scored = of(points).score().unwrap();
        prop_assert_eq!(scored.total, Some(points.iter().sum()));
    }
}

#[test]
fn an_area_that_was_measured_as_such_gives_the_size() {
    let area = |area: i32| {
        Bwat { size: None, area_mm2: Some(area), ..of([1; 13]) }.score().map(|scored| scored.items[0].points)
    };
    assert_eq!([area(0), area(399), area(1600), area(1601)], [Ok(1), Ok(1), Ok(2), Ok(3)]);
    let out = Refusal::OutOfRange { field: "area_mm2", low: 0, high: 4_000_000 };
    assert_eq!([area(-1), area(4_000_001)], [Err(out), Err(out)]);
    let denied = Bwat { size: Some(5), area_mm2: Some(100), ..of([1; 13]) };
    assert_eq!(denied.score(), Err(Refusal::Contradictory { field: "size" }));
    let ruler = Bwat { size: None, length_mm: Some(10), width_mm: Some(10), area_mm2: Some(9000), ..of([1; 13]) };
    assert_eq!(ruler.score().unwrap().items[0].points, 1, "the ruler decides");
}
