//! Whether a photo's colours are shown as its camera saw them, whatever they are written in: by another reader of profiles.

use image::{Rgb, RgbImage};
use moxcms::{ColorProfile, Layout, TransformOptions};
use samspil_imaging::{Limits, Rendition, process};
use samspil_phantom::{Icc, Metadata, Scene, photograph};

use crate::make::*;

/// A rendition as a browser shows it on an sRGB screen.
fn shown(rendition: &Rendition) -> RgbImage {
    let picture = pixels(&rendition.jpeg);
    let Some(profile) = inspected(&rendition.jpeg).icc_profile else { return picture };
    let from = ColorProfile::new_from_slice(&profile).unwrap();
    let transform = from
        .create_transform_8bit(Layout::Rgb, &ColorProfile::new_srgb(), Layout::Rgb, TransformOptions::default())
        .unwrap();
    let mut shown = picture.clone();
    transform.transform(picture.as_raw(), &mut shown).unwrap();
    shown
}

fn mean_difference(one: &RgbImage, other: &RgbImage) -> f64 {
    assert_eq!(one.dimensions(), other.dimensions());
    one.iter().zip(other.iter()).map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>() / one.len() as f64
}

#[test]
fn a_wound_in_display_p3_is_shown_as_the_same_wound_in_srgb() {
    let scene = Scene { width: 640, height: 480, ..Scene::visit(7, 0) };
    let made = |icc| {
        let (photo, _) = photograph(&scene, &Metadata { icc, ..Metadata::default() });
        process(&photo, &Limits::default()).unwrap()
    };
    let (wide, usual) = (made(Icc::DisplayP3), made(Icc::None));
    for (wide, usual) in [(&wide.display, &usual.display), (&wide.thumbnail, &usual.thumbnail)] {
        let as_shown = mean_difference(&shown(wide), &shown(usual));
        let as_written = mean_difference(&pixels(&wide.jpeg), &pixels(&usual.jpeg));
        println!("as shown {as_shown:.2}, as written {as_written:.2}");
        // What is left is JPEG's rounding, in two encodings of the same colours.
        assert!(as_shown < 2.0 && as_written > 2.0 * as_shown, "{as_shown} {as_written}");
    }
}

/// What sRGB's red, green and blue, and a grey, are in Adobe RGB.
const IN_ADOBE_RGB: [([u8; 3], [u8; 3]); 4] = [
    ([219, 0, 0], [255, 0, 0]),
    ([144, 255, 60], [0, 255, 0]),
    ([0, 0, 250], [0, 0, 255]),
    ([127, 127, 127], [128, 128, 128]),
];

/// A photo as a camera that is set to Adobe RGB writes it: no profile, and two places in EXIF.
fn adobe_rgb_photo(colour: [u8; 3], colour_space: u16, rule: &str) -> Vec<u8> {
    let mut tiff = Tiff::full(1);
    tiff.short(1, 0xA001, colour_space);
    tiff.text(3, 1, rule);
    let block = [b"Exif\0\0", tiff.build().as_slice()].concat();
    with_segments(&jpeg(&RgbImage::from_pixel(64, 48, Rgb(colour))), &[(0xE1, block)])
}

#[test]
fn a_photo_that_says_in_exif_alone_that_it_is_adobe_rgb_is_shown_in_its_true_colours() {
    for (written, colour) in IN_ADOBE_RGB {
        for bytes in [adobe_rgb_photo(written, 0xFFFF, "R03"), adobe_rgb_photo(written, 2, "R98")] {
            let clean = samspil_imaging::strip(&bytes, &inspected(&bytes)).unwrap();
            assert!(!contains(&clean, SECRET) && !contains(&clean, b"R03"));
            assert_eq!(inspected(&clean).icc_profile, inspected(&bytes).icc_profile);
            assert_eq!(pixels(&clean), pixels(&bytes));
            let made = process(&bytes, &Limits::default()).unwrap();
            let seen = shown(&made.display).get_pixel(32, 24).0;
            let off = seen.iter().zip(colour).map(|(seen, wanted)| seen.abs_diff(wanted)).max();
            assert!(off <= Some(6), "{seen:?} instead of {colour:?}");
        }
    }
}

#[test]
fn what_exif_says_of_colours_counts_only_where_nothing_better_says_it() {
    let usual = adobe_rgb_photo([9, 9, 9], 1, "R98");
    assert_eq!(inspected(&usual).icc_profile, None);
    let unknown = adobe_rgb_photo([9, 9, 9], 0xFFFF, "THM");
    assert_eq!(inspected(&unknown).icc_profile, None);
    let adobe = adobe_rgb_photo([9, 9, 9], 0xFFFF, "R03");
    let with_its_own = with_segments(&adobe, &[(0xE2, [b"ICC_PROFILE\0\x01\x01", icc().as_slice()].concat())]);
    assert_eq!(inspected(&with_its_own).icc_profile, Some(icc()));

    let mut tiff = Tiff::default();
    tiff.text(3, 1, "R03");
    let block = [b"Exif\0\0", tiff.build().as_slice()].concat();
    let grey = encoded(&[128; 64 * 48], (64, 48), jpeg_encoder::ColorType::Luma, false);
    assert_eq!(inspected(&with_segments(&grey, &[(0xE1, block)])).icc_profile, None);
}
