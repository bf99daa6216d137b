//! What `inspect` finds, and what it refuses.

use std::time::{Duration, Instant};

use image::RgbImage;
use jpeg_encoder::ColorType;
use samspil_imaging::{Format, Inspected, Limits, Orientation, Refusal, inspect, process, strip};

use crate::make::*;

const SIZE: (u32, u32) = (48, 32);

fn small() -> RgbImage {
    scene(SIZE.0, SIZE.1)
}

/// A plain file of each kind and variety.
fn plain() -> Vec<(&'static str, Vec<u8>)> {
    let picture = small();
    let raw = picture.as_raw();
    let grey: Vec<u8> = raw.chunks(3).map(|pixel| pixel[0]).collect();
    let inks: Vec<u8> = raw.chunks(3).flat_map(|pixel| [pixel[0], pixel[1], pixel[2], 0]).collect();
    vec![
        ("JPEG", jpeg(&picture)),
        ("progressive JPEG", encoded(raw, SIZE, ColorType::Rgb, true)),
        ("grey JPEG", encoded(&grey, SIZE, ColorType::Luma, false)),
        ("CMYK JPEG", encoded(&inks, SIZE, ColorType::Cmyk, false)),
        ("YCCK JPEG", encoded(&inks, SIZE, ColorType::CmykAsYcck, false)),
        ("PNG", png(&picture)),
        ("interlaced PNG", png_of(SIZE, 8, 2, true, &adam7(&picture))),
        ("lossless WebP", webp(&picture)),
        ("lossy WebP", LOSSY_WEBP.to_vec()),
        ("lossy WebP with opacity", lossy_webp_with_alpha()),
    ]
}

/// The same with metadata, without the bytes behind the end.
fn laden() -> Vec<(&'static str, Vec<u8>)> {
    let picture = small();
    let jpeg_end = jpeg(&picture).len() + SECRET.len() + 12;
    let mut files = vec![
        ("laden JPEG", laden_jpeg(&picture, 6)),
        ("laden PNG", laden_png(&picture, 6)),
        ("laden WebP", laden_webp(&webp(&picture), SIZE, 6)),
        ("laden lossy WebP", laden_webp(LOSSY_WEBP, SIZE, 6)),
    ];
    for ((_, bytes), tail) in files.iter_mut().zip([jpeg_end, SECRET.len(), SECRET.len(), SECRET.len()]) {
        bytes.truncate(bytes.len() - tail);
    }
    files
}

#[test]
fn every_format_and_variety_is_told_with_its_size() {
    for (name, bytes) in plain() {
        let seen = inspected(&bytes);
        let format = match name {
            name if name.ends_with("JPEG") => Format::Jpeg,
            name if name.ends_with("PNG") => Format::Png,
            _ => Format::WebP,
        };
        let nothing = Inspected {
            format,
            width: SIZE.0,
            height: SIZE.1,
            orientation: Orientation::Upright,
            captured: None,
            camera: None,
            focal_35mm: None,
            has_gps: false,
            icc_profile: None,
        };
        assert_eq!(seen, nothing, "{name}");
    }
}

#[test]
fn metadata_is_read_alike_from_every_format() {
    for (name, bytes) in laden() {
        let seen = inspected(&bytes);
        assert_eq!((seen.width, seen.height), SIZE, "{name}");
        assert_eq!(seen.orientation, Orientation::QuarterRight, "{name}");
        let captured = seen.captured.unwrap();
        assert_eq!(captured.local.to_string(), "2026-03-14 09:26:53");
        assert_eq!(captured.offset_minutes, Some(60));
        let camera = seen.camera.unwrap();
        assert_eq!((camera.make.as_str(), camera.model.as_str()), ("Apple", "iPhone 15"));
        assert!(seen.has_gps);
        assert_eq!(seen.icc_profile, Some(icc()), "{name}");
    }
}

#[test]
fn a_position_that_only_xmp_tells_is_noticed() {
    let xmp = b"http://ns.adobe.com/xap/1.0/\0<x exif:GPSLatitude='55,40N'/>".to_vec();
    assert!(inspected(&with_segments(&jpeg(&small()), &[(0xE1, xmp)])).has_gps);
}

#[test]
fn a_file_that_is_cut_anywhere_is_refused_as_cut() {
    for (name, bytes) in plain().into_iter().chain(laden()) {
        inspected(&bytes);
        for eighth in 0..8 {
            let cut = &bytes[..bytes.len() * eighth / 8];
            let refusal = inspect(cut, &Limits::default()).unwrap_err();
            let expected = if cut.is_empty() { Refusal::Empty } else { Refusal::Truncated };
            assert_eq!(refusal, expected, "{name} cut at {eighth} eighths");
            assert_eq!(process(cut, &Limits::default()).unwrap_err(), expected);
        }
    }
}

#[test]
fn a_file_that_is_cut_at_any_byte_is_refused_and_its_rest_cannot_be_stripped() {
    for (name, bytes) in plain() {
        let seen = inspected(&bytes);
        // A WebP's last byte may be padding, which some writers leave out of the file.
        for len in 0..bytes.len() - 1 {
            assert!(inspect(&bytes[..len], &Limits::default()).is_err(), "{name} cut at {len}");
            assert!(strip(&bytes[..len], &seen).is_err(), "{name} cut at {len}");
        }
    }
}

