//! Known shapes, laid anywhere and turned.

use std::f64::consts::{PI, TAU};

use proptest::prelude::*;

use super::*;
use crate::measure::{self, Edge, Measures, TwoPoints};

const PHOTO: (u32, u32) = (4000, 3000);
const MIDDLE: Point = Point { x: 2000.0, y: 1500.0 };

/// Ten pixels are a millimetre.
const SCALE: Calibration =
    Calibration { start: Point { x: 100.0, y: 100.0 }, end: Point { x: 1100.0, y: 100.0 }, distance_mm: 100.0 };

fn at(x: f64, y: f64) -> Point {
    Point { x, y }
}

fn polygon(corners: &[(f64, f64)]) -> Vec<Point> {
    corners.iter().map(|&(x, y)| at(x, y)).collect()
}

/// Points round the middle of the photo, turned.
fn turned(corners: impl IntoIterator<Item = (f64, f64)>, angle: f64) -> Vec<Point> {
    let (sin, cos) = angle.sin_cos();
    corners.into_iter().map(|(x, y)| at(MIDDLE.x + x * cos - y * sin, MIDDLE.y + x * sin + y * cos)).collect()
}

fn ellipse(a: f64, b: f64, angle: f64) -> Vec<Point> {
    let corners = (0..720).map(|step| TAU * f64::from(step) / 720.0);
    turned(corners.map(|t| (a * t.cos(), b * t.sin())), angle)
}

/// What an outline measures by two points.
struct Scaled {
    area_mm2: f64,
    length_mm: f64,
    width_mm: f64,
    perimeter_mm: f64,
}

fn measured(points: &[Point], Calibration { start, end, distance_mm }: Calibration) -> Result<Scaled, Flaw> {
    let scale = measure::Calibration::TwoPoints(TwoPoints::new(start, end, distance_mm, PHOTO)?);
    let found = measure::measure(&[points.to_vec()], &scale, Edge::KNOWN, PHOTO).map_err(|(_, flaw)| flaw)?;
    let Measures { area_mm2, length_mm, width_mm, perimeter_mm } = found[0];
    let [area_mm2, length_mm, width_mm, perimeter_mm] =
        [area_mm2, length_mm, width_mm, perimeter_mm].map(|it| it.value);
    Ok(Scaled { area_mm2, length_mm, width_mm, perimeter_mm })
}

fn scaled(points: &[Point]) -> Scaled {
    measured(points, SCALE).unwrap()
}

fn near(found: f64, expected: f64, part: f64) -> bool {
    (found - expected).abs() <= expected.abs() * part
}

