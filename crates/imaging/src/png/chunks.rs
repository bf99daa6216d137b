//! A walk through a PNG's chunks, from its signature to IEND.

use crate::Refusal;

/// What a PNG starts with.
pub(super) const SIGNATURE: &[u8; 8] = b"\x89PNG\r\n\x1a\n";

/// A chunk: four letters, its data, and the checksum of both.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chunk<'a> {
    pub(super) kind: [u8; 4],
    pub(super) data: &'a [u8],
    crc: u32,
}

impl Chunk<'_> {
    /// Whether a decoder must understand it: its first letter is a capital.
    pub(super) fn is_critical(&self) -> bool {
        self.kind[0].is_ascii_uppercase()
    }

    /// Whether its checksum holds.
    pub(super) fn is_whole(&self) -> bool {
        checksum(&self.kind, self.data) == self.crc
    }
}

/// Walks the chunks. Whatever follows IEND is never looked at.
#[derive(Debug)]
pub(super) struct Chunks<'a> {
    rest: &'a [u8],
    ended: bool,
}

impl<'a> Chunks<'a> {
    /// Starts after the signature, which `sniff` has seen.
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let rest = bytes.strip_prefix(SIGNATURE.as_slice()).ok_or(Refusal::damaged("it does not start as a photo"))?;
        Ok(Self { rest, ended: false })
    }

    /// The next chunk, IEND too; `None` after it.
    ///
    /// # Errors
    ///
    /// [`Refusal::Truncated`] if the bytes stop first; [`Refusal::Damaged`] if what stands there is no chunk, or if a
    /// critical chunk's checksum fails. Other chunks are dropped anyway, or checked where they are used.
    pub(super) fn next(&mut self) -> Result<Option<Chunk<'a>>, Refusal> {
        if self.ended {
            return Ok(None);
        }
        let (length, rest) = self.rest.split_first_chunk().ok_or(Refusal::Truncated)?;
        let (kind, rest) = rest.split_first_chunk::<4>().ok_or(Refusal::Truncated)?;
        let length = u32::from_be_bytes(*length);
        if length > i32::MAX as u32 || !kind.iter().all(u8::is_ascii_alphabetic) {
            return Err(Refusal::damaged("a part of it is unreadable"));
        }
        let (data, rest) = rest.split_at_checked(length as usize).ok_or(Refusal::Truncated)?;
        let (crc, rest) = rest.split_first_chunk().ok_or(Refusal::Truncated)?;
        self.rest = rest;
        self.ended = kind == b"IEND";
        let chunk = Chunk { kind: *kind, data, crc: u32::from_be_bytes(*crc) };
        if chunk.is_critical() && !chunk.is_whole() {
            return Err(Refusal::damaged("a checksum in it does not match"));
        }
        Ok(Some(chunk))
    }
}

/// Writes a chunk. `data` is shorter than 2 GB: it comes from a chunk, or is a few bytes.
pub(super) fn write(out: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    out.extend_from_slice(&(data.len() as u32).to_be_bytes());
    out.extend_from_slice(kind);
    out.extend_from_slice(data);
    out.extend_from_slice(&checksum(kind, data).to_be_bytes());
}

fn checksum(kind: &[u8], data: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(kind);
    hasher.update(data);
    hasher.finalize()
}
