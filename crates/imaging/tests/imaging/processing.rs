//! What `process` makes of whole photos.

use std::io::Cursor;
use std::time::Duration;

use image::{DynamicImage, ImageDecoder, ImageFormat, Rgb, RgbImage};
use jpeg_encoder::ColorType;
use samspil_imaging::{Limits, Processed, Rendition, Warning, process, version};

use crate::make::*;

fn processed(bytes: &[u8]) -> Processed {
    process(bytes, &Limits::default()).unwrap()
}

/// The colours in the middle of the four quarters: top left, top right, bottom left, bottom right.
fn corners(rendition: &Rendition) -> [Rgb<u8>; 4] {
    let picture = pixels(&rendition.jpeg);
    assert_eq!(picture.dimensions(), (rendition.width, rendition.height));
    let (width, height) = picture.dimensions();
    let at = |x: u32, y: u32| *picture.get_pixel(width * x / 4, height * y / 4);
    [at(1, 1), at(3, 1), at(1, 3), at(3, 3)]
}

fn near(seen: Rgb<u8>, expected: [u8; 3], tolerance: u8) -> bool {
    seen.0.iter().zip(expected).all(|(seen, expected)| seen.abs_diff(expected) <= tolerance)
}

fn assert_corners(rendition: &Rendition, expected: [[u8; 3]; 4], what: &str) {
    for (seen, expected) in corners(rendition).into_iter().zip(expected) {
        assert!(near(seen, expected, 24), "{what}: {seen:?} instead of {expected:?}");
    }
}

#[test]
fn a_large_photo_gives_two_renditions_of_its_shape() {
    let made = processed(&jpeg(&textured(2400, 1800)));
    assert_eq!((made.width, made.height), (2400, 1800));
    assert_eq!((made.display.width, made.display.height), (1600, 1200));
    assert_eq!((made.thumbnail.width, made.thumbnail.height), (320, 240));
    assert_eq!(pixels(&made.display.jpeg).dimensions(), (1600, 1200));
    assert_eq!(pixels(&made.thumbnail.jpeg).dimensions(), (320, 240));
    assert_eq!(made.quality.warnings, []);
    let names: Vec<_> = made.steps.iter().map(|step| step.name).collect();
    assert_eq!(names, ["inspect", "decode", "marker", "resize", "quality", "orient", "encode"]);
    assert!(!version().is_empty());
}

#[test]
fn a_small_photo_is_never_enlarged() {
    let made = processed(&jpeg(&scene(200, 100)));
    assert_eq!((made.display.width, made.display.height), (200, 100));
    assert_eq!((made.thumbnail.width, made.thumbnail.height), (200, 100));
    let made = processed(&png(&scene(1, 1)));
    assert_eq!((made.display.width, made.thumbnail.height), (1, 1));
    let made = processed(&png(&scene(5000, 1)));
    assert_eq!((made.display.width, made.display.height), (1600, 1));
}

#[test]
fn each_orientation_puts_the_corners_where_exif_says() {
    // Where the stored corners 0 1 / 2 3 are seen once the picture is upright.
    let upright = [
        [0, 1, 2, 3],
        [1, 0, 3, 2],
        [3, 2, 1, 0],
        [2, 3, 0, 1],
        [0, 2, 1, 3],
        [2, 0, 3, 1],
        [3, 1, 2, 0],
        [1, 3, 0, 2],
    ];
    let picture = scene(400, 240);
    for (value, order) in (1..).zip(upright) {
        let files =
            [laden_jpeg(&picture, value), laden_png(&picture, value), laden_webp(&webp(&picture), (400, 240), value)];
        for bytes in files {
            let made = processed(&bytes);
            let size = if value >= 5 { (240, 400) } else { (400, 240) };
            assert_eq!((made.width, made.height), size, "orientation {value}");
            assert_eq!((made.display.width, made.display.height), size);
            let expected = order.map(|corner| CORNERS[corner]);
            assert_corners(&made.display, expected, &format!("orientation {value}"));
            assert_corners(&made.thumbnail, expected, &format!("orientation {value}"));
        }
    }
}

