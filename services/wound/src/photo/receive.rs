//! The bytes of an upload on their way in.
//!
//! What has arrived is held in memory up to a limit and then written down as a part: an object of its own, durable before
//! the row that names it. A photo that arrives in one go on a good link never touches the disk before it is whole.

use std::time::Instant;

use bytes::{Bytes, BytesMut};
use samspil_kit::{Ctx, Error, common::Common};
use samspil_proto::wound::v1::{PhotoState, UploadChunk};
use samspil_store::objects;

use super::{
    Photo,
    sql::{self, Part},
};
use crate::{Reason, Wounds};

/// Bytes in a chunk at most, by the contract. Its other rules are checked here too: to check it as a message would copy it.
const CHUNK: usize = 1 << 20;

/// The refusal of a chunk that is empty or too large.
pub(crate) fn bad_chunk() -> Error {
    Error::invalid("chunk.data", "bytes.len", "must have 1 to 1048576 bytes")
}

/// An upload in progress. Only the newest stream of a photo may write: each has its generation.
pub(crate) struct Receiver<'a> {
    service: &'a Wounds,
    ctx: &'a Ctx,
    pub photo: Photo,
    parts: Vec<Part>,
    held: BytesMut,
    committed: i64,
    written_down: Instant,
}

impl Wounds {
    /// Removes parts that no row names any more. What fails here the sweep removes later.
    pub(crate) async fn forget(&self, parts: Vec<String>) {
        if let Err(error) = self.objects.delete(parts).await {
            tracing::warn!(error = %error, "parts of an upload are left for the sweep");
        }
    }
}

impl<'a> Receiver<'a> {
    /// Opens the upload for a new stream. An older one that still sends finds itself overtaken.
    pub(crate) async fn open(service: &'a Wounds, ctx: &'a Ctx, photo: Photo) -> Result<Receiver<'a>, Error> {
        let mut tx = ctx.db().begin().await?;
        let mut photo = sql::hold(&mut tx, photo.photo_id).await?.ok_or(Common::ResourceNotFound)?;
        photo.generation += 1;
        photo.receive_time = photo.receive_time.or(Some(ctx.now()));
        sql::update(&mut tx, &photo).await?;
        let parts = sql::parts(&mut tx, photo.photo_id).await?;
        tx.commit().await?;
        let committed = parts.iter().map(|part| part.length).sum();
        Ok(Receiver { service, ctx, photo, parts, held: BytesMut::new(), committed, written_down: Instant::now() })
    }

    /// Bytes that will not have to be sent again.
    pub(crate) fn committed(&self) -> i64 {
        self.committed
    }

    /// The keys of the parts that are written down.
    pub(crate) fn objects(&self) -> Vec<String> {
        self.parts.iter().map(|part| part.object.clone()).collect()
    }

    fn received(&self) -> i64 {
        self.committed + self.held.len() as i64
    }

    /// Every announced byte is here.
    pub(crate) fn is_complete(&self) -> bool {
        self.received() == self.photo.size_bytes
    }

    /// Takes a chunk that begins where the upload stands and fits into what was announced.
    pub(crate) fn take(&mut self, chunk: UploadChunk) -> Result<(), Error> {
        let expected = self.received();
        if chunk.offset != expected {
            return Err(Error::from(Reason::UploadOffset)
                .with("expected_offset", expected)
                .with("offset", chunk.offset));
        }
        if chunk.data.is_empty() || chunk.data.len() > CHUNK {
            return Err(bad_chunk());
        }
        if expected + chunk.data.len() as i64 > self.photo.size_bytes {
            return Err(Error::from(Reason::UploadTooLong).with("size_bytes", self.photo.size_bytes));
        }
        if self.held.is_empty() {
            let rest = (self.photo.size_bytes - expected) as usize;
            self.held.reserve(rest.min(self.service.settings.part_bytes));
        }
        self.held.extend_from_slice(&chunk.data);
        Ok(())
    }

    /// Enough is held, or it has waited long enough, and more is to come.
    pub(crate) fn should_write_down(&self) -> bool {
        let settings = &self.service.settings;
        let enough = self.held.len() >= settings.part_bytes || self.written_down.elapsed() >= settings.part_wait;
        enough && !self.held.is_empty() && !self.is_complete()
    }

    /// Makes what is held durable, so that any stream of any replica can go on from it.
    pub(crate) async fn write_down(&mut self) -> Result<(), Error> {
        self.written_down = Instant::now();
        if self.held.is_empty() {
            return Ok(());
        }
        let data = self.held.split().freeze();
        let (photo, generation) = (self.photo.photo_id, self.photo.generation);
        let part = Part {
            start: self.committed,
            length: data.len() as i64,
            object: format!("uploads/{photo}/part-{generation}-{}", self.committed),
        };
        self.service.objects.put(&part.object, data).await?;
        let mut tx = self.ctx.db().begin().await?;
        let now = sql::hold(&mut tx, photo).await?.ok_or(Common::ResourceNotFound)?;
        if now.generation != generation || !now.is(PhotoState::Announced) {
            drop(tx);
            self.service.forget(vec![part.object]).await;
            return Err(Reason::UploadTakenOver.into());
        }
        sql::insert_part(&mut tx, photo, &part).await?;
        tx.commit().await?;
        self.committed += part.length;
        self.parts.push(part);
        Ok(())
    }

    /// The whole photo: what was written down before, and what is held. `None` when another stream has removed the parts.
    pub(crate) async fn whole(&mut self) -> Result<Option<Bytes>, Error> {
        let held = self.held.split().freeze();
        if self.parts.is_empty() {
            return Ok(Some(held));
        }
        let mut whole = BytesMut::with_capacity(self.photo.size_bytes as usize);
        for part in &self.parts {
            let data = match self.service.objects.get(&part.object).await {
                Err(objects::Error::NotFound(_)) => return Ok(None),
                data => data?,
            };
            if whole.len() as i64 != part.start || data.len() as i64 != part.length {
                return Err(Error::internal(format!("{} is not what its row says", part.object)));
            }
            whole.extend_from_slice(&data);
        }
        whole.extend_from_slice(&held);
        Ok(Some(whole.freeze()))
    }
}
