//! What became of telling an organisation of a step: rows that are written once, when a list or a stream first brings it there
//! and when somebody there first opens it.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use prost::Message as _;
use samspil_kit::Error;
use samspil_proto::{common::v1::Actor, referral::v1::Receipt, time};
use samspil_store::{Tx, sql};
use uuid::Uuid;

use super::{By, Referral, sor, sql::json_ids};

/// How an organisation gets to see something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// A list or a stream brings it.
    Delivered,
    /// Somebody opens it.
    Read,
}

#[derive(samspil_store::FromRow)]
struct Row {
    referral_id: Uuid,
    step: i32,
    organisation: String,
    deliver_time: DateTime<Utc>,
    delivered_to: Vec<u8>,
    read_time: Option<DateTime<Utc>>,
    read_by: Option<Vec<u8>>,
}

/// The receipts of some referrals.
#[derive(Default)]
pub(super) struct Receipts(HashMap<(Uuid, usize, String), Receipt>);

/// The receipts of referrals.
pub(super) async fn of(tx: &mut Tx, referrals: impl IntoIterator<Item = Uuid>) -> Result<Receipts, Error> {
    let rows = sql!(
        tx,
        fetch_all as Row,
        { sqlite: "SELECT referral_id, step, organisation, deliver_time, delivered_to, read_time, read_by FROM receipts
                   WHERE referral_id IN (SELECT unhex(value, '-') FROM json_each($1))",
          postgres: "SELECT referral_id, step, organisation, deliver_time, delivered_to, read_time, read_by FROM receipts
                     WHERE referral_id IN (SELECT CAST(value AS uuid) FROM json_array_elements_text(CAST($1 AS json)))" },
        json_ids(referrals)
    )?;
    let mut receipts = HashMap::new();
    for row in rows {
        let receipt = Receipt {
            organisation: format!("organisations/{}", row.organisation),
            deliver_time: Some(time::to_wire(row.deliver_time)),
            delivered_to: Some(Actor::decode(row.delivered_to.as_slice())?),
            read_time: row.read_time.map(time::to_wire),
            read_by: row.read_by.as_deref().map(Actor::decode).transpose()?,
        };
        let step = usize::try_from(row.step).map_err(Error::internal)?;
        receipts.insert((row.referral_id, step, row.organisation), receipt);
    }
    Ok(Receipts(receipts))
}

impl Receipts {
    /// Puts into each step of a referral what became of telling it.
    pub(super) fn fill(&self, referral: &mut Referral) {
        for (at, step) in referral.body.history.iter_mut().enumerate() {
            for receipt in &mut step.receipts {
                let key = (referral.name.referral, at, sor(&receipt.organisation).to_owned());
                if let Some(known) = self.0.get(&key) {
                    receipt.clone_from(known);
                }
            }
        }
    }

    /// The steps that an organisation was told of and that are new to it, in the order of their key: whoever writes several
    /// does so in this order, so that no two wait for each other.
    pub(super) fn new_to(
        &self,
        organisation: &str,
        reading: Reading,
        referrals: &[Referral],
    ) -> BTreeSet<(Uuid, usize)> {
        let mut new = BTreeSet::new();
        for referral in referrals {
            for (at, step) in referral.body.history.iter().enumerate() {
                let was_told = step.receipts.iter().any(|receipt| sor(&receipt.organisation) == organisation);
                let known = self.0.get(&(referral.name.referral, at, organisation.to_owned()));
                let is_new = match reading {
                    Reading::Delivered => known.is_none(),
                    Reading::Read => known.is_none_or(|known| known.read_time.is_none()),
                };
                if was_told && is_new {
                    new.insert((referral.name.referral, at));
                }
            }
        }
        new
    }
}

/// Writes down that steps came to an organisation. What another call was faster with stays as it was.
pub(super) async fn put(
    tx: &mut Tx,
    by: &By,
    reading: Reading,
    steps: &BTreeSet<(Uuid, usize)>,
) -> Result<(), Error> {
    let actor = by.actor.encode_to_vec();
    for (referral, step) in steps {
        let step = i32::try_from(*step).map_err(Error::internal)?;
        sql!(
            tx,
            execute,
            "INSERT INTO receipts (referral_id, step, organisation, deliver_time, delivered_to) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (referral_id, step, organisation) DO NOTHING",
            *referral,
            step,
            by.organisation(),
            by.at,
            &actor
        )?;
        if reading == Reading::Read {
            sql!(
                tx,
                execute,
                "UPDATE receipts SET read_time = $4, read_by = $5
                 WHERE referral_id = $1 AND step = $2 AND organisation = $3 AND read_time IS NULL",
                *referral,
                step,
                by.organisation(),
                by.at,
                &actor
            )?;
        }
    }
    Ok(())
}
