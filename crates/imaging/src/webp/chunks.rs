//! A walk through a WebP's chunks.

use crate::Refusal;

/// A chunk: four letters and its data, without the byte that pads it to an even size.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chunk<'a> {
    pub(super) kind: [u8; 4],
    pub(super) data: &'a [u8],
}

/// Walks the chunks of the container. Whatever follows the size that it announces is never looked at.
#[derive(Debug)]
pub(super) struct Chunks<'a> {
    rest: &'a [u8],
}

impl<'a> Chunks<'a> {
    /// Starts after "RIFF", size and "WEBP", which `sniff` has seen.
    ///
    /// # Errors
    ///
    /// [`Refusal::Truncated`] if the file is shorter than the container says.
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let size = bytes.get(4..).and_then(|rest| rest.first_chunk()).ok_or(Refusal::Truncated)?;
        let end = (u32::from_le_bytes(*size) as usize).saturating_add(8);
        if end < 12 {
            return Err(Refusal::damaged("it does not start as a photo"));
        }
        let rest = bytes.get(12..end).ok_or(Refusal::Truncated)?;
        Ok(Self { rest })
    }

    /// The next chunk; `None` at the container's end.
    ///
    /// # Errors
    ///
    /// [`Refusal::Truncated`] if a chunk is longer than what is left of the container.
    pub(super) fn next(&mut self) -> Result<Option<Chunk<'a>>, Refusal> {
        // Some writers leave a padding byte at the end.
        if self.rest.len() < 2 {
            return Ok(None);
        }
        let (kind, rest) = self.rest.split_first_chunk().ok_or(Refusal::Truncated)?;
        let (size, rest) = rest.split_first_chunk().ok_or(Refusal::Truncated)?;
        let size = u32::from_le_bytes(*size) as usize;
        let (data, rest) = rest.split_at_checked(size).ok_or(Refusal::Truncated)?;
        // And some do not pad the last chunk.
        self.rest = rest.get(size % 2..).unwrap_or_default();
        Ok(Some(Chunk { kind: *kind, data }))
    }
}

/// Writes a chunk, padded. `data` is shorter than 4 GB: it comes from a chunk, or is a few bytes.
pub(super) fn write(out: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    out.extend_from_slice(kind);
    out.extend_from_slice(&(data.len() as u32).to_le_bytes());
    out.extend_from_slice(data);
    out.resize(out.len() + data.len() % 2, 0);
}
