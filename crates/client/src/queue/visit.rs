//! One visit's way to the service, step by step.
//!
//! Each step reads from the disk what is to be done, does it, and writes what came of it. Nothing else is remembered, so that a
//! crash between any two lines leads to the same step with the same request.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use samspil_proto::{
    names::{PhotoName, VisitName},
    wound::v1::{
        self as pb, AnnouncePhotoRequest, CompleteVisitRequest, GetPhotoRequest, PhotoState as Announced,
        WithdrawPhotoRequest,
    },
};
use tonic::Code;
use uuid::Uuid;

use super::{
    Event, Outcome, Problem, Queue,
    record::{Photo, PhotoState, Record, Step, Warning},
    sync::is_for_all,
};
use crate::{
    Connection, Error, Refusal,
    digest::{Algorithm, Digest},
    upload::{self, Source, Upload},
};

/// Photos that are uploaded at once.
const AT_ONCE: usize = 2;
/// The wound has a photo with the same bytes already.
const ALREADY_ANNOUNCED: &str = "PHOTO_ALREADY_ANNOUNCED";

impl Queue {
    /// Takes a visit as far as it goes.
    pub(super) async fn bring(
        &self,
        to: &Connection,
        visit: VisitName,
        on_event: &(impl Fn(Event) + Send + Sync),
    ) -> Result<Outcome, Error> {
        loop {
            let record = self.blocking(move |inner| inner.folder.read(visit)).await?;
            match record.next() {
                Step::Record => self.record(to, visit, &record, on_event).await?,
                Step::Withdraw(photo) => self.take_back(to, visit, entry(&record, visit, photo)?, on_event).await?,
                Step::Announce(photo) => self.announce(to, visit, entry(&record, visit, photo)?, on_event).await?,
                Step::Upload(photos) => {
                    let photos = photos.iter().map(|photo| entry(&record, visit, *photo).cloned());
                    self.upload_all(to, visit, photos.collect::<Result<_, _>>()?, on_event).await?;
                }
                Step::Decide(photos) => {
                    let named = photos.iter().map(|photo| entry(&record, visit, *photo).map(|photo| photo.name(visit)));
                    return Ok(Outcome::Refused(named.collect::<Result<_, _>>()?));
                }
                Step::Complete => self.complete(to, visit, &record, on_event).await?,
                Step::Ask => self.put_question(to, visit, &record, on_event).await?,
                Step::File => {
                    self.blocking(move |inner| inner.folder.file(visit.visit)).await?;
                    return Ok(Outcome::Done { assessment: record.ask.and_then(|ask| ask.assessment) });
                }
            }
        }
    }

    async fn record(
        &self,
        to: &Connection,
        visit: VisitName,
        record: &Record,
        on_event: &impl Fn(Event),
    ) -> Result<(), Error> {
        let request = record.create().map_err(|error| {
            let folder = self.0.folder.visit(visit.visit);
            Error::from(Problem::Broken { folder, cause: format!("its findings: {error}") })
        })?;
        match to.call(request, |to, request| async move { to.wound().create_visit(request).await }).await {
            Ok(_) => {
                self.change(visit, |record| {
                    record.recorded = true;
                    record.problem = None;
                    record.photos.iter_mut().filter(|photo| photo.with_visit).for_each(|photo| photo.announced = true);
                    Ok(())
                })
                .await?;
                on_event(Event::Recorded(visit));
                Ok(())
            }
            Err(Error::Refused(refusal)) if refusal.reason == ALREADY_ANNOUNCED => {
                self.leave_out(to, visit, record, refusal, on_event).await
            }
            Err(error) => Err(error),
        }
    }

