//! A store of objects whose bytes are sealed before they leave us, for a store that does not do it itself.
//!
//! Each object has a key of its own, drawn for it and wrapped by the service's [`Keyring`], bound to the name of the object; that key
//! seals the object in chunks (`format`), so that a part is read without the rest. An object does not open where a byte was changed,
//! chunks were moved or cut off, or the whole was put in another one's place. Sizes are told as they are before sealing.
//!
//! What is not sealed is not read either: whoever can write into the store could otherwise put anything there.
//! [`seal_all`] seals what is from before.

use std::{fmt, sync::Arc};

use anyhow::{Context as _, anyhow};
use bytes::{Bytes, BytesMut};
use futures::{StreamExt as _, TryStreamExt as _, stream::BoxStream};
use object_store::{
    CopyMode, CopyOptions, Error, GetOptions, GetRange, GetResult, GetResultPayload, ListResult, MultipartUpload,
    ObjectMeta, ObjectStore, ObjectStoreExt as _, PutMode, PutMultipartOptions, PutOptions, PutPayload, PutResult,
    Result, path::Path,
};

mod format;
mod opening;

use format::{CHUNK, Cipher, HEADER, Header, SEALED_CHUNK, plain_size};
use opening::Opening;

use crate::{
    keyring::{Keyring, Sealed as Wrapped},
    objects::Objects,
};

/// From so many bytes on, sealing takes too long to hold other calls up with.
const MUCH: usize = 256 << 10;

/// A store whose objects are sealed.
pub(crate) struct Sealed {
    inner: Arc<dyn ObjectStore>,
    keys: Keyring,
}

impl Sealed {
    pub(crate) fn new(inner: Arc<dyn ObjectStore>, keys: Keyring) -> Sealed {
        Sealed { inner, keys }
    }

    /// Reads what is wanted, and what it takes to open it.
    async fn get(&self, location: &Path, mut options: GetOptions) -> Result<GetResult> {
        let range = options.range.take();
        let whole = range.is_none();
        // The header comes with the whole, and alone before a part: only then is it known where the part is.
        let first = GetOptions { range: range.is_some().then_some(GetRange::Bounded(0..HEADER)), ..options.clone() };
        let mut found = self.inner.get_opts(location, first).await?;
        let (attributes, extensions) = (found.attributes.clone(), found.extensions.clone());
        let (mut meta, length) = (found.meta.clone(), found.meta.size);
        let mut sealed = found.into_stream();
        let mut waiting = BytesMut::new();
        while (waiting.len() as u64) < HEADER
            && let Some(more) = sealed.try_next().await?
        {
            waiting.extend_from_slice(&more);
        }
        let header = Header::read(&waiting).ok_or_else(|| damaged(location, NotSealed))?;
        let size = plain_size(length).ok_or_else(|| damaged(location, anyhow!("it was cut")))?;
        let wanted = match range {
            None => 0..size,
            Some(range) => range.as_range(size).map_err(|error| damaged(location, error))?,
        };
        if whole {
            let _header = waiting.split_to(HEADER as usize);
        } else {
            let (from, to) = (wanted.start / CHUNK, wanted.end.div_ceil(CHUNK));
            let part = HEADER + from * SEALED_CHUNK..length.min(HEADER + to * SEALED_CHUNK);
            waiting.clear();
            found = self.inner.get_opts(location, GetOptions { range: Some(part.into()), ..options }).await?;
            sealed = found.into_stream();
        }
        let cipher = self.cipher(location, header).await?;
        meta.size = size;
        let location = location.clone();
        let opening = Opening { location, cipher, sealed, waiting, size, wanted: wanted.clone(), done: false };
        let payload = GetResultPayload::Stream(opening.stream());
        Ok(GetResult { payload, meta, range: wanted, attributes, extensions })
    }

    async fn cipher(&self, location: &Path, header: Header) -> Result<Cipher> {
        let wrapped = Wrapped { key_id: header.key_id, bytes: header.wrapped };
        let opened = self.keys.open_sealed(&place(location), &wrapped).await;
        opened.and_then(|key| Cipher::of(&key)).map_err(|error| match error.downcast_ref::<sqlx::Error>() {
            // The keys could not be asked for: that says nothing of the object.
            Some(_) => broken(location, error),
            None => damaged(location, error),
        })
    }

