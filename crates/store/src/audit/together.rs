//! Entries of reads, which belong to no change, written together with those of others who read at the same time.
//!
//! A commit is a sync of the disk, and on SQLite there is one writer. When an event comes, everybody who watches reads it at once: a
//! hundred entries are then a handful of commits. Each reader waits until its own entries are committed.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;
use tracing::Instrument as _;

use super::{Entry, put_all};
use crate::Db;

/// Entries of one commit at most: those who come later should not wait for all of a crowd.
const MOST: usize = 200;

/// Those who wait.
#[derive(Clone, Default)]
pub(crate) struct Together(Arc<Mutex<Queue>>);

#[derive(Default)]
struct Queue {
    waiting: Vec<Waiting>,
    /// Somebody writes, and will take what waits next.
    writes: bool,
}

struct Waiting {
    entries: Vec<Entry>,
    written: oneshot::Sender<bool>,
}

/// Writes entries that belong to no change, durably.
///
/// # Errors
/// As the engine. Then the call must not be answered.
pub async fn put_together(db: &Db, entries: Vec<Entry>) -> Result<(), sqlx::Error> {
    let span = tracing::info_span!("audit", otel.name = "audit together", otel.kind = "client");
    async {
        let (written, done) = oneshot::channel();
        let begins = {
            let mut queue = db.entries().lock();
            queue.waiting.push(Waiting { entries: entries.clone(), written });
            !std::mem::replace(&mut queue.writes, true)
        };
        if begins {
            // A task of its own: whoever began it may hang up, and the others still wait.
            tokio::spawn(write(db.clone()));
        }
        match done.await {
            Ok(true) => Ok(()),
            // Why not, is told to whoever tries alone; one entry must not fail those of others. If they did get there after all, and
            // only the answer was lost, the same ids are refused: better no answer than one entry twice.
            _ => alone(db, &entries).await,
        }
    }
    .instrument(span)
    .await
}

/// Ends the writing, also when it ends in the middle: then those who wait try alone, and the next one begins anew.
struct Writing {
    queue: Together,
    done: bool,
}

impl Drop for Writing {
    fn drop(&mut self) {
        if !self.done {
            *self.queue.lock() = Queue::default();
        }
    }
}

/// Writes until nobody waits.
async fn write(db: Db) {
    let mut writing = Writing { queue: db.entries().clone(), done: false };
    loop {
        let mut batch = {
            let mut queue = db.entries().lock();
            let (mut many, mut taken) = (0, 0);
            while taken < queue.waiting.len() && many < MOST {
                many += queue.waiting[taken].entries.len();
                taken += 1;
            }
            if taken == 0 {
                // In the same breath: nobody comes in between.
                queue.writes = false;
                writing.done = true;
                return;
            }
            queue.waiting.drain(..taken).collect::<Vec<_>>()
        };
        // Who has hung up gets no answer, so needs no entry.
        batch.retain(|waiting| !waiting.written.is_closed());
        let entries: Vec<_> = batch.iter_mut().flat_map(|waiting| std::mem::take(&mut waiting.entries)).collect();
        let written = alone(&db, &entries).await;
        if let Err(error) = &written {
            tracing::warn!(error = %error, entries = entries.len(), "audit entries could not be written together");
        }
        for waiting in batch {
            // Who has hung up meanwhile hears nothing.
            let _ = waiting.written.send(written.is_ok());
        }
    }
}

async fn alone(db: &Db, entries: &[Entry]) -> Result<(), sqlx::Error> {
    if entries.is_empty() {
        return Ok(());
    }
    let mut tx = db.begin().await?;
    put_all(&mut tx, entries).await?;
    tx.commit().await
}

impl Together {
    fn lock(&self) -> std::sync::MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
