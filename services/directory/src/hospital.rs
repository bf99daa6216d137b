//! What hospitals tell of a citizen: admissions, leaves, discharges, death. From it follows where the citizen is.
//!
//! Events come in any order, and some by mistake. So nothing is counted from event to event: where the citizen is follows from
//! all events that stand, by the times at which they happened.

pub(crate) mod act;
mod rpc;
pub(crate) mod sql;

use chrono::{DateTime, Utc};
use samspil_proto::{
    common::v1::Actor,
    directory::v1::{HospitalEventKind as Kind, Presence},
};
use uuid::Uuid;

/// What a hospital tells.
#[derive(Clone)]
pub(crate) struct HospitalEvent {
    /// Its id.
    pub id: Uuid,
    /// Whom it is about.
    pub patient: Uuid,
    /// What happened.
    pub kind: Kind,
    /// When it happened.
    pub event_time: DateTime<Utc>,
    /// Who reported it.
    pub reported_by: Actor,
    /// When it was reported.
    pub create_time: DateTime<Utc>,
    /// By whom, when and why it was taken back. None while it stands.
    pub cancelled: Option<Cancelled>,
}

/// That a report was taken back.
#[derive(Clone)]
pub(crate) struct Cancelled {
    /// By whom.
    pub by: Actor,
    /// When.
    pub time: DateTime<Utc>,
    /// Why.
    pub reason: String,
}

/// Where a citizen is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Whereabouts {
    /// Where.
    pub presence: Presence,
    /// Since when. None when no event tells.
    pub since: Option<DateTime<Utc>>,
    /// The event that tells so.
    pub event: Option<Uuid>,
}

/// Why a report is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The citizen was dead by then.
    Deceased,
    /// It was taken back before.
    AlreadyCancelled,
    /// Another organisation reported it.
    NotTheReporter,
}

/// Where a citizen is by all events. A death ends it, whatever is told of a later time.
pub(crate) fn whereabouts(events: &[HospitalEvent]) -> Whereabouts {
    let standing = || events.iter().filter(|event| event.cancelled.is_none());
    let death = standing().filter(|event| event.kind == Kind::Death).min_by_key(|event| order(event));
    let Some(decides) = death.or_else(|| standing().max_by_key(|event| order(event))) else {
        return Whereabouts::default();
    };
    let presence = match decides.kind {
        Kind::Unspecified => Presence::Unspecified,
        Kind::AdmitInpatient | Kind::AdmitEmergency | Kind::EndLeave => Presence::Admitted,
        Kind::StartLeave => Presence::OnLeave,
        Kind::DischargeHome => Presence::Home,
        Kind::Death => Presence::Deceased,
    };
    Whereabouts { presence, since: Some(decides.event_time), event: Some(decides.id) }
}

/// Two at one time are in the order in which they were reported.
fn order(event: &HospitalEvent) -> (DateTime<Utc>, DateTime<Utc>, Uuid) {
    (event.event_time, event.create_time, event.id)
}

/// Passes for an event of a time at which the citizen lived. One that comes late is welcome.
pub(crate) fn check_new(new: &HospitalEvent, before: Whereabouts) -> Result<(), Refusal> {
    let dead_by_then = before.presence == Presence::Deceased
        && (new.kind == Kind::Death || before.since.is_some_and(|death| new.event_time > death));
    if dead_by_then { Err(Refusal::Deceased) } else { Ok(()) }
}

impl HospitalEvent {
    /// Takes it back, for the organisation that reported it.
    pub(crate) fn cancel(&mut self, by: Actor, reason: String, time: DateTime<Utc>) -> Result<(), Refusal> {
        if by.organisation != self.reported_by.organisation {
            return Err(Refusal::NotTheReporter);
        }
        if self.cancelled.is_some() {
            return Err(Refusal::AlreadyCancelled);
        }
        self.cancelled = Some(Cancelled { by, time, reason });
        Ok(())
    }
}

#[cfg(test)]
mod tests;