proptest! {
    #[test]
    fn a_rectangle_measures_the_same_however_it_lies(a in 1.0..1000.0f64, b in 1.0..1000.0f64, angle in 0.0..TAU) {
        let points = turned([(-a, -b), (a, -b), (a, b), (-a, b)].map(|(x, y)| (x / 2.0, y / 2.0)), angle);
        let (found, diagonal) = (scaled(&points), a.hypot(b));
        prop_assert!(near(area_px(&points, PHOTO).unwrap(), a * b, 1e-9));
        prop_assert!(near(found.area_mm2, a * b / 100.0, 1e-9));
        prop_assert!(near(found.length_mm, diagonal / 10.0, 1e-9));
        // The other two corners lie beside the diagonal, one on each side.
        prop_assert!(near(found.width_mm, 2.0 * a * b / diagonal / 10.0, 1e-6));
        prop_assert!(near(found.perimeter_mm, (a + b) / 5.0, 1e-9));
    }

    #[test]
    fn an_ellipse_measures_its_axes(a in 20.0..1000.0f64, ratio in 0.1..0.95f64, angle in 0.0..TAU) {
        let b = a * ratio;
        let found = scaled(&ellipse(a, b, angle));
        // Ramanujan's second approximation, right to a ten-thousandth here.
        let h = ((a - b) / (a + b)).powi(2);
        let round = PI * (a + b) * (1.0 + 3.0 * h / (10.0 + (4.0 - 3.0 * h).sqrt()));
        prop_assert!(near(found.area_mm2, PI * a * b / 100.0, 1e-3));
        prop_assert!(near(found.length_mm, 2.0 * a / 10.0, 1e-3));
        prop_assert!(near(found.width_mm, 2.0 * b / 10.0, 1e-3));
        prop_assert!(near(found.perimeter_mm, round / 10.0, 1e-3));
    }

    #[test]
    fn twice_as_large_is_four_times_the_area(radii in star(), factor in 0.1..1.0f64) {
        let (large, small) = (scaled(&of_star(&radii, 1.0)), scaled(&of_star(&radii, factor)));
        prop_assert!(near(small.area_mm2, large.area_mm2 * factor * factor, 1e-9));
        prop_assert!(near(small.length_mm, large.length_mm * factor, 1e-9));
        prop_assert!(near(small.perimeter_mm, large.perimeter_mm * factor, 1e-9));
    }

    #[test]
    fn half_the_scale_is_a_quarter_of_the_area(radii in star(), distance_mm in 1.0..1000.0f64) {
        let points = of_star(&radii, 1.0);
        let whole = scaled(&points);
        let other = measured(&points, Calibration { distance_mm, ..SCALE }).unwrap();
        let factor = distance_mm / SCALE.distance_mm;
        prop_assert!(near(other.area_mm2, whole.area_mm2 * factor * factor, 1e-9));
        prop_assert!(near(other.width_mm, whole.width_mm * factor, 1e-9));
    }

    #[test]
    fn where_it_begins_and_which_way_it_goes_round_does_not_matter(radii in star(), start in 0..40usize) {
        let mut points = of_star(&radii, 1.0);
        let first = area_px(&points, PHOTO).unwrap();
        let count = points.len();
        points.rotate_left(start % count);
        prop_assert!(near(area_px(&points, PHOTO).unwrap(), first, 1e-9));
        points.reverse();
        prop_assert!(near(area_px(&points, PHOTO).unwrap(), first, 1e-9));
    }

    #[test]
    fn an_outline_that_takes_two_corners_in_the_wrong_order_crosses(a in 20.0..1000.0f64, b in 20.0..1000.0f64, at in 0..700usize) {
        let mut points = ellipse(a, b, 0.3);
        points.swap(at, at + 7);
        let found = area_px(&points, PHOTO);
        prop_assert!(matches!(found, Err(Flaw::Crosses { .. })), "{found:?}");
    }

    #[test]
    fn nothing_that_is_drawn_is_a_panic(points in prop::collection::vec((any::<f64>(), any::<f64>()), 0..20), mm: f64) {
        let points = polygon(&points);
        if let Ok(area) = area_px(&points, PHOTO) {
            prop_assert!(area.is_finite());
        }
        if let Some(first) = points.first()
            && let Ok(found) = measured(&points, Calibration { start: *first, end: MIDDLE, distance_mm: mm })
        {
            prop_assert!(found.area_mm2.is_finite());
        }
    }
}

/// Distances of corners from the middle, one in each direction: simple, whatever they are.
fn star() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(10.0..1400.0f64, 3..40)
}

fn of_star(radii: &[f64], factor: f64) -> Vec<Point> {
    let step = TAU / radii.len() as f64;
    let corner = |(index, radius): (usize, &f64)| {
        let angle = step * index as f64;
        (radius * factor * angle.cos(), radius * factor * angle.sin())
    };
    turned(radii.iter().enumerate().map(corner), 0.0)
}

#[test]
fn what_is_concave_is_measured_by_its_corners() {
    // An L of three squares of 100 px.
    let corners = [(0.0, 0.0), (200.0, 0.0), (200.0, 100.0), (100.0, 100.0), (100.0, 200.0), (0.0, 200.0)];
    assert_eq!(area_px(&polygon(&corners), PHOTO), Ok(30_000.0));
    let found = scaled(&polygon(&corners));
    assert!(near(found.area_mm2, 300.0, 1e-12) && near(found.perimeter_mm, 80.0, 1e-12));
    assert!(near(found.length_mm, 20.0 * 2f64.sqrt(), 1e-12));
}

