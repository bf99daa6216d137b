//! What the fake service holds, and how it is told to fail.

use std::collections::{BTreeMap, HashMap, VecDeque};

use prost::Message;
use samspil_client::digest::{Algorithm, Digest};
use samspil_proto::wound::v1::{Assessment, Photo, PhotoState, Quality, QualityWarning, Visit, VisitState};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

use super::Kept;

#[derive(Default)]
pub(crate) struct State {
    pub(crate) visits: BTreeMap<String, Visit>,
    pub(crate) photos: BTreeMap<String, Kept>,
    pub(crate) assessments: Vec<Assessment>,
    pub(crate) log: Vec<String>,
    /// What the calls of `get_photo` carried.
    pub(crate) carried: Vec<tonic::metadata::MetadataMap>,
    /// `get_photo` never answers.
    pub(crate) silent: bool,
    /// So many calls of a method are UNAVAILABLE.
    pub(crate) unavailable: HashMap<&'static str, usize>,
    /// Each upload stream breaks after so many bytes of its own, while there are entries.
    pub(crate) breaks: VecDeque<usize>,
    /// Streams end after the receipt, without the verdict.
    pub(crate) no_verdict: bool,
    /// The photo of this size is no photo.
    pub(crate) no_photo_of: Option<usize>,
    /// The verdict's warning.
    pub(crate) warning: Option<&'static str>,
    /// What each request said and was answered.
    requests: HashMap<String, (Vec<u8>, Vec<u8>)>,
}

impl State {
    /// UNAVAILABLE, as often as was told.
    pub(crate) fn fail(&mut self, method: &'static str) -> Result<(), Status> {
        match self.unavailable.get_mut(method) {
            Some(left) if *left > 0 => {
                *left -= 1;
                Err(Status::unavailable("told to fail"))
            }
            _ => Ok(()),
        }
    }

    /// Has an effect once for each request, and gives its answer again.
    pub(crate) fn once<Q: Message, A: Message + Default>(
        &mut self,
        request_id: &str,
        request: &Q,
        effect: impl FnOnce(&mut State) -> Result<A, Status>,
    ) -> Result<A, Status> {
        if let Some((said, answered)) = self.requests.get(request_id) {
            if *said != request.encode_to_vec() {
                return Err(refusal(Code::InvalidArgument, "REQUEST_ID_REUSED", None));
            }
            return Ok(A::decode(answered.as_slice()).unwrap());
        }
        let answer = effect(self)?;
        self.requests.insert(request_id.to_owned(), (request.encode_to_vec(), answer.encode_to_vec()));
        Ok(answer)
    }

    pub(crate) fn announce(&mut self, visit: &str, photo: &Photo) -> Result<Photo, Status> {
        let wound = visit.split("/visits/").next().unwrap();
        let same = |kept: &&Kept| {
            let (old, new) = (&kept.photo, photo);
            let same_bytes = new.blake3 == old.blake3 && new.sha256 == old.sha256
                || new.sha256 == Digest::of_bytes(&kept.bytes, Algorithm::Sha256).hex;
            old.name.starts_with(wound) && same_bytes && old.state() != PhotoState::Withdrawn
        };
        if let Some(there) = self.photos.values().find(same) {
            return Err(refusal(Code::AlreadyExists, "PHOTO_ALREADY_ANNOUNCED", Some(&there.photo.name)));
        }
        let name = format!("{visit}/photos/{}", photo.photo_id);
        let photo = Photo { name: name.clone(), state: PhotoState::Announced.into(), ..photo.clone() };
        self.photos.insert(name, Kept { photo: photo.clone(), bytes: Vec::new() });
        Ok(photo)
    }

    /// All bytes are here: the receipt, or the refusal.
    pub(crate) fn settle(&mut self, name: &str) -> Result<Photo, Status> {
        let no_photo_of = self.no_photo_of;
        let kept = self.photos.get_mut(name).unwrap();
        let algorithm = if kept.photo.sha256.is_empty() { Algorithm::Blake3 } else { Algorithm::Sha256 };
        let digest = Digest::of_bytes(&kept.bytes, algorithm).hex;
        assert_eq!(
            digest,
            format!("{}{}", kept.photo.blake3, kept.photo.sha256),
            "the bytes are others than announced"
        );
        if no_photo_of == Some(kept.bytes.len()) {
            kept.photo.state = PhotoState::Refused.into();
            kept.photo.refusal_reason = "PHOTO_NOT_AN_IMAGE".to_owned();
            kept.photo.refusal_message = "no picture in it".to_owned();
            return Err(refusal(Code::InvalidArgument, "PHOTO_NOT_AN_IMAGE", None));
        }
        kept.photo.state = PhotoState::Stored.into();
        Ok(kept.photo.clone())
    }

    pub(crate) fn judge(&mut self, name: &str) -> Photo {
        let warning = self.warning.map(|code| QualityWarning {
            code: code.to_owned(),
            advice_da: "tag et nyt billede".to_owned(),
            advice_en: "take another photo".to_owned(),
        });
        let photo = &mut self.photos.get_mut(name).unwrap().photo;
        photo.quality = Some(Quality { warnings: warning.into_iter().collect(), ..Quality::default() });
        photo.clone()
    }

    pub(crate) fn complete(&mut self, name: &str) -> Result<Visit, Status> {
        let missing = self.photos.values().find(|kept| {
            kept.photo.name.starts_with(name)
                && !matches!(kept.photo.state(), PhotoState::Stored | PhotoState::Withdrawn)
        });
        if let Some(missing) = missing {
            return Err(refusal(Code::FailedPrecondition, "PHOTOS_MISSING", Some(&missing.photo.name)));
        }
        let visit = self.visits.get_mut(name).ok_or_else(|| Status::not_found("no such visit"))?;
        visit.state = VisitState::Complete.into();
        Ok(visit.clone())
    }
}

pub(crate) fn refusal(code: Code, reason: &str, photo: Option<&str>) -> Status {
    let metadata: HashMap<_, _> = photo.map(|name| ("photo".to_owned(), name.to_owned())).into_iter().collect();
    Status::with_error_details(code, reason.to_lowercase(), ErrorDetails::with_error_info(reason, "samspil", metadata))
}
