//! The statements.

use chrono::{DateTime, Utc};
use prost::Message as _;
use samspil_kit::{
    Error,
    common::Common,
    paging::{Page, Position},
};
use samspil_proto::{names::ReferralName, referral::v1 as pb};
use samspil_store::{Tx, sql};
use uuid::Uuid;

use super::{Referral, State};

#[derive(samspil_store::FromRow)]
struct Row {
    referral_id: Uuid,
    patient_id: Uuid,
    sender: String,
    receiver: String,
    state: String,
    asked: Vec<u8>,
    history: Vec<u8>,
    create_time: DateTime<Utc>,
    update_time: DateTime<Utc>,
    version: i64,
}

macro_rules! columns {
    () => {
        "referral_id, patient_id, sender, receiver, state, asked, history, create_time, update_time, version"
    };
}

macro_rules! get {
    ($lock:literal) => {
        concat!("SELECT ", columns!(), " FROM referrals WHERE referral_id = $1 AND patient_id = $2", $lock)
    };
}

/// A referral by its name.
pub(super) async fn get(tx: &mut Tx, name: ReferralName) -> Result<Option<Referral>, Error> {
    let row = sql!(tx, fetch_optional as Row, get!(""), name.referral, name.patient)?;
    row.map(Referral::try_from).transpose()
}

/// The same, to be changed: nobody else changes it before this transaction ends.
pub(super) async fn get_to_change(tx: &mut Tx, name: ReferralName) -> Result<Option<Referral>, Error> {
    let row = sql!(
        tx,
        fetch_optional as Row,
        { sqlite: get!(""), postgres: get!(" FOR UPDATE") },
        name.referral,
        name.patient
    )?;
    row.map(Referral::try_from).transpose()
}

pub(super) async fn insert(tx: &mut Tx, referral: &Referral) -> Result<(), Error> {
    sql!(
        tx,
        execute,
        "INSERT INTO referrals (referral_id, patient_id, sender, receiver, state, sent, asked, history, create_time,
             update_time, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        referral.name.referral,
        referral.name.patient,
        &referral.sender,
        &referral.receiver,
        referral.state.as_str_name(),
        referral.was_sent(),
        referral.asked.encode_to_vec(),
        history(referral),
        referral.create_time,
        referral.update_time,
        referral.version
    )?;
    Ok(())
}

/// Stores a step. Refuses when somebody else was first.
pub(super) async fn update(tx: &mut Tx, referral: &mut Referral) -> Result<(), Error> {
    let rows = sql!(
        tx,
        execute,
        "UPDATE referrals SET state = $3, sent = $4, history = $5, update_time = $6, version = version + 1
         WHERE referral_id = $1 AND version = $2",
        referral.name.referral,
        referral.version,
        referral.state.as_str_name(),
        referral.was_sent(),
        history(referral),
        referral.update_time
    )?;
    if rows == 0 {
        return Err(Common::EtagMismatch.into());
    }
    referral.version += 1;
    Ok(())
}

fn history(referral: &Referral) -> Vec<u8> {
    pb::Referral { history: referral.history.clone(), ..pb::Referral::default() }.encode_to_vec()
}

// Lists: $1 organisation, $2 state or empty, $3 and $4 the position that the page comes after, $5 limit, $6 patient.

macro_rules! page {
    ($side:literal, $whose:literal) => {
        concat!(
            "SELECT * FROM (SELECT ",
            columns!(),
            " FROM referrals WHERE ",
            $side,
            " AND ",
            $whose,
            " AND ($2 = '' OR state = $2) AND (create_time, referral_id) < ($3, $4)
             ORDER BY create_time DESC, referral_id DESC LIMIT $5) AS page"
        )
    };
}

macro_rules! outbox {
    ($whose:literal) => {
        page!("sender = $1", $whose)
    };
}

macro_rules! inbox {
    ($whose:literal) => {
        page!("receiver = $1 AND sent", $whose)
    };
}

/// Half a list each, put together: so each half reads an index in order, where an OR would sort all that there is.
macro_rules! outbox_and_inbox {
    ($whose:literal) => {
        concat!(outbox!($whose), " UNION ALL ", inbox!($whose), " ORDER BY create_time DESC, referral_id DESC LIMIT $5")
    };
}

macro_rules! by_box {
    ($box:expr, $whose:literal) => {
        match $box {
            pb::Box::Unspecified => outbox_and_inbox!($whose),
            pb::Box::Inbox => inbox!($whose),
            pb::Box::Outbox => outbox!($whose),
        }
    };
}

/// Referrals of one patient, or of every patient whose consent to the organisation stands; one more than the page has.
pub(super) async fn list(
    tx: &mut Tx,
    organisation: &str,
    patient: Option<Uuid>,
    side: pb::Box,
    state: &str,
    page: &Page,
) -> Result<Vec<Referral>, Error> {
    let (before, before_id) = page.after.map_or((END_OF_TIME, Uuid::max()), |Position { time, id }| (time, id));
    let limit = page.limit();
    let rows = match patient {
        Some(patient) => {
            let text = by_box!(side, "patient_id = $6");
            sql!(tx, fetch_all as Row, text, organisation, state, before, before_id, limit, patient)?
        }
        None => {
            let text = by_box!(
                side,
                "EXISTS (SELECT 1 FROM consents WHERE consents.patient_id = referrals.patient_id
                         AND consents.organisation = $1 AND NOT consents.withdrawn)"
            );
            sql!(tx, fetch_all as Row, text, organisation, state, before, before_id, limit)?
        }
    };
    rows.into_iter().map(Referral::try_from).collect()
}

/// The last second that has four digits for its year: SQLite compares times as text.
const END_OF_TIME: DateTime<Utc> = DateTime::from_timestamp(253_402_300_799, 0).expect("the year 9999");

impl TryFrom<Row> for Referral {
    type Error = Error;

    fn try_from(row: Row) -> Result<Referral, Error> {
        let state = State::from_str_name(&row.state)
            .ok_or_else(|| Error::internal(format!("{} is no state of a referral", row.state)))?;
        Ok(Referral {
            name: ReferralName { patient: row.patient_id, referral: row.referral_id },
            state,
            sender: row.sender,
            receiver: row.receiver,
            asked: pb::Referral::decode(row.asked.as_slice())?,
            history: pb::Referral::decode(row.history.as_slice())?.history,
            create_time: row.create_time,
            update_time: row.update_time,
            version: row.version,
        })
    }
}
