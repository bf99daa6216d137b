//! Colours set right by the card.

use samspil_imaging::colour::{Uncorrectable, correct};
use samspil_imaging::marker::{Grey, Marker, Print, find};
use samspil_imaging::{Limits, inspect};
use samspil_marker::{PATCHES, SIDE_MM, TAG};
use samspil_phantom::{Icc, Metadata, Scene, Truth, View, photograph};

use crate::make::pixels;
use crate::marker::seen;

fn shot(scene: &Scene, icc: Icc) -> (Vec<u8>, Marker, Truth) {
    let (jpeg, truth) = photograph(scene, &Metadata { icc, ..Metadata::default() });
    let marker = find(&Grey::decode(&jpeg, &Limits::default()).unwrap().0, Print::AS_SENT).unwrap();
    (jpeg, marker, truth)
}

/// The mean levels about the middle of a patch; straight above, the card's millimetres are the picture's.
fn patch(jpeg: &[u8], marker: &Marker, photo_width: f64, n: usize) -> [f64; 3] {
    let picture = pixels(jpeg);
    let share = f64::from(picture.width()) / photo_width;
    let [a, b, _, d] = marker.square.corners;
    let place = PATCHES[n].place;
    let (s, t) =
        ((place.left + place.width / 2.0 - TAG.left) / SIDE_MM, (place.top + place.height / 2.0 - TAG.top) / SIDE_MM);
    let x = (a.x + s * (b.x - a.x) + t * (d.x - a.x)) * share;
    let y = (a.y + s * (b.y - a.y) + t * (d.y - a.y)) * share;
    let mut sum = [0.0; 3];
    for n in 0..49 {
        let pixel = picture.get_pixel(x as u32 + n % 7 - 3, y as u32 + n / 7 - 3);
        for (sum, level) in sum.iter_mut().zip(pixel.0) {
            *sum += f64::from(level) / 49.0;
        }
    }
    sum
}

#[test]
fn a_yellow_dim_photo_becomes_grey_where_the_card_is() {
    for icc in [Icc::None, Icc::DisplayP3] {
        let scene =
            Scene { cast: [1.25, 1.0, 0.7], exposure: 0.5, ..seen(View { distance_mm: 180.0, ..View::default() }) };
        let (jpeg, marker, _) = shot(&scene, icc);
        let corrected = correct(&jpeg, &Limits::default(), &marker).unwrap();
        let [before, after] = corrected.correction.residual;
        assert!(after < 0.4 * before, "{:?}", corrected.correction);
        let [red, green, blue] = corrected.correction.gains;
        assert!(red < green && green < blue, "{:?}", corrected.correction);
        for n in 0..4 {
            let spread = |[r, g, b]: [f64; 3]| r.max(g).max(b) - r.min(g).min(b);
            let (was, is) = (patch(&jpeg, &marker, 2048.0, n), patch(&corrected.rendition.jpeg, &marker, 2048.0, n));
            assert!(spread(was) > 20.0, "{was:?}");
            assert!(spread(is) < 6.0, "{is:?}");
        }
        // Its file says what it is, keeps the profile, and nothing else of what was in the photo's.
        let comment = b"colours corrected by the grey patches of marker 005";
        assert!(corrected.rendition.jpeg.windows(comment.len()).any(|part| part == comment));
        let (was, is) = (
            inspect(&jpeg, &Limits::default()).unwrap(),
            inspect(&corrected.rendition.jpeg, &Limits::default()).unwrap(),
        );
        assert_eq!(is.icc_profile, was.icc_profile);
        assert!(!is.has_gps && is.camera.is_none());
        assert_eq!((is.width, is.height), (1600, 1200));
    }
}

#[test]
fn a_well_lit_photo_is_changed_little() {
    let (jpeg, marker, _) = shot(&seen(View::default()), Icc::None);
    let corrected = correct(&jpeg, &Limits::default(), &marker).unwrap();
    assert!(corrected.correction.gains.iter().all(|gain| (0.8..1.25).contains(gain)), "{:?}", corrected.correction);
}

#[test]
fn a_card_whose_patches_are_not_to_be_read_corrects_nothing() {
    // A marker that is said to be elsewhere has skin, cloth or nothing where its patches should be.
    let (jpeg, marker, _) = shot(&seen(View::default()), Icc::None);
    for by in [-900.0, 400.0] {
        let mut elsewhere = marker.clone();
        elsewhere.square.corners.iter_mut().for_each(|corner| corner.x += by);
        assert_eq!(correct(&jpeg, &Limits::default(), &elsewhere), Err(Uncorrectable::Patches), "{by}");
    }
    let (bright, marker, _) = shot(&Scene { exposure: 6.0, ..seen(View::default()) }, Icc::None);
    assert_eq!(correct(&bright, &Limits::default(), &marker), Err(Uncorrectable::Patches));
}
