//! What the nurse puts into the queue.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use samspil_proto::{
    names::{OrganisationName, WoundName},
    wound::v1::{AssessmentPriority, Findings},
};

/// A visit, as it comes from the app.
#[derive(Debug, Clone)]
pub struct VisitDraft {
    /// The wound.
    pub wound: WoundName,
    /// When the nurse was there.
    pub visit_time: DateTime<Utc>,
    /// What she saw.
    pub findings: Findings,
    /// Her photos. Of two with the same bytes one is kept.
    pub photos: Vec<PhotoDraft>,
    /// What she wants to know, if anything.
    pub ask: Option<Ask>,
}

/// A photo, as it comes from the app. It is copied; the file is the caller's.
#[derive(Debug, Clone)]
pub struct PhotoDraft {
    /// The file.
    pub file: PathBuf,
    /// When it was taken.
    pub capture_time: DateTime<Utc>,
}

/// A question to a specialist, asked once the visit is complete.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The question.
    pub question: String,
    /// How soon.
    pub priority: AssessmentPriority,
    /// Who is to answer.
    pub receiver: OrganisationName,
}
