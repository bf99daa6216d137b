//! Colour profiles, built from the standards' numbers: ICC version 4 display profiles of a matrix and a curve.

use crate::colour::{D50, DISPLAY_P3, Matrix, Primaries, SRGB, adaptation, multiply, to_xyz, transposed};
use crate::metadata::Icc;

/// The bytes of a profile, if there is to be one.
pub(crate) fn profile(icc: Icc) -> Option<Vec<u8>> {
    match icc {
        Icc::None => None,
        Icc::Srgb => Some(build("Samspil sRGB", SRGB)),
        Icc::DisplayP3 => Some(build("Samspil Display P3", DISPLAY_P3)),
    }
}

/// The primaries of the pixels that go with a profile.
pub(crate) fn primaries(icc: Icc) -> Primaries {
    match icc {
        Icc::None | Icc::Srgb => SRGB,
        Icc::DisplayP3 => DISPLAY_P3,
    }
}

fn build(name: &str, primaries: Primaries) -> Vec<u8> {
    let adaptation = adaptation();
    let [red, green, blue] = transposed(multiply(adaptation, to_xyz(primaries)));
    let tags = [
        (b"desc", text(name)),
        (b"cprt", text("Made by samspil-phantom; no rights reserved")),
        (b"wtpt", xyz(D50)),
        (b"rXYZ", xyz(red)),
        (b"gXYZ", xyz(green)),
        (b"bXYZ", xyz(blue)),
        (b"chad", matrix(adaptation)),
        (b"rTRC", curve()),
        (b"gTRC", curve()),
        (b"bTRC", curve()),
    ];
    let mut table = (tags.len() as u32).to_be_bytes().to_vec();
    let mut data: Vec<u8> = Vec::new();
    let begin = HEADER + 4 + 12 * tags.len();
    for (n, (signature, bytes)) in tags.iter().enumerate() {
        // The three curves are one, and so are their bytes.
        let at = if n > 0 && tags[n - 1].1 == *bytes { data.len() - bytes.len() } else { data.len() };
        table.extend(*signature);
        table.extend(((begin + at) as u32).to_be_bytes());
        table.extend((bytes.len() as u32).to_be_bytes());
        if at == data.len() {
            data.extend(bytes);
        }
    }
    [header(begin + data.len()), table, data].concat()
}

const HEADER: usize = 128;

/// The header: a version 4.3 display profile from RGB to XYZ. The profile's id stays 0, which means not computed.
fn header(size: usize) -> Vec<u8> {
    let mut header = vec![0; HEADER];
    let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, &(size as u32).to_be_bytes());
    put(8, &[4, 0x30]);
    put(12, b"mntrRGB XYZ ");
    for (n, number) in [2026u16, 1, 1, 0, 0, 0].into_iter().enumerate() {
        put(24 + 2 * n, &number.to_be_bytes());
    }
    put(36, b"acsp");
    for (n, number) in D50.into_iter().enumerate() {
        put(68 + 4 * n, &fixed(number));
    }
    header
}

/// A number with 16 bits before and 16 after the point.
fn fixed(number: f64) -> [u8; 4] {
    ((number * 65536.0).round() as i32).to_be_bytes()
}

fn xyz(colour: [f64; 3]) -> Vec<u8> {
    [b"XYZ \0\0\0\0", colour.map(fixed).as_flattened()].concat()
}

fn matrix(matrix: Matrix) -> Vec<u8> {
    [b"sf32\0\0\0\0", matrix.as_flattened().iter().flat_map(|x| fixed(*x)).collect::<Vec<_>>().as_slice()].concat()
}

/// The sRGB curve in its parametric form: gamma, a, b, c, d.
fn curve() -> Vec<u8> {
    let numbers = [2.4, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 12.92, 0.040_45].map(fixed);
    [b"para\0\0\0\0\0\x03\0\0", numbers.as_flattened()].concat()
}

/// A text in one language, padded to the four bytes on which tags begin.
fn text(text: &str) -> Vec<u8> {
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let mut tag = b"mluc\0\0\0\0\0\0\0\x01\0\0\0\x0cenUS".to_vec();
    tag.extend((utf16.len() as u32).to_be_bytes());
    tag.extend(28u32.to_be_bytes());
    tag.extend(utf16);
    tag.resize(tag.len().next_multiple_of(4), 0);
    tag
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_colorants_are_those_that_the_standards_give() {
        let columns = |primaries| transposed(multiply(adaptation(), to_xyz(primaries)));
        let near = |have: Matrix, want: Matrix| {
            let pairs = have.as_flattened().iter().zip(want.as_flattened());
            pairs.into_iter().all(|(a, b)| (a - b).abs() < 0.0005)
        };
        // IEC 61966-2-1 and Display P3, adapted to D50.
        let srgb = [[0.4361, 0.2225, 0.0139], [0.3851, 0.7169, 0.0971], [0.1431, 0.0606, 0.7139]];
        let p3 = [[0.5151, 0.2412, -0.0011], [0.2920, 0.6922, 0.0419], [0.1571, 0.0666, 0.7841]];
        assert!(near(columns(SRGB), srgb));
        assert!(near(columns(DISPLAY_P3), p3));
    }

    #[test]
    fn every_tag_lies_within_the_profile() {
        for icc in [Icc::Srgb, Icc::DisplayP3] {
            let profile = profile(icc).unwrap();
            let number = |at: usize| u32::from_be_bytes(profile[at..at + 4].try_into().unwrap()) as usize;
            assert_eq!(number(0), profile.len());
            assert_eq!((&profile[12..24], &profile[36..40]), (&b"mntrRGB XYZ "[..], &b"acsp"[..]));
            for n in 0..number(HEADER) {
                let (at, size) = (number(HEADER + 8 + 12 * n), number(HEADER + 12 + 12 * n));
                assert!(at % 4 == 0 && at + size <= profile.len());
            }
        }
    }
}
