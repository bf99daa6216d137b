//! The newest events, kept in memory: everybody who watches reads the same ones at the same moment.
//!
//! What is in the log never changes and has no gaps, so what is kept here is true for good. Only whether there is more has to be
//! asked, once for all who want to know at the same time.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::sync::Mutex;

use super::{LoggedEvent, read_rows};
use crate::Db;

/// Events that are kept. Whoever is further behind reads the table.
const KEPT: usize = 500;

/// How long nobody asks again when nothing was told of. Shorter than the second after which a watcher looks by itself.
const FRESH: Duration = Duration::from_millis(500);

/// The end of a log, shared by the clones of a [`Db`].
#[derive(Clone, Default)]
pub(crate) struct Tail {
    /// Counts what this process was told of new events.
    told: Arc<AtomicU64>,
    kept: Arc<Mutex<Kept>>,
}

#[derive(Default)]
struct Kept {
    events: VecDeque<LoggedEvent>,
    looked: Option<Look>,
}

/// A look at the table: when, and what had been told before.
#[derive(Clone, Copy)]
struct Look {
    at: Instant,
    told: u64,
}

impl Tail {
    /// There are new events.
    pub(crate) fn tell(&self) {
        self.told.fetch_add(1, Ordering::SeqCst);
    }

    /// The events after a sequence number, at most `limit`.
    pub(super) async fn read(&self, db: &Db, after: i64, limit: i64) -> Result<Vec<LoggedEvent>, sqlx::Error> {
        let mut kept = self.kept.lock().await;
        if let Some(found) = kept.after(after, limit) {
            return Ok(found);
        }
        match kept.events.back() {
            // The end is known, and nothing came since.
            Some(last) if last.sequence == after && kept.is_fresh(self.told()) => return Ok(Vec::new()),
            Some(last) if last.sequence != after => {
                // Somebody who is behind, or whom another process told of more than this one knows.
                drop(kept);
                return read_rows(db, after, limit).await;
            }
            _ => {}
        }
        // Before the question: what is told while it is under way may not be in the answer.
        let look = Look { at: Instant::now(), told: self.told() };
        let found = read_rows(db, after, limit).await?;
        kept.looked = Some(look);
        kept.keep(&found);
        Ok(found)
    }

    fn told(&self) -> u64 {
        self.told.load(Ordering::SeqCst)
    }
}

impl Kept {
    /// What is kept after a number, if what comes right after it is.
    fn after(&self, after: i64, limit: i64) -> Option<Vec<LoggedEvent>> {
        let (first, last) = (self.events.front()?.sequence, self.events.back()?.sequence);
        if after + 1 < first || after >= last {
            return None;
        }
        let from = usize::try_from(after + 1 - first).ok()?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Some(self.events.iter().skip(from).take(limit).cloned().collect())
    }

    fn is_fresh(&self, told: u64) -> bool {
        self.looked.is_some_and(|look| look.told == told && look.at.elapsed() < FRESH)
    }

    /// Adds what was read at the end.
    fn keep(&mut self, found: &[LoggedEvent]) {
        for event in found {
            if self.events.back().is_some_and(|last| last.sequence + 1 != event.sequence) {
                self.events.clear();
            }
            self.events.push_back(event.clone());
        }
        let surplus = self.events.len().saturating_sub(KEPT);
        self.events.drain(..surplus);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(sequences: std::ops::RangeInclusive<i64>) -> Kept {
        let event = |sequence| LoggedEvent {
            sequence,
            event_id: uuid::Uuid::nil(),
            r#type: String::new(),
            subject: String::new(),
            organisations: String::new(),
            time: chrono::DateTime::UNIX_EPOCH,
            traceparent: String::new(),
            data: Vec::new(),
        };
        let mut kept = Kept::default();
        kept.keep(&sequences.map(event).collect::<Vec<_>>());
        kept
    }

    fn numbers(found: Option<Vec<LoggedEvent>>) -> Option<Vec<i64>> {
        found.map(|events| events.into_iter().map(|event| event.sequence).collect())
    }

    #[test]
    fn what_is_kept_is_given_without_a_gap_or_not_at_all() {
        let kept = kept(11..=20);
        assert_eq!(numbers(kept.after(10, 3)), Some(vec![11, 12, 13]));
        assert_eq!(numbers(kept.after(17, 200)), Some(vec![18, 19, 20]));
        assert_eq!(numbers(kept.after(9, 3)), None, "the tenth is not kept");
        assert_eq!(numbers(kept.after(20, 3)), None, "whether there is more is not known");
    }

    #[test]
    fn only_so_many_are_kept_and_a_gap_begins_anew() {
        let mut many = kept(1..=KEPT as i64 + 7);
        assert_eq!((many.events.len(), many.events.front().unwrap().sequence), (KEPT, 8));
        many.keep(&kept(1000..=1001).events.into_iter().collect::<Vec<_>>());
        assert_eq!(many.events.len(), 2);
    }
}
