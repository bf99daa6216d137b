//! A photo's way to the service: announced, uploaded or taken back, with what came of it on the disk.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use samspil_proto::{
    names::VisitName,
    wound::v1::{self as pb, AnnouncePhotoRequest, GetPhotoRequest, PhotoState as Announced, WithdrawPhotoRequest},
};
use tonic::Code;
use uuid::Uuid;

use super::{
    Event, Problem, Queue,
    elsewhere::{ALREADY_ANNOUNCED, existing},
    record::{Photo, PhotoState, Warning},
    sync::is_for_all,
};
use crate::{
    Connection, Error, Refusal,
    upload::{self, Source, Upload},
};

/// Photos that are uploaded at once.
const AT_ONCE: usize = 2;

impl Queue {
    pub(super) async fn announce(
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

    pub(super) async fn take_back(
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
    pub(super) async fn upload_all(
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

pub(super) async fn get(to: &Connection, name: String) -> Result<pb::Photo, Error> {
    let request = GetPhotoRequest { name };
    to.call(request, |to, request| async move { to.wound().get_photo(request).await }).await
}

pub(super) fn warnings(photo: &pb::Photo) -> Vec<Warning> {
    let warnings = photo.quality.iter().flat_map(|quality| &quality.warnings);
    let kept = |warning: &pb::QualityWarning| Warning {
        code: warning.code.clone(),
        advice_da: warning.advice_da.clone(),
        advice_en: warning.advice_en.clone(),
    };
    warnings.map(kept).collect()
}
