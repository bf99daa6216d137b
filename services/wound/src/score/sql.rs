//! The statements about scores.

use samspil_kit::paging::{Page, Position};
use samspil_proto::names::ScoreName;
use samspil_store::{Tx, sql};
use uuid::Uuid;

use super::Score;
use crate::wound::sql::far;

pub(crate) async fn get(tx: &mut Tx, name: ScoreName) -> Result<Option<Score>, samspil_store::Error> {
    sql!(
        tx,
        fetch_optional as Score,
        "SELECT * FROM scores WHERE score_id = $1 AND wound_id = $2 AND patient_id = $3",
        name.score,
        name.wound,
        name.patient
    )
}

pub(crate) async fn insert(tx: &mut Tx, score: &Score) -> Result<(), samspil_store::Error> {
    sql!(
        tx,
        execute,
        "INSERT INTO scores (score_id, wound_id, patient_id, instrument, detail, observe_time, create_time)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        score.score_id,
        score.wound_id,
        score.patient_id,
        &score.instrument,
        &score.detail,
        score.observe_time,
        score.create_time
    )?;
    Ok(())
}

/// A wound's scores of an instrument, all of them.
pub(crate) async fn of_instrument(
    tx: &mut Tx,
    wound: Uuid,
    instrument: &str,
) -> Result<Vec<Score>, samspil_store::Error> {
    sql!(
        tx,
        fetch_all as Score,
        "SELECT * FROM scores WHERE wound_id = $1 AND instrument = $2 ORDER BY observe_time, score_id",
        wound,
        instrument
    )
}

/// A page of a wound's scores, the newest observation first. `instrument` empty for all.
pub(crate) async fn list(
    tx: &mut Tx,
    wound: Uuid,
    instrument: &str,
    page: &Page,
) -> Result<Vec<Score>, samspil_store::Error> {
    let after = page.after.unwrap_or(Position { time: far(), id: Uuid::max() });
    sql!(
        tx,
        fetch_all as Score,
        "SELECT * FROM scores
         WHERE wound_id = $1 AND ($2 = '' OR instrument = $2) AND (observe_time, score_id) < ($3, $4)
         ORDER BY observe_time DESC, score_id DESC LIMIT $5",
        wound,
        instrument,
        after.time,
        after.id,
        page.limit()
    )
}
