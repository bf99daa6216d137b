//! Opening chunks as they come.

use std::ops::Range;

use bytes::{Buf as _, Bytes, BytesMut};
use futures::{StreamExt as _, TryStreamExt as _, stream, stream::BoxStream};
use object_store::{Result, path::Path};

use super::{
    damaged,
    format::{CHUNK, Cipher, SEALED_CHUNK, chunks},
};

/// Chunks that come in, and what is wanted of them.
pub(super) struct Opening {
    pub(super) location: Path,
    pub(super) cipher: Cipher,
    /// Sealed bytes, from the beginning of the chunk that holds the first wanted byte.
    pub(super) sealed: BoxStream<'static, Result<Bytes>>,
    /// What came and was not opened yet.
    pub(super) waiting: BytesMut,
    /// Plain bytes of the whole object.
    pub(super) size: u64,
    /// The plain bytes that are still wanted.
    pub(super) wanted: Range<u64>,
    /// Nothing is wanted any more. An object of no bytes has a chunk all the same, which says that it is none.
    pub(super) done: bool,
}

impl Opening {
    /// The wanted bytes, a chunk at a time.
    pub(super) fn stream(self) -> BoxStream<'static, Result<Bytes>> {
        stream::try_unfold(self, |mut opening| async move {
            let opened = opening.next().await?;
            Ok(opened.map(|bytes| (bytes, opening)))
        })
        .boxed()
    }

    async fn next(&mut self) -> Result<Option<Bytes>> {
        if self.done {
            return Ok(None);
        }
        let index = self.wanted.start / CHUNK;
        let begin = index * CHUNK;
        let end = self.size.min(begin + CHUNK);
        let length = (end - begin + SEALED_CHUNK - CHUNK) as usize;
        while self.waiting.len() < length {
            let more = self.sealed.try_next().await?;
            let more = more.ok_or_else(|| damaged(&self.location, anyhow::anyhow!("it ends too early")))?;
            self.waiting.extend_from_slice(&more);
        }
        let mut chunk = self.waiting.split_to(length);
        let opened = self.cipher.open(index, chunks(self.size), &mut chunk);
        opened.map_err(|error| damaged(&self.location, error))?;
        chunk.truncate((end - begin) as usize);
        let until = self.wanted.end.min(end);
        chunk.truncate((until - begin) as usize);
        chunk.advance((self.wanted.start - begin) as usize);
        self.wanted.start = until;
        self.done = self.wanted.is_empty();
        Ok(Some(chunk.freeze()))
    }
}
