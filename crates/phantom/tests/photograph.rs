//! What is in the file, read by others than those who wrote it.

use std::io::Cursor;

use chrono::NaiveDate;
use exif::{Exif, In, Reader, Tag, Value};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageReader};
use samspil_phantom::{Icc, Metadata, Scene, draw, photograph};

fn small() -> Scene {
    Scene { width: 480, height: 352, ..Scene::visit(7, 0) }
}

fn exif(jpeg: &[u8]) -> Exif {
    Reader::new().read_from_container(&mut Cursor::new(jpeg)).unwrap()
}

fn text(exif: &Exif, tag: Tag) -> String {
    match &exif.get_field(tag, In::PRIMARY).unwrap().value {
        Value::Ascii(lines) => String::from_utf8(lines[0].clone()).unwrap(),
        other => panic!("{tag}: {other:?}"),
    }
}

fn number(exif: &Exif, tag: Tag, ifd: In) -> u32 {
    exif.get_field(tag, ifd).unwrap().value.get_uint(0).unwrap()
}

fn degrees(exif: &Exif, tag: Tag) -> f64 {
    match &exif.get_field(tag, In::PRIMARY).unwrap().value {
        Value::Rational(parts) => parts[0].to_f64() + parts[1].to_f64() / 60.0 + parts[2].to_f64() / 3600.0,
        other => panic!("{tag}: {other:?}"),
    }
}

fn decoded(jpeg: &[u8]) -> DynamicImage {
    image::load_from_memory(jpeg).unwrap()
}

/// The mean difference of two pictures' bytes.
fn difference(a: &[u8], b: &[u8]) -> f64 {
    assert_eq!(a.len(), b.len());
    let sum: u64 = a.iter().zip(b).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / a.len() as f64
}

#[test]
fn every_field_can_be_read_back() {
    let metadata = Metadata {
        captured: NaiveDate::from_ymd_opt(2026, 12, 31).unwrap().and_hms_opt(23, 59, 58).unwrap(),
        offset_minutes: -210,
        make: "Nord".into(),
        model: "Æ 2".into(),
        serial: "X".into(),
        orientation: 3,
        gps: Some((-33.25, -70.123_456)),
        focal_35mm: Some(26),
        thumbnail: true,
        icc: Icc::Srgb,
    };
    let exif = exif(&photograph(&small(), &metadata).0);
    assert!(!exif.little_endian());
    assert_eq!(text(&exif, Tag::Make), "Nord");
    assert_eq!(text(&exif, Tag::Model), "Æ 2");
    assert_eq!(text(&exif, Tag::BodySerialNumber), "X");
    assert_eq!(number(&exif, Tag::Orientation, In::PRIMARY), 3);
    for tag in [Tag::DateTime, Tag::DateTimeOriginal, Tag::DateTimeDigitized] {
        assert_eq!(text(&exif, tag), "2026:12:31 23:59:58");
    }
    for tag in [Tag::OffsetTime, Tag::OffsetTimeOriginal, Tag::OffsetTimeDigitized] {
        assert_eq!(text(&exif, tag), "-03:30");
    }
    assert_eq!((text(&exif, Tag::GPSLatitudeRef), text(&exif, Tag::GPSLongitudeRef)), ("S".into(), "W".into()));
    assert!((degrees(&exif, Tag::GPSLatitude) - 33.25).abs() < 1e-7);
    assert!((degrees(&exif, Tag::GPSLongitude) - 70.123_456).abs() < 1e-7);
    assert_eq!(number(&exif, Tag::PixelXDimension, In::PRIMARY), 480);
    assert_eq!(number(&exif, Tag::PixelYDimension, In::PRIMARY), 352);
    assert_eq!(number(&exif, Tag::ColorSpace, In::PRIMARY), 1);
    assert_eq!(number(&exif, Tag::FocalLengthIn35mmFilm, In::PRIMARY), 26);
}

