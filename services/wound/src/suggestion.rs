//! Outlines that a model suggests. They are kept apart from those of people, and a person decides on each.
//!
//! | file | what |
//! | --- | --- |
//! | `act` | listed, taken over, discarded |
//! | `analyse` | the model looks at a photo; off every request's path, survives a crash, again for a new version |

pub(crate) mod act;
pub(crate) mod analyse;
pub(crate) mod sql;

use chrono::{DateTime, Utc};
use prost::Message as _;
use samspil_proto::{
    common::v1::Actor,
    names::{PhotoName, SuggestionName},
    time,
    wound::v1::{self as pb, SuggestionState},
};
use uuid::Uuid;

use crate::Reason;

/// A suggestion, as its row has it.
#[derive(Clone, samspil_store::FromRow)]
pub(crate) struct Suggestion {
    pub suggestion_id: Uuid,
    pub photo_id: Uuid,
    pub visit_id: Uuid,
    pub wound_id: Uuid,
    pub patient_id: Uuid,
    pub detail: Vec<u8>,
    pub state: i32,
    pub decided_by: Option<Vec<u8>>,
    pub create_time: DateTime<Utc>,
    pub decide_time: Option<DateTime<Utc>>,
}

impl Suggestion {
    pub(crate) fn name(&self) -> SuggestionName {
        SuggestionName {
            patient: self.patient_id,
            wound: self.wound_id,
            visit: self.visit_id,
            photo: self.photo_id,
            suggestion: self.suggestion_id,
        }
    }

    pub(crate) fn photo(&self) -> PhotoName {
        PhotoName { patient: self.patient_id, wound: self.wound_id, visit: self.visit_id, photo: self.photo_id }
    }

    /// What a person made of it. Once only: a second opinion on a suggestion is an outline.
    pub(crate) fn decide(&mut self, state: SuggestionState, by: &Actor, now: DateTime<Utc>) -> Result<(), Reason> {
        if self.state != SuggestionState::Open as i32 {
            return Err(Reason::SuggestionDecided);
        }
        self.state = state as i32;
        self.decided_by = Some(by.encode_to_vec());
        self.decide_time = Some(now);
        Ok(())
    }

    pub(crate) fn to_wire(&self) -> Result<pb::Suggestion, prost::DecodeError> {
        Ok(pb::Suggestion {
            name: self.name().to_string(),
            state: self.state,
            decided_by: self.decided_by.as_deref().map(Actor::decode).transpose()?,
            create_time: Some(time::to_wire(self.create_time)),
            decide_time: self.decide_time.map(time::to_wire),
            ..pb::Suggestion::decode(self.detail.as_slice())?
        })
    }
}
