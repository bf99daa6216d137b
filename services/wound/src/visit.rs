//! The visit: what the nurse saw, and the photos that belong to it.

pub(crate) mod act;
pub(crate) mod sql;

use chrono::{DateTime, Utc};
use prost::Message as _;
use samspil_proto::{common::v1::Actor, names::VisitName, time, wound::v1 as pb};
use uuid::Uuid;

use crate::{Reason, access, photo::Photo};

/// A visit, as its row has it.
#[derive(Clone, samspil_store::FromRow)]
pub(crate) struct Visit {
    pub visit_id: Uuid,
    pub wound_id: Uuid,
    pub patient_id: Uuid,
    pub state: i32,
    pub visit_time: DateTime<Utc>,
    pub findings: Vec<u8>,
    pub recorded_by: Vec<u8>,
    pub create_time: DateTime<Utc>,
    pub complete_time: Option<DateTime<Utc>>,
    pub version: i64,
    pub overridden: Option<Vec<u8>>,
}

impl Visit {
    pub(crate) fn name(&self) -> VisitName {
        VisitName { patient: self.patient_id, wound: self.wound_id, visit: self.visit_id }
    }

    /// Passes while photos may be added.
    pub(crate) fn open(&self) -> Result<(), Reason> {
        if self.state == pb::VisitState::Open as i32 { Ok(()) } else { Err(Reason::VisitComplete) }
    }

    /// With its photos, in the order in which they were announced.
    pub(crate) fn to_wire(&self, photos: &[Photo]) -> Result<pb::Visit, prost::DecodeError> {
        Ok(pb::Visit {
            name: self.name().to_string(),
            state: self.state,
            visit_time: Some(time::to_wire(self.visit_time)),
            findings: Some(pb::Findings::decode(self.findings.as_slice())?),
            photos: photos.iter().map(Photo::to_wire).collect::<Result<_, _>>()?,
            missing_photos: missing(photos),
            recorded_by: Some(Actor::decode(self.recorded_by.as_slice())?),
            create_time: Some(time::to_wire(self.create_time)),
            complete_time: self.complete_time.map(time::to_wire),
            etag: access::etag(self.version),
            overridden: self.overridden.as_deref().map(pb::WarningsOverridden::decode).transpose()?,
        })
    }
}

/// The announced photos that are not stored: those on their way, and those that were refused and not yet withdrawn.
pub(crate) fn missing(photos: &[Photo]) -> Vec<String> {
    let missing = [pb::PhotoState::Announced as i32, pb::PhotoState::Refused as i32];
    photos.iter().filter(|photo| missing.contains(&photo.state)).map(|photo| photo.name().to_string()).collect()
}

/// The stored photos that have warnings, as far as the verdicts are here.
pub(crate) fn warned(photos: &[Photo]) -> Result<Vec<pb::WarnedPhoto>, prost::DecodeError> {
    let mut warned = Vec::new();
    for photo in photos.iter().filter(|photo| photo.is(pb::PhotoState::Stored)) {
        let warnings: Vec<_> =
            photo.quality()?.unwrap_or_default().warnings.into_iter().map(|warning| warning.code).collect();
        if !warnings.is_empty() {
            warned.push(pb::WarnedPhoto { photo: photo.name().to_string(), warnings });
        }
    }
    Ok(warned)
}