#[test]
fn what_is_not_wanted_is_not_there() {
    let metadata = Metadata { gps: None, thumbnail: false, icc: Icc::None, ..Metadata::default() };
    let (jpeg, _) = photograph(&small(), &metadata);
    let exif = exif(&jpeg);
    assert!(exif.fields().all(|field| field.tag.context() != exif::Context::Gps));
    assert!(exif.fields().all(|field| field.ifd_num == In::PRIMARY));
    let mut decoder = ImageReader::new(Cursor::new(&jpeg)).with_guessed_format().unwrap().into_decoder().unwrap();
    assert_eq!(decoder.icc_profile().unwrap(), None);
}

#[test]
fn the_thumbnail_is_the_stored_picture_made_small() {
    let (jpeg, _) = photograph(&small(), &Metadata::default());
    let exif = exif(&jpeg);
    let begin = number(&exif, Tag::JPEGInterchangeFormat, In::THUMBNAIL) as usize;
    let length = number(&exif, Tag::JPEGInterchangeFormatLength, In::THUMBNAIL) as usize;
    let thumbnail = decoded(&exif.buf()[begin..begin + length]);
    assert_eq!((thumbnail.width(), thumbnail.height()), (117, 160));
    let whole = decoded(&jpeg).thumbnail_exact(117, 160);
    assert!(difference(thumbnail.to_rgb8().as_raw(), whole.to_rgb8().as_raw()) < 4.0);
}

#[test]
fn the_orientation_leads_back_to_the_upright_scene() {
    let scene = small();
    let (upright, _) = draw(&scene);
    for orientation in 1..=8 {
        let metadata = Metadata { orientation, icc: Icc::None, ..Metadata::default() };
        let (jpeg, _) = photograph(&scene, &metadata);
        let mut decoder = ImageReader::new(Cursor::new(&jpeg)).with_guessed_format().unwrap().into_decoder().unwrap();
        let read = decoder.orientation().unwrap();
        assert_eq!(Orientation::from_exif(orientation as u8), Some(read));
        let mut picture = DynamicImage::from_decoder(decoder).unwrap();
        let stored = if orientation > 4 { (352, 480) } else { (480, 352) };
        assert_eq!((picture.width(), picture.height()), stored);
        picture.apply_orientation(read);
        assert!(difference(picture.as_bytes(), &upright) < 4.0, "orientation {orientation}");
    }
}

#[test]
fn the_profile_says_what_it_is() {
    for (icc, name) in [(Icc::Srgb, "Samspil sRGB"), (Icc::DisplayP3, "Samspil Display P3")] {
        let (jpeg, _) = photograph(&small(), &Metadata { icc, ..Metadata::default() });
        let mut decoder = ImageReader::new(Cursor::new(&jpeg)).with_guessed_format().unwrap().into_decoder().unwrap();
        let profile = decoder.icc_profile().unwrap().unwrap();
        let parsed = moxcms::ColorProfile::new_from_slice(&profile).unwrap();
        assert_eq!(parsed.color_space, moxcms::DataColorSpace::Rgb);
        assert_eq!(parsed.pcs, moxcms::DataColorSpace::Xyz);
        assert_eq!(parsed.profile_class, moxcms::ProfileClass::DisplayDevice);
        let utf16: Vec<u8> = name.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert!(profile.windows(utf16.len()).any(|part| part == utf16));
    }
}

#[test]
fn a_picture_looks_the_same_in_each_colour_space() {
    let scene = small();
    let (srgb, _) = draw(&scene);
    let metadata = Metadata { orientation: 1, icc: Icc::DisplayP3, ..Metadata::default() };
    let (jpeg, _) = photograph(&scene, &metadata);
    let mut decoder = ImageReader::new(Cursor::new(&jpeg)).with_guessed_format().unwrap().into_decoder().unwrap();
    let profile = moxcms::ColorProfile::new_from_slice(&decoder.icc_profile().unwrap().unwrap()).unwrap();
    let pixels = DynamicImage::from_decoder(decoder).unwrap().into_rgb8().into_raw();
    let layout = moxcms::Layout::Rgb;
    let transform = profile
        .create_transform_8bit(layout, &moxcms::ColorProfile::new_srgb(), layout, moxcms::TransformOptions::default())
        .unwrap();
    let mut converted = vec![0; pixels.len()];
    transform.transform(&pixels, &mut converted).unwrap();
    assert!(difference(&pixels, &srgb) > difference(&converted, &srgb));
    assert!(difference(&converted, &srgb) < 4.0);
}