    /// Takes a photo out of the visit's announcement that the wound has already. The announcement is another one then, under
    /// a `request_id` of its own.
    async fn leave_out(
        &self,
        to: &Connection,
        visit: VisitName,
        record: &Record,
        refusal: Box<Refusal>,
        on_event: &impl Fn(Event),
    ) -> Result<(), Error> {
        let existing = existing(to, &refusal).await?;
        for photo in record.photos.iter().filter(|photo| photo.with_visit) {
            if self.has_same_bytes(visit, photo, &existing).await? {
                let request_id = self.0.clock.id();
                self.change(visit, move |record| {
                    record.create_request_id = request_id;
                    Ok(())
                })
                .await?;
                return self.found_elsewhere(visit, photo, existing, on_event).await;
            }
        }
        Err(Error::Refused(refusal))
    }

    async fn has_same_bytes(&self, visit: VisitName, photo: &Photo, existing: &pb::Photo) -> Result<bool, Error> {
        let (algorithm, hex) = match existing.blake3.as_str() {
            "" => (Algorithm::Sha256, &existing.sha256),
            blake3 => (Algorithm::Blake3, &blake3.to_owned()),
        };
        if photo.digest.algorithm == algorithm {
            return Ok(photo.digest.hex == *hex);
        }
        let path = self.0.folder.photo(visit.visit, photo.photo_id);
        Ok(Digest::of_file(path, algorithm).await?.hex == *hex)
    }

    /// Notes what became of a photo whose bytes are announced under another name. Only if they are stored there is it
    /// stored; if they are announced and have not come, these are the bytes to send there.
    async fn found_elsewhere(
        &self,
        visit: VisitName,
        photo: &Photo,
        existing: pb::Photo,
        on_event: &impl Fn(Event),
    ) -> Result<(), Error> {
        let (photo_id, name) = (photo.photo_id, photo.name(visit));
        let there = existing.name.clone();
        self.change(visit, move |record| {
            let photo = record.photo_mut(photo_id).ok_or(Problem::NoPhoto(name))?;
            photo.with_visit = false;
            photo.announced = false;
            match existing.state() {
                Announced::Stored => {
                    photo.warnings = warnings(&existing);
                    photo.state = PhotoState::Stored { name: existing.name };
                }
                Announced::Refused => {
                    photo.state =
                        PhotoState::Refused { reason: existing.refusal_reason, message: existing.refusal_message };
                }
                _ => photo.elsewhere = Some(existing.name),
            }
            Ok(())
        })
        .await?;
        on_event(Event::AlreadyThere { photo: name, existing: there });
        Ok(())
    }

    async fn announce(
        &self,
        to: &Connection,
        visit: VisitName,
        photo: &Photo,
        on_event: &impl Fn(Event),
    ) -> Result<(), Error> {
        let request = AnnouncePhotoRequest {
            parent: visit.to_string(),
            photo: Some(photo.announcement()),
            request_id: photo.announce_request_id.to_string(),
        };
        match to.call(request, |to, request| async move { to.wound().announce_photo(request).await }).await {
            Ok(_) => self.set(visit, photo.photo_id, |photo| photo.announced = true).await,
            Err(Error::Refused(refusal)) if refusal.reason == ALREADY_ANNOUNCED => {
                let existing = existing(to, &refusal).await?;
                self.found_elsewhere(visit, photo, existing, on_event).await
            }
            Err(error) => self.refused_or(visit, photo, error, on_event).await,
        }
    }

    async fn take_back(
        &self,
        to: &Connection,
        visit: VisitName,
        photo: &Photo,
        on_event: &impl Fn(Event),
    ) -> Result<(), Error> {
        let name = photo.name(visit);
        if let (true, Some(withdrawal)) = (photo.announced, &photo.withdraw) {
            let request = WithdrawPhotoRequest {
                name: name.to_string(),
                reason: withdrawal.reason.clone(),
                request_id: withdrawal.request_id.to_string(),
            };
            let answer = to.call(request, |to, request| async move { to.wound().withdraw_photo(request).await }).await;
            if let Err(error) = answer {
                // All bytes may have come before it could be taken back: then it is stored.
                let now = get(to, name.to_string()).await?;
                if now.state() != Announced::Stored {
                    return Err(error);
                }
                return self.stored(visit, photo.photo_id, &now).await;
            }
        }
        self.set(visit, photo.photo_id, |photo| photo.state = PhotoState::Withdrawn).await?;
        on_event(Event::Withdrawn(name));
        Ok(())
    }

