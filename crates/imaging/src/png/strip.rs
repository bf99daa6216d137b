//! A PNG without its metadata.

use super::chunks::{Chunks, SIGNATURE, write};
use crate::{Inspected, Orientation, Refusal, exif};

/// Chunks beside the critical ones that change how the pixels look: kind, and the sizes they may have.
const COLOUR: &[(&[u8; 4], std::ops::RangeInclusive<usize>)] =
    &[(b"tRNS", 1..=256), (b"sRGB", 1..=1), (b"gAMA", 4..=4), (b"cHRM", 32..=32), (b"cICP", 4..=4)];

/// Copies the picture and what gives its colours. See [`crate::strip`].
///
/// Of the chunks beside the critical ones, the first of each kind is kept, before the picture's data alone: a file may
/// not carry anything along in repetitions.
pub(crate) fn strip(bytes: &[u8], inspected: &Inspected) -> Result<Vec<u8>, Refusal> {
    let mut out = Vec::with_capacity(bytes.len());
    out.extend_from_slice(SIGNATURE);
    let mut seen: Vec<[u8; 4]> = Vec::new();
    let mut chunks = Chunks::new(bytes)?;
    while let Some(chunk) = chunks.next()? {
        let keep = match &chunk.kind {
            b"IDAT" => true,
            b"IEND" => false,
            kind if seen.contains(kind) || (seen.contains(b"IDAT")) => false,
            b"IHDR" | b"PLTE" => true,
            // A profile that could not be read was not understood by us and will not be by others.
            b"iCCP" => chunk.is_whole() && inspected.icc_profile.is_some(),
            kind => {
                let colour = COLOUR.iter().find(|(known, _)| *known == kind);
                chunk.is_whole() && colour.is_some_and(|(_, sizes)| sizes.contains(&chunk.data.len()))
            }
        };
        if !keep {
            continue;
        }
        write(&mut out, &chunk.kind, chunk.data);
        if !seen.contains(&chunk.kind) {
            seen.push(chunk.kind);
        }
        if &chunk.kind == b"IHDR" && inspected.orientation != Orientation::Upright {
            write(&mut out, b"eXIf", &exif::only(inspected.orientation));
        }
    }
    write(&mut out, b"IEND", &[]);
    Ok(out)
}
