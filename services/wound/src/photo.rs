//! Photos: announced, received, stored, looked at.
//!
//! | file | what |
//! | --- | --- |
//! | `act` | announce, withdraw, read |
//! | `upload` | the stream: what is said when; the bytes on their way in are `samspil_upload`'s |
//! | `append` | the same, a call for each chunk |
//! | `keep` | the bytes that are all here: checked, stripped, durable |
//! | `marker` | the card beside the wound, from the steps to whatever is measured by it |
//! | `steps` | decode, renditions, quality; off the request's path, survives a crash |
//! | `download` | pictures out |
//! | `tile` | parts of a picture out, for looking closely |
//! | `verdict` | what is said of its quality |

pub(crate) mod act;
pub(crate) mod append;
pub(crate) mod download;
pub(crate) mod keep;
pub(crate) mod marker;
pub(crate) mod sql;
pub(crate) mod steps;
pub(crate) mod tile;
pub(crate) mod upload;
pub(crate) mod verdict;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use prost::Message as _;
use samspil_kit::Error;
use samspil_proto::{names::PhotoName, time, wound::v1 as pb};
use samspil_store::objects::Objects;
use uuid::Uuid;

/// Where photos and the parts of their uploads are.
pub(crate) const TABLES: samspil_upload::Tables = samspil_upload::tables! {
    files: "photos", id: "photo_id", waits: "state = 1", parts: "upload_parts", objects: "uploads"
};

/// What the rows of photos say of their objects.
pub(crate) const FILES: samspil_upload::Files = samspil_upload::Files {
    parts: TABLES,
    all_parts: "SELECT photo_id AS id, start, length, object FROM upload_parts
                WHERE photo_id > $1 OR (photo_id = $1 AND start > $2) ORDER BY photo_id, start LIMIT $3",
    prefix: "photos",
    suffix: "/original",
    stored:
        "SELECT photo_id AS id, stored_size_bytes AS size_bytes, stored_blake3 AS digest, quality AS made FROM photos
             WHERE state = 2 AND photo_id > $1 ORDER BY photo_id LIMIT $2",
    digest: "blake3",
    made: renditions,
    may_be_stored: "SELECT state FROM photos WHERE photo_id = $1 AND state IN (1, 2)",
    told: samspil_kit::verify::Telling {
        event: "samspil.wound.v1.PhotoStored",
        row: "SELECT 1 FROM photos WHERE photo_id = $1 AND state = 2",
    },
};

/// The renditions of a photo whose quality was looked at. A damaged one has none.
fn renditions(quality: Option<&[u8]>) -> &'static [&'static str] {
    match quality.map(pb::Quality::decode) {
        Some(Ok(quality)) if quality.warnings.iter().all(|warning| warning.code != DAMAGED) => {
            &["display", "thumbnail"]
        }
        _ => &[],
    }
}

/// The warning about a photo that cannot be decoded.
pub(crate) const DAMAGED: &str = "DAMAGED";

/// A photo, as its row has it.
#[derive(Clone, samspil_store::FromRow)]
pub(crate) struct Photo {
    pub photo_id: Uuid,
    pub visit_id: Uuid,
    pub wound_id: Uuid,
    pub patient_id: Uuid,
    pub state: i32,
    pub announced_by: String,
    pub size_bytes: i64,
    pub digest_kind: String,
    pub digest: String,
    pub capture_time: DateTime<Utc>,
    pub generation: i64,
    pub receive_time: Option<DateTime<Utc>>,
    pub store_time: Option<DateTime<Utc>>,
    pub content_type: String,
    pub width_px: i32,
    pub height_px: i32,
    pub camera: String,
    pub camera_time: String,
    pub location_removed: bool,
    pub stored_size_bytes: i64,
    pub stored_blake3: String,
    pub steps_due: Option<DateTime<Utc>>,
    pub quality: Option<Vec<u8>>,
    pub refusal_reason: String,
    pub refusal_message: String,
    pub traceparent: String,
    pub create_time: DateTime<Utc>,
    pub marker: Option<Vec<u8>>,
    pub analysis_version: String,
}

impl Photo {
    pub(crate) fn name(&self) -> PhotoName {
        PhotoName { patient: self.patient_id, wound: self.wound_id, visit: self.visit_id, photo: self.photo_id }
    }

    pub(crate) fn is(&self, state: pb::PhotoState) -> bool {
        self.state == state as i32
    }

    /// Where one of its pictures is kept.
    pub(crate) fn object(&self, rendition: pb::Rendition) -> String {
        let kind = match rendition {
            pb::Rendition::Original => "original",
            pb::Rendition::Thumbnail => "thumbnail",
            pb::Rendition::Display | pb::Rendition::Unspecified => "display",
        };
        format!("photos/{}/{kind}", self.photo_id)
    }

    /// Its original, which is what it was when it was stored.
    pub(crate) async fn original(&self, objects: &Objects) -> Result<Bytes, Error> {
        samspil_upload::read(objects, &self.object(pb::Rendition::Original), "blake3", &self.stored_blake3).await
    }

    pub(crate) fn quality(&self) -> Result<Option<pb::Quality>, prost::DecodeError> {
        self.quality.as_deref().map(pb::Quality::decode).transpose()
    }

    /// Whether the steps could not decode it.
    pub(crate) fn is_damaged(&self) -> Result<bool, prost::DecodeError> {
        Ok(self.quality()?.is_some_and(|quality| quality.warnings.iter().any(|warning| warning.code == DAMAGED)))
    }

    pub(crate) fn marker(&self) -> Result<Option<pb::Marker>, prost::DecodeError> {
        self.marker.as_deref().map(pb::Marker::decode).transpose()
    }

    pub(crate) fn to_wire(&self) -> Result<pb::Photo, prost::DecodeError> {
        let digest = |kind: &str| if self.digest_kind == kind { self.digest.clone() } else { String::new() };
        Ok(pb::Photo {
            name: self.name().to_string(),
            photo_id: self.photo_id.to_string(),
            state: self.state,
            size_bytes: self.size_bytes,
            sha256: digest("sha256"),
            blake3: digest("blake3"),
            capture_time: Some(time::to_wire(self.capture_time)),
            receive_time: self.receive_time.map(time::to_wire),
            store_time: self.store_time.map(time::to_wire),
            content_type: self.content_type.clone(),
            width_px: self.width_px,
            height_px: self.height_px,
            camera: self.camera.clone(),
            camera_time: self.camera_time.clone(),
            location_removed: self.location_removed,
            stored_size_bytes: self.stored_size_bytes,
            stored_blake3: self.stored_blake3.clone(),
            quality: self.quality()?,
            refusal_reason: self.refusal_reason.clone(),
            refusal_message: self.refusal_message.clone(),
            marker: self.marker()?,
            analysis_version: self.analysis_version.clone(),
        })
    }
}
