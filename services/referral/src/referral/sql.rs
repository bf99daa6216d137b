//! The statements about a referral and who sees it.

use chrono::{DateTime, Utc};
use prost::Message as _;
use samspil_kit::{Error, common::Common};
use samspil_proto::{names::ReferralName, referral::v1 as pb};
use samspil_store::{Tx, clock::DueClock, sql};
use uuid::Uuid;

use super::{Referral, sor, state::Stage};

#[derive(samspil_store::FromRow)]
pub(super) struct Row {
    referral_id: Uuid,
    patient_id: Uuid,
    stage: String,
    body: Vec<u8>,
    clock: Option<Vec<u8>>,
    create_time: DateTime<Utc>,
    update_time: DateTime<Utc>,
    version: i64,
}

macro_rules! get {
    ($lock:literal) => {
        concat!(
            "SELECT referral_id, patient_id, stage, body, clock, create_time, update_time, version FROM referrals
             WHERE referral_id = $1 AND patient_id = $2",
            $lock
        )
    };
}

/// A referral by its name.
pub(crate) async fn get(tx: &mut Tx, name: ReferralName) -> Result<Option<Referral>, Error> {
    let row = sql!(tx, fetch_optional as Row, get!(""), name.referral, name.patient)?;
    row.map(Referral::try_from).transpose()
}

/// The same, to be changed: nobody else changes it before this transaction ends.
pub(crate) async fn hold(tx: &mut Tx, name: ReferralName) -> Result<Option<Referral>, Error> {
    let row = sql!(
        tx,
        fetch_optional as Row,
        { sqlite: get!(""), postgres: get!(" FOR UPDATE") },
        name.referral,
        name.patient
    )?;
    row.map(Referral::try_from).transpose()
}

/// A referral whose row this transaction holds already.
pub(super) async fn by_id(tx: &mut Tx, id: Uuid) -> Result<Option<Referral>, Error> {
    let row = sql!(
        tx,
        fetch_optional as Row,
        "SELECT referral_id, patient_id, stage, body, clock, create_time, update_time, version FROM referrals
         WHERE referral_id = $1",
        id
    )?;
    row.map(Referral::try_from).transpose()
}

/// The referrals of a patient of which something can still become, in the order in which they are to be held: everybody who
/// holds several does so in this order, so that no two wait for each other.
pub(crate) async fn open_of(tx: &mut Tx, patient: Uuid) -> Result<Vec<ReferralName>, Error> {
    let rows = sql!(
        tx,
        fetch_all as (Uuid, String),
        "SELECT referral_id, stage FROM referrals WHERE patient_id = $1 ORDER BY referral_id",
        patient
    )?;
    let open = rows.into_iter().filter(|(_, stage)| Stage::of(stage).is_some_and(Stage::is_open));
    Ok(open.map(|(referral, _)| ReferralName { patient, referral }).collect())
}

/// Writes a new one.
pub(super) async fn insert(tx: &mut Tx, referral: &Referral) -> Result<(), Error> {
    sql!(
        tx,
        execute,
        "INSERT INTO referrals (referral_id, patient_id, stage, state, triage_state, priority, body, clock, due_time,
             alarm_time, create_time, update_time, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        referral.name.referral,
        referral.name.patient,
        referral.stage.name(),
        i32::from(referral.stage.state()),
        i32::from(referral.triage_state()),
        i32::from(referral.body.priority()),
        referral.body.encode_to_vec(),
        referral.clock.as_ref().map(DueClock::encode),
        referral.clock.as_ref().map(DueClock::due),
        referral.clock.as_ref().and_then(DueClock::alarm_time),
        referral.create_time,
        referral.update_time,
        referral.version
    )?;
    participants(tx, referral).await
}

/// Stores a change. Refuses when somebody else was first.
pub(crate) async fn update(tx: &mut Tx, referral: &mut Referral) -> Result<(), Error> {
    let rows = sql!(
        tx,
        execute,
        "UPDATE referrals SET stage = $3, state = $4, triage_state = $5, priority = $6, body = $7, clock = $8,
             due_time = $9, alarm_time = $10, update_time = $11, version = version + 1
         WHERE referral_id = $1 AND version = $2",
        referral.name.referral,
        referral.version,
        referral.stage.name(),
        i32::from(referral.stage.state()),
        i32::from(referral.triage_state()),
        i32::from(referral.body.priority()),
        referral.body.encode_to_vec(),
        referral.clock.as_ref().map(DueClock::encode),
        referral.clock.as_ref().map(DueClock::due),
        referral.clock.as_ref().and_then(DueClock::alarm_time),
        referral.update_time
    )?;
    if rows == 0 {
        return Err(Common::EtagMismatch.into());
    }
    referral.version += 1;
    participants(tx, referral).await
}

/// Stores how far a clock has rung. The referral is no other for it: who has read it may go on from what was read.
pub(super) async fn rung(tx: &mut Tx, referral: &Referral) -> Result<(), Error> {
    sql!(
        tx,
        execute,
        "UPDATE referrals SET clock = $2, alarm_time = $3 WHERE referral_id = $1",
        referral.name.referral,
        referral.clock.as_ref().map(DueClock::encode),
        referral.clock.as_ref().and_then(DueClock::alarm_time)
    )?;
    Ok(())
}

/// The last second that has four digits for its year: SQLite compares times as text.
pub(super) const END_OF_TIME: DateTime<Utc> = DateTime::from_timestamp(253_402_300_799, 0).expect("the year 9999");

async fn participants(tx: &mut Tx, referral: &Referral) -> Result<(), Error> {
    for organisation in referral.seen_by() {
        let role = if organisation == sor(&referral.body.sender) {
            "SENDER"
        } else if referral.body.triages.iter().any(|triage| sor(&triage.receiver) == organisation) {
            "RECEIVER"
        } else {
            "APPROVER"
        };
        sql!(
            tx,
            execute,
            "INSERT INTO participants (referral_id, organisation, role, since, patient_id, create_time, update_time,
                 due_time)
             VALUES ($1, $2, $3, $4, $5, $6, $4, $7)
             ON CONFLICT (referral_id, organisation) DO UPDATE SET role = excluded.role,
                 update_time = excluded.update_time, due_time = excluded.due_time",
            referral.name.referral,
            organisation,
            role,
            referral.update_time,
            referral.name.patient,
            referral.create_time,
            referral.running_until().unwrap_or(END_OF_TIME)
        )?;
    }
    Ok(())
}

impl TryFrom<Row> for Referral {
    type Error = Error;

    fn try_from(row: Row) -> Result<Referral, Error> {
        let stage = Stage::of(&row.stage)
            .ok_or_else(|| Error::internal(format!("{} is no stage of a referral", row.stage)))?;
        Ok(Referral {
            name: ReferralName { patient: row.patient_id, referral: row.referral_id },
            stage,
            body: pb::Referral::decode(row.body.as_slice())?,
            clock: row.clock.as_deref().map(DueClock::decode).transpose()?,
            create_time: row.create_time,
            update_time: row.update_time,
            version: row.version,
        })
    }
}

/// Ids as a statement takes them that asks for many: a JSON array, which both engines read.
pub(crate) fn json_ids(ids: impl IntoIterator<Item = Uuid>) -> String {
    let ids: Vec<_> = ids.into_iter().map(|id| format!("\"{id}\"")).collect();
    format!("[{}]", ids.join(","))
}
