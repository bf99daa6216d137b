//! Emergency accesses, wire ↔ model.

use samspil_proto::{
    common::v1::Actor,
    directory::v1 as pb,
    names::{AccessCheckName, EmergencyAccessName},
    time,
};
use samspil_store::emergencies::Emergency;
use uuid::Uuid;

use super::EmergencyAccess;

impl From<EmergencyAccess> for pb::EmergencyAccess {
    fn from(access: EmergencyAccess) -> pb::EmergencyAccess {
        pb::EmergencyAccess {
            name: access.name(),
            access_check: AccessCheckName { patient: access.patient, check: access.check }.to_string(),
            holder: Some(access.holder),
            reason: access.reason,
            begin_time: Some(time::to_wire(access.begin_time)),
            end_time: Some(time::to_wire(access.end_time)),
            give_back_time: access.give_back_time.map(time::to_wire),
        }
    }
}

/// What a service is told of an access, for its decision.
pub(crate) fn told(patient: Uuid, emergency: Emergency) -> pb::EmergencyAccess {
    pb::EmergencyAccess {
        name: EmergencyAccessName { patient, access: emergency.emergency_id }.to_string(),
        holder: Some(Actor { person: emergency.person, ..Actor::default() }),
        reason: emergency.reason,
        begin_time: Some(time::to_wire(emergency.begin_time)),
        end_time: Some(time::to_wire(emergency.end_time)),
        ..pb::EmergencyAccess::default()
    }
}
