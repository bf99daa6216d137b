//! What a WebP's chunks say.

use super::chunks::{Chunk, Chunks};
use crate::exif::{self, Exif};
use crate::inspect::xmp_has_position;
use crate::{Format, Inspected, Limits, Orientation, Refusal, icc};

/// The largest EXIF block that is read, in bytes. A JPEG's cannot be larger than 64 KB.
const MAX_EXIF: usize = 1024 * 1024;

/// VP8X's flag for an animation.
const ANIMATION: u8 = 0x02;
/// VP8X's flag for opacity.
pub(super) const ALPHA: u8 = 0x10;

/// Walks the container to its end. See [`crate::inspect`].
pub(crate) fn inspect(bytes: &[u8], limits: &Limits) -> Result<Inspected, Refusal> {
    let mut canvas = None;
    let mut frame = None;
    let mut exif: Option<Exif> = None;
    let mut xmp_position = false;
    let mut profile = None;

    let mut chunks = Chunks::new(bytes)?;
    let mut first = true;
    while let Some(chunk) = chunks.next()? {
        match &chunk.kind {
            b"VP8X" if first => {
                let (flags, size) = extended(&chunk)?;
                limits.check_size(size.0, size.1)?;
                if flags & ANIMATION != 0 {
                    return Err(Refusal::Unsupported { what: "an animated WebP" });
                }
                canvas = Some(size);
            }
            b"VP8 " | b"VP8L" if frame.is_none() => {
                let size = if &chunk.kind == b"VP8 " { lossy(&chunk)? } else { lossless(&chunk)? };
                limits.check_size(size.0, size.1)?;
                frame = Some(size);
            }
            b"VP8 " | b"VP8L" | b"VP8X" => {
                return Err(Refusal::damaged("a second picture starts inside it"));
            }
            b"ICCP" if profile.is_none() => profile = icc::from_webp(chunk.data),
            b"EXIF" if chunk.data.len() <= MAX_EXIF => {
                exif.get_or_insert_with(|| exif::read(chunk.data));
            }
            b"XMP " => xmp_position |= xmp_has_position(chunk.data),
            _ => {}
        }
        first = false;
    }

    let (width, height) = frame.ok_or(Refusal::damaged("its picture is missing"))?;
    if canvas.is_some_and(|canvas| canvas != (width, height)) {
        return Err(Refusal::damaged("it announces its size twice"));
    }
    let mut exif = exif.unwrap_or_default();
    exif.has_gps |= xmp_position;
    // Profile and orientation belong to the extended form: in the simple one no reader looks for them.
    if canvas.is_none() {
        exif.orientation = Orientation::Upright;
        profile = None;
    }
    Ok(Inspected::new(Format::WebP, (width, height), exif, profile))
}

/// The flags, and the canvas: VP8X (RFC 9649, 2.7.1). Sizes are 24 bits, less one.
pub(super) fn extended(chunk: &Chunk<'_>) -> Result<(u8, (u32, u32)), Refusal> {
    let Some(&[flags, _, _, _, w0, w1, w2, h0, h1, h2]) = chunk.data.first_chunk() else {
        return Err(Refusal::damaged("its size is missing"));
    };
    let width = 1 + u32::from_le_bytes([w0, w1, w2, 0]);
    let height = 1 + u32::from_le_bytes([h0, h1, h2, 0]);
    Ok((flags, (width, height)))
}

/// The size of a lossy picture: VP8's frame header (RFC 6386, 9.1). Sizes are 14 bits; the rest is for scaling.
fn lossy(chunk: &Chunk<'_>) -> Result<(u32, u32), Refusal> {
    let Some(&[tag, _, _, 0x9D, 0x01, 0x2A, w0, w1, h0, h1]) = chunk.data.first_chunk() else {
        return Err(Refusal::damaged("its size is missing"));
    };
    if tag & 1 != 0 {
        return Err(Refusal::damaged("its picture is missing"));
    }
    let size = |bytes| u32::from(u16::from_le_bytes(bytes) & 0x3FFF);
    Ok((size([w0, w1]), size([h0, h1])))
}

/// The size of a lossless picture: VP8L's header (RFC 9649, 3.4). Sizes are 14 bits, less one.
fn lossless(chunk: &Chunk<'_>) -> Result<(u32, u32), Refusal> {
    let Some(&[0x2F, b0, b1, b2, b3]) = chunk.data.first_chunk() else {
        return Err(Refusal::damaged("its size is missing"));
    };
    let header = u32::from_le_bytes([b0, b1, b2, b3]);
    Ok((1 + (header & 0x3FFF), 1 + (header >> 14 & 0x3FFF)))
}
