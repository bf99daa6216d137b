//! What can be set.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use samspil_imaging::suggest::Model;

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
    /// Suggests outlines. Everything else works without.
    pub model: Option<Arc<Model>>,
    /// Whether a photo without a marker card is warned of.
    pub expect_marker: bool,
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
            model: None,
            expect_marker: false,
            poll: Duration::from_secs(1),
        }
    }
}
