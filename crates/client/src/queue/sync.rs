//! Brings the queue to the service.

use samspil_proto::names::{PhotoName, VisitName};
use tonic::Code;

use super::{Broken, Queue, Stage};
use crate::{Connection, Error, upload};

/// What happens in a sync.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Event {
    /// The service has recorded the visit.
    Recorded(VisitName),
    /// An upload moves. `Stored` comes when the queue has noted it too.
    Upload(PhotoName, upload::Event),
    /// The wound has a photo with the same bytes: it is that one.
    AlreadyThere {
        /// The queue's photo.
        photo: PhotoName,
        /// The one that is there.
        existing: String,
    },
    /// The service will not have the photo.
    Refused {
        /// The photo.
        photo: PhotoName,
        /// A reason of docs/errors.md.
        reason: String,
        /// The same in words.
        message: String,
    },
    /// The photo is taken back.
    Withdrawn(PhotoName),
    /// Every photo is stored.
    Completed(VisitName),
    /// The question is asked, under this name.
    Asked(String),
    /// A folder cannot be read.
    Broken(Broken),
}

/// What a sync came to.
#[derive(Debug, Default)]
pub struct Report {
    /// Every visit that was in the queue, the oldest first.
    pub visits: Vec<(VisitName, Outcome)>,
    /// Every folder that cannot be read.
    pub broken: Vec<Broken>,
}

/// What came of one visit.
#[derive(Debug)]
pub enum Outcome {
    /// Everything has arrived.
    Done {
        /// The question's name, if one was asked.
        assessment: Option<String>,
    },
    /// The visit stays open until the nurse has decided on these refused photos.
    Refused(Vec<PhotoName>),
    /// It came no further. The next sync goes on.
    Failed(Error),
    /// It was not tried, since there is no way through to the service.
    Waiting,
}

impl Report {
    /// Nothing is left in the queue.
    pub fn is_clear(&self) -> bool {
        self.broken.is_empty() && self.visits.iter().all(|(_, outcome)| matches!(outcome, Outcome::Done { .. }))
    }
}

impl Queue {
    /// Takes every visit as far as it goes, the oldest first: records it, uploads its photos two at once, completes it, asks its
    /// question. What goes wrong with one visit does not hold up the others, unless the service cannot be reached at all. Dropping
    /// this, or killing the process, loses nothing.
    pub async fn sync(&self, connection: &Connection, on_event: impl Fn(Event) + Send + Sync) -> Result<Report, Error> {
        let _one = self.0.syncing.lock().await;
        let states = self.blocking(|inner| inner.folder.states()).await?;
        let mut report = Report { visits: Vec::new(), broken: states.broken };
        report.broken.iter().for_each(|broken| on_event(Event::Broken(broken.clone())));
        let mut away = false;
        for visit in states.visits.into_iter().filter(|visit| visit.stage != Stage::Done).map(|visit| visit.name) {
            if away {
                report.visits.push((visit, Outcome::Waiting));
                continue;
            }
            let outcome = match self.bring(connection, visit, &on_event).await {
                Ok(outcome) => outcome,
                Err(error) => {
                    away = is_for_all(&error);
                    self.note(visit, &error).await;
                    Outcome::Failed(error)
                }
            };
            report.visits.push((visit, outcome));
        }
        Ok(report)
    }

    /// Keeps for the nurse why a visit came no further. That this fails too, as on a full disk, hides nothing.
    async fn note(&self, visit: VisitName, error: &Error) {
        let problem = error.to_string();
        let noted = self.change(visit, move |record| {
            record.problem = Some(problem);
            Ok(())
        });
        if let Err(error) = noted.await {
            tracing::warn!(error = %error, "failed to note why a visit waits");
        }
    }
}

/// The next visit would meet the same: no way through, or a token that is not accepted.
pub(super) fn is_for_all(error: &Error) -> bool {
    error.is_passing() || error.refusal().is_some_and(|refusal| refusal.code == Code::Unauthenticated)
}
