//! Hospital events, wire ↔ model.

use samspil_kit::{Error, validate::Violation};
use samspil_proto::{directory::v1 as pb, names::HospitalEventName, time};

use super::{HospitalEvent, Refusal};
use crate::{consent::BadTime, error::Reason};

impl HospitalEvent {
    /// Its name.
    pub(crate) fn name(&self) -> HospitalEventName {
        HospitalEventName { patient: self.patient, event: self.id }
    }
}

impl From<HospitalEvent> for pb::HospitalEvent {
    fn from(event: HospitalEvent) -> pb::HospitalEvent {
        let cancelled = event.cancelled.as_ref();
        pb::HospitalEvent {
            name: event.name().to_string(),
            kind: event.kind.into(),
            event_time: Some(time::to_wire(event.event_time)),
            cancelled_by: cancelled.map(|cancelled| cancelled.by.clone()),
            cancel_time: cancelled.map(|cancelled| time::to_wire(cancelled.time)),
            cancel_reason: cancelled.map(|cancelled| cancelled.reason.clone()).unwrap_or_default(),
            create_time: Some(time::to_wire(event.create_time)),
            reported_by: Some(event.reported_by),
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Error {
        match refusal {
            Refusal::Deceased => Reason::CitizenDeceased.into(),
            Refusal::AlreadyCancelled => Reason::HospitalEventCancelled.into(),
            Refusal::NotTheReporter => Reason::NotTheReporter.into(),
        }
    }
}

/// A time at which nothing can have happened.
pub(super) fn bad_time(why: BadTime) -> Error {
    let (rule, description) = match why {
        BadTime::Future => ("event_time.past", "must not lie in the future"),
        BadTime::NoTime => ("event_time.time", "must be a time"),
        BadTime::LongAgo => ("event_time.gte", "must not be before 1990"),
    };
    let field = "hospital_event.event_time".to_owned();
    Error::Invalid(vec![Violation { field, rule: rule.to_owned(), description: description.to_owned() }])
}
