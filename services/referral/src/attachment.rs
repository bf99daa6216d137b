//! What is attached to a referral: a photo of its wound, or a file that is uploaded.
//!
//! A photo's bytes stay where they are, at the wound service; the attachment ties it, and it is stored from the beginning. A
//! file is announced with its type, its size and its digest, and comes in over the resumable upload. What it really is is
//! looked at before it is kept: a file that is not what it was said to be is refused for good.

pub(crate) mod act;
pub(crate) mod download;
mod keep;
pub(crate) mod look;
pub(crate) mod sql;
pub(crate) mod upload;

use chrono::{DateTime, Utc};
use prost::Message as _;
use samspil_kit::Error;
use samspil_proto::{
    common::v1::Actor,
    names::{AttachmentName, ReferralName},
    referral::v1::{self as pb, AttachmentState, attachment::Content},
    time,
};
use samspil_upload::{Tables, tables};
use uuid::Uuid;

/// The prefix of the stored files.
pub(crate) const OBJECTS: &str = "attachments";

/// What uploads are kept in.
pub(crate) const TABLES: Tables = tables! {
    files: "attachments", id: "attachment_id", waits: "state = 1", parts: "attachment_parts",
    objects: "attachment-uploads"
};

/// What the rows of attached files say of their objects.
pub(crate) const FILES: samspil_upload::Files = samspil_upload::Files {
    parts: TABLES,
    all_parts: "SELECT attachment_id AS id, start, length, object FROM attachment_parts
                WHERE attachment_id > $1 OR (attachment_id = $1 AND start > $2) ORDER BY attachment_id, start LIMIT $3",
    prefix: OBJECTS,
    suffix: "",
    stored: "SELECT attachment_id AS id, size_bytes, sha256 AS digest, CAST(NULL AS BYTEA) AS made FROM attachments
             WHERE state = 2 AND photo = '' AND attachment_id > $1 ORDER BY attachment_id LIMIT $2",
    digest: "sha256",
    made: |_| &[],
    may_be_stored: "SELECT state FROM attachments WHERE attachment_id = $1 AND state IN (1, 2)",
    told: samspil_kit::verify::Telling {
        event: "samspil.referral.v1.AttachmentStored",
        row: "SELECT 1 FROM attachments WHERE attachment_id = $1 AND state = 2",
    },
};

/// An attachment.
#[derive(Clone, samspil_store::FromRow)]
pub(crate) struct Attachment {
    pub(crate) attachment_id: Uuid,
    pub(crate) referral_id: Uuid,
    pub(crate) patient_id: Uuid,
    pub(crate) title: String,
    /// The photo's name. Empty for a file.
    pub(crate) photo: String,
    pub(crate) content_type: String,
    pub(crate) size_bytes: i64,
    pub(crate) sha256: String,
    pub(crate) state: i32,
    /// The person who announced it, and alone may upload it.
    pub(crate) announced_by: String,
    pub(crate) attached_by: Vec<u8>,
    pub(crate) create_time: DateTime<Utc>,
    pub(crate) store_time: Option<DateTime<Utc>>,
}

impl Attachment {
    pub(crate) fn name(&self) -> AttachmentName {
        AttachmentName { patient: self.patient_id, referral: self.referral_id, attachment: self.attachment_id }
    }

    pub(crate) fn referral(&self) -> ReferralName {
        ReferralName { patient: self.patient_id, referral: self.referral_id }
    }

    /// Where its bytes are.
    pub(crate) fn object(&self) -> String {
        format!("{OBJECTS}/{}", self.attachment_id)
    }

    pub(crate) fn is(&self, state: AttachmentState) -> bool {
        self.state == i32::from(state)
    }

    pub(crate) fn attached_by(&self) -> Result<Actor, Error> {
        Ok(Actor::decode(self.attached_by.as_slice())?)
    }

    pub(crate) fn to_wire(&self) -> Result<pb::Attachment, Error> {
        let content = if self.photo.is_empty() {
            Content::File(pb::File {
                content_type: self.content_type.clone(),
                size_bytes: self.size_bytes,
                sha256: self.sha256.clone(),
            })
        } else {
            Content::Photo(self.photo.clone())
        };
        Ok(pb::Attachment {
            name: self.name().to_string(),
            title: self.title.clone(),
            content: Some(content),
            state: self.state,
            attached_by: Some(self.attached_by()?),
            create_time: Some(time::to_wire(self.create_time)),
            store_time: self.store_time.map(time::to_wire),
        })
    }
}
