//! Bytes: a folder, or an S3-compatible store.
//!
//! An object is durable when [`Objects::put`] returns. It is written before the row that names it is committed, so that no
//! row ever names what is not there; an object that no row names is swept.

use std::{
    ops::Range,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering::Relaxed},
    },
};

use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _, stream::BoxStream};
use object_store::{
    GetOptions, GetRange, ObjectStore, ObjectStoreExt as _, PutMode, PutPayload, local::LocalFileSystem,
    path::Path as Key,
};
use tracing::Instrument as _;

use crate::{keyring::Keyring, sealing::Sealed};

/// Why bytes could not be kept or given.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The quota is reached or the disk is full.
    #[error("no room for {bytes} more bytes")]
    Full {
        /// What was to be written.
        bytes: usize,
    },
    /// There is no such object.
    #[error("no object {0}")]
    NotFound(String),
    /// The store failed.
    #[error("the object store failed")]
    Store(#[source] object_store::Error),
}

impl From<object_store::Error> for Error {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { path, .. } => Error::NotFound(path),
            other => Error::Store(other),
        }
    }
}

/// A store of objects.
#[derive(Clone)]
pub struct Objects {
    pub(crate) store: Arc<dyn ObjectStore>,
    system: &'static str,
    room: Option<Arc<AtomicI64>>,
}

impl Objects {
    /// A folder. It is made when it is not there. With a quota, what it holds already counts.
    ///
    /// # Errors
    /// When the folder cannot be made or read.
    pub async fn folder(path: &Path, quota: Option<u64>) -> Result<Objects, Error> {
        let io = |source: std::io::Error| {
            Error::Store(object_store::Error::Generic { store: "folder", source: source.into() })
        };
        tokio::fs::create_dir_all(path).await.map_err(io)?;
        // Without fsync a photo that the nurse has a receipt for could be gone after a power cut.
        let store: Arc<dyn ObjectStore> = Arc::new(LocalFileSystem::new_with_prefix(path)?.with_fsync(true));
        let room = match quota {
            None => None,
            Some(quota) => {
                let held = store.list(None).try_fold(0, |sum, object| async move { Ok(sum + object.size) }).await?;
                Some(Arc::new(AtomicI64::new(quota as i64 - held as i64)))
            }
        };
        Ok(Objects { store, system: "folder", room })
    }

    /// Any other store, such as S3.
    pub fn of(store: Arc<dyn ObjectStore>, system: &'static str) -> Objects {
        Objects { store, system, room: None }
    }

    /// The same store, with everything sealed that goes into it. See [`sealing`](crate::sealing).
    #[must_use]
    pub fn sealed(self, keys: Keyring) -> Objects {
        Objects { store: Arc::new(Sealed::new(self.store, keys)), ..self }
    }

    /// Writes an object, durably. Writing the same again is harmless.
    ///
    /// # Errors
    /// [`Error::Full`] when there is no room, else as the store.
    pub async fn put(&self, key: &str, data: Bytes) -> Result<(), Error> {
        self.write(key, data, PutMode::Overwrite).await
    }

    /// Writes an object, durably, unless there is one with this key: then that one stands.
    ///
    /// # Errors
    /// As [`Objects::put`].
    pub async fn put_new(&self, key: &str, data: Bytes) -> Result<(), Error> {
        match self.write(key, data, PutMode::Create).await {
            Err(Error::Store(object_store::Error::AlreadyExists { .. })) => Ok(()),
            done => done,
        }
    }

    async fn write(&self, key: &str, data: Bytes, mode: PutMode) -> Result<(), Error> {
        let size = data.len();
        // What is overwritten takes no room twice.
        let more = size as i64 - self.held(key).await;
        if let Some(room) = &self.room
            && room.fetch_sub(more, Relaxed) < more
        {
            room.fetch_add(more, Relaxed);
            return Err(Error::Full { bytes: size });
        }
        let span = self.span("put", key, size);
        let done =
            self.store.put_opts(&Key::from(key), PutPayload::from_bytes(data), mode.into()).instrument(span).await;
        done.map(|_| ()).map_err(|error| {
            if let Some(room) = &self.room {
                room.fetch_add(more, Relaxed);
            }
            if is_full(&error) { Error::Full { bytes: size } } else { error.into() }
        })
    }

    /// Reads an object whole.
    ///
    /// # Errors
    /// [`Error::NotFound`], or as the store.
    pub async fn get(&self, key: &str) -> Result<Bytes, Error> {
        let read = async { self.store.get(&Key::from(key)).await?.bytes().await };
        Ok(read.instrument(self.span("get", key, 0)).await?)
    }

    /// Reads a range of an object's bytes.
    ///
    /// # Errors
    /// As [`Objects::get`].
    pub async fn range(&self, key: &str, range: Range<u64>) -> Result<Bytes, Error> {
        Ok(self.store.get_range(&Key::from(key), range).instrument(self.span("get", key, 0)).await?)
    }

    /// Reads an object piece by piece, from an offset: its whole size and the stream.
    ///
    /// # Errors
    /// As [`Objects::get`].
    pub async fn stream(
        &self,
        key: &str,
        offset: u64,
    ) -> Result<(u64, BoxStream<'static, Result<Bytes, Error>>), Error> {
        let options = GetOptions { range: (offset > 0).then_some(GetRange::Offset(offset)), ..GetOptions::default() };
        let found = self.store.get_opts(&Key::from(key), options).instrument(self.span("get", key, 0)).await?;
        Ok((found.meta.size, found.into_stream().map_err(Error::from).boxed()))
    }

    /// Removes objects. One that is not there is no error.
    ///
    /// # Errors
    /// As the store.
    pub async fn delete(&self, keys: impl IntoIterator<Item = String>) -> Result<(), Error> {
        for key in keys {
            let path = Key::from(key.as_str());
            let span = self.span("delete", &key, 0);
            let held = self.held(&key).await;
            match self.store.delete(&path).instrument(span).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
            if let Some(room) = &self.room {
                room.fetch_add(held, Relaxed);
            }
        }
        Ok(())
    }

    /// What an object takes of the quota. Nothing is asked where there is none.
    async fn held(&self, key: &str) -> i64 {
        if self.room.is_none() {
            return 0;
        }
        self.store.head(&Key::from(key)).await.map_or(0, |meta| meta.size as i64)
    }

    /// The keys under a prefix with their sizes and the time of their last change.
    ///
    /// # Errors
    /// As the store.
    pub async fn list(&self, prefix: &str) -> Result<Vec<(String, u64, chrono::DateTime<chrono::Utc>)>, Error> {
        let prefix = (!prefix.is_empty()).then(|| Key::from(prefix));
        let found =
            self.store.list(prefix.as_ref()).map_ok(|meta| (meta.location.to_string(), meta.size, meta.last_modified));
        Ok(found.try_collect().await?)
    }

    fn span(&self, operation: &'static str, key: &str, size: usize) -> tracing::Span {
        // The last part alone is low in cardinality: `original`, `display`, `part`.
        let kind = key.rsplit('/').next().unwrap_or(key);
        let kind = kind.split('-').next().unwrap_or(kind);
        tracing::info_span!(
            "object",
            otel.name = format!("{operation} {kind}"),
            otel.kind = "client",
            object.store = self.system,
            object.key = key,
            object.size = size,
        )
    }
}

/// Whether the disk, not the store, said no.
fn is_full(error: &object_store::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(io) = error.downcast_ref::<std::io::Error>() {
            return matches!(io.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded);
        }
        cause = error.source();
    }
    false
}
