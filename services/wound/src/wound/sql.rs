//! The statements about wounds.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use samspil_kit::{
    Caller, Error,
    common::Common,
    paging::{Page, Position},
};
use samspil_proto::{names::WoundName, wound::v1 as pb};
use samspil_store::{Tx, open_to, sql};
use uuid::Uuid;

use super::Wound;

macro_rules! select {
    ($rest:expr) => {
        concat!(
            "SELECT w.wound_id, w.patient_id, w.state, w.type, w.body_site, w.laterality, w.onset_date, w.label, w.owner, w.referral,
                    w.opened_for, w.next_photo_due, w.clock, w.alarm_time, w.close_reason, w.opened_by, w.create_time,
                    w.update_time, w.version,
                    (SELECT string_agg(p.organisation, ' ') FROM participants p WHERE p.wound_id = w.wound_id) AS participants,
                    (SELECT string_agg(CAST(f.kind AS TEXT), ' ') FROM flags f
                     WHERE f.wound_id = w.wound_id AND f.state IN (1, 2)) AS flags
             FROM wounds w ",
            $rest
        )
    };
}

pub(crate) async fn get(tx: &mut Tx, name: WoundName) -> Result<Option<Wound>, samspil_store::Error> {
    sql!(tx, fetch_optional as Wound, select!("WHERE w.wound_id = $1 AND w.patient_id = $2"), name.wound, name.patient)
}

/// A wound that a row of another table names.
pub(crate) async fn by_id(tx: &mut Tx, wound: Uuid) -> Result<Wound, samspil_store::Error> {
    sql!(tx, fetch_one as Wound, select!("WHERE w.wound_id = $1"), wound)
}

/// Some wounds, each once.
pub(crate) async fn by_ids(tx: &mut Tx, wounds: BTreeSet<Uuid>) -> Result<Vec<Wound>, samspil_store::Error> {
    let ids: Vec<_> = wounds.iter().map(|id| format!("\"{id}\"")).collect();
    sql!(
        tx,
        fetch_all as Wound,
        { sqlite: select!("WHERE w.wound_id IN (SELECT unhex(value, '-') FROM json_each($1)) ORDER BY w.wound_id"),
          postgres: select!("WHERE w.wound_id IN (SELECT CAST(value AS uuid)
                                                  FROM json_array_elements_text(CAST($1 AS json)))
                             ORDER BY w.wound_id") },
        format!("[{}]", ids.join(","))
    )
}

/// The wounds of a patient that are under treatment, in an order in which all who hold several hold them.
pub(crate) async fn open_of_patient(tx: &mut Tx, patient: Uuid) -> Result<Vec<WoundName>, samspil_store::Error> {
    let open = i32::from(pb::WoundState::Open);
    let rows = sql!(
        tx,
        fetch_all as (Uuid,),
        "SELECT wound_id FROM wounds WHERE patient_id = $1 AND state = $2 ORDER BY wound_id",
        patient,
        open
    )?;
    Ok(rows.into_iter().map(|(wound,)| WoundName { patient, wound }).collect())
}

/// Keeps others from changing the wound until this transaction ends. SQLite has one writer anyway.
pub(crate) async fn hold(tx: &mut Tx, name: WoundName) -> Result<(), samspil_store::Error> {
    if tx.engine() == samspil_store::Engine::Postgres {
        sql!(tx, fetch_optional as (i64,), "SELECT version FROM wounds WHERE wound_id = $1 FOR UPDATE", name.wound)?;
    }
    Ok(())
}

/// Writes a new wound. `false` when its referral has opened one already.
pub(crate) async fn insert(tx: &mut Tx, wound: &Wound) -> Result<bool, samspil_store::Error> {
    let written = sql!(
        tx,
        execute,
        "INSERT INTO wounds (wound_id, patient_id, state, type, body_site, laterality, onset_date, label, owner, referral,
                             opened_for, next_photo_due, clock, alarm_time, close_reason, opened_by, create_time, update_time,
                             version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) ON CONFLICT DO NOTHING",
        wound.wound_id,
        wound.patient_id,
        wound.state,
        wound.r#type,
        &wound.body_site,
        wound.laterality,
        &wound.onset_date,
        &wound.label,
        &wound.owner,
        &wound.referral,
        &wound.opened_for,
        wound.next_photo_due,
        &wound.clock,
        wound.alarm_time,
        wound.close_reason,
        &wound.opened_by,
        wound.create_time,
        wound.update_time,
        wound.version
    )?;
    if written == 1 {
        for organisation in wound.organisations() {
            add_participant(tx, wound, &organisation).await?;
        }
    }
    Ok(written == 1)
}

