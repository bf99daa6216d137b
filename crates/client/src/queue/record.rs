//! `visit.json`: a visit, what is announced of it, how far it has come, and what comes next.

use chrono::{DateTime, Utc};
use samspil_proto::{
    names::{PhotoName, VisitName, WoundName},
    time,
    wound::v1::{self as pb, AssessmentPriority, Findings},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Ask;
use crate::{digest::Digest, json};

/// The version of the file's form.
pub(super) const FORM: u32 = 1;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    pub(super) form: u32,
    pub(super) wound: String,
    pub(super) visit_id: Uuid,
    pub(super) enqueue_time: DateTime<Utc>,
    pub(super) visit_time: DateTime<Utc>,
    /// In the contract's own JSON.
    pub(super) findings: serde_json::Value,
    pub(super) photos: Vec<Photo>,
    pub(super) ask: Option<Question>,
    pub(super) create_request_id: Uuid,
    pub(super) complete_request_id: Uuid,
    /// The service has the visit.
    pub(super) recorded: bool,
    /// The service has called it complete.
    pub(super) completed: bool,
    /// Why the last attempt came no further, in words.
    pub(super) problem: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Photo {
    pub(super) photo_id: Uuid,
    /// What the file was called, for the person who looks for it.
    pub(super) file_name: String,
    pub(super) digest: Digest,
    pub(super) capture_time: DateTime<Utc>,
    /// It is announced with the visit. Such a photo stays so, since the request that may have arrived says so.
    pub(super) with_visit: bool,
    /// The service knows it.
    pub(super) announced: bool,
    /// Announces it by itself when it is not announced with the visit.
    pub(super) announce_request_id: Uuid,
    /// The nurse takes it back.
    pub(super) withdraw: Option<Withdrawal>,
    /// The same bytes are announced under this name already.
    pub(super) elsewhere: Option<String>,
    pub(super) state: PhotoState,
    /// What the verdict warned of.
    pub(super) warnings: Vec<Warning>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Withdrawal {
    pub(super) request_id: Uuid,
    pub(super) reason: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    pub(super) request_id: Uuid,
    pub(super) question: String,
    pub(super) priority: String,
    pub(super) receiver: String,
    /// Its name, once it is asked.
    pub(super) assessment: Option<String>,
}

/// Where a photo of the queue stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhotoState {
    /// Nothing of it has been sent.
    Waiting,
    /// Some of it has been sent.
    Uploading {
        /// How much the service has for good.
        percent: u8,
    },
    /// The service has it for good; its bytes are no longer here.
    Stored {
        /// Its name, which is another visit's if the wound had the same bytes already.
        name: String,
    },
    /// The service will not have it. The bytes are still here; the visit stays open until the nurse has taken it back.
    Refused {
        /// A reason of docs/errors.md.
        reason: String,
        /// The same in words.
        message: String,
    },
    /// The nurse took it back.
    Withdrawn,
}

/// A warning of the verdict on a photo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// A stable code, such as `BLURRED`.
    pub code: String,
    /// What to do, in Danish.
    pub advice_da: String,
    /// What to do, in English.
    pub advice_en: String,
}

/// What a visit waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// To be recorded, with the photos that are announced with it.
    Record,
    /// This photo to be taken back.
    Withdraw(Uuid),
    /// This photo to be announced by itself.
    Announce(Uuid),
    /// These photos to be uploaded.
    Upload(Vec<Uuid>),
    /// The nurse's decision on these refused photos.
    Decide(Vec<Uuid>),
    /// To be called complete.
    Complete,
    /// The question to be asked.
    Ask,
    /// Nothing more.
    File,
}

