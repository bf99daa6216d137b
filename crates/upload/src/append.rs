//! A chunk in a call of its own, for a client that cannot stream.
//!
//! Nothing is kept between two calls, so that the next may come to any replica: each finds the upload as its parts tell it.
//! What an answer calls committed is a part. Only the chunk that makes the file whole is none: its answer comes when the file
//! is stored. The bytes are read back and hashed once, then.

use samspil_kit::Error;
use uuid::Uuid;

use crate::{Chunk, Receiver, Uploads};

/// What a chunk has led to.
pub enum Appended<'a> {
    /// So many bytes are written down and will not have to be sent again.
    Committed(i64),
    /// Every announced byte is here.
    Whole(Receiver<'a>),
}

impl Uploads {
    /// Takes a chunk into the upload of a file whose row was read with this generation.
    ///
    /// Costs one object and one transaction, which takes the place of the one that opens a stream: it makes this call the
    /// newest. Whoever else wrote since the row was read has made a generation of its own, and this call finds itself overtaken.
    ///
    /// # Errors
    /// `UPLOAD_OFFSET` for a chunk after a gap; `UPLOAD_TAKEN_OVER` when another call or stream was faster; else with what is
    /// wrong with the chunk.
    pub async fn append(
        &self,
        file: Uuid,
        size_bytes: i64,
        generation: i64,
        chunk: Chunk,
    ) -> Result<Appended<'_>, Error> {
        // Read after the generation: a part that came between the two belongs to a newer one, which is noticed.
        let parts = self.tables.parts(&mut self.base.db.read().await?, file).await?;
        let mut receiver = self.receiver(file, size_bytes, generation, parts);
        let Some(new) = chunk.after(receiver.committed) else {
            return Ok(Appended::Committed(receiver.committed));
        };
        receiver.take(&new)?;
        if !receiver.is_complete() {
            receiver.write_down().await?;
            return Ok(Appended::Committed(receiver.committed));
        }
        let mut tx = self.base.db.begin().await?;
        receiver.lead(&mut tx).await?;
        tx.commit().await?;
        Ok(Appended::Whole(receiver))
    }
}

impl Chunk {
    /// What of it lies behind an offset. `None` when nothing does: it is sent again, since its answer was lost. One that begins
    /// before the file does is left as it is.
    fn after(self, committed: i64) -> Option<Chunk> {
        let known = if self.offset < 0 { 0 } else { usize::try_from(committed - self.offset).unwrap_or(0) };
        match known {
            0 => Some(self),
            known if known < self.data.len() => Some(Chunk { offset: committed, data: self.data.slice(known..) }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    #[test]
    fn of_a_chunk_that_is_sent_again_only_what_is_new_is_taken() {
        let after = |committed| {
            let chunk = Chunk { offset: 10, data: Bytes::from_static(b"abcd") };
            chunk.after(committed).map(|new| (new.offset, new.data))
        };
        assert_eq!(after(10), Some((10, Bytes::from_static(b"abcd"))));
        assert_eq!(after(12), Some((12, Bytes::from_static(b"cd"))));
        assert_eq!(after(13), Some((13, Bytes::from_static(b"d"))));
        assert_eq!(after(14), None);
        assert_eq!(after(900), None);
        assert_eq!(
            after(7),
            Some((10, Bytes::from_static(b"abcd"))),
            "behind a gap: that is for whoever takes it to judge"
        );
        for offset in [-1, i64::MIN] {
            let chunk = Chunk { offset, data: Bytes::from_static(b"abcd") };
            assert_eq!(chunk.after(2).map(|new| new.offset), Some(offset), "so is one that begins nowhere");
        }
    }
}