    async fn seal(&self, location: &Path, plain: Bytes) -> Result<Bytes> {
        let fresh = Cipher::fresh().and_then(|(key, cipher)| Ok((self.keys.seal(&place(location), &key)?, cipher)));
        let (wrapped, cipher) = fresh.map_err(|error| broken(location, error))?;
        let header = Header { key_id: wrapped.key_id, wrapped: wrapped.bytes }.write();
        let much = plain.len() >= MUCH;
        let seal = move || cipher.seal(&header, &plain);
        let sealed = if much {
            tokio::task::spawn_blocking(seal).await.map_err(|error| broken(location, error))?
        } else {
            seal()
        };
        sealed.map(Bytes::from).map_err(|error| broken(location, error))
    }
}

#[async_trait::async_trait]
impl ObjectStore for Sealed {
    async fn put_opts(&self, location: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        let sealed = self.seal(location, payload.into()).await?;
        self.inner.put_opts(location, sealed.into(), options).await
    }

    async fn put_multipart_opts(&self, _: &Path, _: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        // Nothing of ours is written in parts: a photo's parts are objects of their own.
        Err(Error::NotImplemented { operation: "put_multipart".to_owned(), implementer: self.to_string() })
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        if options.head {
            let mut found = self.inner.get_opts(location, options).await?;
            found.meta = plain(found.meta);
            return Ok(found);
        }
        self.get(location, options).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        self.inner.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.inner.list(prefix).map_ok(plain).boxed()
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        let mut listed = self.inner.list_with_delimiter(prefix).await?;
        listed.objects = listed.objects.into_iter().map(plain).collect();
        Ok(listed)
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        // Under another name it would not open.
        let bytes = ObjectStore::get_opts(self, from, GetOptions::default()).await?.bytes().await?;
        let mode = match options.mode {
            CopyMode::Overwrite => PutMode::Overwrite,
            CopyMode::Create => PutMode::Create,
        };
        self.put_opts(to, bytes.into(), mode.into()).await.map(drop)
    }
}

impl fmt::Display for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({})", self.inner)
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({:?})", self.inner)
    }
}

/// Seals every object that is not sealed with the present key, one after the other, and tells how many. `objects` is the store itself,
/// without us before it.
///
/// # Errors
/// As the store; when a sealed object does not open.
pub async fn seal_all(objects: &Objects, keys: &Keyring) -> anyhow::Result<usize> {
    let sealed = Sealed::new(objects.store.clone(), keys.clone());
    let mut count = 0;
    let mut listed = objects.store.list(None);
    while let Some(ObjectMeta { location, .. }) = listed.try_next().await? {
        let bytes = match objects.store.get(&location).await {
            Ok(found) => found.bytes().await?,
            // Swept meanwhile.
            Err(Error::NotFound { .. }) => continue,
            Err(error) => return Err(error.into()),
        };
        let plain = match Header::read(&bytes) {
            Some(header) if header.key_id == keys.current() => continue,
            Some(header) => sealed.cipher(&location, header).await?.open_all(&bytes).map(Bytes::from),
            None => Ok(bytes),
        };
        let plain = plain.with_context(|| location.to_string())?;
        sealed.put_opts(&location, plain.into(), PutMode::Overwrite.into()).await?;
        count += 1;
    }
    Ok(count)
}

/// There is an object, and it is in the clear.
#[derive(Debug, thiserror::Error)]
#[error("it is not sealed; `samspil keys seal-objects` seals what is from before")]
struct NotSealed;

/// What an object's data key is bound to.
fn place(location: &Path) -> Vec<u8> {
    [b"object ", location.as_ref().as_bytes()].concat()
}

/// Sizes as they are before sealing.
fn plain(meta: ObjectMeta) -> ObjectMeta {
    ObjectMeta { size: plain_size(meta.size).unwrap_or(meta.size), ..meta }
}

/// What the store has is not what was written there. Asking again mends nothing.
fn damaged(location: &Path, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::NotSupported { source: format!("{location} does not open: {}", error.into()).into() }
}

/// It is not the object's fault, and may pass.
fn broken(location: &Path, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::Generic { store: "sealed objects", source: format!("{location}: {}", error.into()).into() }
}
