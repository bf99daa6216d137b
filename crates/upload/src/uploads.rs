//! What a service holds to take one kind of file in.

use std::{sync::Arc, time::Duration};

use opentelemetry::{KeyValue, metrics::Counter};
use samspil_kit::{Base, Error, common::Common, telemetry::metrics};
use samspil_store::objects::Objects;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::Tables;

/// What bounds the uploads of this process.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Streams, and calls that bring a chunk each, at a time; one more is refused with a hint to try again.
    pub streams: usize,
    /// How long an open stream may say nothing.
    pub idle: Duration,
    /// Bytes of an upload that are held before they are written down.
    pub part_bytes: usize,
    /// The longest that received bytes wait to be written down while more are on their way.
    pub part_wait: Duration,
    /// Bytes of whole files that are worked on at a time.
    pub memory: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            streams: 64,
            idle: Duration::from_secs(60),
            part_bytes: 4 << 20,
            part_wait: Duration::from_secs(2),
            memory: 128 << 20,
        }
    }
}

/// The uploads of one kind of file. A clone shares its limits.
#[derive(Clone)]
pub struct Uploads {
    pub(crate) base: Base,
    pub(crate) objects: Objects,
    pub(crate) tables: Tables,
    pub(crate) settings: Settings,
    streams: Arc<Semaphore>,
    memory: Arc<Semaphore>,
    received: Counter<u64>,
}

impl Uploads {
    /// On a service's database and its store of objects.
    pub fn new(base: Base, objects: Objects, tables: Tables, settings: Settings) -> Uploads {
        let streams = Arc::new(Semaphore::new(settings.streams));
        let memory = Arc::new(Semaphore::new(settings.memory >> 10));
        let meter = metrics::meter();
        let received = meter.u64_counter("samspil.upload.io").with_unit("By");
        let received =
            received.with_description("Bytes of files that were received, and fit where they belong.").build();
        Uploads { base, objects, tables, settings, streams, memory, received }
    }

    /// Measures bytes that came in.
    pub(crate) fn count(&self, bytes: usize) {
        self.received.add(bytes as u64, &[KeyValue::new("samspil.upload.kind", self.tables.objects)]);
    }

    /// One of the slots for uploads that are sent at a time.
    ///
    /// # Errors
    /// `OVERLOADED` when there are as many as there may be.
    pub fn slot(&self) -> Result<OwnedSemaphorePermit, Error> {
        Ok(self.streams.clone().try_acquire_owned().map_err(|_| Common::Overloaded)?)
    }

    /// Waits until there is room in memory for so many bytes, and holds it. More than there is at all waits for all of it.
    ///
    /// # Errors
    /// Never while the process runs.
    pub async fn room(&self, bytes: i64) -> Result<OwnedSemaphorePermit, Error> {
        let kib = u32::try_from(bytes / 1024 + 1).unwrap_or(u32::MAX).min((self.settings.memory >> 10) as u32);
        self.memory.clone().acquire_many_owned(kib).await.map_err(Error::internal)
    }
}
