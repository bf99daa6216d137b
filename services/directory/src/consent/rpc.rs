//! Consents, wire ↔ model.

use samspil_kit::{Error, validate::Violation};
use samspil_proto::{
    directory::v1::{self as pb, ConsentState},
    names::{ConsentName, OrganisationName},
    time,
};

use super::{BadTime, Consent, Refusal};
use crate::error::Reason;

impl From<Consent> for pb::Consent {
    fn from(consent: Consent) -> pb::Consent {
        let state = if consent.withdraw_time.is_some() { ConsentState::Withdrawn } else { ConsentState::Given };
        pb::Consent {
            name: ConsentName { patient: consent.patient, consent: consent.id }.to_string(),
            etag: consent.etag(),
            organisations: names_of(&consent.organisations),
            document: consent.document,
            given_time: Some(time::to_wire(consent.given_time)),
            recorded_by: Some(consent.recorded_by),
            state: state.into(),
            withdraw_time: consent.withdraw_time.map(time::to_wire),
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Error {
        match refusal {
            Refusal::AlreadyWithdrawn => Reason::ConsentAlreadyWithdrawn.into(),
        }
    }
}

/// The names of organisations.
pub(crate) fn names_of(sors: &[String]) -> Vec<String> {
    sors.iter().map(|sor| OrganisationName { sor: sor.clone() }.to_string()).collect()
}

/// An organisation that nobody knows.
pub(crate) fn unknown_organisation(index: usize) -> Violation {
    violation(format!("consent.organisations[{index}]"), "organisation.known", "must be a known organisation")
}

/// A time that no citizen signed at.
pub(crate) fn bad_time(why: BadTime) -> Violation {
    let (rule, description) = match why {
        BadTime::Future => ("given_time.past", "must not lie in the future"),
        BadTime::NoTime => ("given_time.time", "must be a time"),
        BadTime::LongAgo => ("given_time.gte", "must not be before 1990"),
    };
    violation("consent.given_time".to_owned(), rule, description)
}

fn violation(field: String, rule: &str, description: &str) -> Violation {
    Violation { field, rule: rule.to_owned(), description: description.to_owned() }
}
