//! Whether what is kept agrees with itself: what `samspil verify` tells of a service's events, its followers and its audit.
//! Files are held against their rows by `samspil_upload::verify`.
//!
//! Everything is read in batches, so that a service of any size takes the same memory, and in an order in which a service that
//! goes on serving meanwhile is not taken for a broken one.

mod events;

use samspil_store::{Db, sql};
use serde::Serialize;

pub use events::{Telling, events};

use crate::audit;

/// Findings of one service that are told; the rest are counted.
const TOLD: usize = 1000;

/// Something that does not agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The service.
    pub service: String,
    /// What is wrong, as a stable name such as `OBJECT_MISSING`.
    pub wrong: &'static str,
    /// The row: a resource, a table with its key, an entry.
    pub row: Option<String>,
    /// The object's key.
    pub object: Option<String>,
    /// In words.
    pub text: String,
}

/// What a walk through a service has found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The service.
    pub service: String,
    /// Events in its log.
    pub events: u64,
    /// Rows of files that were held against their objects.
    pub files: u64,
    /// Objects that were read.
    pub objects: u64,
    /// Entries of the audit that are sealed.
    pub sealed: i64,
    /// How many things are wrong.
    pub wrong: u64,
    /// What: the first thousand.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Of a service of which nothing is known yet.
    pub fn new(service: &str) -> Report {
        let service = service.to_owned();
        Report { service, events: 0, files: 0, objects: 0, sealed: 0, wrong: 0, findings: Vec::new() }
    }

    /// Takes down what is wrong.
    pub fn find(&mut self, wrong: &'static str, row: Option<String>, object: Option<String>, text: impl Into<String>) {
        self.wrong += 1;
        if self.findings.len() < TOLD {
            let (service, text) = (self.service.clone(), text.into());
            self.findings.push(Finding { service, wrong, row, object, text });
        }
    }

    /// Takes in what a walk along the audit's chain found.
    pub fn take(&mut self, chain: audit::Report) {
        self.sealed = chain.sealed;
        for found in chain.findings {
            let seal = found.sequence.map(|sequence| format!("audit_seals {sequence}"));
            let entry = found.entry_id.map(|id| format!("audit {id}"));
            self.find(found.wrong.name(), entry.or(seal), None, found.text);
        }
    }
}

/// How far the followers of a service have come, each by its name. To be read before the end of any log is asked for, which
/// only moves on.
///
/// # Errors
/// As the engine.
pub async fn cursors(db: &Db) -> Result<Vec<(String, i64)>, samspil_store::Error> {
    let mut tx = db.read().await?;
    sql!(&mut tx, fetch_all as (String, i64), "SELECT follower, sequence FROM cursors ORDER BY follower")
}

/// Tells of a follower that has passed the end of the log that it follows: what comes there next it would never see.
pub fn cursor(report: &mut Report, follower: &str, sequence: i64, last: i64) {
    if sequence > last {
        let text = format!("it has passed event {sequence}, and the log that it follows ends at {last}");
        report.find("CURSOR_BEYOND_LOG", Some(format!("cursors {follower}")), None, text);
    }
}
