//! The statements about photos.

use chrono::{DateTime, Utc};
use samspil_proto::names::PhotoName;
use samspil_store::{Tx, sql};
use uuid::Uuid;

use super::Photo;

pub(crate) async fn get(tx: &mut Tx, name: PhotoName) -> Result<Option<Photo>, samspil_store::Error> {
    sql!(
        tx,
        fetch_optional as Photo,
        "SELECT * FROM photos WHERE photo_id = $1 AND visit_id = $2 AND wound_id = $3 AND patient_id = $4",
        name.photo,
        name.visit,
        name.wound,
        name.patient
    )
}

/// The photo, held so that nobody else changes it until this transaction ends.
pub(crate) async fn hold(tx: &mut Tx, photo: Uuid) -> Result<Option<Photo>, samspil_store::Error> {
    sql!(
        tx,
        fetch_optional as Photo,
        { sqlite: "SELECT * FROM photos WHERE photo_id = $1", postgres: "SELECT * FROM photos WHERE photo_id = $1 FOR UPDATE" },
        photo
    )
}

pub(crate) async fn of_visit(tx: &mut Tx, visit: Uuid) -> Result<Vec<Photo>, samspil_store::Error> {
    sql!(tx, fetch_all as Photo, "SELECT * FROM photos WHERE visit_id = $1 ORDER BY create_time, photo_id", visit)
}

pub(crate) async fn of_wound(tx: &mut Tx, wound: Uuid) -> Result<Vec<Photo>, samspil_store::Error> {
    sql!(tx, fetch_all as Photo, "SELECT * FROM photos WHERE wound_id = $1 ORDER BY create_time, photo_id", wound)
}

/// The photo of a wound that has these bytes, announced or stored.
pub(crate) async fn same(
    tx: &mut Tx,
    wound: Uuid,
    kind: &str,
    digest: &str,
) -> Result<Option<Photo>, samspil_store::Error> {
    sql!(
        tx,
        fetch_optional as Photo,
        "SELECT * FROM photos WHERE wound_id = $1 AND digest_kind = $2 AND digest = $3 AND state IN (1, 2)",
        wound,
        kind,
        digest
    )
}

/// Writes a new announcement. `false` when its id is taken.
pub(crate) async fn insert(tx: &mut Tx, photo: &Photo) -> Result<bool, samspil_store::Error> {
    let written = sql!(
        tx,
        execute,
        "INSERT INTO photos (photo_id, visit_id, wound_id, patient_id, state, announced_by, size_bytes, digest_kind, digest,
                             capture_time, generation, content_type, width_px, height_px, camera, camera_time, location_removed,
                             stored_size_bytes, stored_blake3, refusal_reason, refusal_message, traceparent, create_time)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, '', 0, 0, '', '', $11, 0, '', '', '', '', $12)
         ON CONFLICT (photo_id) DO NOTHING",
        photo.photo_id,
        photo.visit_id,
        photo.wound_id,
        photo.patient_id,
        photo.state,
        &photo.announced_by,
        photo.size_bytes,
        &photo.digest_kind,
        &photo.digest,
        photo.capture_time,
        false,
        photo.create_time
    )?;
    Ok(written == 1)
}

/// Writes what can change of a photo. The caller holds it.
pub(crate) async fn update(tx: &mut Tx, photo: &Photo) -> Result<(), samspil_store::Error> {
    sql!(
        tx,
        execute,
        "UPDATE photos SET state = $1, generation = $2, receive_time = $3, store_time = $4, content_type = $5, width_px = $6,
                height_px = $7, camera = $8, camera_time = $9, location_removed = $10, stored_size_bytes = $11,
                stored_blake3 = $12, steps_due = $13, quality = $14, refusal_reason = $15, refusal_message = $16,
                traceparent = $17, marker = $18
         WHERE photo_id = $19",
        photo.state,
        photo.generation,
        photo.receive_time,
        photo.store_time,
        &photo.content_type,
        photo.width_px,
        photo.height_px,
        &photo.camera,
        &photo.camera_time,
        photo.location_removed,
        photo.stored_size_bytes,
        &photo.stored_blake3,
        photo.steps_due,
        &photo.quality,
        &photo.refusal_reason,
        &photo.refusal_message,
        &photo.traceparent,
        &photo.marker,
        photo.photo_id
    )?;
    Ok(())
}

/// A photo whose image steps are due, taken for a while so that no other worker takes it too.
pub(crate) async fn take_due(
    tx: &mut Tx,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Option<Photo>, samspil_store::Error> {
    macro_rules! take {
        ($skip:literal) => {
            concat!(
                "UPDATE photos SET steps_due = $2 WHERE photo_id =
                   (SELECT photo_id FROM photos WHERE steps_due <= $1 ORDER BY steps_due LIMIT 1 ",
                $skip,
                ") RETURNING *"
            )
        };
    }
    sql!(tx, fetch_optional as Photo, { sqlite: take!(""), postgres: take!("FOR UPDATE SKIP LOCKED") }, now, until)
}
