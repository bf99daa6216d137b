//! The instruments that a foot in diabetes is graded with: SINBAD, Wagner, University of Texas.

use samspil_scores::{Inputs, Instrument, Refusal, Sinbad, Texas, Wagner};

fn sinbad(points: [i32; 6]) -> Sinbad {
    let [site, ischaemia, neuropathy, infection, area, depth] = points.map(Some);
    Sinbad { site, ischaemia, neuropathy, infection, area, depth, length_mm: None, width_mm: None }
}

#[test]
fn sinbad_counts_its_six_points() {
    for bits in 0..64 {
        let points = [0, 1, 2, 3, 4, 5].map(|item| (bits >> item) & 1);
        let scored = sinbad(points).score().unwrap();
        let total = points.iter().sum();
        let band = if total < 3 { "below_3" } else { "from_3" };
        assert_eq!((scored.total, scored.band), (Some(total), Some(band)));
        let items: Vec<_> = scored.items.iter().map(|item| item.points).collect();
        assert_eq!(items, points);
    }
    let codes: Vec<_> = sinbad([0; 6]).score().unwrap().items.iter().map(|item| item.code).collect();
    assert_eq!(codes, ["site", "ischaemia", "neuropathy", "infection", "area", "depth"]);
}

#[test]
fn sinbad_counts_the_area_from_one_square_centimetre() {
    for (length, width, points) in [(0, 0, 0), (1, 1, 0), (33, 3, 0), (99, 1, 0), (10, 10, 1), (101, 1, 1)] {
        let measured = Sinbad { area: None, length_mm: Some(length), width_mm: Some(width), ..sinbad([0; 6]) };
        let item = measured.score().unwrap().items[4];
        assert_eq!((item.points, item.measured_by), (points, Some("length_x_width")), "{length} x {width}");
        assert_eq!(
            Sinbad { area: Some(1 - points), ..measured }.score(),
            Err(Refusal::Contradictory { field: "area" })
        );
        assert_eq!(Sinbad { length_mm: None, ..measured }.score(), Err(Refusal::Missing { field: "length_mm" }));
    }
}

#[test]
fn sinbad_refuses_each_item_by_its_name() {
    let whole = sinbad([0; 6]);
    type Set = fn(Sinbad, Option<i32>) -> Sinbad;
    let items: [(&str, Set); 6] = [
        ("site", |sinbad, site| Sinbad { site, ..sinbad }),
        ("ischaemia", |sinbad, ischaemia| Sinbad { ischaemia, ..sinbad }),
        ("neuropathy", |sinbad, neuropathy| Sinbad { neuropathy, ..sinbad }),
        ("infection", |sinbad, infection| Sinbad { infection, ..sinbad }),
        ("area", |sinbad, area| Sinbad { area, ..sinbad }),
        ("depth", |sinbad, depth| Sinbad { depth, ..sinbad }),
    ];
    for (field, set) in items {
        assert_eq!(set(whole, None).score(), Err(Refusal::Missing { field }));
        for bad in [i32::MIN, -1, 2, i32::MAX] {
            assert_eq!(set(whole, Some(bad)).score(), Err(Refusal::OutOfRange { field, low: 0, high: 1 }), "{bad}");
        }
    }
}

#[test]
fn wagner_has_six_grades() {
    for grade in 0..=5 {
        let scored = Wagner { grade: Some(grade) }.score().unwrap();
        assert_eq!((scored.grade, scored.band), (Some(grade), scored.items[0].choice));
        assert_eq!((scored.instrument, scored.table_version), (Instrument::Wagner, "1981-1"));
        assert_eq!((scored.total, scored.stage), (None, None));
    }
    assert_eq!(Wagner { grade: Some(0) }.score().unwrap().band, Some("at_risk"));
    assert_eq!(Wagner { grade: Some(5) }.score().unwrap().band, Some("extensive_gangrene"));
    assert_eq!(Wagner::default().score(), Err(Refusal::Missing { field: "grade" }));
    for bad in [i32::MIN, -1, 6, i32::MAX] {
        let refused = Refusal::OutOfRange { field: "grade", low: 0, high: 5 };
        assert_eq!(Wagner { grade: Some(bad) }.score(), Err(refused));
    }
}

#[test]
fn texas_stages_by_infection_and_ischaemia() {
    for grade in 0..=3 {
        for (infection, ischaemia, stage, letter) in [(0, 0, 1, "a"), (1, 0, 2, "b"), (0, 1, 3, "c"), (1, 1, 4, "d")] {
            let inputs = Texas { grade: Some(grade), infection: Some(infection), ischaemia: Some(ischaemia) };
            let scored = Inputs::from(inputs).score().unwrap();
            assert_eq!((scored.grade, scored.stage, scored.band), (Some(grade), Some(stage), Some(letter)));
            assert_eq!((scored.instrument, scored.table_version), (Instrument::Texas, "1996-1"));
        }
    }
}

#[test]
fn texas_refuses_each_field_by_its_name() {
    let whole = Texas { grade: Some(1), infection: Some(0), ischaemia: Some(0) };
    for (inputs, field) in [
        (Texas { grade: None, ..whole }, "grade"),
        (Texas { infection: None, ..whole }, "infection"),
        (Texas { ischaemia: None, ..whole }, "ischaemia"),
    ] {
        assert_eq!(inputs.score(), Err(Refusal::Missing { field }));
    }
    for bad in [i32::MIN, -1, 4, i32::MAX] {
        for (inputs, field, high) in [
            (Texas { grade: Some(bad), ..whole }, "grade", 3),
            (Texas { infection: Some(bad), ..whole }, "infection", 1),
            (Texas { ischaemia: Some(bad), ..whole }, "ischaemia", 1),
        ] {
            assert_eq!(inputs.score(), Err(Refusal::OutOfRange { field, low: 0, high }), "{bad}");
        }
    }
    let refused = Refusal::OutOfRange { field: "infection", low: 0, high: 1 };
    assert_eq!(Texas { infection: Some(2), ..whole }.score(), Err(refused));
}
