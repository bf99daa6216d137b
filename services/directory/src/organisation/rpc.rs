//! Organisations, wire ↔ model.

use chrono::{DateTime, Utc};
use samspil_kit::Error;
use samspil_proto::{directory::v1 as pb, names::OrganisationName, time};

use super::{Organisation, Refusal};
use crate::rpc::named;

impl From<Organisation> for pb::Organisation {
    fn from(organisation: Organisation) -> pb::Organisation {
        pb::Organisation {
            name: OrganisationName { sor: organisation.sor }.to_string(),
            display_name: organisation.display_name,
            gln: organisation.gln,
            kind: organisation.kind.into(),
            municipality_code: organisation.municipality_code,
            update_time: Some(time::to_wire(organisation.update_time)),
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Error {
        let why = match refusal {
            Refusal::MunicipalityMissing => "must name the municipality that it is the nursing of",
            Refusal::MunicipalityOfAHospital => "must be empty for a hospital",
        };
        Error::invalid("organisation.municipality_code", "organisation.municipality_code", why)
    }
}

/// An organisation as the wire gives it, from now on.
pub(crate) fn read(wire: pb::Organisation, now: DateTime<Utc>) -> Result<Organisation, Error> {
    let name: OrganisationName = named("organisation.name", &wire.name)?;
    let kind = wire.kind();
    Ok(Organisation {
        sor: name.sor,
        display_name: wire.display_name,
        gln: wire.gln,
        kind,
        municipality_code: wire.municipality_code,
        update_time: now,
    })
}
