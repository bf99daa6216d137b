//! How many calls there are at a time in this process. One more is refused at once, so that those that are in stay fast.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{Caller, Error, common::Common};

/// The places there are.
#[derive(Clone)]
pub(super) struct Load {
    calls: Arc<Semaphore>,
    streams: Arc<Semaphore>,
}

/// How many places there are.
#[derive(Debug, Clone, Copy)]
pub struct Places {
    /// Calls with one answer.
    pub calls: usize,
    /// Streams.
    pub streams: usize,
}

impl Default for Places {
    /// A call is some milliseconds of a core, so 256 of them are about a second's work of one: what waits longer had better come
    /// again. A stream that waits costs memory alone.
    fn default() -> Self {
        Places { calls: 256, streams: 4096 }
    }
}

impl Load {
    pub(super) fn new(places: Places) -> Load {
        Load { calls: Arc::new(Semaphore::new(places.calls)), streams: Arc::new(Semaphore::new(places.streams)) }
    }

    /// A place for one more, for as long as it is held. Services take none: a call that is in must not fail because of what it asks
    /// for in its turn.
    pub(super) fn enter(&self, caller: &Caller, streams: bool) -> Result<Option<OwnedSemaphorePermit>, Error> {
        if caller.works_for_others() {
            return Ok(None);
        }
        let places = if streams { &self.streams } else { &self.calls };
        Ok(Some(places.clone().try_acquire_owned().map_err(|_| Common::Overloaded)?))
    }
}
