//! The bytes of an upload on their way in.
//!
//! What has arrived is held in memory up to a limit and then written down as a part: an object of its own, durable before
//! the row that names it. A file that arrives in one go on a good link never touches the disk before it is whole.

use std::time::Instant;

use bytes::{Bytes, BytesMut};
use futures::{StreamExt as _, stream};
use samspil_kit::Error;
use samspil_store::{Tx, objects};
use tonic::Code;
use uuid::Uuid;

use crate::{Chunk, Out, Reason, Requests, Uploads, Wire, tables::Part};

/// Bytes in a chunk at most, by the contract. Its other rules are checked here too: to check it as a message would copy it.
const CHUNK: usize = 1 << 20;

/// Parts that are read back at a time: a store far away takes its time for each.
const READ_AT_ONCE: usize = 4;

/// The refusal of a chunk that is empty or too large.
fn bad_chunk() -> Error {
    Error::invalid("chunk.data", "bytes.len", "must have 1 to 1048576 bytes")
}

/// An upload in progress. Only the newest stream of a file may write: each has its generation.
pub struct Receiver<'a> {
    pub(crate) uploads: &'a Uploads,
    pub(crate) file: Uuid,
    pub(crate) size_bytes: i64,
    pub(crate) generation: i64,
    /// The generation is its own. Else it is the one before, and the first thing that is written makes a new one.
    pub(crate) is_newest: bool,
    pub(crate) parts: Vec<Part>,
    pub(crate) held: BytesMut,
    pub(crate) committed: i64,
    pub(crate) written_down: Instant,
}

impl Uploads {
    /// Opens the upload of a file for a new stream. An older one that still sends finds itself overtaken.
    ///
    /// # Errors
    /// `RESOURCE_NOT_FOUND` when there is no such file.
    pub async fn open(&self, file: Uuid, size_bytes: i64) -> Result<Receiver<'_>, Error> {
        let mut tx = self.base.db.begin().await?;
        let generation = self.tables.open(&mut tx, file, self.base.clock.now()).await?;
        let parts = self.tables.parts(&mut tx, file).await?;
        tx.commit().await?;
        Ok(Receiver { is_newest: true, ..self.receiver(file, size_bytes, generation, parts) })
    }

    /// A receiver that goes on after what is written down, and has claimed nothing yet.
    pub(crate) fn receiver(&self, file: Uuid, size_bytes: i64, generation: i64, parts: Vec<Part>) -> Receiver<'_> {
        let committed = parts.iter().map(|part| part.length).sum();
        let (held, written_down) = (BytesMut::new(), Instant::now());
        let is_newest = false;
        Receiver { uploads: self, file, size_bytes, generation, is_newest, parts, held, committed, written_down }
    }

    /// What fails here the sweep removes later.
    async fn remove(&self, parts: impl IntoIterator<Item = Part>) {
        if let Err(error) = self.objects.delete(parts.into_iter().map(|part| part.object)).await {
            tracing::warn!(error = %error, "parts of an upload are left for the sweep");
        }
    }
}

