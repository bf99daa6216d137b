//! A folder, and the room in it.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering::Relaxed},
    },
};

use futures::TryStreamExt as _;
use object_store::{ObjectStore as _, local::LocalFileSystem};

use super::{Error, Objects};

/// Bytes that are left of a quota.
pub(super) struct Room(AtomicI64);

impl Room {
    /// Takes so many, if there are.
    pub(super) fn take(&self, bytes: i64) -> bool {
        let fits = self.0.fetch_sub(bytes, Relaxed) >= bytes;
        if !fits {
            self.give_back(bytes);
        }
        fits
    }

    pub(super) fn give_back(&self, bytes: i64) {
        self.0.fetch_add(bytes, Relaxed);
    }
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
        let store = Arc::new(LocalFileSystem::new_with_prefix(path)?.with_fsync(true));
        let room = match quota {
            None => None,
            Some(quota) => {
                let held = store.list(None).try_fold(0, |sum, object| async move { Ok(sum + object.size) }).await?;
                Some(Arc::new(Room(AtomicI64::new(quota as i64 - held as i64))))
            }
        };
        Ok(Objects { store, system: "folder", room, again: None })
    }
}

/// Whether the disk, not the store, said no.
pub(super) fn is_full(error: &Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(io) = error.downcast_ref::<std::io::Error>() {
            return matches!(io.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded);
        }
        cause = error.source();
    }
    false
}
