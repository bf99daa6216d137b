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
    /// Limits of uploads.
    pub uploads: samspil_upload::Settings,
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
            uploads: samspil_upload::Settings::default(),
            decoders: std::thread::available_parallelism().map_or(2, usize::from),
            poll: Duration::from_secs(1),
        }
    }
}