    /// Uploads photos, some at once. All are tried, unless there is no way through; the first error is given.
    async fn upload_all(
        &self,
        to: &Connection,
        visit: VisitName,
        photos: VecDeque<Photo>,
        on_event: &impl Fn(Event),
    ) -> Result<(), Error> {
        let photos = Mutex::new(photos);
        let next = || photos.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let work = async || {
            let mut first = Ok(());
            while let Some(photo) = next() {
                let done = self.upload(to, visit, &photo, on_event).await;
                if done.as_ref().is_err_and(is_for_all) {
                    photos.lock().unwrap_or_else(PoisonError::into_inner).clear();
                }
                first = first.and(done);
            }
            first
        };
        let all = futures::future::join_all((0..AT_ONCE).map(|_| work())).await;
        all.into_iter().collect()
    }

    async fn upload(
        &self,
        to: &Connection,
        visit: VisitName,
        photo: &Photo,
        on_event: &impl Fn(Event),
    ) -> Result<(), Error> {
        let name = photo.name(visit);
        let path = self.0.folder.photo(visit.visit, photo.photo_id);
        let intact = tokio::fs::metadata(&path).await.is_ok_and(|found| found.len() == photo.digest.size_bytes);
        if !intact {
            return Err(Problem::Damaged(name).into());
        }
        let there = photo.elsewhere.clone().unwrap_or_else(|| name.to_string());
        let source = Source::File(path);
        let upload = Upload { connection: to, name: there, source: &source, options: &self.0.options };
        let mut percent = None;
        let mut told = |event: upload::Event| {
            if let upload::Event::Progress { committed, size, .. } = event {
                self.show(visit, photo.photo_id, committed, size, &mut percent);
            }
            // The receipt is told when the queue has noted it.
            if !matches!(event, upload::Event::Stored(_)) {
                on_event(Event::Upload(name, event));
            }
        };
        let stored = match upload.store(&mut told).await {
            Ok(stored) => stored,
            Err(error) => return self.refused_or(visit, photo, error, on_event).await,
        };
        self.stored(visit, photo.photo_id, &stored.photo).await?;
        on_event(Event::Upload(name, upload::Event::Stored(Box::new(stored.photo.clone()))));
        let judged = upload.verdict(stored, &mut told).await;
        match warnings(&judged) {
            none if none.is_empty() => Ok(()),
            warnings => self.set(visit, photo.photo_id, |photo| photo.warnings = warnings).await,
        }
    }

    /// Notes every tenth of an upload, without waiting for it: it is there for the eye, the truth is at the service.
    fn show(&self, visit: VisitName, photo_id: Uuid, committed: u64, size: u64, last: &mut Option<u8>) {
        let percent = u8::try_from(committed * 100 / size.max(1)).unwrap_or(100);
        if last.is_some_and(|last| percent < last.saturating_add(10)) {
            return;
        }
        *last = Some(percent);
        let queue = self.clone();
        tokio::spawn(async move {
            let shown = queue.set(visit, photo_id, move |photo| match &mut photo.state {
                state @ PhotoState::Waiting => *state = PhotoState::Uploading { percent },
                PhotoState::Uploading { percent: shown } => *shown = percent.max(*shown),
                _ => {}
            });
            if let Err(error) = shown.await {
                tracing::debug!(error = %error, "failed to note an upload's progress");
            }
        });
    }