impl Record {
    /// What comes next, read from the disk after whatever happened.
    pub(super) fn next(&self) -> Step {
        if !self.recorded {
            return Step::Record;
        }
        let open = || self.photos.iter().filter(|photo| photo.state.is_open());
        let refused = || self.photos.iter().filter(|photo| matches!(photo.state, PhotoState::Refused { .. }));
        if let Some(photo) = open().chain(refused()).find(|photo| photo.withdraw.is_some()) {
            Step::Withdraw(photo.photo_id)
        } else if let Some(photo) = open().find(|photo| !photo.announced && photo.elsewhere.is_none()) {
            Step::Announce(photo.photo_id)
        } else if open().next().is_some() {
            Step::Upload(open().map(|photo| photo.photo_id).collect())
        } else if refused().next().is_some() {
            Step::Decide(refused().map(|photo| photo.photo_id).collect())
        } else if !self.completed {
            Step::Complete
        } else if self.ask.as_ref().is_some_and(|ask| ask.assessment.is_none()) {
            Step::Ask
        } else {
            Step::File
        }
    }

    pub(super) fn photo(&self, photo_id: Uuid) -> Option<&Photo> {
        self.photos.iter().find(|photo| photo.photo_id == photo_id)
    }

    pub(super) fn photo_mut(&mut self, photo_id: Uuid) -> Option<&mut Photo> {
        self.photos.iter_mut().find(|photo| photo.photo_id == photo_id)
    }

    /// The visit's name. `None` when the wound's is none, which reading the record has ruled out.
    pub(super) fn name(&self) -> Option<VisitName> {
        let WoundName { patient, wound } = self.wound.parse().ok()?;
        Some(VisitName { patient, wound, visit: self.visit_id })
    }

    /// The request that records the visit, the same at every attempt.
    pub(super) fn create(&self) -> Result<pb::CreateVisitRequest, serde_json::Error> {
        let announced = self.photos.iter().filter(|photo| photo.with_visit);
        Ok(pb::CreateVisitRequest {
            parent: self.wound.clone(),
            visit_id: self.visit_id.to_string(),
            visit: Some(pb::Visit {
                visit_time: Some(time::to_wire(self.visit_time)),
                findings: Some(json::to_message::<Findings>(&self.findings)?),
                photos: announced.map(Photo::announcement).collect(),
                ..pb::Visit::default()
            }),
            request_id: self.create_request_id.to_string(),
        })
    }
}

impl Photo {
    pub(super) fn announcement(&self) -> pb::Photo {
        self.digest.announce(self.photo_id, self.capture_time)
    }

    /// The photo's own name within its visit.
    pub(super) fn name(&self, visit: VisitName) -> PhotoName {
        let VisitName { patient, wound, visit } = visit;
        PhotoName { patient, wound, visit, photo: self.photo_id }
    }
}

impl Question {
    pub(super) fn new(ask: &Ask, request_id: Uuid) -> Self {
        Question {
            request_id,
            question: ask.question.clone(),
            priority: ask.priority.as_str_name().to_owned(),
            receiver: ask.receiver.to_string(),
            assessment: None,
        }
    }

    pub(super) fn request(&self, visit: VisitName) -> pb::RequestAssessmentRequest {
        // A name that this version does not know is asked as urgent: too soon is the safe mistake, too late is not.
        let priority = AssessmentPriority::from_str_name(&self.priority).unwrap_or(AssessmentPriority::Urgent);
        pb::RequestAssessmentRequest {
            parent: WoundName { patient: visit.patient, wound: visit.wound }.to_string(),
            assessment: Some(pb::Assessment {
                visits: vec![visit.to_string()],
                question: self.question.clone(),
                priority: priority.into(),
                receiver: self.receiver.clone(),
                ..pb::Assessment::default()
            }),
            request_id: self.request_id.to_string(),
        }
    }
}

impl PhotoState {
    fn is_open(&self) -> bool {
        matches!(self, PhotoState::Waiting | PhotoState::Uploading { .. })
    }

    /// The bytes may go: the service has them, or the nurse does not want them.
    pub(super) fn is_settled(&self) -> bool {
        matches!(self, PhotoState::Stored { .. } | PhotoState::Withdrawn)
    }
}
