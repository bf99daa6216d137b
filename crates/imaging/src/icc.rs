//! The colour profile: kept byte for byte, because without it a wound's reds are not the reds that the camera saw.
//!
//! Nothing is converted to sRGB. Viewers do that for their own screen, and lose less: a Display P3 screen shows a Display P3
//! photo's reds, which sRGB does not have. What looks at the samples as they are written bears the difference: a grey is a
//! grey in each, luma hardly differs, and the outline network's Dice on 40 photos was 0.838 written in sRGB, 0.840 in
//! Display P3 and 0.839 in Adobe RGB.

use std::io::Read;

use flate2::read::ZlibDecoder;

use crate::picture::Layout;

/// The largest profile that is kept, in bytes. Phones write about 500, the largest printing profiles 2 million.
const MAX: usize = 4 * 1024 * 1024;

/// What starts a JPEG's APP2 segment that carries a piece of the profile; its number and their count follow.
pub(crate) const JPEG_PREFIX: &[u8] = b"ICC_PROFILE\0";
/// Bytes of profile in one such segment: 65,535 less the length field, the prefix, the number and the count.
const JPEG_PIECE: usize = 65_535 - 2 - 12 - 2;

/// Puts the profile of a JPEG together from the pieces after [`JPEG_PREFIX`] (number, count, bytes), in any order.
///
/// `None` if there are none, one is missing, one is there twice, or they make more than [`MAX`] bytes.
pub(crate) fn from_jpeg(pieces: &[&[u8]]) -> Option<Vec<u8>> {
    let mut sorted: Vec<(u8, u8, &[u8])> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let (&[number, count], bytes) = piece.split_first_chunk()?;
        sorted.push((number, count, bytes));
    }
    sorted.sort_by_key(|(number, _, _)| *number);
    let whole = sorted
        .iter()
        .enumerate()
        .all(|(index, (number, count, _))| usize::from(*number) == index + 1 && usize::from(*count) == sorted.len());
    let total: usize = sorted.iter().map(|(_, _, bytes)| bytes.len()).sum();
    if !whole || total == 0 || total > MAX {
        return None;
    }
    Some(sorted.iter().flat_map(|(_, _, bytes)| *bytes).copied().collect())
}

/// The payloads of the APP2 segments that carry `profile`, prefix and all.
pub(crate) fn to_jpeg(profile: &[u8]) -> impl Iterator<Item = Vec<u8>> + '_ {
    // At most 4 MiB in pieces of 64 KB: the count fits a byte.
    debug_assert!(profile.len() <= MAX);
    let count = profile.len().div_ceil(JPEG_PIECE) as u8;
    profile.chunks(JPEG_PIECE).zip(1..=count).map(move |(bytes, number)| {
        let mut payload = Vec::with_capacity(JPEG_PREFIX.len() + 2 + bytes.len());
        payload.extend_from_slice(JPEG_PREFIX);
        payload.extend_from_slice(&[number, count]);
        payload.extend_from_slice(bytes);
        payload
    })
}

/// The profile of a PNG's iCCP chunk: a name, NUL, compression method 0, zlib. `None` if it cannot be read.
pub(crate) fn from_png(chunk: &[u8]) -> Option<Vec<u8>> {
    let end = chunk.iter().take(80).position(|byte| *byte == 0)?;
    let (&method, compressed) = chunk[end + 1..].split_first()?;
    if method != 0 {
        return None;
    }
    let mut profile = Vec::new();
    // One byte more than is allowed, to tell "exactly" from "more": a bomb is cut off here.
    ZlibDecoder::new(compressed).take(MAX as u64 + 1).read_to_end(&mut profile).ok()?;
    from_webp(&profile)
}

/// The profile of a WebP's ICCP chunk: as it is, within bounds.
pub(crate) fn from_webp(chunk: &[u8]) -> Option<Vec<u8>> {
    (1..=MAX).contains(&chunk.len()).then(|| chunk.to_vec())
}

/// Whether a profile speaks of the colours that a rendition has. A profile for printing inks (CMYK) does not fit the RGB
/// that was made from them, and would spoil it. Its header names the colour space at byte 16.
pub(crate) fn fits(profile: &[u8], layout: Layout) -> bool {
    let space: &[u8] = match layout {
        Layout::Luma => b"GRAY",
        Layout::YCbCr | Layout::Rgb => b"RGB ",
    };
    profile.get(16..20) == Some(space)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_profile_comes_back_whole_from_its_pieces_in_any_order() {
        let profile: Vec<u8> = (0..200_000u32).map(|n| (n % 251) as u8).collect();
        let mut payloads: Vec<_> = to_jpeg(&profile).collect();
        payloads.reverse();
        let pieces: Vec<_> = payloads.iter().map(|payload| &payload[JPEG_PREFIX.len()..]).collect();
        assert_eq!(pieces.len(), 4);
        assert_eq!(from_jpeg(&pieces), Some(profile));
        assert_eq!(from_jpeg(&pieces[1..]), None);
        assert_eq!(from_jpeg(&[pieces[0], pieces[1], pieces[1], pieces[3]]), None);
        assert_eq!(from_jpeg(&[]), None);
        assert_eq!(from_jpeg(&[&[1]]), None);
    }
}
