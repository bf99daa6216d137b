//! Time and ids: the only source of either.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering::SeqCst},
};

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use samspil_store::Db;
use uuid::{ContextV7, Timestamp, Uuid};

/// Tells the time, in microseconds, and makes ids that sort by it.
#[derive(Clone)]
pub struct Clock(Source);

#[derive(Clone)]
enum Source {
    System,
    /// Stands still but for [`Clock::advance`]: microseconds since 1970.
    Test(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Clock {
        Clock(Source::System)
    }

    /// A clock for tests, which stands at a time until it is moved.
    pub fn at(time: DateTime<Utc>) -> Clock {
        Clock(Source::Test(Arc::new(AtomicI64::new(time.timestamp_micros()))))
    }

    /// Moves a test's clock on. The machine's own cannot be moved.
    ///
    /// # Panics
    /// On the machine's clock.
    pub fn advance(&self, by: TimeDelta) {
        let Source::Test(micros) = &self.0 else { panic!("the machine's clock cannot be moved") };
        micros.fetch_add(by.num_microseconds().expect("a span of time that a test can mean"), SeqCst);
    }

    /// What time it is.
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine")]
    pub fn now(&self) -> DateTime<Utc> {
        match &self.0 {
            Source::System => Utc::now().trunc_subsecs(6),
            Source::Test(micros) => DateTime::from_timestamp_micros(micros.load(SeqCst)).unwrap_or_default(),
        }
    }

    /// How far the machine's clock was ahead of a database's when it said `now`. All replicas have the database's in common. `None`
    /// for a test's clock, which is compared with nothing.
    pub(crate) async fn ahead_of(
        &self,
        db: &Db,
        now: DateTime<Utc>,
    ) -> Result<Option<TimeDelta>, samspil_store::Error> {
        let time = db.time().await?;
        match self.0 {
            Source::System => Ok(Some(now - time)),
            Source::Test(_) => Ok(None),
        }
    }

    /// A new id, which sorts after those made before.
    pub fn id(&self) -> Uuid {
        static CONTEXT: std::sync::Mutex<ContextV7> = std::sync::Mutex::new(ContextV7::new());
        let now = self.now();
        // The context counts within a millisecond, so that ids of one millisecond sort as they were made.
        let context = CONTEXT.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        Uuid::new_v7(Timestamp::from_unix(&*context, now.timestamp() as u64, now.timestamp_subsec_nanos()))
    }
}
