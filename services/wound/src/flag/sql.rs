//! The statements about flags.

use chrono::{DateTime, Utc};
use samspil_kit::{
    Caller, Error,
    common::Common,
    paging::{Page, Position},
};
use samspil_proto::{names::FlagName, wound::v1::FlagKind};
use samspil_store::{Tx, open_to, sql};
use uuid::Uuid;

use super::Flag;
use crate::wound::sql::far;

pub(crate) async fn get(tx: &mut Tx, name: FlagName) -> Result<Option<Flag>, samspil_store::Error> {
    sql!(
        tx,
        fetch_optional as Flag,
        "SELECT * FROM flags WHERE flag_id = $1 AND wound_id = $2 AND patient_id = $3",
        name.flag,
        name.wound,
        name.patient
    )
}

/// A flag whose alarm is to be rung.
pub(crate) async fn by_id(tx: &mut Tx, flag: Uuid) -> Result<Flag, samspil_store::Error> {
    sql!(tx, fetch_one as Flag, "SELECT * FROM flags WHERE flag_id = $1", flag)
}

/// The flag, held so that no worker changes it until this transaction ends.
pub(crate) async fn hold(tx: &mut Tx, name: FlagName) -> Result<Option<Flag>, samspil_store::Error> {
    if tx.engine() == samspil_store::Engine::Postgres {
        sql!(tx, fetch_optional as (i64,), "SELECT version FROM flags WHERE flag_id = $1 FOR UPDATE", name.flag)?;
    }
    get(tx, name).await
}

/// Writes a new flag. `false` when one of its kind stands.
pub(crate) async fn insert(tx: &mut Tx, flag: &Flag) -> Result<bool, samspil_store::Error> {
    let written = sql!(
        tx,
        execute,
        "INSERT INTO flags (flag_id, wound_id, patient_id, kind, state, reason, cause, raise_time, returns, acknowledgements,
                            version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
        flag.flag_id,
        flag.wound_id,
        flag.patient_id,
        flag.kind,
        flag.state,
        &flag.reason,
        &flag.cause,
        flag.raise_time,
        flag.returns,
        &flag.acknowledgements,
        flag.version
    )?;
    Ok(written == 1)
}

/// Clears the standing flag of a kind and gives its id.
pub(crate) async fn clear(
    tx: &mut Tx,
    wound: Uuid,
    kind: FlagKind,
    now: DateTime<Utc>,
) -> Result<Option<Uuid>, samspil_store::Error> {
    let cleared = sql!(
        tx,
        fetch_optional as (Uuid,),
        "UPDATE flags SET state = 3, clear_time = $1, alarm_time = NULL, version = version + 1
         WHERE wound_id = $2 AND kind = $3 AND state IN (1, 2) RETURNING flag_id",
        now,
        wound,
        i32::from(kind)
    )?;
    Ok(cleared.map(|(flag,)| flag))
}

/// The standing flag of a kind.
pub(crate) async fn standing(tx: &mut Tx, wound: Uuid, kind: FlagKind) -> Result<Option<Flag>, samspil_store::Error> {
    sql!(
        tx,
        fetch_optional as Flag,
        "SELECT * FROM flags WHERE wound_id = $1 AND kind = $2 AND state IN (1, 2)",
        wound,
        i32::from(kind)
    )
}

/// Writes what can change, if nobody else did since it was read.
pub(crate) async fn update(tx: &mut Tx, flag: &mut Flag) -> Result<(), Error> {
    let changed = sql!(
        tx,
        execute,
        "UPDATE flags SET state = $1, returns = $2, acknowledgements = $3, alarm_time = $4, version = version + 1
         WHERE flag_id = $5 AND version = $6",
        flag.state,
        flag.returns,
        &flag.acknowledgements,
        flag.alarm_time,
        flag.flag_id,
        flag.version
    )?;
    if changed == 0 {
        return Err(Common::EtagMismatch.into());
    }
    flag.version += 1;
    Ok(())
}

/// The flags of a wound, the newest first. `state` 0 for those that stand.
pub(crate) async fn of_wound(
    tx: &mut Tx,
    wound: Uuid,
    state: i32,
    page: &Page,
) -> Result<Vec<Flag>, samspil_store::Error> {
    let after = page.after.unwrap_or(Position { time: far(), id: Uuid::max() });
    sql!(
        tx,
        fetch_all as Flag,
        "SELECT * FROM flags
         WHERE wound_id = $1 AND (state = $2 OR $2 = 0 AND state IN (1, 2)) AND (raise_time, flag_id) < ($3, $4)
         ORDER BY raise_time DESC, flag_id DESC LIMIT $5",
        wound,
        state,
        after.time,
        after.id,
        page.limit()
    )
}

/// The flags of all wounds that the caller's organisation takes part in, of patients who are open to the caller.
pub(crate) async fn of_organisation(
    tx: &mut Tx,
    caller: &Caller,
    now: DateTime<Utc>,
    state: i32,
    page: &Page,
) -> Result<Vec<Flag>, samspil_store::Error> {
    let after = page.after.unwrap_or(Position { time: far(), id: Uuid::max() });
    sql!(
        tx,
        fetch_all as Flag,
        concat!(
            "SELECT f.* FROM flags f
             WHERE (f.state = $2 OR $2 = 0 AND f.state IN (1, 2)) AND (f.raise_time, f.flag_id) < ($3, $4)
               AND EXISTS (SELECT 1 FROM participants p WHERE p.wound_id = f.wound_id AND p.organisation = $1)
               AND ",
            open_to!("f.patient_id", "$1", "$6", "$7"),
            " ORDER BY f.raise_time DESC, f.flag_id DESC LIMIT $5"
        ),
        &caller.organisation,
        state,
        after.time,
        after.id,
        page.limit(),
        &caller.person,
        now
    )
}
