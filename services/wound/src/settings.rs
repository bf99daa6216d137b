//! What can be set.

use std::time::Duration;

use chrono::TimeDelta;

/// Limits and times of this service.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How long a claim holds.
    pub claim: TimeDelta,
    /// Days until the next photos are due when the specialist says nothing else.
    pub photo_days: u64,
    /// Uploads at a time in this process; one more is refused with a hint to try again.
    pub uploads: usize,
    /// How long an open upload may say nothing.
    pub upload_idle: Duration,
    /// Bytes of an upload that are held before they are written down.
    pub part_bytes: usize,
    /// The longest that received bytes wait to be written down while more are on their way.
    pub part_wait: Duration,
    /// Bytes of whole photos that are worked on at a time in this process.
    pub photo_memory: usize,
    /// Photos that are decoded at a time in this process.
    pub decoders: usize,
    /// How often workers look for what nobody told them of.
    pub poll: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            claim: TimeDelta::minutes(30),
            photo_days: 14,
            uploads: 64,
            upload_idle: Duration::from_secs(60),
            part_bytes: 4 << 20,
            part_wait: Duration::from_secs(2),
            photo_memory: 128 << 20,
            decoders: std::thread::available_parallelism().map_or(2, usize::from),
            poll: Duration::from_secs(1),
        }
    }
}