#[test]
fn a_photo_that_is_filled_up_with_zeros_is_refused_as_cut() {
    let mut bytes = jpeg(&small());
    let len = bytes.len();
    bytes[len / 2..].fill(0);
    assert_eq!(inspect(&bytes, &Limits::default()), Err(Refusal::Truncated));
}

/// Headers of 1 KB that announce 50,000 x 50,000 pixels.
fn bombs() -> [(&'static str, Vec<u8>); 3] {
    let frame = [8, 0xC3, 0x50, 0xC3, 0x50, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1];
    let mut jpeg = with_segments(&[0xFF, 0xD8], &[(0xC0, frame.to_vec())]);
    jpeg.resize(1022, 0);
    jpeg.extend_from_slice(&[0xFF, 0xD9]);
    let mut webp = b"RIFF\xF8\x03\0\0WEBP".to_vec();
    webp_chunk(&mut webp, b"VP8X", &[0, 0, 0, 0, 0x4F, 0xC3, 0, 0x4F, 0xC3, 0]);
    webp.resize(1024, 0);
    [("JPEG", jpeg), ("PNG", png_of((50_000, 50_000), 8, 6, false, &[0; 100_000])), ("WebP", webp)]
}

#[test]
fn a_small_file_that_announces_a_huge_picture_is_refused_at_its_header() {
    for (name, bytes) in bombs() {
        assert!(bytes.len() <= 1100, "{name} has {} bytes", bytes.len());
        let refusal = inspect(&bytes, &Limits::default()).unwrap_err();
        assert_eq!(refusal.reason(), "IMAGE_TOO_MANY_PIXELS", "{name}");
        assert_eq!(process(&bytes, &Limits::default()).unwrap_err(), refusal);
    }
}

#[test]
fn a_small_file_that_announces_a_large_picture_within_the_limits_is_damaged() {
    let limits = Limits::default();
    let mut bytes = jpeg(&small());
    let frame = bytes.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    bytes[frame + 5..frame + 9].copy_from_slice(&[0x27, 0x10, 0x27, 0x10]);
    assert_eq!(inspect(&bytes, &limits).unwrap_err().reason(), "IMAGE_DAMAGED");

    let bytes = png_of((10_000, 10_000), 8, 6, false, &[0; 1000]);
    assert_eq!(inspect(&bytes, &limits).unwrap_err().reason(), "IMAGE_DAMAGED");
}

#[test]
fn each_limit_is_held_to() {
    let bytes = jpeg(&small());
    let of = |change: fn(&mut Limits)| {
        let mut limits = Limits::default();
        change(&mut limits);
        inspect(&bytes, &limits).map_err(|refusal| refusal.reason())
    };
    assert!(of(|_| {}).is_ok());
    assert_eq!(of(|limits| limits.max_bytes = 100), Err("IMAGE_TOO_LARGE"));
    assert_eq!(of(|limits| limits.max_pixels = 48 * 32 - 1), Err("IMAGE_TOO_MANY_PIXELS"));
    assert!(of(|limits| limits.max_pixels = 48 * 32).is_ok());
    assert_eq!(of(|limits| limits.max_side = 47), Err("IMAGE_TOO_MANY_PIXELS"));
}

#[test]
fn varieties_that_are_not_decoded_are_named() {
    let base = jpeg(&small());
    let frame = base.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    let kinds = [
        (0xC3, "a lossless JPEG"),
        (0xF7, "a lossless JPEG"),
        (0xC9, "an arithmetic-coded JPEG"),
        (0xCA, "an arithmetic-coded JPEG"),
        (0xC5, "a hierarchical JPEG"),
    ];
    for (marker, name) in kinds {
        let mut bytes = base.clone();
        bytes[frame + 1] = marker;
        let refusal = inspect(&bytes, &Limits::default()).unwrap_err();
        assert_eq!(refusal, Refusal::Unsupported { what: name });
        assert_eq!(refusal.reason(), "IMAGE_FORMAT_UNSUPPORTED");
        assert!(refusal.to_string().starts_with(&format!("{name} cannot be read here; send an ordinary JPEG")));
    }
    let mut bytes = base;
    bytes[frame + 4] = 12;
    let what = "a JPEG of more than 8 bits";
    assert_eq!(inspect(&bytes, &Limits::default()), Err(Refusal::Unsupported { what }));

    let bytes = animated_webp(&[&small(), &small()]);
    let what = "an animated WebP";
    assert_eq!(inspect(&bytes, &Limits::default()), Err(Refusal::Unsupported { what }));
}

#[test]
fn a_photo_with_two_frames_two_starts_or_two_sizes_is_damaged() {
    let base = jpeg(&small());
    let frame = vec![8, 0, 32, 0, 48, 1, 1, 0x11, 0];
    let twice = with_segments(&base, &[(0xC0, frame)]);
    assert_eq!(inspect(&twice, &Limits::default()).unwrap_err().reason(), "IMAGE_DAMAGED");

    let started = [&base[..2], &base].concat();
    assert_eq!(inspect(&started, &Limits::default()).unwrap_err().reason(), "IMAGE_DAMAGED");

    let canvas = laden_webp(&webp(&small()), (49, 32), 1);
    assert_eq!(inspect(&canvas, &Limits::default()).unwrap_err().reason(), "IMAGE_DAMAGED");
}

#[test]
fn a_png_with_a_wrong_checksum_is_damaged() {
    let mut bytes = png(&small());
    let data = bytes.windows(4).position(|kind| kind == b"IDAT").unwrap();
    bytes[data + 10] ^= 1;
    assert_eq!(inspect(&bytes, &Limits::default()).unwrap_err().reason(), "IMAGE_DAMAGED");
}

#[test]
fn broken_metadata_is_absent_metadata() {
    let mut tiff = Tiff::full(6).build();
    let len = tiff.len();
    tiff[8..].fill(0xFF);
    let pieces = [b"ICC_PROFILE\0\x01\x03rest".to_vec(), b"ICC_PROFILE\0".to_vec()];
    let bytes = with_segments(
        &jpeg(&small()),
        &[(0xE1, [b"Exif\0\0", tiff.as_slice()].concat()), (0xE2, pieces[0].clone()), (0xE2, pieces[1].clone())],
    );
    let seen = inspected(&bytes);
    assert_eq!((seen.orientation, seen.camera, seen.captured), (Orientation::Upright, None, None));
    assert_eq!(seen.icc_profile, None);

    for cut in 0..len {
        let block = &Tiff::full(6).build()[..cut];
        inspected(&with_segments(&jpeg(&small()), &[(0xE1, [b"Exif\0\0", block].concat())]));
    }
}

#[test]
fn an_exif_block_with_a_directory_that_follows_another_is_read_all_the_same() {
    // A strict reader gives up here: the EXIF directory claims that another comes after it.
    let mut tiff = Tiff::full(8).build();
    let first = usize::from(u16::from_le_bytes([tiff[8], tiff[9]]));
    let second = 8 + 2 + 12 * first + 4;
    let entries = usize::from(u16::from_le_bytes([tiff[second], tiff[second + 1]]));
    tiff[second + 2 + 12 * entries] = 8;
    assert!(exif::Reader::new().read_raw(tiff.clone()).is_err());
    let seen = inspected(&with_segments(&jpeg(&small()), &[(0xE1, [b"Exif\0\0", tiff.as_slice()].concat())]));
    assert_eq!(seen.orientation, Orientation::QuarterLeft);
    assert_eq!(seen.captured.unwrap().offset_minutes, Some(60));
}

#[test]
fn impossible_times_and_control_characters_are_left_out() {
    let mut tiff = Tiff::default();
    tiff.text(0, 0x010F, "  App\u{1b}le \n");
    tiff.text(0, 0x0110, &"x".repeat(500));
    tiff.text(1, 0x9003, "0000:00:00 00:00:00");
    tiff.text(1, 0x9011, "+99:00");
    let block = [b"Exif\0\0", tiff.build().as_slice()].concat();
    let seen = inspected(&with_segments(&jpeg(&small()), &[(0xE1, block)]));
    let camera = seen.camera.unwrap();
    assert_eq!(camera.make, "Apple");
    assert_eq!(camera.model.len(), 64);
    assert_eq!(seen.captured, None);
}

#[test]
fn an_exif_block_whose_entries_all_lead_to_large_directories_costs_nothing() {
    // 65,000 bytes that are one directory of pointers into itself, at every offset: a reader that follows them all looks
    // at 15 million entries, and one that follows those in turn never ends.
    let mut tiff = b"II*\0\x08\0\0\0\xFF\xFF".to_vec();
    for offset in (8u32..64_990).step_by(12) {
        tiff.extend_from_slice(&[0x69, 0x87, 4, 0, 1, 0, 0, 0]);
        tiff.extend_from_slice(&offset.to_le_bytes());
    }
    let bytes = with_segments(&jpeg(&small()), &[(0xE1, [b"Exif\0\0", tiff.as_slice()].concat())]);
    let started = Instant::now();
    for _ in 0..100 {
        inspected(&bytes);
    }
    assert!(started.elapsed() < Duration::from_secs(2));
}

#[test]
fn a_profile_that_unpacks_to_more_than_it_may_is_absent() {
    let bomb = [b"name\0\0", deflated(&vec![0; 5 << 20]).as_slice()].concat();
    assert!(bomb.len() < 10_000);
    let bytes = with_chunks(&png(&small()), &[(*b"iCCP", bomb)]);
    let seen = inspected(&bytes);
    assert_eq!(seen.icc_profile, None);
    assert!(!contains(&strip(&bytes, &seen).unwrap(), b"iCCP"));
}

#[test]
fn a_png_of_unknown_critical_parts_is_damaged() {
    let bytes = with_chunks(&png(&small()), &[(*b"CgBI", vec![0; 4])]);
    assert_eq!(inspect(&bytes, &Limits::default()).unwrap_err().reason(), "IMAGE_DAMAGED");
}
