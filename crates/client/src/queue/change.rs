//! What the nurse does with the queue: puts a visit in, adds a photo, takes one back.

use std::fs;

use chrono::SubsecRound as _;
use samspil_proto::names::{PhotoName, VisitName, WoundName};

use super::{
    Ask, PhotoDraft, Problem, Queue, VisitDraft,
    disk::{copy_in, make_dir, rename, sync_dir, write_record},
    record::{FORM, Photo, PhotoState, Question, Record, Withdrawal},
};
use crate::{Error, json};

impl Queue {
    /// Puts a visit in, with copies of its photos. When its name is given it is durable, whatever happens then; on an error
    /// nothing was put in. Needs no coverage.
    pub async fn enqueue(&self, draft: VisitDraft) -> Result<VisitName, Error> {
        self.blocking(move |inner| {
            let clock = inner.clock;
            let visit_id = clock.id();
            let folder = inner.folder.new_visit(visit_id);
            make_dir(&folder.join("photos"))?;
            let mut photos: Vec<Photo> = Vec::with_capacity(draft.photos.len());
            for draft in &draft.photos {
                let photo = copy_in(draft, &folder.join("photos"), clock, inner.algorithm)?;
                if photos.iter().all(|other| other.digest != photo.digest) {
                    photos.push(photo);
                }
            }
            let record = Record {
                form: FORM,
                wound: draft.wound.to_string(),
                visit_id,
                enqueue_time: clock.now(),
                visit_time: draft.visit_time.trunc_subsecs(6),
                findings: json::from_message(&draft.findings),
                photos,
                ask: draft.ask.as_ref().map(|ask| Question::new(ask, clock.id())),
                create_request_id: clock.id(),
                complete_request_id: clock.id(),
                recorded: false,
                completed: false,
                problem: None,
            };
            sync_dir(&folder.join("photos"))?;
            write_record(&folder, &record)?;
            rename(&folder, &inner.folder.visit(visit_id))?;
            let WoundName { patient, wound } = draft.wound;
            Ok(VisitName { patient, wound, visit: visit_id })
        })
        .await
    }

    /// Adds a photo to a visit that is not complete yet, such as a better one. Gives the name of the one that is there if the
    /// visit has the same bytes already.
    pub async fn add_photo(&self, visit: VisitName, draft: PhotoDraft) -> Result<PhotoName, Error> {
        let copied = self.blocking(move |inner| {
            let folder = inner.folder.visit(visit.visit).join("photos");
            inner.folder.read(visit)?;
            let photo = copy_in(&draft, &folder, inner.clock, inner.algorithm)?;
            sync_dir(&folder)?;
            Ok(Photo { with_visit: false, ..photo })
        });
        let photo = copied.await?;
        let copy = self.0.folder.photo(visit.visit, photo.photo_id);
        self.change(visit, move |record| {
            if record.completed {
                return Err(Problem::Complete(visit).into());
            }
            if let Some(same) = record.photos.iter().find(|other| other.digest == photo.digest) {
                fs::remove_file(&copy).map_err(|source| Error::io(format!("remove {}", copy.display()), source))?;
                return Ok(same.name(visit));
            }
            let name = photo.name(visit);
            record.photos.push(photo);
            Ok(name)
        })
        .await
    }

    /// Takes a photo back that the service does not have, such as a refused one. The service learns of it with the next sync.
    pub async fn withdraw(&self, photo: PhotoName, reason: impl Into<String>) -> Result<(), Error> {
        let reason = reason.into();
        let request_id = self.0.clock.id();
        self.change(visit_of(photo), move |record| {
            let entry = record.photo_mut(photo.photo).ok_or(Problem::NoPhoto(photo))?;
            if matches!(entry.state, PhotoState::Stored { .. }) {
                return Err(Problem::Stored(photo).into());
            }
            entry.withdraw.get_or_insert(Withdrawal { request_id, reason });
            Ok(())
        })
        .await
    }

    /// Lets a refused photo be tried once more.
    pub async fn try_again(&self, photo: PhotoName) -> Result<(), Error> {
        self.change(visit_of(photo), move |record| {
            let entry = record.photo_mut(photo.photo).ok_or(Problem::NoPhoto(photo))?;
            if matches!(entry.state, PhotoState::Refused { .. }) {
                entry.state = PhotoState::Waiting;
            }
            Ok(())
        })
        .await
    }

    /// Puts another question in the place of the one that is not asked yet, or none.
    pub async fn ask(&self, visit: VisitName, ask: Option<Ask>) -> Result<(), Error> {
        let request_id = self.0.clock.id();
        self.change(visit, move |record| {
            if record.ask.as_ref().is_none_or(|old| old.assessment.is_none()) {
                record.ask = ask.as_ref().map(|ask| Question::new(ask, request_id));
            }
            Ok(())
        })
        .await
    }
}

pub(super) fn visit_of(photo: PhotoName) -> VisitName {
    let PhotoName { patient, wound, visit, .. } = photo;
    VisitName { patient, wound, visit }
}