impl Receiver<'_> {
    /// Says where the upload stands and takes chunks in until the last byte is here. However it ends, what has arrived is
    /// written down.
    ///
    /// # Errors
    /// `UPLOAD_INCOMPLETE` when the stream ends before; else with what is wrong with a chunk.
    pub async fn receive<W: Wire>(&mut self, requests: &mut Requests<W>, out: &Out<W::Response>) -> Result<(), Error> {
        out.say(W::progress(self.committed)).await;
        while !self.is_complete() {
            let taken = match requests.next().await {
                Ok(Some(request)) => {
                    W::chunk(request).ok_or(Reason::NotStarted.into()).and_then(|chunk| self.take(&chunk))
                }
                // Too large to be read at all. To call it a broken stream would have the client send it for ever.
                Err(status) if status.code() == Code::OutOfRange => Err(bad_chunk()),
                Ok(None) | Err(_) => Err(Error::from(Reason::Incomplete).with("committed_bytes", self.received())),
            };
            if let Err(refusal) = taken {
                self.write_down().await?;
                return Err(refusal);
            }
            if self.should_write_down() {
                self.write_down().await?;
                out.say(W::progress(self.committed)).await;
            }
        }
        Ok(())
    }

    fn received(&self) -> i64 {
        self.committed + self.held.len() as i64
    }

    /// Every announced byte is here.
    pub(crate) fn is_complete(&self) -> bool {
        self.received() == self.size_bytes
    }

    /// Takes a chunk that begins where the upload stands and fits into what was announced.
    pub(crate) fn take(&mut self, chunk: &Chunk) -> Result<(), Error> {
        let expected = self.received();
        if chunk.offset != expected {
            return Err(Error::from(Reason::Offset).with("expected_offset", expected).with("offset", chunk.offset));
        }
        if chunk.data.is_empty() || chunk.data.len() > CHUNK {
            return Err(bad_chunk());
        }
        if expected + chunk.data.len() as i64 > self.size_bytes {
            return Err(Error::from(Reason::TooLong).with("size_bytes", self.size_bytes));
        }
        if self.held.is_empty() {
            let rest = (self.size_bytes - expected) as usize;
            self.held.reserve(rest.min(self.uploads.settings.part_bytes));
        }
        self.held.extend_from_slice(&chunk.data);
        self.uploads.count(chunk.data.len());
        Ok(())
    }

    /// Enough is held, or it has waited long enough, and more is to come.
    fn should_write_down(&self) -> bool {
        let settings = &self.uploads.settings;
        let enough = self.held.len() >= settings.part_bytes || self.written_down.elapsed() >= settings.part_wait;
        enough && !self.held.is_empty() && !self.is_complete()
    }

    /// Makes what is held durable, so that any stream of any replica can go on from it.
    pub(crate) async fn write_down(&mut self) -> Result<(), Error> {
        self.written_down = Instant::now();
        if self.held.is_empty() {
            return Ok(());
        }
        let Uploads { base, objects, tables, .. } = self.uploads;
        let data = self.held.split().freeze();
        // Its id makes it nobody else's: two calls may write down the same bytes at once, and one of them takes its own back.
        let object = format!("{}/{}/part-{}-{}", tables.objects, self.file, self.committed, base.clock.id());
        let part = Part { start: self.committed, length: data.len() as i64, object };
        objects.put(&part.object, data).await?;
        let mut tx = base.db.begin().await?;
        if let Err(overtaken) = self.lead(&mut tx).await {
            drop(tx);
            self.uploads.remove([part]).await;
            return Err(overtaken);
        }
        tables.insert_part(&mut tx, self.file, &part).await?;
        tx.commit().await?;
        self.committed += part.length;
        self.parts.push(part);
        Ok(())
    }

    /// Passes for the newest, until the transaction ends.
    ///
    /// # Errors
    /// `UPLOAD_TAKEN_OVER` when there is a newer one, or the file is not waited for any more.
    pub(crate) async fn lead(&mut self, tx: &mut Tx) -> Result<(), Error> {
        let Uploads { base, tables, .. } = self.uploads;
        let now = tables.hold(tx, self.file).await?;
        if now.generation != self.generation || !now.waits {
            return Err(Reason::TakenOver.into());
        }
        if !self.is_newest {
            self.generation = tables.open(tx, self.file, base.clock.now()).await?;
            self.is_newest = true;
        }
        Ok(())
    }

    /// The whole file: what was written down before, and what is held. `None` when another stream has removed the parts: it
    /// has stored the file, or has dropped what came.
    ///
    /// # Errors
    /// `UPLOAD_PARTS_LOST` when nobody has removed the parts and they are gone all the same; as the store of objects.
    pub async fn whole(&mut self) -> Result<Option<Bytes>, Error> {
        let held = self.held.split().freeze();
        if self.parts.is_empty() {
            return Ok(Some(held));
        }
        let mut whole = BytesMut::with_capacity(self.size_bytes as usize);
        if !self.read_back(&mut whole).await? {
            return self.go_back_to(whole.len() as i64).await;
        }
        whole.extend_from_slice(&held);
        Ok(Some(whole.freeze()))
    }

    /// Reads what was written down: whether all of it is there. If not, what lies before the first gap is read.
    async fn read_back(&self, whole: &mut BytesMut) -> Result<bool, Error> {
        let reads: Vec<_> = self.parts.iter().map(|part| self.uploads.objects.get(&part.object)).collect();
        let mut reads = stream::iter(reads).buffered(READ_AT_ONCE);
        for part in &self.parts {
            let Some(read) = reads.next().await else { break };
            match read {
                Ok(data) if whole.len() as i64 == part.start && data.len() as i64 == part.length => {
                    whole.extend_from_slice(&data);
                }
                Ok(_) | Err(objects::Error::NotFound(_) | objects::Error::Damaged(_)) => return Ok(false),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(true)
    }

    /// Forgets the parts from an offset on, since not all of them are what their rows say: the store of objects was restored to
    /// an earlier time than the rows, or to a later one. The client still has the bytes, as it has no receipt.
    async fn go_back_to(&mut self, offset: i64) -> Result<Option<Bytes>, Error> {
        let Uploads { base, tables, .. } = self.uploads;
        let mut tx = base.db.begin().await?;
        let now = tables.hold(&mut tx, self.file).await?;
        if now.generation != self.generation || !now.waits {
            return Ok(None);
        }
        tables.drop_parts_from(&mut tx, self.file, offset).await?;
        tx.commit().await?;
        tracing::error!(file = %self.file, offset, "parts of an upload are gone; its client is asked for them again");
        let lost = self.parts.split_off(self.parts.partition_point(|part| part.start < offset));
        self.uploads.remove(lost).await;
        self.committed = offset;
        Err(Error::from(Reason::PartsLost).with("committed_bytes", offset))
    }

    /// The refusal of bytes that are not those announced, once they are dropped, so that the next stream begins anew.
    ///
    /// # Errors
    /// `UPLOAD_TAKEN_OVER` when a newer stream goes on with them.
    pub async fn refuse_other_bytes(self) -> Result<Error, Error> {
        let Uploads { base, tables, .. } = self.uploads;
        let mut tx = base.db.begin().await?;
        if tables.hold(&mut tx, self.file).await?.generation != self.generation {
            return Err(Reason::TakenOver.into());
        }
        tables.drop_parts(&mut tx, self.file).await?;
        tx.commit().await?;
        self.forget().await;
        Ok(Reason::DigestMismatch.into())
    }

    /// Removes the objects of parts whose rows are gone. What fails here the sweep removes later.
    pub async fn forget(self) {
        self.uploads.remove(self.parts).await;
    }
}
