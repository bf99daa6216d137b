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
    /// The last one that was seen.
    end: Option<i64>,
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
        match kept.end {
            // Somebody who is behind keeps nobody waiting.
            Some(end) if after < end && !kept.covers(after) => {
                drop(kept);
                return read_rows(db, after, limit).await;
            }
            Some(end) if after <= end => {
                if end - after < limit && !kept.is_fresh(self.told()) {
                    self.look(db, &mut kept, end, KEPT as i64).await?;
                }
            }
            // Nobody has asked yet, or another process has told of more than this one knows.
            _ => self.look(db, &mut kept, after, limit).await?,
        }
        Ok(kept.after(after, limit))
    }

    /// Asks for what comes after the end.
    async fn look(&self, db: &Db, kept: &mut Kept, end: i64, limit: i64) -> Result<(), sqlx::Error> {
        // Before the question: what is told while it is under way may not be in the answer.
        let look = Look { at: Instant::now(), told: self.told() };
        let found = read_rows(db, end, limit).await?;
        // One that was cut short by its limit has not seen the end.
        kept.looked = ((found.len() as i64) < limit).then_some(look);
        kept.end = Some(found.last().map_or(end, |last| last.sequence));
        kept.keep(found, end);
        Ok(())
    }

    fn told(&self) -> u64 {
        self.told.load(Ordering::SeqCst)
    }
}

impl Kept {
    /// Whether everything from a number to the end is kept.
    fn covers(&self, after: i64) -> bool {
        self.events.front().is_some_and(|first| first.sequence <= after + 1)
    }

    /// What is kept after a number.
    fn after(&self, after: i64, limit: i64) -> Vec<LoggedEvent> {
        let first = self.events.front().map_or(after + 1, |first| first.sequence);
        let from = usize::try_from(after + 1 - first).unwrap_or_default();
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        self.events.iter().skip(from).take(limit).cloned().collect()
    }

    fn is_fresh(&self, told: u64) -> bool {
        self.looked.is_some_and(|look| look.told == told && look.at.elapsed() < FRESH)
    }

    /// Adds what was read after the end.
    fn keep(&mut self, found: Vec<LoggedEvent>, end: i64) {
        if self.events.back().is_some_and(|last| last.sequence != end) {
            self.events.clear();
        }
        self.events.extend(found);
        let surplus = self.events.len().saturating_sub(KEPT);
        self.events.drain(..surplus);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(sequences: std::ops::RangeInclusive<i64>) -> Vec<LoggedEvent> {
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
        sequences.map(event).collect()
    }

    fn after(kept: &Kept, after: i64, limit: i64) -> Vec<i64> {
        kept.after(after, limit).into_iter().map(|event| event.sequence).collect()
    }

    #[test]
    fn what_is_kept_is_given_without_a_gap() {
        let mut kept = Kept::default();
        kept.keep(events(11..=20), 10);
        assert_eq!(after(&kept, 10, 3), [11, 12, 13]);
        assert_eq!(after(&kept, 17, 200), [18, 19, 20]);
        assert_eq!(after(&kept, 20, 3), [0; 0]);
        assert!(kept.covers(10) && kept.covers(19) && !kept.covers(9), "the tenth is not kept");
        kept.keep(events(21..=21), 20);
        assert_eq!(after(&kept, 19, 3), [20, 21]);
    }

    #[test]
    fn only_so_many_are_kept_and_a_gap_begins_anew() {
        let mut kept = Kept::default();
        kept.keep(events(1..=KEPT as i64 + 7), 0);
        assert_eq!((kept.events.len(), kept.events.front().unwrap().sequence), (KEPT, 8));
        kept.keep(events(1000..=1001), 999);
        assert_eq!(kept.events.len(), 2);
    }
}
