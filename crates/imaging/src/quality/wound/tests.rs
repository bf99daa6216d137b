//! The wound on drawn pictures.

use super::*;
use crate::picture::Layout;

const UPRIGHT: (u32, u32) = (4000, 3000);

fn picture(value: impl Fn(u32, u32) -> u8) -> Picture {
    let samples = (0..300).flat_map(|y| (0..400).map(move |x| (x, y)));
    let samples = samples.map(|(x, y)| value(x, y)).collect();
    Picture { width: 400, height: 300, layout: Layout::Luma, samples }
}

/// A pattern of squares of four pixels.
fn squares(x: u32, y: u32) -> u8 {
    if (x / 4 + y / 4).is_multiple_of(2) { 90 } else { 150 }
}

/// From 100 to 180 across and 100 to 160 down the picture, in pixels of the original, which has ten times as many.
fn wound() -> Vec<Point> {
    [(1000.0, 1000.0), (1800.0, 1000.0), (1800.0, 1600.0), (1000.0, 1600.0)].map(|(x, y)| Point { x, y }).to_vec()
}

/// In the wound or in the skin around it.
fn is_near_wound(x: u32, y: u32) -> bool {
    (80..200).contains(&x) && (80..180).contains(&y)
}

fn verdict(picture: &Picture) -> WoundQuality {
    WoundQuality::on(picture, UPRIGHT, &[wound()], &Thresholds::default()).unwrap()
}

#[test]
fn a_sharp_wound_gives_no_warning_whatever_lies_around() {
    for around in [0, 60, 255] {
        let quality = verdict(&picture(|x, y| if is_near_wound(x, y) { squares(x, y) } else { around }));
        assert_eq!(quality.warnings, []);
        assert!((quality.mean_luma - 120.0).abs() < 2.0);
        assert_eq!((quality.clipped_dark, quality.clipped_bright), (0.0, 0.0));
    }
}

#[test]
fn a_wound_without_detail_is_blurred_in_a_sharp_photo() {
    let photo = picture(|x, y| if is_near_wound(x, y) { 120 } else { squares(x, y) });
    assert_eq!(verdict(&photo).warnings, [Warning::WoundBlurred]);
}

#[test]
fn a_wound_in_the_shade_or_in_the_light_is_too_dark_or_too_bright() {
    let lit = |value: u8| move |x, y| if is_near_wound(x, y) { value + squares(x, y) / 40 } else { squares(x, y) };
    let warned = |value| verdict(&picture(lit(value))).warnings;
    assert_eq!(warned(10), [Warning::WoundBlurred, Warning::WoundTooDark]);
    assert_eq!(warned(0), [Warning::WoundBlurred, Warning::WoundTooDark]);
    assert_eq!(warned(251), [Warning::WoundBlurred, Warning::WoundTooBright]);
}

#[test]
fn the_size_is_that_of_the_outline_on_the_original() {
    let quality = verdict(&picture(squares));
    assert!((quality.share - 0.04).abs() < 1e-6);
    // At right angles to the diagonal.
    assert!((quality.shorter_side_px - 960.0).abs() < 1.0, "{}", quality.shorter_side_px);
}

#[test]
fn a_small_wound_is_too_small_and_the_largest_of_several_counts() {
    let at = |x: f64, y: f64, scale: f64| -> Vec<Point> {
        let corners = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)];
        corners.map(|(right, down)| Point { x: x + right * scale, y: y + down * scale }).to_vec()
    };
    let warned = |outlines: &[Vec<Point>]| {
        WoundQuality::on(&picture(squares), UPRIGHT, outlines, &Thresholds::default()).unwrap().warnings
    };
    assert_eq!(warned(&[at(500.0, 500.0, 50.0)]), [Warning::WoundTooSmall]);
    assert_eq!(warned(&[at(500.0, 500.0, 50.0), at(2000.0, 2000.0, 500.0)]), []);
}

#[test]
fn a_black_border_beside_the_wound_changes_nothing() {
    let bare = verdict(&picture(squares));
    // The border begins in the margin of skin.
    let padded = verdict(&picture(|x, y| if x < 184 { squares(x, y) } else { 0 }));
    assert!((bare.sharpness / padded.sharpness - 1.0).abs() < 0.05, "{bare:?} {padded:?}");
    assert!((bare.mean_luma - padded.mean_luma).abs() < 2.0);
    assert_eq!(padded.clipped_dark, 0.0);
    assert!(padded.share > 2.0 * bare.share, "the border is no part of the photo");
}

#[test]
fn a_wound_is_measured_at_the_same_scale_however_large_it_is() {
    let pattern = |side: u32| move |x: u32, y: u32| if (x / side + y / side).is_multiple_of(2) { 90 } else { 150 };
    let twice: Vec<Point> = wound().iter().map(|p| Point { x: p.x * 2.0 - 1000.0, y: p.y * 2.0 - 1000.0 }).collect();
    let at = Thresholds { wound_pixels: 1200, ..Thresholds::default() };
    let of = |picture, wound| WoundQuality::on(&picture, UPRIGHT, &[wound], &at).unwrap().sharpness;
    let (near, far) = (of(picture(pattern(16)), twice), of(picture(pattern(8)), wound()));
    assert!((near / far - 1.0).abs() < 0.25, "{near} {far}");
}

#[test]
fn outlines_without_a_pixel_of_the_photo_have_no_verdict() {
    let quality =
        |photo: &Picture, outlines: &[Vec<Point>]| WoundQuality::on(photo, UPRIGHT, outlines, &Thresholds::default());
    assert_eq!(quality(&picture(squares), &[]), None);
    assert_eq!(quality(&picture(squares), &[vec![Point { x: 5.0, y: 5.0 }; 3]]), None);
    let in_the_border = picture(|x, y| if x < 60 { squares(x, y) } else { 0 });
    assert_eq!(quality(&in_the_border, &[wound()]), None);
}
