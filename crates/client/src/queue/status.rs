//! What a person sees of the queue.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use samspil_proto::names::{PhotoName, VisitName};

use super::{
    Problem,
    disk::{self, Folder},
    record::{Photo, PhotoState, Record, Step, Warning},
};
use crate::Error;

/// Everything in a queue.
#[derive(Debug, Clone, Default)]
pub struct States {
    /// The visits that can be read, the oldest first, those that have arrived included.
    pub visits: Vec<VisitStatus>,
    /// The folders that cannot be read. Nothing is done with them until somebody has looked.
    pub broken: Vec<Broken>,
}

/// A visit's folder that cannot be read.
#[derive(Debug, Clone)]
pub struct Broken {
    /// The folder.
    pub folder: PathBuf,
    /// What is wrong.
    pub problem: String,
}

/// A visit in the queue.
#[derive(Debug, Clone)]
pub struct VisitStatus {
    /// Its name at the service.
    pub name: VisitName,
    /// When the nurse was there.
    pub visit_time: DateTime<Utc>,
    /// When it was put in.
    pub enqueue_time: DateTime<Utc>,
    /// How far it has come.
    pub stage: Stage,
    /// Its photos.
    pub photos: Vec<PhotoStatus>,
    /// The question that goes with it.
    pub question: Option<String>,
    /// The name of the question, once it is asked.
    pub assessment: Option<String>,
    /// Why the last attempt came no further, in words.
    pub problem: Option<String>,
}

/// How far a visit has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The service does not know of it.
    Waiting,
    /// The service has recorded it; photos are under way.
    Recorded,
    /// A photo was refused: the nurse has to take it back, and perhaps to take another.
    Refused,
    /// Every photo is stored and the visit is complete; the question is still to be asked.
    Completed,
    /// Everything has arrived.
    Done,
}

/// A photo in the queue.
#[derive(Debug, Clone)]
pub struct PhotoStatus {
    /// Its name at the service.
    pub name: PhotoName,
    /// What the file was called.
    pub file_name: String,
    /// How large it is.
    pub size_bytes: u64,
    /// When it was taken.
    pub capture_time: DateTime<Utc>,
    /// Where it stands.
    pub state: PhotoState,
    /// The nurse wants it back, and the service does not know yet.
    pub withdrawing: bool,
    /// What the verdict warned of.
    pub warnings: Vec<Warning>,
}

impl Folder {
    pub(super) fn states(&self) -> Result<States, Error> {
        let mut states = States::default();
        // Those under way first: one that is moved in between is then seen twice rather than not at all.
        for (part, done) in [("visits", false), ("done", true)] {
            for folder in self.folders(part)? {
                match status(&folder, done) {
                    Ok(status) => states.visits.push(status),
                    Err(_) if !folder.exists() => {}
                    Err(problem) => states.broken.push(Broken { folder, problem: problem.to_string() }),
                }
            }
        }
        states.visits.sort_by_key(|status| (status.name.visit, status.stage != Stage::Done));
        states.visits.dedup_by_key(|status| status.name.visit);
        Ok(states)
    }
}

fn status(folder: &Path, done: bool) -> Result<VisitStatus, Problem> {
    let record = disk::read(folder)?;
    let name = record.name().ok_or(Problem::Broken { folder: folder.to_owned(), cause: "no name".to_owned() })?;
    Ok(VisitStatus {
        name,
        visit_time: record.visit_time,
        enqueue_time: record.enqueue_time,
        stage: stage(&record, done),
        photos: record.photos.iter().map(|photo| photo_status(photo, name)).collect(),
        question: record.ask.as_ref().map(|ask| ask.question.clone()),
        assessment: record.ask.and_then(|ask| ask.assessment),
        problem: record.problem,
    })
}

fn stage(record: &Record, done: bool) -> Stage {
    match record.next() {
        _ if done => Stage::Done,
        Step::Record => Stage::Waiting,
        Step::Decide(_) => Stage::Refused,
        Step::Withdraw(_) | Step::Announce(_) | Step::Upload(_) | Step::Complete => Stage::Recorded,
        Step::Ask | Step::File => Stage::Completed,
    }
}

fn photo_status(photo: &Photo, visit: VisitName) -> PhotoStatus {
    PhotoStatus {
        name: photo.name(visit),
        file_name: photo.file_name.clone(),
        size_bytes: photo.digest.size_bytes,
        capture_time: photo.capture_time,
        state: photo.state.clone(),
        withdrawing: photo.withdraw.is_some() && !photo.state.is_settled(),
        warnings: photo.warnings.clone(),
    }
}
