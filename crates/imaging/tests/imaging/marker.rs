//! The marker on photos whose every millimetre is known, and on photos that have none.

use proptest::prelude::*;
use samspil_imaging::Limits;
use samspil_imaging::marker::{Caution, Grey, Marker, MarkerId, Print, Trouble, find, find_all};
use samspil_phantom::{Card, Icc, Metadata, Scene, Truth, View, draw, photograph};

pub(crate) fn card(number: u16) -> Card {
    Card::Printed { id: MarkerId::new(number).unwrap(), scale: 1.0 }
}

pub(crate) fn seen(view: View) -> Scene {
    Scene { card: card(5), view: Some(view), ..Scene::visit(11, 1).megapixels(3) }
}

/// A photo of a scene, decoded.
pub(crate) fn shot(scene: &Scene) -> (Grey, Truth) {
    let (jpeg, truth) = photograph(scene, &Metadata { icc: Icc::None, ..Metadata::default() });
    (Grey::decode(&jpeg, &Limits::default()).unwrap().0, truth)
}

/// A scene's picture of one sample a pixel, with no file in between.
fn luma(scene: &Scene) -> Vec<u8> {
    draw(scene).0.as_chunks::<3>().0.iter().map(|[_, green, _]| *green).collect()
}

fn looked_for(scene: &Scene) -> Result<Marker, Trouble> {
    find(&shot(scene).0, Print::AS_SENT)
}

/// What is found on rows of luma.
fn found_on(width: usize, luma: Vec<u8>) -> Result<Marker, Trouble> {
    let height = luma.len() / width;
    find(&Grey::new(width as u32, height as u32, luma).unwrap(), Print::AS_SENT)
}

fn off_px(marker: &Marker, drawn: &[[f32; 2]; 4]) -> f64 {
    let off = |(corner, drawn): (&samspil_imaging::outline::Point, &[f32; 2])| {
        (corner.x - f64::from(drawn[0])).hypot(corner.y - f64::from(drawn[1]))
    };
    marker.square.corners.iter().zip(drawn).map(off).fold(0.0, f64::max)
}

#[test]
fn corners_are_where_they_were_drawn_and_tilt_and_distance_are_those_of_the_camera() {
    for (tilt_deg, towards_deg, roll_deg, distance_mm) in
        [(0.0, 0.0, 0.0, 160.0), (20.0, 100.0, 45.0, 200.0), (45.0, 280.0, -100.0, 240.0)]
    {
        let view = View { tilt_deg, towards_deg, roll_deg, distance_mm, ..View::default() };
        let (grey, truth) = shot(&seen(view));
        let marker = find(&grey, Print::AS_SENT).unwrap();
        assert_eq!(marker.id.number(), 5);
        assert!(off_px(&marker, &truth.marker_px) < 0.2, "{view:?}: {} px", off_px(&marker, &truth.marker_px));
        assert!((marker.pose.tilt_deg - f64::from(tilt_deg)).abs() < 1.5, "{:?}", marker.pose);
        assert_eq!(marker.cautions.contains(&Caution::Tilted), tilt_deg > 30.0);
        // The card lies some way off the point that the camera looks at.
        assert!((marker.pose.distance_mm / f64::from(distance_mm) - 1.0).abs() < 0.2, "{:?}", marker.pose);
    }
}

#[test]
fn the_focal_length_that_a_camera_tells_is_used_and_another_changes_the_tilt_alone() {
    let scene = seen(View { tilt_deg: 40.0, focal_35mm: 48.0, distance_mm: 380.0, ..View::default() });
    let found = |focal_35mm| {
        let (jpeg, _) = photograph(&scene, &Metadata { focal_35mm, ..Metadata::default() });
        find(&Grey::decode(&jpeg, &Limits::default()).unwrap().0, Print::AS_SENT).unwrap()
    };
    let (told, usual) = (found(Some(48)), found(None));
    assert!(told.focal.told && !usual.focal.told);
    assert!((told.pose.tilt_deg - 40.0).abs() < 1.5, "{:?}", told.pose);
    assert!((usual.pose.tilt_deg - 40.0).abs() > 3.0, "{:?}", usual.pose);
    assert_eq!(told.square.corners, usual.square.corners);
}