#[test]
fn edges_that_cross_touch_or_lie_on_each_other_are_told() {
    let crosses = |corners: &[(f64, f64)]| match area_px(&polygon(corners), PHOTO) {
        Err(Flaw::Crosses { first, second }) => Some((first, second)),
        other => panic!("{other:?}"),
    };
    let bow_tie = [(0.0, 0.0), (100.0, 100.0), (100.0, 0.0), (0.0, 100.0)];
    assert_eq!(crosses(&bow_tie), Some((0, 2)));
    let corner_on_an_edge = [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (50.0, 0.0), (0.0, 100.0)];
    assert_eq!(crosses(&corner_on_an_edge), Some((0, 2)));
    let there_and_back = [(0.0, 0.0), (100.0, 0.0), (50.0, 0.0)];
    assert!(crosses(&there_and_back).is_some());
    let one_place = [(5.0, 5.0); 3];
    assert!(crosses(&one_place).is_some());
    let two_places = [(5.0, 5.0), (9.0, 9.0), (5.0, 5.0)];
    assert!(crosses(&two_places).is_some());
    let on_one_line = [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (80.0, 0.0), (20.0, 0.0), (0.0, 100.0)];
    assert!(crosses(&on_one_line).is_some());
}

#[test]
fn a_corner_said_twice_and_one_on_a_straight_edge_do_no_harm() {
    let square = [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)];
    let laden = [(0.0, 0.0), (50.0, 0.0), (100.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0), (0.0, 0.0)];
    assert_eq!(area_px(&polygon(&laden), PHOTO), area_px(&polygon(&square), PHOTO));
    assert_eq!(scaled(&polygon(&laden)).perimeter_mm, scaled(&polygon(&square)).perimeter_mm);
}

#[test]
fn what_is_not_on_the_photo_is_told() {
    let outside = |points: &[(f64, f64)]| match area_px(&polygon(points), PHOTO) {
        Err(Flaw::Outside { place }) => place,
        other => panic!("{other:?}"),
    };
    for (x, y) in [(-0.1, 5.0), (4000.1, 5.0), (5.0, -0.1), (5.0, 3000.1), (f64::NAN, 5.0), (5.0, f64::INFINITY)] {
        assert_eq!(outside(&[(0.0, 0.0), (x, y), (100.0, 100.0)]), "points[1]");
    }
    let whole = polygon(&[(0.0, 0.0), (4000.0, 0.0), (4000.0, 3000.0), (0.0, 3000.0)]);
    assert_eq!(area_px(&whole, PHOTO).unwrap(), 12e6, "its edges are on it");
    let off = Calibration { end: at(4001.0, 0.0), ..SCALE };
    let place = "calibration.end".to_owned();
    assert_eq!(measured(&whole, off).err(), Some(Flaw::Outside { place }));
}

#[test]
fn a_calibration_that_tells_no_scale_is_refused() {
    let square = polygon(&[(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)]);
    let flaw = |calibration: Calibration| measured(&square, calibration).err();
    assert_eq!(flaw(Calibration { end: at(119.9, 100.0), ..SCALE }), Some(Flaw::TooShort));
    assert_eq!(flaw(Calibration { end: at(120.0, 100.0), ..SCALE }), None);
    for distance_mm in [0.0, 0.99, -5.0, 1000.1, f64::NAN, f64::INFINITY] {
        assert_eq!(flaw(Calibration { distance_mm, ..SCALE }), Some(Flaw::OutOfRange), "{distance_mm}");
    }
    for distance_mm in [1.0, 1000.0] {
        assert_eq!(flaw(Calibration { distance_mm, ..SCALE }), None);
    }
}
