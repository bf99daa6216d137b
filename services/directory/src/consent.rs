//! Written consents to share a course of treatment.

use chrono::{DateTime, TimeDelta, Utc};
use samspil_proto::common::v1::Actor;
use uuid::Uuid;

pub(crate) mod act;
pub(crate) mod rpc;
pub(crate) mod sql;

/// A consent.
#[derive(Clone)]
pub(crate) struct Consent {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub patient: Uuid,
    /// SOR codes of the organisations that may share, as they were given.
    pub organisations: Vec<String>,
    /// Where the signed paper is.
    pub document: String,
    /// When the citizen signed.
    pub given_time: DateTime<Utc>,
    /// Who recorded it.
    pub recorded_by: Actor,
    /// When it was recorded.
    pub create_time: DateTime<Utc>,
    /// When it was withdrawn. None while it stands.
    pub withdraw_time: Option<DateTime<Utc>>,
    /// Counts its changes.
    pub version: i64,
}

/// Why a consent cannot be recorded or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It was withdrawn before.
    AlreadyWithdrawn,
}

/// What is wrong with the time at which a citizen is said to have signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BadTime {
    /// It has not come yet.
    Future,
    /// It is none that anybody could have signed at: outside of the years 1 to 9999.
    NoTime,
    /// Nobody who is still in treatment signed then: it is a slip of the pen or of a program.
    LongAgo,
}

/// A nurse's device may be this much ahead of ours.
const SKEW: TimeDelta = TimeDelta::minutes(5);

/// 1 January 1990, in seconds since 1970.
const EARLIEST: i64 = 631_152_000;

/// Checks the time at which a citizen is said to have signed.
pub(crate) fn check_given_time(given: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), BadTime> {
    if given > now + SKEW {
        Err(BadTime::Future)
    } else if given.timestamp() < EARLIEST {
        Err(BadTime::LongAgo)
    } else {
        Ok(())
    }
}

impl Consent {
    /// Changes with every change.
    pub(crate) fn etag(&self) -> String {
        format!("v{}", self.version)
    }

    /// Withdraws it. It stays readable.
    pub(crate) fn withdraw(&mut self, at: DateTime<Utc>) -> Result<(), Refusal> {
        if self.withdraw_time.is_some() {
            return Err(Refusal::AlreadyWithdrawn);
        }
        self.withdraw_time = Some(at);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_consent_is_withdrawn_once() {
        let mut consent = Consent {
            id: Uuid::nil(),
            patient: Uuid::nil(),
            organisations: vec![],
            document: String::new(),
            given_time: at("2026-11-18T08:00:00Z"),
            recorded_by: Actor::default(),
            create_time: at("2026-11-18T08:00:00Z"),
            withdraw_time: None,
            version: 1,
        };
        assert_eq!(consent.withdraw(at("2026-11-19T08:00:00Z")), Ok(()));
        assert_eq!(consent.withdraw(at("2026-11-20T08:00:00Z")), Err(Refusal::AlreadyWithdrawn));
        assert_eq!(consent.withdraw_time, Some(at("2026-11-19T08:00:00Z")));
    }

    #[test]
    fn a_consent_was_signed_by_now_and_not_before_1990() {
        let now = at("2026-11-18T08:00:00Z");
        let checked = |text| check_given_time(at(text), now);
        assert_eq!(checked("2026-11-18T08:05:00Z"), Ok(()));
        assert_eq!(checked("2026-11-18T08:05:00.000001Z"), Err(BadTime::Future));
        assert_eq!(checked("1990-01-01T00:00:00Z"), Ok(()));
        assert_eq!(checked("1989-12-31T23:59:59Z"), Err(BadTime::LongAgo));
    }
}
