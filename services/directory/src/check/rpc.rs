//! Checks, wire ↔ model.

use samspil_proto::{
    directory::v1::{self as pb, AccessCheckState},
    names::EmergencyAccessName,
    time,
};

use super::Check;

impl From<Check> for pb::AccessCheck {
    fn from(check: Check) -> pb::AccessCheck {
        let emergency = |access| EmergencyAccessName { patient: check.patient, access }.to_string();
        let open = pb::AccessCheck {
            name: check.name(),
            etag: check.etag(),
            cause: check.cause.into(),
            emergency_access: check.emergency.map(emergency).unwrap_or_default(),
            about: Some(check.about),
            reason: check.reason,
            create_time: Some(time::to_wire(check.create_time)),
            due_time: Some(time::to_wire(check.due_time)),
            state: AccessCheckState::Open.into(),
            ..pb::AccessCheck::default()
        };
        let Some(settled) = check.settled else { return open };
        pb::AccessCheck {
            state: AccessCheckState::Settled.into(),
            outcome: settled.outcome.into(),
            note: settled.note,
            settled_by: settled.by,
            settle_time: Some(time::to_wire(settled.at)),
            ..open
        }
    }
}
