//! What `strip` leaves, seen by other readers.

use std::io::Cursor;

use image::RgbImage;
use jpeg_encoder::ColorType;
use samspil_imaging::{Limits, inspect, process, strip};

use crate::make::*;

const SIZE: (u32, u32) = (48, 32);

fn laden(orientation: u16) -> [(&'static str, Vec<u8>); 4] {
    let picture = scene(SIZE.0, SIZE.1);
    [
        ("JPEG", laden_jpeg(&picture, orientation)),
        ("PNG", laden_png(&picture, orientation)),
        ("WebP", laden_webp(&webp(&picture), SIZE, orientation)),
        ("lossy WebP", laden_webp(LOSSY_WEBP, SIZE, orientation)),
    ]
}

fn stripped(bytes: &[u8]) -> Vec<u8> {
    strip(bytes, &inspected(bytes)).unwrap()
}

/// The tags that kamadak-exif finds; `None` if it finds no EXIF.
fn tags(bytes: &[u8]) -> Option<Vec<(exif::Tag, Option<u32>)>> {
    let exif = exif::Reader::new().read_from_container(&mut Cursor::new(bytes)).ok()?;
    Some(exif.fields().map(|field| (field.tag, field.value.get_uint(0))).collect())
}

#[test]
fn pixels_are_the_same_and_every_secret_is_gone() {
    for (name, bytes) in laden(1) {
        assert!(contains(&bytes, SECRET));
        let clean = stripped(&bytes);
        assert_eq!(pixels(&clean), pixels(&bytes), "{name}");
        for trace in [
            SECRET, b"Exif", b"EXIF", b"eXIf", b"GPS", b"Apple", b"2026", b"adobe", b"XMP", b"xmp", b"MPF", b"8BIM",
            b"JFXX", b"ftyp", b"tEXt", b"zTXt", b"tIME", b"pHYs", b"gAMA", b"NOTE", b"jumb",
        ] {
            assert!(!contains(&clean, trace), "{name} still has {}", trace.escape_ascii());
        }
        assert_eq!(tags(&clean), None, "{name}");
    }
}

#[test]
fn another_reader_finds_in_the_originals_what_must_be_gone() {
    for (name, bytes) in laden(6) {
        let tags = tags(&bytes).unwrap();
        assert!(tags.iter().any(|(tag, _)| *tag == exif::Tag::GPSLatitude), "{name}");
        assert!(tags.iter().any(|(tag, _)| *tag == exif::Tag::BodySerialNumber), "{name}");
    }
}

#[test]
fn the_orientation_stays_as_the_only_tag() {
    for value in 2..=8 {
        for (name, bytes) in laden(value) {
            let clean = stripped(&bytes);
            assert_eq!(tags(&clean), Some(vec![(exif::Tag::Orientation, Some(value.into()))]), "{name}");
            assert_eq!(inspected(&clean).orientation.exif(), value);
            assert!(!contains(&clean, SECRET), "{name}");
        }
    }
}

#[test]
fn the_profile_stays_byte_for_byte() {
    for (name, bytes) in laden(6) {
        let clean = stripped(&bytes);
        let mut decoder: Box<dyn image::ImageDecoder> = match name {
            "JPEG" => Box::new(image::codecs::jpeg::JpegDecoder::new(Cursor::new(&clean)).unwrap()),
            "PNG" => Box::new(image::codecs::png::PngDecoder::new(Cursor::new(&clean)).unwrap()),
            _ => Box::new(image::codecs::webp::WebPDecoder::new(Cursor::new(&clean)).unwrap()),
        };
        assert_eq!(decoder.icc_profile().unwrap(), Some(icc()), "{name}");
    }
}

#[test]
fn nothing_else_of_the_findings_is_left() {
    for (name, bytes) in laden(6) {
        let (before, after) = (inspected(&bytes), inspected(&stripped(&bytes)));
        assert!(before.has_gps && before.camera.is_some() && before.captured.is_some(), "{name}");
        assert!(!after.has_gps && after.camera.is_none() && after.captured.is_none(), "{name}");
        let same = (before.format, before.width, before.height, before.orientation, before.icc_profile);
        assert_eq!((after.format, after.width, after.height, after.orientation, after.icc_profile), same);
    }
}

#[test]
fn stripping_what_was_stripped_gives_the_same_bytes() {
    for value in 1..=8 {
        for (name, bytes) in laden(value) {
            let once = stripped(&bytes);
            assert_eq!(stripped(&once), once, "{name}");
        }
    }
}

#[test]
fn a_plain_jpegs_picture_data_is_copied_bit_for_bit() {
    let picture = textured(200, 120);
    for progressive in [false, true] {
        let plain = encoded(picture.as_raw(), (200, 120), ColorType::Rgb, progressive);
        let clean = stripped(&plain);
        assert_eq!(clean, plain);
        let laden = with_segments(&plain, &[(0xFE, SECRET.to_vec())]);
        assert_eq!(stripped(&laden), plain);
    }
}

#[test]
fn comments_between_scans_are_dropped_and_restart_markers_stay() {
    let picture = textured(200, 120);
    let mut plain = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut plain, 80);
    encoder.set_restart_interval(3);
    encoder.encode(picture.as_raw(), 200, 120, ColorType::Rgb).unwrap();
    assert!(contains(&plain, &[0xFF, 0xD7]));
    assert_eq!(stripped(&plain), plain);

    let progressive = encoded(picture.as_raw(), (200, 120), ColorType::Rgb, true);
    let scan = progressive.windows(2).rposition(|pair| pair == [0xFF, 0xDA]).unwrap();
    let comment = [&[0xFF, 0xFE, 0, 2 + SECRET.len() as u8], SECRET].concat();
    let laden = [&progressive[..scan], &comment, &progressive[scan..]].concat();
    assert_eq!(stripped(&laden), progressive);
}

