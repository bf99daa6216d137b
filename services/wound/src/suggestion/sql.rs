//! The statements about suggestions.

use chrono::{DateTime, Utc};
use samspil_kit::paging::{Page, Position};
use samspil_proto::names::{PhotoName, SuggestionName, WoundName};
use samspil_store::{Tx, sql};
use uuid::Uuid;

use super::Suggestion;
use crate::{photo::Photo, wound::sql::far};

macro_rules! get {
    ($lock:literal) => {
        concat!(
            "SELECT * FROM suggestions
             WHERE suggestion_id = $1 AND photo_id = $2 AND visit_id = $3 AND wound_id = $4 AND patient_id = $5 ",
            $lock
        )
    };
}

pub(crate) async fn get(tx: &mut Tx, name: SuggestionName) -> Result<Option<Suggestion>, samspil_store::Error> {
    sql!(tx, fetch_optional as Suggestion, get!(""), name.suggestion, name.photo, name.visit, name.wound, name.patient)
}

/// The suggestion, held so that nobody else decides on it until this transaction ends.
pub(crate) async fn hold(tx: &mut Tx, name: SuggestionName) -> Result<Option<Suggestion>, samspil_store::Error> {
    sql!(
        tx,
        fetch_optional as Suggestion,
        { sqlite: get!(""), postgres: get!("FOR UPDATE") },
        name.suggestion,
        name.photo,
        name.visit,
        name.wound,
        name.patient
    )
}

pub(crate) async fn insert(tx: &mut Tx, suggestion: &Suggestion) -> Result<(), samspil_store::Error> {
    sql!(
        tx,
        execute,
        "INSERT INTO suggestions (suggestion_id, photo_id, visit_id, wound_id, patient_id, detail, state, create_time)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        suggestion.suggestion_id,
        suggestion.photo_id,
        suggestion.visit_id,
        suggestion.wound_id,
        suggestion.patient_id,
        &suggestion.detail,
        suggestion.state,
        suggestion.create_time
    )?;
    Ok(())
}

/// Writes what was decided. The caller holds it.
pub(crate) async fn decide(tx: &mut Tx, suggestion: &Suggestion) -> Result<(), samspil_store::Error> {
    sql!(
        tx,
        execute,
        "UPDATE suggestions SET state = $1, decided_by = $2, decide_time = $3 WHERE suggestion_id = $4",
        suggestion.state,
        &suggestion.decided_by,
        suggestion.decide_time,
        suggestion.suggestion_id
    )?;
    Ok(())
}

/// A page of what was suggested for a photo, the newest first.
pub(crate) async fn of_photo(
    tx: &mut Tx,
    photo: PhotoName,
    page: &Page,
) -> Result<Vec<Suggestion>, samspil_store::Error> {
    let after = page.after.unwrap_or(Position { time: far(), id: Uuid::max() });
    sql!(
        tx,
        fetch_all as Suggestion,
        "SELECT * FROM suggestions
         WHERE photo_id = $1 AND visit_id = $2 AND wound_id = $3 AND patient_id = $4
           AND (create_time, suggestion_id) < ($5, $6)
         ORDER BY create_time DESC, suggestion_id DESC LIMIT $7",
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
pub(crate) async fn of_wound(
    tx: &mut Tx,
    wound: WoundName,
    page: &Page,
) -> Result<Vec<Suggestion>, samspil_store::Error> {
    let after = page.after.unwrap_or(Position { time: far(), id: Uuid::max() });
    sql!(
        tx,
        fetch_all as Suggestion,
        "SELECT * FROM suggestions
         WHERE wound_id = $1 AND (create_time, suggestion_id) < ($2, $3)
         ORDER BY create_time DESC, suggestion_id DESC LIMIT $4",
        wound.wound,
        after.time,
        after.id,
        page.limit()
    )
}

/// Stored photos whose verdict is there and that a version has not looked at.
macro_rules! due {
    () => {
        "FROM photos WHERE state = 2 AND steps_due IS NULL AND (analysis_version < $1 OR analysis_version > $1)
           AND (analysis_due IS NULL OR analysis_due <= $2)"
    };
}

pub(crate) async fn is_due(tx: &mut Tx, version: &str, now: DateTime<Utc>) -> Result<bool, samspil_store::Error> {
    let found = sql!(tx, fetch_optional as (i32,), concat!("SELECT 1 ", due!(), " LIMIT 1"), version, now)?;
    Ok(found.is_some())
}

/// The newest photo that is due, taken for a while so that no other worker takes it too.
pub(crate) async fn take_due(
    tx: &mut Tx,
    version: &str,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Option<Photo>, samspil_store::Error> {
    macro_rules! take {
        ($skip:literal) => {
            concat!(
                "UPDATE photos SET analysis_due = $3 WHERE photo_id = (SELECT photo_id ",
                due!(),
                " ORDER BY store_time DESC LIMIT 1 ",
                $skip,
                ") RETURNING *"
            )
        };
    }
    sql!(tx, fetch_optional as Photo, { sqlite: take!(""), postgres: take!("FOR UPDATE SKIP LOCKED") }, version, now, until)
}

/// Writes that a version has looked at a photo. The caller holds it.
pub(crate) async fn analysed(tx: &mut Tx, photo: Uuid, version: &str) -> Result<(), samspil_store::Error> {
    sql!(
        tx,
        execute,
        "UPDATE photos SET analysis_version = $1, analysis_due = NULL WHERE photo_id = $2",
        version,
        photo
    )?;
    Ok(())
}