#[test]
fn another_decoder_turns_the_stripped_original_into_the_display() {
    let bytes = laden_jpeg(&scene(400, 240), 6);
    let clean = samspil_imaging::strip(&bytes, &inspected(&bytes)).unwrap();
    let mut decoder = image::codecs::jpeg::JpegDecoder::new(Cursor::new(&clean)).unwrap();
    let orientation = decoder.orientation().unwrap();
    let mut upright = DynamicImage::from_decoder(decoder).unwrap();
    upright.apply_orientation(orientation);
    let (upright, display) = (upright.into_rgb8(), pixels(&processed(&bytes).display.jpeg));
    assert_eq!(upright.dimensions(), display.dimensions());
    let off: u64 = upright.iter().zip(display.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    assert!(off / (upright.len() as u64) < 3);
}

#[test]
fn every_format_shows_the_same_picture() {
    let picture = scene(48, 32);
    let raw = picture.as_raw();
    let deep: Vec<u8> = picture
        .rows()
        .flat_map(|row| [vec![0], row.flat_map(|p| p.0.map(|v| [v, 77]).concat()).collect()].concat())
        .collect();
    let files = [
        ("JPEG", jpeg(&picture)),
        ("progressive JPEG", encoded(raw, (48, 32), ColorType::Rgb, true)),
        ("PNG", png(&picture)),
        ("16-bit PNG", png_of((48, 32), 16, 2, false, &deep)),
        ("interlaced PNG", png_of((48, 32), 8, 2, true, &adam7(&picture))),
        ("lossless WebP", webp(&picture)),
        ("lossy WebP", LOSSY_WEBP.to_vec()),
    ];
    for (name, bytes) in files {
        assert_corners(&processed(&bytes).display, CORNERS, name);
    }
}

#[test]
fn an_interlaced_png_of_an_odd_size_is_put_together_right() {
    let picture = scene(37, 21);
    let plain = processed(&png(&picture)).display;
    let interlaced = processed(&png_of((37, 21), 8, 2, true, &adam7(&picture))).display;
    assert_eq!(interlaced, plain);
}

#[test]
fn of_an_animated_png_the_first_frame_is_shown() {
    let (first, second) = (scene(48, 32), textured(48, 32));
    let bytes = animated_png(&first, &second);
    let made = processed(&bytes);
    assert_eq!(made.display, processed(&png(&first)).display);
    assert_eq!(samspil_imaging::strip(&bytes, &inspected(&bytes)).unwrap(), png(&first));
}

#[test]
fn a_palette_gives_its_colours_at_every_depth() {
    for depth in [1u8, 2, 4, 8] {
        // Two colours in halves; the first one is half transparent.
        let half = 32 * usize::from(depth) / 8;
        let row = [vec![0], vec![0; half], vec![ones(depth); half]].concat();
        let plain = png_of((64, 32), depth, 3, false, &row.repeat(32));
        let bytes = with_chunks(&plain, &[(*b"PLTE", vec![200, 0, 0, 0, 0, 200]), (*b"tRNS", vec![128])]);
        let [left, right, ..] = corners(&processed(&bytes).display);
        assert!(near(left, [227, 127, 127], 12) && near(right, [0, 0, 200], 12), "{depth}: {left:?} {right:?}");
    }
}

/// A byte whose samples of `depth` bits are all 1.
fn ones(depth: u8) -> u8 {
    (0..8 / depth).map(|n| 1 << (n * depth)).sum()
}

#[test]
fn a_colour_that_a_png_calls_transparent_is_white() {
    let row = |colour: [u8; 3]| [vec![0], colour.repeat(32)].concat().repeat(24);
    let made = |rows: &[u8]| {
        let plain = png_of((32, 24), 8, 2, false, rows);
        processed(&with_chunks(&plain, &[(*b"tRNS", vec![0, 10, 0, 20, 0, 30])]))
    };
    assert!(near(corners(&made(&row([10, 20, 30])).display)[0], [255; 3], 4));
    assert!(near(corners(&made(&row([10, 20, 31])).display)[0], [10, 20, 31], 8));
}

#[test]
fn what_is_transparent_is_white() {
    let clear = |(width, height): (u32, u32)| {
        let mut picture = DynamicImage::ImageRgb8(scene(width, height)).into_rgba8();
        for (x, y, pixel) in picture.enumerate_pixels_mut() {
            if x * 2 >= width && y * 2 >= height {
                pixel.0 = [0, 0, 0, 0];
            }
        }
        picture
    };
    let mut expected = CORNERS;
    expected[3] = [255, 255, 255];
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        let mut bytes = Cursor::new(Vec::new());
        clear((48, 32)).write_to(&mut bytes, format).unwrap();
        assert_corners(&processed(&bytes.into_inner()).display, expected, "clear corner");
    }
    assert_corners(&processed(&lossy_webp_with_alpha()).display, expected, "lossy WebP");
}

