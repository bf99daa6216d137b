//! Citizens, wire ↔ model.

use samspil_kit::Error;
use samspil_proto::{
    directory::v1::{self as pb, PersonNumberKind},
    names::PatientName,
    time,
};

use super::Citizen;
use crate::person_number::{Kind, PersonNumber};

impl From<Citizen> for pb::Citizen {
    fn from(citizen: Citizen) -> pb::Citizen {
        let kinds = citizen.kinds().into_iter().map(|kind| PersonNumberKind::from(kind).into());
        pb::Citizen {
            name: PatientName { patient: citizen.patient }.to_string(),
            person_number_kinds: kinds.collect(),
            birth_date: citizen.birth_date(),
            display_name: citizen.display_name,
            municipality_code: citizen.municipality_code,
            create_time: Some(time::to_wire(citizen.create_time)),
            presence: citizen.presence.into(),
            presence_time: citizen.presence_time.map(time::to_wire),
        }
    }
}

impl From<Kind> for PersonNumberKind {
    fn from(kind: Kind) -> PersonNumberKind {
        match kind {
            Kind::Cpr => PersonNumberKind::Cpr,
            Kind::XeCpr => PersonNumberKind::XEcpr,
            Kind::DeCpr => PersonNumberKind::DEcpr,
        }
    }
}

/// A person number as the wire gives it. The refusal does not repeat it.
pub(crate) fn number(text: &str) -> Result<PersonNumber, Error> {
    PersonNumber::read(text).map_err(|_| {
        Error::invalid("person_number", "person_number.form", "must be a CPR number or a replacement number (eCPR)")
    })
}
