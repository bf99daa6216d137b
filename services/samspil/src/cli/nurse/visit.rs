//! A visit with its photos, through the offline queue.

use std::{fs, path::PathBuf};

use anyhow::{Context as _, Result};
use chrono::{DateTime, Utc};
use samspil_client::queue::{Ask, PhotoDraft, Queue, VisitDraft};
use samspil_proto::{
    names::{OrganisationName, VisitName, WoundName},
    wound::v1::AssessmentPriority,
};

use super::{super::parse, Desk, findings::Findings, queue};

/// Records a visit.
#[derive(Debug, clap::Args)]
pub(crate) struct Visit {
    /// The wound, `patients/…/wounds/…`.
    #[arg(long)]
    wound: WoundName,
    /// When she was there; now when not told.
    #[arg(long, value_parser = parse::time)]
    at: Option<DateTime<Utc>>,
    #[command(flatten)]
    findings: Findings,
    /// A photo, once for each. When it was taken is what the file's own time says.
    #[arg(long = "photo", value_name = "FILE")]
    photos: Vec<PathBuf>,
    /// A question to a specialist.
    #[arg(long, requires = "to", value_name = "QUESTION")]
    ask: Option<String>,
    /// Who is to answer, `organisations/…`.
    #[arg(long, requires = "ask")]
    to: Option<OrganisationName>,
    /// How soon: routine or urgent.
    #[arg(long, value_parser = parse::priority, default_value = "routine")]
    priority: AssessmentPriority,
    /// Only put it into the queue; `nurse sync` sends it.
    #[arg(long)]
    later: bool,
}

impl Visit {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        let now = desk.to.clock().now();
        let photos = self.photos.into_iter().map(|file| photo(file, now)).collect::<Result<_>>()?;
        let priority = self.priority;
        let ask = self.ask.zip(self.to).map(|(question, receiver)| Ask { question, priority, receiver });
        let draft = VisitDraft {
            wound: self.wound,
            visit_time: self.at.unwrap_or(now),
            findings: self.findings.into(),
            photos,
            ask,
        };
        let queue = Queue::open(desk.globals.queue_dir())?;
        let visit = queue.enqueue(draft).await?;
        if self.later {
            return queue::tell(desk, &queue.states()?, Some(visit));
        }
        queue::bring(desk, &queue, Some(visit)).await
    }
}

/// Adds a photo.
#[derive(Debug, clap::Args)]
pub(crate) struct AddPhoto {
    /// The visit, `patients/…/wounds/…/visits/…`.
    visit: VisitName,
    /// The photo.
    #[arg(long, value_name = "FILE")]
    photo: PathBuf,
}

impl AddPhoto {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        let draft = photo(self.photo, desk.to.clock().now())?;
        let queue = Queue::open(desk.globals.queue_dir())?;
        queue.add_photo(self.visit, draft).await?;
        queue::bring(desk, &queue, Some(self.visit)).await
    }
}

/// A file with the time that it says it was taken.
fn photo(file: PathBuf, now: DateTime<Utc>) -> Result<PhotoDraft> {
    let found = fs::metadata(&file).with_context(|| format!("failed to read {}", file.display()))?;
    let taken = found.modified().map_or(now, DateTime::<Utc>::from);
    Ok(PhotoDraft { capture_time: taken.min(now), file })
}
