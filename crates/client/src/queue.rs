//! The offline queue: visits that wait on the disk until there is coverage, and that nothing loses on the way.
//!
//! ```text
//! queue/
//!   lock                        held by the process that runs the queue; a killed process holds it no more
//!   new/{visit}/                a visit that is being put in; whoever opens the queue next clears it away
//!   visits/{visit}/visit.json   what was seen, what was announced, how far it has come
//!   visits/{visit}/photos/{photo}    the bytes, until the service's receipt is on the disk
//!   done/{visit}/visit.json     what has arrived, until `forget_done`
//! ```
//!
//! A visit comes in as a whole or not at all: its folder is filled, synced and only then renamed into place. `visit.json` is
//! replaced, never written over. Every id, digest and `request_id` is chosen when the visit is put in, so that each attempt,
//! also one after a crash, is the same request, and its effect happens once. So the process may be killed at any point; the
//! next [`Queue::sync`] reads from the disk what comes next and goes on.
//!
//! Photos and findings lie here in plain files that only the user of the process can read. Encryption at rest, with a key
//! of the phone's own store, is a step of its own that is not taken here: until it is, the queue belongs on an encrypted disk.

mod change;
mod disk;
mod draft;
mod elsewhere;
mod photo;
mod record;
mod status;
mod sync;
mod visit;

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use samspil_proto::names::{PhotoName, VisitName};

use self::{disk::Folder, record::Record};
pub use self::{
    draft::{Ask, PhotoDraft, VisitDraft},
    record::{PhotoState, Warning},
    status::{Broken, PhotoStatus, Stage, States, VisitStatus},
    sync::{Event, Outcome, Report},
};
use crate::{Clock, Error, digest::Algorithm, upload};

/// What is wrong with the queue.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Another process runs this queue.
    #[error("another process runs the queue in {}", .0.display())]
    Busy(PathBuf),
    /// A `visit.json` that cannot be understood. Its folder is left as it is.
    #[error("the visit in {} cannot be read: {cause}", .folder.display())]
    Broken {
        /// The visit's folder.
        folder: PathBuf,
        /// What is wrong.
        cause: String,
    },
    /// No such visit, or not any more.
    #[error("the queue has no visit {0}")]
    NoVisit(VisitName),
    /// No such photo.
    #[error("the queue has no photo {0}")]
    NoPhoto(PhotoName),
    /// The photo's bytes are not on the disk as they were put in.
    #[error("the bytes of {0} are missing or have changed on the disk")]
    Damaged(PhotoName),
    /// The photo has arrived, so that it cannot be taken back here.
    #[error("{0} is stored already")]
    Stored(PhotoName),
    /// The visit has been completed, so that no photo can be added.
    #[error("{0} is complete already")]
    Complete(VisitName),
}

/// A queue on the disk, held by this process. A clone is the same queue.
#[derive(Debug, Clone)]
pub struct Queue(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    folder: Folder,
    clock: Clock,
    algorithm: Algorithm,
    options: upload::Options,
    /// One change of a `visit.json` at a time.
    changing: Mutex<()>,
    /// One sync at a time.
    syncing: tokio::sync::Mutex<()>,
    _lock: File,
}

/// A queue that is about to be opened otherwise than usual.
#[derive(Debug, Default)]
pub struct Opening {
    clock: Clock,
    algorithm: Algorithm,
    options: upload::Options,
}

impl Opening {
    /// Where time and ids come from.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// How photos are summed up when they are put in: BLAKE3 unless told otherwise.
    pub fn algorithm(mut self, algorithm: Algorithm) -> Self {
        self.algorithm = algorithm;
        self
    }

    /// How photos are uploaded.
    pub fn upload(mut self, options: upload::Options) -> Self {
        self.options = options;
        self
    }

    /// Opens the queue in a folder, which is made if there is none.
    pub fn open(self, folder: impl AsRef<Path>) -> Result<Queue, Error> {
        let folder = Folder::make(folder.as_ref())?;
        let lock = folder.lock()?;
        folder.tidy()?;
        let Opening { clock, algorithm, options } = self;
        let (changing, syncing) = (Mutex::default(), tokio::sync::Mutex::default());
        Ok(Queue(Arc::new(Inner { folder, clock, algorithm, options, changing, syncing, _lock: lock })))
    }
}

impl Queue {
    /// Opens the queue in a folder, which is made if there is none. Fails with [`Problem::Busy`] while another process has it.
    pub fn open(folder: impl AsRef<Path>) -> Result<Queue, Error> {
        Opening::default().open(folder)
    }

    /// Everything that is in a queue, whether or not another process runs it.
    pub fn look(folder: impl AsRef<Path>) -> Result<States, Error> {
        Folder::at(folder.as_ref()).states()
    }

    /// Everything that is in the queue, the oldest visit first.
    pub fn states(&self) -> Result<States, Error> {
        self.0.folder.states()
    }

    /// Forgets the visits that have arrived, and tells how many.
    pub fn forget_done(&self) -> Result<usize, Error> {
        self.0.folder.forget_done()
    }

    /// Changes a visit on the disk. What comes back has happened and is durable, even if the caller no longer waits for it.
    async fn change<T: Send + 'static>(
        &self,
        visit: VisitName,
        change: impl FnOnce(&mut Record) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.blocking(move |inner| {
            let _alone = inner.changing.lock().unwrap_or_else(PoisonError::into_inner);
            let mut record = inner.folder.read(visit)?;
            let changed = change(&mut record)?;
            inner.folder.write(&record)?;
            inner.folder.drop_bytes(&record)?;
            Ok(changed)
        })
        .await
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let inner = self.0.clone();
        let done = tokio::task::spawn_blocking(move || work(&inner)).await;
        done.unwrap_or_else(|stopped| Err(Error::io("work on the queue", io::Error::other(stopped))))
    }
}