#[test]
fn every_card_of_ours_is_found_by_its_number() {
    for id in MarkerId::all() {
        let (width, height) = (640, 480);
        let card = Card::Printed { id, scale: 1.0 };
        let scene = Scene { width, height, card, ..seen(View { distance_mm: 150.0, ..View::default() }) };
        assert_eq!(found_on(640, luma(&scene)).unwrap().id, id);
    }
}

#[test]
fn a_black_photo_a_plain_one_and_one_of_a_single_pixel_have_no_marker() {
    assert_eq!(found_on(1, vec![255]), Err(Trouble::None));
    assert_eq!(found_on(3, vec![7; 3 * 40]), Err(Trouble::None));
    for level in [0, 128, 255] {
        assert_eq!(found_on(1000, vec![level; 1000 * 700]), Err(Trouble::None));
    }
    assert!(Grey::new(2, 2, vec![0; 3]).is_none() && Grey::new(0, 0, Vec::new()).is_none());
    assert_eq!(looked_for(&Scene { card: Card::None, ..seen(View::default()) }), Err(Trouble::None));
    // The plain square of old demo pictures is no marker.
    assert_eq!(looked_for(&Scene { card: Card::Square, ..seen(View::default()) }), Err(Trouble::None));
}

#[test]
fn half_a_marker_is_none() {
    let scene = seen(View::default());
    let (luma, (_, truth)) = (luma(&scene), draw(&scene));
    let [a, b, ..] = truth.marker_px;
    let middle = ((a[0] + b[0]) / 2.0) as usize;
    // A hand over its left half, and a photo that ends in its middle.
    let covered = luma.iter().enumerate().map(|(n, level)| if n % 2048 < middle { 120 } else { *level }).collect();
    assert_eq!(found_on(2048, covered), Err(Trouble::None));
    let cut: Vec<u8> = luma.chunks(2048).flat_map(|row| row[..middle].to_vec()).collect();
    assert_eq!(found_on(middle, cut), Err(Trouble::None));
}

#[test]
fn a_mirrored_photo_is_told_from_one_without_a_marker() {
    let mut luma = luma(&seen(View::default()));
    luma.chunks_mut(2048).for_each(<[u8]>::reverse);
    assert_eq!(found_on(2048, luma), Err(Trouble::Mirrored));
}

#[test]
fn two_markers_of_one_print_agree_and_the_nearer_is_used() {
    let view = View { distance_mm: 260.0, tilt_deg: 15.0, ..View::default() };
    let scene = Scene { second: card(9), ..seen(view) };
    let (grey, _) = shot(&scene);
    let mut numbers: Vec<u16> =
        find_all(&grey, Print::AS_SENT).unwrap().iter().map(|marker| marker.id.number()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [5, 9]);
    let used = find(&grey, Print::AS_SENT).unwrap();
    assert!(find_all(&grey, Print::AS_SENT).unwrap().iter().all(|marker| marker.side_px() <= used.side_px()));
}

