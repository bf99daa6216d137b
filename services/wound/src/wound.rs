//! The wound itself and who takes part in it.

pub(crate) mod act;
pub(crate) mod clock;
pub(crate) mod sql;
pub(crate) mod update;

use chrono::{DateTime, Utc};
use prost::Message as _;
use samspil_proto::{names::WoundName, time, wound::v1 as pb};
use samspil_store::clock::DueClock;
use uuid::Uuid;

use crate::{Reason, access};

/// A wound, as its row has it.
#[derive(Clone, samspil_store::FromRow)]
pub(crate) struct Wound {
    pub wound_id: Uuid,
    pub patient_id: Uuid,
    pub state: i32,
    pub r#type: i32,
    pub body_site: Vec<u8>,
    pub laterality: i32,
    pub onset_date: String,
    pub label: String,
    /// SOR code.
    pub owner: String,
    /// SOR codes, the owner's among them, each after a space but the first.
    pub participants: String,
    pub referral: String,
    /// The referral whose acceptance opened it, or empty.
    pub opened_for: String,
    pub next_photo_due: Option<DateTime<Utc>>,
    /// The clock on the next photos, encoded.
    pub clock: Option<Vec<u8>>,
    pub alarm_time: Option<DateTime<Utc>>,
    /// Kinds of the flags that stand, as numbers.
    pub flags: Option<String>,
    pub close_reason: i32,
    pub opened_by: Vec<u8>,
    pub create_time: DateTime<Utc>,
    pub update_time: DateTime<Utc>,
    pub version: i64,
}

impl Wound {
    pub(crate) fn name(&self) -> WoundName {
        WoundName { patient: self.patient_id, wound: self.wound_id }
    }

    /// SOR codes of those who take part, for an event's audience.
    pub(crate) fn organisations(&self) -> Vec<String> {
        self.participants.split(' ').map(str::to_owned).collect()
    }

    pub(crate) fn takes_part(&self, organisation: &str) -> bool {
        self.participants.split(' ').any(|one| one == organisation)
    }

    /// Passes while the wound is under treatment.
    pub(crate) fn open(&self) -> Result<(), Reason> {
        if self.state == pb::WoundState::Open as i32 { Ok(()) } else { Err(Reason::WoundClosed) }
    }

    fn flags(&self) -> Vec<i32> {
        let mut kinds: Vec<i32> = self.flags.iter().flat_map(|kinds| kinds.split(' ')).flat_map(str::parse).collect();
        kinds.sort_unstable();
        kinds
    }

    /// As it is to be shown now.
    pub(crate) fn to_wire(&self, now: DateTime<Utc>) -> Result<pb::Wound, prost::DecodeError> {
        let clock = self.clock.as_deref().map(DueClock::decode).transpose()?;
        let mut participants = self.organisations();
        participants.sort_by_key(|sor| (*sor != self.owner, sor.clone()));
        Ok(pb::Wound {
            name: self.name().to_string(),
            state: self.state,
            r#type: self.r#type,
            body_site: Some(prost::Message::decode(self.body_site.as_slice())?),
            laterality: self.laterality,
            onset_date: self.onset_date.clone(),
            label: self.label.clone(),
            owner: format!("organisations/{}", self.owner),
            participants: participants.iter().map(|sor| format!("organisations/{sor}")).collect(),
            referral: self.referral.clone(),
            next_photo_due_time: self.next_photo_due.map(time::to_wire),
            close_reason: self.close_reason,
            opened_by: Some(samspil_proto::common::v1::Actor::decode(self.opened_by.as_slice())?),
            create_time: Some(time::to_wire(self.create_time)),
            update_time: Some(time::to_wire(self.update_time)),
            etag: access::etag(self.version),
            photo_clock: clock.map(|clock| clock.shown(now)),
            flags: self.flags(),
        })
    }
}
