//! Every byte of every variety of file, changed in several ways, and every length that a file can be cut to.

use std::panic::catch_unwind;

use crate::corpus::{jpegs, pngs, webps};
use crate::hostile::{limits, with_checksums};
use crate::promises::keep;

/// What a byte becomes: nothing, everything, its neighbour, its opposite in sign, and a number that sizes like.
const CHANGES: [fn(u8) -> u8; 5] =
    [|_| 0x00, |_| 0xFF, |byte| byte ^ 0x01, |byte| byte ^ 0x80, |byte| byte.wrapping_add(8)];

fn tampered_with(files: Vec<(String, Vec<u8>)>) {
    let mut tried = 0;
    for (name, whole) in files {
        let mut kept = |bytes: &[u8], what: &str| {
            tried += 1;
            let outcome = catch_unwind(|| keep(bytes, &limits()));
            assert!(outcome.is_ok(), "{name} {what}; see above");
        };
        for at in 0..whole.len() {
            kept(&whole[..at], &format!("cut to {at} bytes"));
            for change in CHANGES {
                let mut bytes = whole.clone();
                bytes[at] = change(bytes[at]);
                if bytes[at] != whole[at] {
                    let what = format!("with byte {at} changed to {:#04x}", bytes[at]);
                    kept(&with_checksums(bytes), &what);
                }
            }
        }
    }
    println!("{tried} files");
}

#[test]
fn every_byte_of_a_jpeg_is_read_or_refused_whatever_it_says() {
    tampered_with(jpegs());
}

#[test]
fn every_byte_of_a_png_is_read_or_refused_whatever_it_says() {
    tampered_with(pngs());
}

#[test]
fn every_byte_of_a_webp_is_read_or_refused_whatever_it_says() {
    tampered_with(webps());
}
