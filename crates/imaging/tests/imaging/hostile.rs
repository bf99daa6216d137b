//! Files that someone has tampered with: refused or read, never a panic, never late.

use std::time::Duration;

use jpeg_encoder::ColorType;
use proptest::prelude::*;
use samspil_imaging::{Limits, inspect, process};

use crate::make::*;
use crate::promises::keep;

/// A picture small enough to be decoded a few hundred times.
fn files() -> Vec<Vec<u8>> {
    let picture = textured(40, 28);
    let raw = picture.as_raw();
    let inks: Vec<u8> = raw.chunks(3).flat_map(|pixel| [pixel[0], pixel[1], pixel[2], 9]).collect();
    vec![
        laden_jpeg(&picture, 6),
        jpeg(&picture),
        encoded(raw, (40, 28), ColorType::Rgb, true),
        encoded(&inks, (40, 28), ColorType::Cmyk, false),
        laden_png(&picture, 6),
        png_of((40, 28), 8, 2, true, &adam7(&picture)),
        laden_webp(&webp(&picture), (40, 28), 6),
        laden_webp(LOSSY_WEBP, (48, 32), 3),
        lossy_webp_with_alpha(),
    ]
}

pub(crate) fn limits() -> Limits {
    Limits { max_pixels: 1_000_000, ..Limits::default() }
}

/// Checksums would hide a PNG's inside from us: writes them anew.
pub(crate) fn with_checksums(mut bytes: Vec<u8>) -> Vec<u8> {
    let mut at = 8;
    while bytes.starts_with(b"\x89PNG") && at + 12 <= bytes.len() {
        let length = u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
        let Some(end) = at.checked_add(8 + length).filter(|end| end + 4 <= bytes.len()) else { break };
        let crc = crc32fast::hash(&bytes[at + 4..end]).to_be_bytes();
        bytes[end..end + 4].copy_from_slice(&crc);
        at = end + 4;
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn changed_bytes_never_cause_a_panic(
        which in 0usize..9,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        honest in any::<bool>(),
    ) {
        let mut bytes = files().swap_remove(which);
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        keep(&if honest { with_checksums(bytes) } else { bytes }, &limits());
    }

    #[test]
    fn parts_moved_repeated_or_removed_never_cause_a_panic(
        which in 0usize..9,
        from in any::<prop::sample::Index>(),
        to in any::<prop::sample::Index>(),
        len in 0usize..64,
        remove in any::<bool>(),
    ) {
        let mut bytes = files().swap_remove(which);
        let from = from.index(bytes.len());
        let part: Vec<u8> = bytes[from..].iter().take(len).copied().collect();
        if remove {
            bytes.drain(from..from + part.len());
        }
        let to = to.index(bytes.len());
        bytes.splice(to..to, part);
        keep(&with_checksums(bytes), &limits());
    }

    #[test]
    fn noise_behind_a_signature_never_causes_a_panic(
        which in 0usize..5,
        noise in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let signatures: [&[u8]; 5] =
            [b"", b"\xFF\xD8\xFF", b"\x89PNG\r\n\x1a\n", b"RIFF\x40\0\0\0WEBPVP8X", b"RIFF\x40\0\0\0WEBPVP8L"];
        keep(&[signatures[which], &noise].concat(), &limits());
    }

    #[test]
    fn noise_in_an_exif_block_never_causes_a_panic_nor_costs_the_photo(
        noise in prop::collection::vec(any::<u8>(), 0..300),
        at in any::<prop::sample::Index>(),
    ) {
        let mut block = Tiff::full(6).build();
        let at = at.index(block.len());
        block.truncate(at);
        block.extend_from_slice(&noise);
        let bytes = with_segments(&jpeg(&scene(16, 16)), &[(0xE1, [b"Exif\0\0", block.as_slice()].concat())]);
        prop_assert!(inspect(&bytes, &limits()).is_ok());
        keep(&bytes, &limits());
    }
}

#[test]
fn damaged_picture_data_is_decoded_or_refused_as_damaged() {
    let whole = jpeg(&textured(320, 240));
    let start = whole.windows(2).position(|pair| pair == [0xFF, 0xDA]).unwrap() + 14;
    for at in (start..whole.len() - 2).step_by(97) {
        let mut bytes = whole.clone();
        bytes[at..at + 2].copy_from_slice(&[0x00, 0x55]);
        match process(&bytes, &limits()) {
            Ok(made) => assert_eq!((made.width, made.height), (320, 240)),
            Err(refusal) => assert_eq!(refusal.reason(), "IMAGE_DAMAGED"),
        }
    }
}

#[test]
fn a_png_whose_data_stop_early_is_damaged() {
    let rows = [vec![0], vec![200; 48 * 3]].concat().repeat(20);
    let bytes = png_of((48, 32), 8, 2, false, &rows);
    inspect(&bytes, &limits()).unwrap();
    assert_eq!(process(&bytes, &limits()).unwrap_err().reason(), "IMAGE_DAMAGED");
}

/// A grey progressive JPEG whose scans each cost a pass over the whole picture for a few bytes.
fn scan_bomb(side: u16, scans: usize) -> Vec<u8> {
    let [high, low] = side.to_be_bytes();
    let blocks = usize::from(side).div_ceil(8).pow(2);
    let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0];
    bytes.extend_from_slice(&[1; 64]);
    bytes.extend_from_slice(&[0xFF, 0xC2, 0, 11, 8, high, low, high, low, 1, 1, 0x11, 0]);
    // Two tables of a code of one bit, and another of two so that the table is not degenerate. Of the first scan, the one
    // bit means a block like the one before; of the others, that nothing follows in the next 16,384 blocks.
    for (table, symbol) in [(0x00, 0x00), (0x10, 0xE0)] {
        bytes.extend_from_slice(&[0xFF, 0xC4, 0, 21, table, 1, 1]);
        bytes.extend_from_slice(&[0; 14]);
        bytes.extend_from_slice(&[symbol, 1]);
    }
    for scan in 0..scans {
        let band = u8::from(scan > 0);
        bytes.extend_from_slice(&[0xFF, 0xDA, 0, 8, 1, 1, 0, band, band, 0]);
        let data = if scan == 0 { blocks / 8 + 1 } else { blocks / 8192 + 2 };
        bytes.resize(bytes.len() + data, 0);
    }
    bytes.extend_from_slice(&[0xFF, 0xD9]);
    bytes
}

#[test]
fn a_photo_of_many_passes_is_stopped_between_two_of_them() {
    let bytes = scan_bomb(9000, 95);
    let limits = Limits { max_decode: Duration::from_millis(40), ..Limits::default() };
    let refusal = process(&bytes, &limits).unwrap_err();
    assert_eq!(refusal.reason(), "IMAGE_TOO_SLOW");
    assert_eq!(process(&scan_bomb(64, 95), &Limits::default()).unwrap().width, 64);
    let refusal = process(&scan_bomb(64, 101), &Limits::default()).unwrap_err();
    assert_eq!(refusal.reason(), "IMAGE_DAMAGED");
}