    async fn complete(
        &self,
        to: &Connection,
        visit: VisitName,
        record: &Record,
        on_event: &impl Fn(Event),
    ) -> Result<(), Error> {
        let request = CompleteVisitRequest {
            name: visit.to_string(),
            etag: String::new(),
            request_id: record.complete_request_id.to_string(),
        };
        to.call(request, |to, request| async move { to.wound().complete_visit(request).await }).await?;
        self.change(visit, |record| {
            record.completed = true;
            record.problem = None;
            Ok(())
        })
        .await?;
        on_event(Event::Completed(visit));
        Ok(())
    }

    async fn put_question(
        &self,
        to: &Connection,
        visit: VisitName,
        record: &Record,
        on_event: &impl Fn(Event),
    ) -> Result<(), Error> {
        let Some(ask) = &record.ask else { return Ok(()) };
        let request = ask.request(visit);
        let asked =
            to.call(request, |to, request| async move { to.wound().request_assessment(request).await }).await?.name;
        let name = asked.clone();
        self.change(visit, move |record| {
            if let Some(ask) = &mut record.ask {
                ask.assessment = Some(name);
            }
            record.problem = None;
            Ok(())
        })
        .await?;
        on_event(Event::Asked(asked));
        Ok(())
    }

    async fn stored(&self, visit: VisitName, photo_id: Uuid, stored: &pb::Photo) -> Result<(), Error> {
        let (name, warnings) = (stored.name.clone(), warnings(stored));
        self.set(visit, photo_id, move |photo| {
            photo.warnings = warnings;
            photo.state = PhotoState::Stored { name };
        })
        .await
    }

    /// Notes a refusal that is about the photo itself; gives back any other error.
    async fn refused_or(
        &self,
        visit: VisitName,
        photo: &Photo,
        error: Error,
        on_event: &impl Fn(Event),
    ) -> Result<(), Error> {
        let final_codes = [Code::InvalidArgument, Code::FailedPrecondition, Code::OutOfRange];
        let Some(Refusal { reason, message, .. }) = error.refusal().filter(|said| final_codes.contains(&said.code))
        else {
            return Err(error);
        };
        let state = PhotoState::Refused { reason: reason.clone(), message: message.clone() };
        self.set(visit, photo.photo_id, |photo| photo.state = state).await?;
        let (reason, message) = (reason.clone(), message.clone());
        on_event(Event::Refused { photo: photo.name(visit), reason, message });
        Ok(())
    }

    async fn set(
        &self,
        visit: VisitName,
        photo_id: Uuid,
        set: impl FnOnce(&mut Photo) + Send + 'static,
    ) -> Result<(), Error> {
        self.change(visit, move |record| {
            if let Some(photo) = record.photo_mut(photo_id) {
                set(photo);
            }
            Ok(())
        })
        .await
    }
}

fn entry(record: &Record, visit: VisitName, photo_id: Uuid) -> Result<&Photo, Problem> {
    let VisitName { patient, wound, visit } = visit;
    record.photo(photo_id).ok_or(Problem::NoPhoto(PhotoName { patient, wound, visit, photo: photo_id }))
}

/// The photo that a refusal names.
async fn existing(to: &Connection, refusal: &Refusal) -> Result<pb::Photo, Error> {
    match refusal.metadata.get("photo") {
        Some(name) => get(to, name.clone()).await,
        None => Err(Error::Refused(Box::new(refusal.clone()))),
    }
}

async fn get(to: &Connection, name: String) -> Result<pb::Photo, Error> {
    let request = GetPhotoRequest { name };
    to.call(request, |to, request| async move { to.wound().get_photo(request).await }).await
}

fn warnings(photo: &pb::Photo) -> Vec<Warning> {
    let warnings = photo.quality.iter().flat_map(|quality| &quality.warnings);
    let kept = |warning: &pb::QualityWarning| Warning {
        code: warning.code.clone(),
        advice_da: warning.advice_da.clone(),
        advice_en: warning.advice_en.clone(),
    };
    warnings.map(kept).collect()
}