#[test]
fn fill_bytes_and_stray_bytes_between_segments_are_dropped() {
    let plain = jpeg(&scene(SIZE.0, SIZE.1));
    // Its first segment, JFIF's, ends at byte 20.
    let (head, body, end) = (&plain[..20], &plain[20..plain.len() - 2], &plain[plain.len() - 2..]);
    let filled = [head, SECRET, &[0xFF; 3], body, &[0xFF; 3], end].concat();
    assert_eq!(stripped(&filled), plain);
}

#[test]
fn a_segment_that_another_reader_chokes_on_does_not_cost_the_photo() {
    // Too short for the header of extended XMP; the decoder beneath us would refuse the photo for it.
    let plain = jpeg(&scene(SIZE.0, SIZE.1));
    let packet = [b"http://ns.adobe.com/xmp/extension/\0", SECRET].concat();
    let bytes = with_segments(&plain, &[(0xE1, packet)]);
    assert!(image::load_from_memory(&bytes).is_err());
    assert_eq!(stripped(&bytes), plain);
    process(&bytes, &Limits::default()).unwrap();
}

#[test]
fn a_jpeg_for_printing_inks_keeps_what_tells_its_colours() {
    let inks: Vec<u8> = (0..SIZE.0 * SIZE.1).flat_map(|n| [(n % 256) as u8, 90, 200, 30]).collect();
    for colours in [ColorType::Cmyk, ColorType::CmykAsYcck] {
        let plain = encoded(&inks, SIZE, colours, false);
        let clean = stripped(&plain);
        assert!(contains(&clean, b"Adobe"));
        assert_eq!(pixels(&clean), pixels(&plain));
    }
}

#[test]
fn opacity_and_palette_and_transparency_stay() {
    let clean = stripped(&lossy_webp_with_alpha());
    assert_eq!(image::load_from_memory(&clean).unwrap(), image::load_from_memory(&lossy_webp_with_alpha()).unwrap());
    assert_eq!(clean, lossy_webp_with_alpha());

    let rows: Vec<u8> = (0..SIZE.1).flat_map(|y| [vec![0], vec![(y % 4) as u8; SIZE.0 as usize]].concat()).collect();
    let colours = [(*b"PLTE", vec![1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]), (*b"tRNS", vec![0, 128])];
    let plain = with_chunks(&png_of(SIZE, 8, 3, false, &rows), &colours);
    let laden = with_chunks(&plain, &[(*b"tEXt", SECRET.to_vec())]);
    assert_eq!(stripped(&laden), plain);
}

#[test]
fn chunks_may_not_carry_anything_along_in_repetitions() {
    let colour = |byte: u8| (*b"gAMA", vec![byte; 4]);
    let plain = with_chunks(&png(&scene(SIZE.0, SIZE.1)), &[colour(1)]);
    let laden = with_chunks(&png(&scene(SIZE.0, SIZE.1)), &[colour(1), colour(2), colour(3)]);
    assert_eq!(stripped(&laden), plain);
}

#[test]
fn a_gainmaps_second_picture_and_a_motion_photos_film_are_gone() {
    let plain = jpeg(&scene(SIZE.0, SIZE.1));
    let clean = stripped(&laden_jpeg(&scene(SIZE.0, SIZE.1), 1));
    let starts = |bytes: &[u8]| bytes.windows(3).filter(|start| *start == [0xFF, 0xD8, 0xFF]).count();
    assert_eq!(starts(&clean), 1);
    assert!(clean.ends_with(&plain[plain.len() - 40..]));
}

#[test]
fn the_original_and_the_stripped_file_give_the_same_renditions() {
    for (name, bytes) in laden(6) {
        let clean = stripped(&bytes);
        let of = |bytes: &[u8]| process(bytes, &Limits::default()).unwrap();
        assert_eq!(of(&bytes).display, of(&clean).display, "{name}");
        assert_eq!(of(&bytes).thumbnail, of(&clean).thumbnail, "{name}");
    }
}

#[test]
fn pictures_of_one_pixel_are_stripped_too() {
    let dot: RgbImage = scene(1, 1);
    for bytes in [jpeg(&dot), png(&dot), webp(&dot)] {
        let clean = stripped(&bytes);
        assert_eq!(pixels(&clean), pixels(&bytes));
        inspect(&clean, &Limits::default()).unwrap();
    }
}
