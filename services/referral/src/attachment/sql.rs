//! The statements about attachments.

use samspil_kit::Error;
use samspil_proto::{names::AttachmentName, referral::v1::AttachmentState};
use samspil_store::{Tx, sql};
use uuid::Uuid;

use super::Attachment;
use crate::referral::sql::json_ids;

macro_rules! columns {
    () => {
        "attachment_id, referral_id, patient_id, title, photo, content_type, size_bytes, sha256, state, announced_by,
         attached_by, create_time, store_time"
    };
}

/// The attachments of referrals, the oldest first.
pub(crate) async fn of(tx: &mut Tx, referrals: impl IntoIterator<Item = Uuid>) -> Result<Vec<Attachment>, Error> {
    Ok(sql!(
        tx,
        fetch_all as Attachment,
        { sqlite: concat!("SELECT ", columns!(), " FROM attachments
                   WHERE referral_id IN (SELECT unhex(value, '-') FROM json_each($1)) ORDER BY create_time, attachment_id"),
          postgres: concat!("SELECT ", columns!(), " FROM attachments
                     WHERE referral_id IN (SELECT CAST(value AS uuid) FROM json_array_elements_text(CAST($1 AS json)))
                     ORDER BY create_time, attachment_id") },
        json_ids(referrals)
    )?)
}

/// An attachment by its name.
pub(super) async fn get(tx: &mut Tx, name: AttachmentName) -> Result<Option<Attachment>, Error> {
    Ok(sql!(
        tx,
        fetch_optional as Attachment,
        concat!(
            "SELECT ",
            columns!(),
            " FROM attachments WHERE attachment_id = $1 AND referral_id = $2 AND patient_id = $3"
        ),
        name.attachment,
        name.referral,
        name.patient
    )?)
}

/// Writes a new one. `false` when its id is taken.
pub(super) async fn insert(tx: &mut Tx, attachment: &Attachment) -> Result<bool, Error> {
    let written = sql!(
        tx,
        execute,
        "INSERT INTO attachments (attachment_id, referral_id, patient_id, title, photo, content_type, size_bytes, sha256,
             state, announced_by, attached_by, generation, create_time, store_time)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12, $13)
         ON CONFLICT (attachment_id) DO NOTHING",
        attachment.attachment_id,
        attachment.referral_id,
        attachment.patient_id,
        &attachment.title,
        &attachment.photo,
        &attachment.content_type,
        attachment.size_bytes,
        &attachment.sha256,
        attachment.state,
        &attachment.announced_by,
        &attachment.attached_by,
        attachment.create_time,
        attachment.store_time
    )?;
    Ok(written == 1)
}

/// Tells what became of one that was announced. `false` when something had become of it before.
pub(super) async fn settle(tx: &mut Tx, attachment: &Attachment) -> Result<bool, Error> {
    let settled = sql!(
        tx,
        execute,
        "UPDATE attachments SET state = $2, store_time = $3 WHERE attachment_id = $1 AND state = $4",
        attachment.attachment_id,
        attachment.state,
        attachment.store_time,
        i32::from(AttachmentState::Announced)
    )?;
    Ok(settled == 1)
}
