//! Where the client's time and ids come from.

use chrono::{DateTime, SubsecRound as _, Utc};
use uuid::{NoContext, Timestamp, Uuid};

/// The source of time, and of ids that sort by it. A test gives its own.
#[derive(Debug, Clone, Copy)]
pub struct Clock(fn() -> DateTime<Utc>);

impl Clock {
    /// The clock of the machine.
    #[expect(clippy::disallowed_methods, reason = "the one place where the client asks the machine for the time")]
    pub const fn system() -> Self {
        Clock(Utc::now)
    }

    /// A clock that tells what `now` tells.
    pub const fn new(now: fn() -> DateTime<Utc>) -> Self {
        Clock(now)
    }

    /// The time, cut to the microseconds that the services keep.
    pub fn now(&self) -> DateTime<Utc> {
        (self.0)().trunc_subsecs(6)
    }

    /// A new id, a UUID of version 7 by this clock.
    pub fn id(&self) -> Uuid {
        let now = (self.0)();
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, now.timestamp_subsec_nanos()))
    }
}

impl Default for Clock {
    fn default() -> Self {
        Clock::system()
    }
}
