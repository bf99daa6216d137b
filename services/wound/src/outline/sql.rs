//! The statements about outlines.

use samspil_kit::paging::{Page, Position};
use samspil_proto::names::{OutlineName, PhotoName, WoundName};
use samspil_store::{Tx, sql};
use uuid::Uuid;

use super::Outline;
use crate::wound::sql::far;

pub(crate) async fn get(tx: &mut Tx, name: OutlineName) -> Result<Option<Outline>, samspil_store::Error> {
    sql!(
        tx,
        fetch_optional as Outline,
        "SELECT * FROM outlines
         WHERE outline_id = $1 AND photo_id = $2 AND visit_id = $3 AND wound_id = $4 AND patient_id = $5",
        name.outline,
        name.photo,
        name.visit,
        name.wound,
        name.patient
    )
}

pub(crate) async fn insert(tx: &mut Tx, outline: &Outline) -> Result<(), samspil_store::Error> {
    sql!(
        tx,
        execute,
        "INSERT INTO outlines (outline_id, photo_id, visit_id, wound_id, patient_id, detail, create_time)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        outline.outline_id,
        outline.photo_id,
        outline.visit_id,
        outline.wound_id,
        outline.patient_id,
        &outline.detail,
        outline.create_time
    )?;
    Ok(())
}

/// Writes when an outline was withdrawn. The caller holds its wound.
pub(crate) async fn withdraw(tx: &mut Tx, outline: &Outline) -> Result<(), samspil_store::Error> {
    sql!(
        tx,
        execute,
        "UPDATE outlines SET withdraw_time = $1 WHERE outline_id = $2",
        outline.withdraw_time,
        outline.outline_id
    )?;
    Ok(())
}

/// A page of the outlines that stand on a photo, the newest first.
pub(crate) async fn of_photo(tx: &mut Tx, photo: PhotoName, page: &Page) -> Result<Vec<Outline>, samspil_store::Error> {
    let after = page.after.unwrap_or(Position { time: far(), id: Uuid::max() });
    sql!(
        tx,
        fetch_all as Outline,
        "SELECT * FROM outlines
         WHERE photo_id = $1 AND visit_id = $2 AND wound_id = $3 AND patient_id = $4 AND withdraw_time IS NULL
           AND (create_time, outline_id) < ($5, $6)
         ORDER BY create_time DESC, outline_id DESC LIMIT $7",
        photo.photo,
        photo.visit,
        photo.wound,
        photo.patient,
        after.time,
        after.id,
        page.limit()
    )
}

/// The same of all photos of a wound.
pub(crate) async fn of_wound(tx: &mut Tx, wound: WoundName, page: &Page) -> Result<Vec<Outline>, samspil_store::Error> {
    let after = page.after.unwrap_or(Position { time: far(), id: Uuid::max() });
    sql!(
        tx,
        fetch_all as Outline,
        "SELECT * FROM outlines
         WHERE wound_id = $1 AND withdraw_time IS NULL AND (create_time, outline_id) < ($2, $3)
         ORDER BY create_time DESC, outline_id DESC LIMIT $4",
        wound.wound,
        after.time,
        after.id,
        page.limit()
    )
}
