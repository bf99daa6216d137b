//! What phones and cameras hang on a JPEG, each by its own habit. All of it goes, and none of it costs the photo.

use image::RgbImage;
use samspil_imaging::{Limits, Refusal, inspect, process, strip};

use crate::make::*;

const SIZE: (u32, u32) = (64, 48);

fn secret(start: &[u8]) -> Vec<u8> {
    [start, SECRET].concat()
}

/// The photo with segments in front and bytes behind.
fn with(segments: &[(u8, Vec<u8>)], behind: &[Vec<u8>]) -> Vec<u8> {
    let plain = jpeg(&textured(SIZE.0, SIZE.1));
    [vec![with_segments(&plain, segments)], behind.to_vec()].concat().concat()
}

fn exif_segment(block: &[u8]) -> (u8, Vec<u8>) {
    (0xE1, [b"Exif\0\0", block].concat())
}

/// A second photo, such as a depth map: one that must never be seen.
fn second() -> Vec<u8> {
    with_segments(&jpeg(&RgbImage::from_pixel(16, 16, image::Rgb([255, 0, 255]))), &[(0xFE, SECRET.to_vec())])
}

/// A film as it is found behind a motion photo.
fn film() -> Vec<u8> {
    secret(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\x10\0mdat")
}

fn xmp(packet: &str) -> (u8, Vec<u8>) {
    (0xE1, secret(&[b"http://ns.adobe.com/xap/1.0/\0", packet.as_bytes()].concat()))
}

/// Whose habit, and the photo.
fn habits() -> Vec<(&'static str, Vec<u8>)> {
    let index = |entries: &[u8]| (0xE2, secret(&[b"MPF\0II*\0\x08\0\0\0\x03\0", entries].concat()));
    let maker = |name: &str| {
        let mut tiff = Tiff::full(1);
        tiff.text(1, 0x927C, &format!("{name}{}", String::from_utf8_lossy(SECRET)));
        exif_segment(&tiff.build())
    };
    let thumbnail = [Tiff::full(1).build(), second()].concat();
    let plain = jpeg(&textured(SIZE.0, SIZE.1));
    let (head, tail) = plain.split_at(20);
    // Records from the end backwards: the directory, its length, and a signature that another reader looks for last.
    let samsung = secret(b"\0\0\x01\x0A\x0E\0\0\0Image_UTC_Data1700000000000");
    let samsung =
        [samsung.as_slice(), b"SEFH\x6A\0\0\0\x01\0\0\0\0\0\x01\x0A\x2F\0\0\0\x2F\0\0\0", b"\x18\0\0\0SEFT"].concat();
    vec![
        ("Samsung's records behind the end", with(&[maker("samsung")], std::slice::from_ref(&samsung))),
        ("Samsung's film and records behind the end", with(&[], &[secret(b"MotionPhoto_Data"), film(), samsung])),
        (
            "Apple's index of pictures, with depth and gain map behind the end",
            with(&[maker("Apple iOS\0\0\x01MM"), index(b"\0\xB0\x07\0\x04\0\0\x000100")], &[second(), second()]),
        ),
        (
            "Google's motion photo",
            with(&[xmp("<x:xmpmeta GCamera:MotionPhoto='1' Container:Directory='video/mp4'/>")], &[film()]),
        ),
        ("Huawei's film and its trailer", with(&[maker("HUAWEI")], &[film(), secret(b"v2_f30     LIVE_10567992")])),
        ("a thumbnail in EXIF", with(&[exif_segment(&thumbnail)], &[])),
        ("a preview in an application segment of its own", with(&[(0xE3, second()), (0xE5, secret(b"preview"))], &[])),
        ("fill bytes before a marker", [head, &[0xFF; 200], tail].concat()),
        ("padding of zeros between segments", [head, &[0; 512], tail].concat()),
        ("padding of zeros and of 0xFF behind the end", [plain.as_slice(), &[0; 512], &[0xFF; 512]].concat()),
    ]
}

#[test]
fn every_makers_photo_leaves_as_if_it_had_nothing_on_it() {
    let plain = jpeg(&textured(SIZE.0, SIZE.1));
    let wanted = process(&plain, &Limits::default()).unwrap();
    for (habit, bytes) in habits() {
        assert_ne!(bytes, plain, "{habit}");
        let clean = strip(&bytes, &inspected(&bytes)).unwrap();
        assert_eq!(clean, plain, "{habit}");
        let made = process(&bytes, &Limits::default()).unwrap();
        assert_eq!((&made.display, &made.thumbnail), (&wanted.display, &wanted.thumbnail), "{habit}");
    }
}

#[test]
fn a_film_behind_a_photo_that_is_cut_does_not_make_it_whole() {
    let plain = jpeg(&textured(SIZE.0, SIZE.1));
    let without_end = &plain[..plain.len() - 2];
    for behind in [&[][..], &[0; 512], &[0xFF; 512], &film()] {
        let bytes = [without_end, behind].concat();
        assert_eq!(inspect(&bytes, &Limits::default()), Err(Refusal::Truncated), "{} bytes behind", behind.len());
    }
}

#[test]
fn what_a_second_photo_behind_a_cut_one_gives_is_never_that_second_photo() {
    let plain = jpeg(&textured(SIZE.0, SIZE.1));
    let bytes = [&plain[..plain.len() / 2], &second()].concat();
    assert_eq!(inspect(&bytes, &Limits::default()).unwrap_err().reason(), "IMAGE_DAMAGED");
}