/// Lets an organisation take part. One that does already goes on.
pub(crate) async fn add_participant(
    tx: &mut Tx,
    wound: &Wound,
    organisation: &str,
) -> Result<(), samspil_store::Error> {
    sql!(
        tx,
        execute,
        "INSERT INTO participants (wound_id, organisation, create_time) VALUES ($1, $2, $3)
         ON CONFLICT (wound_id, organisation) DO NOTHING",
        wound.wound_id,
        organisation,
        wound.create_time
    )?;
    Ok(())
}

/// Writes what can change of a wound, if nobody else did since it was read.
pub(crate) async fn update(tx: &mut Tx, wound: &mut Wound, now: DateTime<Utc>) -> Result<(), Error> {
    let changed = sql!(
        tx,
        execute,
        "UPDATE wounds SET state = $1, type = $2, body_site = $3, laterality = $4, onset_date = $5, label = $6, referral = $7,
                close_reason = $8, next_photo_due = $9, clock = $10, alarm_time = $11, update_time = $12, version = version + 1
         WHERE wound_id = $13 AND version = $14",
        wound.state,
        wound.r#type,
        &wound.body_site,
        wound.laterality,
        &wound.onset_date,
        &wound.label,
        &wound.referral,
        wound.close_reason,
        wound.next_photo_due,
        &wound.clock,
        wound.alarm_time,
        now,
        wound.wound_id,
        wound.version
    )?;
    if changed == 0 {
        return Err(Common::EtagMismatch.into());
    }
    wound.version += 1;
    wound.update_time = now;
    Ok(())
}

/// Writes the clock of a wound that is held, after an alarm. That is no change of the wound: nobody's etag gets old by it.
pub(crate) async fn update_clock(tx: &mut Tx, wound: &Wound) -> Result<(), samspil_store::Error> {
    sql!(
        tx,
        execute,
        "UPDATE wounds SET clock = $1, alarm_time = $2 WHERE wound_id = $3",
        &wound.clock,
        wound.alarm_time,
        wound.wound_id
    )?;
    Ok(())
}

/// The wounds of a patient that an organisation takes part in, or `all` of them.
pub(crate) async fn list_of_patient(
    tx: &mut Tx,
    patient: Uuid,
    (organisation, all): (&str, bool),
    state: i32,
    page: &Page,
) -> Result<Vec<Wound>, samspil_store::Error> {
    let after = page.after.unwrap_or(Position { time: DateTime::<Utc>::MAX_UTC.min(far()), id: Uuid::max() });
    sql!(
        tx,
        fetch_all as Wound,
        select!(
            "WHERE w.patient_id = $2 AND ($3 = 0 OR w.state = $3) AND (w.create_time, w.wound_id) < ($4, $5)
               AND ($7 OR EXISTS (SELECT 1 FROM participants mine
                                  WHERE mine.wound_id = w.wound_id AND mine.organisation = $1))
             ORDER BY w.create_time DESC, w.wound_id DESC LIMIT $6"
        ),
        organisation,
        patient,
        state,
        after.time,
        after.id,
        page.limit(),
        all
    )
}

/// The wounds that the caller's organisation takes part in, of patients who are open to the caller.
pub(crate) async fn list_of_organisation(
    tx: &mut Tx,
    caller: &Caller,
    now: DateTime<Utc>,
    state: i32,
    page: &Page,
) -> Result<Vec<Wound>, samspil_store::Error> {
    let after = page.after.unwrap_or(Position { time: far(), id: Uuid::max() });
    sql!(
        tx,
        fetch_all as Wound,
        select!(concat!(
            "JOIN participants mine ON mine.wound_id = w.wound_id
             WHERE mine.organisation = $1 AND ($2 = 0 OR w.state = $2) AND (mine.create_time, mine.wound_id) < ($3, $4) AND ",
            open_to!("w.patient_id", "$1", "$6", "$7"),
            " ORDER BY mine.create_time DESC, mine.wound_id DESC LIMIT $5"
        )),
        &caller.organisation,
        state,
        after.time,
        after.id,
        page.limit(),
        &caller.person,
        now
    )
}

/// A time after every other that both engines can hold and order.
pub(crate) fn far() -> DateTime<Utc> {
    DateTime::from_timestamp(253_370_764_800, 0).unwrap_or_default()
}
