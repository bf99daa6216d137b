//! Bytes: a folder, or an S3-compatible store.
//!
//! An object is durable when [`Objects::put`] returns. It is written before the row that names it is committed, so that no
//! row ever names what is not there; an object that no row names is swept.
//!
//! | file | what |
//! | --- | --- |
//! | `folder` | a folder, with a quota |
//! | `s3` | an S3-compatible store |
//! | `probe` | whether a store keeps its promises, asked before anything is served |
//! | `again` | what a store far away failed at is tried again, within a budget |
//! | `reading` | objects piece by piece, and their keys |

use std::{ops::Range, sync::Arc};

use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use object_store::{ObjectStore, ObjectStoreExt as _, PutMode, PutPayload, path::Path as Key};
use tracing::Instrument as _;

use crate::{keyring::Keyring, sealing::Sealed};

mod again;
mod folder;
mod probe;
mod reading;
mod s3;

use again::Again;
use folder::Room;
pub use probe::Unfit;
pub use reading::Listed;
pub use s3::S3;

/// Objects of one call that are removed at a time.
const AT_ONCE: usize = 8;

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
    /// There is one already, with other bytes.
    #[error("the object {0} is there with other bytes")]
    Taken(String),
    /// A store far away does not answer, or not as it should. Nothing is lost: it can be asked again.
    #[error("the object store does not answer")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// What the store has does not open: it is not what was written there.
    #[error("an object was changed")]
    Damaged(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The store failed.
    #[error("the object store failed")]
    Store(#[source] object_store::Error),
}

impl From<object_store::Error> for Error {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { path, .. } => Error::NotFound(path),
            // The only one who says this is what opens sealed objects.
            object_store::Error::NotSupported { source } => Error::Damaged(source),
            other => Error::Store(other),
        }
    }
}

/// A store of objects.
#[derive(Clone)]
pub struct Objects {
    pub(crate) store: Arc<dyn ObjectStore>,
    system: &'static str,
    room: Option<Arc<Room>>,
    again: Option<Arc<Again>>,
}

impl Objects {
    /// Any store that is not on this machine, such as S3.
    pub fn of(store: Arc<dyn ObjectStore>, system: &'static str) -> Objects {
        Objects { store, system, room: None, again: Some(Arc::default()) }
    }

    /// The same with a decorator around the store, which sees every object on its way in and out.
    #[must_use]
    pub fn through(self, wrap: impl FnOnce(Arc<dyn ObjectStore>) -> Arc<dyn ObjectStore>) -> Objects {
        Objects { store: wrap(self.store), ..self }
    }

    /// The same with everything sealed that goes into it. See [`sealing`](crate::sealing).
    #[must_use]
    pub fn sealed(self, keys: Keyring) -> Objects {
        self.through(|store| Arc::new(Sealed::new(store, keys)))
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

    /// Writes an object that no other bytes may ever take the place of. One that is there must be the same.
    ///
    /// # Errors
    /// [`Error::Taken`] when it is not, else as [`Objects::put`].
    pub async fn put_once(&self, key: &str, data: Bytes) -> Result<(), Error> {
        match self.write(key, data.clone(), PutMode::Create).await {
            // Most often by this very call, whose answer was lost on the way.
            Err(Error::Store(object_store::Error::AlreadyExists { .. })) if self.get(key).await? == data => Ok(()),
            Err(Error::Store(object_store::Error::AlreadyExists { .. })) => Err(Error::Taken(key.to_owned())),
            done => done,
        }
    }

    async fn write(&self, key: &str, data: Bytes, mode: PutMode) -> Result<(), Error> {
        let size = data.len();
        // What is overwritten takes no room twice.
        let more = size as i64 - self.held(key).await;
        if self.room.as_ref().is_some_and(|room| !room.take(more)) {
            return Err(Error::Full { bytes: size });
        }
        let (path, payload) = (&Key::from(key), &PutPayload::from_bytes(data));
        let mode = &mode;
        let done = self
            .ask(|| self.store.put_opts(path, payload.clone(), mode.clone().into()))
            .instrument(self.span("put", key, size));
        done.await.map(|_| ()).map_err(|error| {
            if let Some(room) = &self.room {
                room.give_back(more);
            }
            if folder::is_full(&error) { Error::Full { bytes: size } } else { error }
        })
    }

    /// Reads an object whole.
    ///
    /// # Errors
    /// [`Error::NotFound`], or as the store.
    pub async fn get(&self, key: &str) -> Result<Bytes, Error> {
        let path = &Key::from(key);
        let read = self.ask(|| async { self.store.get(path).await?.bytes().await });
        read.instrument(self.span("get", key, 0)).await
    }

    /// Reads a range of an object's bytes.
    ///
    /// # Errors
    /// As [`Objects::get`].
    pub async fn range(&self, key: &str, range: Range<u64>) -> Result<Bytes, Error> {
        let (path, range) = (&Key::from(key), &range);
        self.ask(|| self.store.get_range(path, range.clone())).instrument(self.span("get", key, 0)).await
    }

    /// Removes objects. One that is not there is no error.
    ///
    /// # Errors
    /// As the store.
    pub async fn delete(&self, keys: impl IntoIterator<Item = String>) -> Result<(), Error> {
        let removals: Vec<_> = keys.into_iter().map(|key| self.remove(key)).collect();
        stream::iter(removals).buffer_unordered(AT_ONCE).try_collect().await
    }

    async fn remove(&self, key: String) -> Result<(), Error> {
        let path = &Key::from(key.as_str());
        let held = self.held(&key).await;
        match self.ask(|| self.store.delete(path)).instrument(self.span("delete", &key, 0)).await {
            Ok(()) | Err(Error::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
        if let Some(room) = &self.room {
            room.give_back(held);
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

    /// Asks the store: one far away again when that may help.
    async fn ask<T, F, Fut>(&self, attempt: F) -> Result<T, Error>
    where
        F: Fn() -> Fut,
        Fut: Future<Output = object_store::Result<T>>,
    {
        match &self.again {
            None => Ok(attempt().await?),
            Some(again) => again.run(attempt).await,
        }
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