#[test]
fn a_second_card_tells_that_one_was_printed_at_90_percent() {
    let shrunk = Card::Printed { id: MarkerId::new(9).unwrap(), scale: 0.9 };
    let scene = Scene { second: shrunk, ..seen(View { distance_mm: 260.0, ..View::default() }) };
    match looked_for(&scene) {
        Err(Trouble::Disagree { ratio }) => assert!((ratio - 0.9).abs() < 0.02, "{ratio}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_card_printed_at_90_percent_measures_right_once_its_line_was_measured() {
    let shrunk = Card::Printed { id: MarkerId::new(5).unwrap(), scale: 0.9 };
    let (grey, _) = shot(&Scene { card: shrunk, ..seen(View::default()) });
    let print = Print::from_ruler(45.0).unwrap();
    let marker = find(&grey, print).unwrap();
    assert!(marker.cautions.contains(&Caution::Rescaled));
    // By the photo alone it passes for a card that lies further away.
    let unknowing = find(&grey, Print::AS_SENT).unwrap();
    assert!(unknowing.cautions.is_empty());
    assert!((unknowing.pose.distance_mm / marker.pose.distance_mm - 1.0 / 0.9).abs() < 1e-6);
}

#[test]
fn a_marker_on_a_bent_arm_is_refused_and_on_a_slight_bend_it_warns() {
    let on_limb = |radius| looked_for(&seen(View { limb_mm: Some(radius), tilt_deg: 20.0, ..View::default() }));
    for radius in [35.0, 45.0] {
        assert!(matches!(on_limb(radius), Err(Trouble::Bent { .. })), "{radius}: {:?}", on_limb(radius));
    }
    let slight = on_limb(110.0).unwrap();
    assert!(slight.cautions.contains(&Caution::Curved), "{}", slight.square.bend);
    let flat = looked_for(&seen(View { tilt_deg: 20.0, ..View::default() })).unwrap();
    assert!(flat.cautions.is_empty() && flat.square.bend == 0.0);
}

#[test]
fn a_marker_too_small_to_measure_by_is_not_measured_by() {
    let small = Scene { width: 400, height: 300, ..seen(View { distance_mm: 330.0, ..View::default() }) };
    match found_on(400, luma(&small)) {
        Err(Trouble::TooSmall { .. } | Trouble::None | Trouble::Unclear) => {}
        other => panic!("{other:?}"),
    }
}

/// A photo of a photo is a map of a map: what was in one plane still is, and measures as it did.
#[test]
fn a_photo_of_a_photo_shows_the_marker_where_it_was() {
    let scene = seen(View { tilt_deg: 15.0, ..View::default() });
    let (luma, (_, truth)) = (luma(&scene), draw(&scene));
    // The second camera sees the first's picture at three quarters of its size, aslant.
    let (width, height) = (2048usize, 1536usize);
    let to_first = |x: f64, y: f64| {
        let w = 1.0 + 4e-5 * x;
        ((1.3 * x - 250.0) / w, (1.25 * y + 0.05 * x - 150.0) / w)
    };
    let again = (0..width * height).map(|n| {
        let (x, y) = to_first((n % width) as f64 + 0.5, (n / width) as f64 + 0.5);
        let inside = x >= 0.0 && y >= 0.0 && (x as usize) < width && (y as usize) < height;
        if inside { luma[y as usize * width + x as usize] } else { 60 }
    });
    let marker = found_on(width, again.collect()).unwrap();
    for (corner, drawn) in marker.square.corners.iter().zip(truth.marker_px) {
        let (x, y) = to_first(corner.x, corner.y);
        let off = (x - f64::from(drawn[0])).hypot(y - f64::from(drawn[1]));
        assert!(off < 0.6, "{off} px");
    }
}

#[test]
fn a_photo_of_a_hundred_megapixels_is_looked_through_in_time() {
    // A drawn photo, each pixel 5 by 5 of the large one: markers of a thousand pixels a side.
    let scene = seen(View { distance_mm: 180.0, ..View::default() });
    let (luma, (_, truth)) = (luma(&scene), draw(&scene));
    let large: Vec<u8> = (0..1536 * 5)
        .flat_map(|y| luma[y / 5 * 2048..][..2048].iter().flat_map(|level| [*level; 5]).collect::<Vec<u8>>())
        .collect();
    let started = std::time::Instant::now();
    let marker = found_on(2048 * 5, large).unwrap();
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
    let drawn = truth.marker_px.map(|corner| corner.map(|px| px * 5.0));
    assert!(off_px(&marker, &drawn) < 2.0, "{} px", off_px(&marker, &drawn));
}

/// Patterns that a detector's inner tables might not be made for.
fn odd_luma() -> impl Strategy<Value = (usize, Vec<u8>)> {
    let size = (1usize..90, 1usize..90);
    prop_oneof![
        size.clone().prop_flat_map(|(w, h)| (Just(w), prop::collection::vec(any::<u8>(), w * h))),
        (size.clone(), 1usize..9, any::<u8>(), any::<u8>()).prop_map(|((w, h), side, a, b)| {
            (w, (0..w * h).map(|n| if (n % w / side + n / w / side) % 2 == 0 { a } else { b }).collect())
        }),
        (size, any::<u8>(), 1usize..40).prop_map(|((w, h), step, every)| {
            (w, (0..w * h).map(|n| ((n / every) as u8).wrapping_mul(step)).collect())
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn whatever_is_in_a_picture_the_detector_comes_back((width, luma) in odd_luma()) {
        let found = found_on(width, luma);
        prop_assert!(found.is_err(), "{:?}", found);
    }
}
