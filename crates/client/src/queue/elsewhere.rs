//! Photos whose bytes the wound has already, announced by another visit or another phone.

use samspil_proto::{
    names::VisitName,
    wound::v1::{self as pb, PhotoState as Announced},
};

use super::{
    Event, Problem, Queue,
    photo::{get, warnings},
    record::{Photo, PhotoState, Record},
};
use crate::{
    Connection, Error, Refusal,
    digest::{Algorithm, Digest},
};

/// The wound has a photo with the same bytes already.
pub(super) const ALREADY_ANNOUNCED: &str = "PHOTO_ALREADY_ANNOUNCED";

impl Queue {
    /// Takes a photo out of the visit's announcement that the wound has already. The announcement is another one then, under
    /// a `request_id` of its own.
    pub(super) async fn leave_out(
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
    pub(super) async fn found_elsewhere(
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
}

/// The photo that a refusal names.
pub(super) async fn existing(to: &Connection, refusal: &Refusal) -> Result<pb::Photo, Error> {
    match refusal.metadata.get("photo") {
        Some(name) => get(to, name.clone()).await,
        None => Err(Error::Refused(Box::new(refusal.clone()))),
    }
}