#[test]
fn a_grey_photo_stays_grey_and_small() {
    let grey = DynamicImage::ImageRgb8(scene(64, 48)).into_luma8();
    let mut written = Cursor::new(Vec::new());
    grey.write_to(&mut written, ImageFormat::Png).unwrap();
    for bytes in [encoded(grey.as_raw(), (64, 48), ColorType::Luma, false), written.into_inner()] {
        let made = processed(&bytes);
        let seen = image::load_from_memory(&made.display.jpeg).unwrap();
        assert!(matches!(seen, DynamicImage::ImageLuma8(_)));
        let off = seen.to_luma8().iter().zip(grey.iter()).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
        assert!(off < 40);
    }
    // One and two bits, and grey with opacity.
    for (depth, colour, row) in
        [(1, 0, vec![0, 0xF0]), (2, 0, vec![0, 0xFF, 0]), (8, 4, [vec![0], [9, 0].repeat(8)].concat())]
    {
        let made = processed(&png_of((8, 4), depth, colour, false, &row.repeat(4)));
        let seen = pixels(&made.display.jpeg);
        assert!(near(*seen.get_pixel(1, 1), [255; 3], 8), "depth {depth} colour {colour}: {seen:?}");
    }
}

#[test]
fn printing_inks_become_colours_near_enough() {
    // The encoder takes inks: 255 is full. Red is yellow and magenta.
    let inks: Vec<u8> = (0..64 * 48).flat_map(|_| [0, 255, 255, 0]).collect();
    for colours in [ColorType::Cmyk, ColorType::CmykAsYcck] {
        let made = processed(&encoded(&inks, (64, 48), colours, false));
        assert!(near(corners(&made.display)[0], [255, 0, 0], 30), "{colours:?} {:?}", corners(&made.display)[0]);
    }
}

#[test]
fn renditions_carry_the_profile_and_nothing_else() {
    let made = processed(&laden_jpeg(&scene(400, 300), 3));
    for rendition in [&made.display, &made.thumbnail] {
        let mut decoder = image::codecs::jpeg::JpegDecoder::new(Cursor::new(&rendition.jpeg)).unwrap();
        assert_eq!(decoder.icc_profile().unwrap(), Some(icc()));
        assert_eq!(decoder.exif_metadata().unwrap(), None);
        assert!(!contains(&rendition.jpeg, SECRET));
        let seen = inspected(&rendition.jpeg);
        assert_eq!(seen.orientation.exif(), 1);
        assert_eq!(samspil_imaging::strip(&rendition.jpeg, &seen).unwrap(), rendition.jpeg);
    }
}

#[test]
fn a_profile_that_does_not_fit_the_rendition_is_left_out() {
    // The test profile speaks of RGB; this rendition is grey.
    let grey = DynamicImage::ImageRgb8(scene(64, 48)).into_luma8();
    let plain = encoded(grey.as_raw(), (64, 48), ColorType::Luma, false);
    let segment = [b"ICC_PROFILE\0\x01\x01", icc().as_slice()].concat();
    let bytes = with_segments(&plain, &[(0xE2, segment)]);
    assert_eq!(inspected(&bytes).icc_profile, Some(icc()));
    assert_eq!(inspected(&processed(&bytes).display.jpeg).icc_profile, None);
}

#[test]
fn a_photo_that_takes_too_long_is_refused() {
    let limits = Limits { max_decode: Duration::ZERO, ..Limits::default() };
    let picture = textured(400, 300);
    for bytes in [jpeg(&picture), png(&picture), webp(&picture)] {
        assert_eq!(process(&bytes, &limits).unwrap_err().reason(), "IMAGE_TOO_SLOW");
    }
}

#[test]
fn a_blurred_photo_is_accepted_with_a_warning() {
    let sharp = textured(1200, 900);
    assert_eq!(processed(&jpeg(&sharp)).quality.warnings, []);
    let blurred: RgbImage = image::imageops::blur(&sharp, 4.0);
    assert_eq!(processed(&jpeg(&blurred)).quality.warnings, [Warning::Blurred]);
}

#[test]
fn the_verdict_hardly_depends_on_the_format() {
    // A JPEG's rounding adds some noise of its own, which counts as sharpness.
    let picture = textured(640, 480);
    let (a, b) = (processed(&png(&picture)).quality, processed(&jpeg(&picture)).quality);
    assert!((a.mean_luma - b.mean_luma).abs() < 2.0);
    assert!((a.sharpness / b.sharpness - 1.0).abs() < 0.3, "{} {}", a.sharpness, b.sharpness);
}
