//! The safety watch's flags: each warns of one thing about a wound for as long as its cause stands.
//!
//! ```text
//!           acknowledge                    cause gone
//! RAISED ────────────────► ACKNOWLEDGED ────────────────► CLEARED
//!   ▲  │                        │                            ▲
//!   │  └────────────────────────┼──────── cause gone ────────┘
//!   └──── cause stands after a while (data/safety-watch.json)
//! ```
//!
//! A wound has one standing flag of a kind at most. A flag that stands has its cause: whoever takes the cause away clears the
//! flag in the same transaction, so coming back needs no second look.

pub(crate) mod act;
pub(crate) mod alarm;
pub(crate) mod sql;
pub(crate) mod watch;

use std::{collections::HashMap, sync::LazyLock};

use chrono::{DateTime, Utc};
use prost::Message as _;
use samspil_proto::{common::v1::Actor, names::FlagName, time, wound::v1 as pb};
use serde::Deserialize;
use uuid::Uuid;

use crate::{Reason, access};
use pb::FlagState as State;

/// A flag, as its row has it.
#[derive(Clone, samspil_store::FromRow)]
pub(crate) struct Flag {
    pub flag_id: Uuid,
    pub wound_id: Uuid,
    pub patient_id: Uuid,
    pub kind: i32,
    pub state: i32,
    pub reason: String,
    pub cause: String,
    pub raise_time: DateTime<Utc>,
    pub returns: i32,
    pub acknowledgements: Vec<u8>,
    /// When it comes back.
    pub alarm_time: Option<DateTime<Utc>>,
    pub clear_time: Option<DateTime<Utc>>,
    pub version: i64,
}

/// What a flag is raised with.
pub(crate) struct Warning {
    pub kind: pb::FlagKind,
    /// A sentence of codes and numbers.
    pub reason: String,
    /// The name of what the reason rests on, or empty.
    pub cause: String,
}

#[derive(Deserialize)]
struct Rules {
    return_after_days: HashMap<String, u64>,
}

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../data/safety-watch.json")).expect("the rules are part of the build")
});

/// After how many days an acknowledged flag comes back. Every kind has its number: a test walks all of them.
pub(crate) fn return_after_days(kind: pb::FlagKind) -> u64 {
    let code = kind.as_str_name().trim_start_matches("FLAG_KIND_");
    RULES.return_after_days.get(code).copied().unwrap_or_default()
}

impl Flag {
    pub(crate) fn name(&self) -> FlagName {
        FlagName { patient: self.patient_id, wound: self.wound_id, flag: self.flag_id }
    }

    pub(crate) fn kind(&self) -> pb::FlagKind {
        pb::FlagKind::try_from(self.kind).unwrap_or_default()
    }

    fn state(&self) -> State {
        State::try_from(self.state).unwrap_or_default()
    }

    /// Notes that somebody has seen it, and until when that is enough.
    pub(crate) fn acknowledge(&mut self, seen: pb::FlagAcknowledgement, until: DateTime<Utc>) -> Result<(), Reason> {
        if self.state() == State::Cleared {
            return Err(Reason::FlagCleared);
        }
        // One message after the other is one message with both: a list needs no decoding to grow.
        let more = pb::Flag { acknowledgements: vec![seen], ..pb::Flag::default() };
        self.acknowledgements.extend(more.encode_to_vec());
        self.state = State::Acknowledged.into();
        self.alarm_time = Some(until);
        Ok(())
    }

    /// Comes back, as its cause still stands. Tells whether it did: a closed wound's flags stay noted.
    pub(crate) fn come_back(&mut self, wound_is_open: bool) -> bool {
        self.alarm_time = None;
        let back = wound_is_open && self.state() == State::Acknowledged;
        if back {
            self.state = State::Raised.into();
            self.returns += 1;
        }
        back
    }

    pub(crate) fn to_wire(&self) -> Result<pb::Flag, prost::DecodeError> {
        let kept = pb::Flag::decode(self.acknowledgements.as_slice())?;
        Ok(pb::Flag {
            name: self.name().to_string(),
            kind: self.kind,
            state: self.state,
            reason: self.reason.clone(),
            cause: self.cause.clone(),
            raise_time: Some(time::to_wire(self.raise_time)),
            returns: self.returns,
            return_time: self.alarm_time.map(time::to_wire),
            clear_time: self.clear_time.map(time::to_wire),
            etag: access::etag(self.version),
            ..kept
        })
    }
}

/// What somebody did about a flag.
pub(crate) fn note(actor: Actor, note: String, now: DateTime<Utc>) -> pb::FlagAcknowledgement {
    pb::FlagAcknowledgement { actor: Some(actor), time: Some(time::to_wire(now)), note }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn raised() -> Flag {
        Flag {
            flag_id: Uuid::nil(),
            wound_id: Uuid::nil(),
            patient_id: Uuid::nil(),
            kind: pb::FlagKind::NoPhoto.into(),
            state: State::Raised.into(),
            reason: String::new(),
            cause: String::new(),
            raise_time: at(0),
            returns: 0,
            acknowledgements: Vec::new(),
            alarm_time: None,
            clear_time: None,
            version: 1,
        }
    }

    fn at(days: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap() + TimeDelta::days(days)
    }

    fn seen(by: &str) -> pb::FlagAcknowledgement {
        note(Actor { person: by.to_owned(), ..Actor::default() }, "called the nurse".to_owned(), at(1))
    }

    #[test]
    fn every_kind_has_its_days() {
        for kind in (1..=7).map(|kind| pb::FlagKind::try_from(kind).unwrap()) {
            assert!(return_after_days(kind) > 0, "{}", kind.as_str_name());
        }
        assert_eq!(RULES.return_after_days.len(), 7);
    }

    #[test]
    fn a_noted_flag_comes_back_and_keeps_who_noted_it() {
        let mut flag = raised();
        flag.acknowledge(seen("a"), at(8)).unwrap();
        assert_eq!((flag.state(), flag.alarm_time), (State::Acknowledged, Some(at(8))));
        assert!(flag.come_back(true));
        assert_eq!((flag.state(), flag.alarm_time, flag.returns), (State::Raised, None, 1));
        assert!(!flag.come_back(true), "it is raised already");
        flag.acknowledge(seen("b"), at(15)).unwrap();
        let told = flag.to_wire().unwrap().acknowledgements;
        let who: Vec<_> = told.iter().map(|seen| seen.actor.as_ref().unwrap().person.as_str()).collect();
        assert_eq!(who, ["a", "b"]);
        assert!(!flag.come_back(false), "the wound is closed");
        assert_eq!((flag.state(), flag.alarm_time, flag.returns), (State::Acknowledged, None, 1));
    }

    #[test]
    fn a_cleared_flag_is_not_noted() {
        let mut flag = Flag { state: State::Cleared.into(), ..raised() };
        assert_eq!(flag.acknowledge(seen("a"), at(8)), Err(Reason::FlagCleared));
        assert!(!flag.come_back(true));
    }
}
