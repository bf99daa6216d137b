//! A walk through a JPEG file from its start to its end marker.

use super::{EOI, SOI, SOS};
use crate::Refusal;

/// A part of the file.
#[derive(Debug)]
pub(super) enum Piece<'a> {
    /// A marker segment: the marker's second byte, and what follows the length.
    Segment { marker: u8, payload: &'a [u8] },
    /// A scan: its header's payload, and its entropy-coded data with restart markers and byte stuffing, up to the
    /// next marker.
    Scan { header: &'a [u8], entropy: &'a [u8] },
}

/// Walks the pieces. Whatever follows the end marker is never looked at.
#[derive(Debug)]
pub(super) struct Pieces<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Pieces<'a> {
    /// Starts after the start marker, which `sniff` has seen.
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, Refusal> {
        if !bytes.starts_with(&[0xFF, SOI]) {
            return Err(Refusal::damaged("it does not start as a photo"));
        }
        Ok(Self { bytes, at: 2 })
    }

    /// The next piece; `None` at the end marker.
    ///
    /// # Errors
    ///
    /// [`Refusal::Truncated`] if the bytes stop first; [`Refusal::Damaged`] for a segment of impossible length or a
    /// second picture inside the first.
    pub(super) fn next(&mut self) -> Result<Option<Piece<'a>>, Refusal> {
        loop {
            match self.marker()? {
                EOI => return Ok(None),
                SOI => return Err(Refusal::damaged("a second picture starts inside it")),
                // Markers without a length. Between segments they mean nothing, and cameras do not write them there.
                0x00 | 0x01 | 0xD0..=0xD7 => {}
                SOS => {
                    let header = self.payload()?;
                    let entropy = self.entropy()?;
                    return Ok(Some(Piece::Scan { header, entropy }));
                }
                marker => {
                    let payload = self.payload()?;
                    return Ok(Some(Piece::Segment { marker, payload }));
                }
            }
        }
    }

    /// The second byte of the next marker. Skips fill bytes and, as decoders do, stray bytes between segments.
    fn marker(&mut self) -> Result<u8, Refusal> {
        let rest = &self.bytes[self.at..];
        let start = memchr::memchr(0xFF, rest).ok_or(Refusal::Truncated)?;
        let fill = rest[start..].iter().position(|byte| *byte != 0xFF).ok_or(Refusal::Truncated)?;
        self.at += start + fill + 1;
        Ok(rest[start + fill])
    }

    /// The bytes after a segment's length, which counts itself.
    fn payload(&mut self) -> Result<&'a [u8], Refusal> {
        let rest = &self.bytes[self.at..];
        let length = usize::from(u16::from_be_bytes(*rest.first_chunk().ok_or(Refusal::Truncated)?));
        if length < 2 {
            return Err(Refusal::damaged("a part of it has no length"));
        }
        let payload = rest.get(2..length).ok_or(Refusal::Truncated)?;
        self.at += length;
        Ok(payload)
    }

    /// Entropy-coded data: up to the first marker that is neither a stuffed zero nor a restart.
    ///
    /// In such data 0xFF comes about once in 250 bytes, so hopping from one to the next takes a millisecond for 4 MB.
    fn entropy(&mut self) -> Result<&'a [u8], Refusal> {
        let rest = &self.bytes[self.at..];
        // `fill` is where a run of 0xFF began that may turn out to fill the space before a marker.
        let mut fill = None;
        let mut at = 0;
        loop {
            at += memchr::memchr(0xFF, &rest[at..]).ok_or(Refusal::Truncated)?;
            match *rest.get(at + 1).ok_or(Refusal::Truncated)? {
                0x00 | 0xD0..=0xD7 => {
                    fill = None;
                    at += 2;
                }
                0xFF => {
                    fill = fill.or(Some(at));
                    at += 1;
                }
                _ => break,
            }
        }
        self.at += at;
        Ok(&rest[..fill.unwrap_or(at)])
    }
}
