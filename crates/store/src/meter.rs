//! What a request costs in the database, for the one line that is logged when it ends.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

tokio::task_local! {
    static METER: Arc<Meter>;
}

/// Statements and time of one request.
#[derive(Debug, Default)]
pub struct Meter {
    statements: AtomicU64,
    micros: AtomicU64,
}

impl Meter {
    /// How many statements ran, commits included.
    pub fn statements(&self) -> u64 {
        self.statements.load(Relaxed)
    }

    /// How long they took together.
    pub fn time(&self) -> Duration {
        Duration::from_micros(self.micros.load(Relaxed))
    }
}

/// Runs a future with a meter of its own.
pub async fn metered<T>(meter: Arc<Meter>, run: impl Future<Output = T>) -> T {
    METER.scope(meter, run).await
}

/// Counts a statement on the running request's meter. Outside of a request nothing counts.
pub(crate) fn count(time: Duration) {
    // Without a meter there is nobody to tell.
    let _ = METER.try_with(|meter| {
        meter.statements.fetch_add(1, Relaxed);
        meter.micros.fetch_add(time.as_micros() as u64, Relaxed);
    });
}
