//! What a PNG's chunks say.

use super::chunks::{Chunk, Chunks};
use crate::exif::{self, Exif};
use crate::inspect::xmp_has_position;
use crate::{Format, Inspected, Limits, Refusal, icc};

/// What starts an iTXt chunk with an XMP packet.
const XMP: &[u8] = b"XML:com.adobe.xmp\0";

/// The largest EXIF block that is read, in bytes. A JPEG's cannot be larger than 64 KB.
const MAX_EXIF: usize = 1024 * 1024;

/// Walks the file to its IEND chunk. See [`crate::inspect`].
pub(crate) fn inspect(bytes: &[u8], limits: &Limits) -> Result<Inspected, Refusal> {
    let mut chunks = Chunks::new(bytes)?;
    let header = chunks.next()?.ok_or(Refusal::Truncated)?;
    let header = Header::read(&header)?;
    limits.check_size(header.width, header.height)?;

    let mut exif: Option<Exif> = None;
    let mut xmp_position = false;
    let mut profile = None;
    let mut palette = false;
    let mut compressed = 0;
    while let Some(chunk) = chunks.next()? {
        match &chunk.kind {
            b"PLTE" if chunk.data.len() <= 768 && chunk.data.len().is_multiple_of(3) => palette = true,
            b"IDAT" => compressed += chunk.data.len() as u64,
            b"IEND" => {}
            b"eXIf" if chunk.data.len() <= MAX_EXIF && chunk.is_whole() => {
                exif.get_or_insert_with(|| exif::read(chunk.data));
            }
            b"iCCP" if profile.is_none() && chunk.is_whole() => profile = icc::from_png(chunk.data),
            b"iTXt" if chunk.data.starts_with(XMP) => xmp_position |= xmp_has_position(chunk.data),
            _ if chunk.is_critical() => return Err(Refusal::damaged("a part of it is unreadable")),
            _ => {}
        }
    }

    if compressed == 0 || compressed.saturating_mul(BEST_RATIO) < header.raw_bytes() {
        return Err(Refusal::damaged("most of its picture is missing"));
    }
    if header.colour == PALETTE && !palette {
        return Err(Refusal::damaged("its colours are not described"));
    }
    let mut exif = exif.unwrap_or_default();
    exif.has_gps |= xmp_position;
    Ok(Inspected::new(Format::Png, (header.width, header.height), exif, profile))
}

/// Deflate makes at best one byte of 1,032 (a match of 258 bytes in two bits), rounded up for its headers.
const BEST_RATIO: u64 = 1100;

/// Colour type 3.
const PALETTE: u8 = 3;

/// The IHDR chunk.
struct Header {
    width: u32,
    height: u32,
    depth: u8,
    colour: u8,
}

impl Header {
    fn read(chunk: &Chunk<'_>) -> Result<Self, Refusal> {
        let damaged = Refusal::damaged("its size is missing");
        let (b"IHDR", Ok(data)) = (&chunk.kind, <&[u8; 13]>::try_from(chunk.data)) else {
            return Err(damaged);
        };
        let [w3, w2, w1, w0, h3, h2, h1, h0, depth, colour, compression, filter, interlace] = *data;
        let known = match colour {
            0 => matches!(depth, 1 | 2 | 4 | 8 | 16),
            PALETTE => matches!(depth, 1 | 2 | 4 | 8),
            2 | 4 | 6 => matches!(depth, 8 | 16),
            _ => false,
        };
        if !known || compression != 0 || filter != 0 || interlace > 1 {
            return Err(Refusal::damaged("its colours are not described"));
        }
        let width = u32::from_be_bytes([w3, w2, w1, w0]);
        let height = u32::from_be_bytes([h3, h2, h1, h0]);
        Ok(Self { width, height, depth, colour })
    }

    /// Bytes of the picture before compression, at least: rows without their filter bytes.
    fn raw_bytes(&self) -> u64 {
        let samples = match self.colour {
            2 => 3,
            4 => 2,
            6 => 4,
            _ => 1,
        };
        let bits = u64::from(self.width) * samples * u64::from(self.depth);
        bits / 8 * u64::from(self.height)
    }
}
