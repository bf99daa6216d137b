//! The organisations of the demo people. Real places, made-up units: the codes and GLNs are nobody's.

use prost::{Message as _, Name as _};
use samspil_kit::{Base, Error, identity::demo};
use samspil_proto::{
    directory::v1::{OrganisationKind, OrganisationPut},
    names::OrganisationName,
};
use samspil_store::outbox;

use crate::organisation::{Organisation, sql};

const ORGANISATIONS: [(&str, &str, OrganisationKind, &str); 5] = [
    (demo::MUNICIPALITY, "5799900000766", OrganisationKind::Municipality, "0766"),
    (demo::HOSPITAL, "5799900006008", OrganisationKind::Hospital, ""),
    (demo::OTHER_HOSPITAL, "5799900006620", OrganisationKind::Hospital, ""),
    (demo::PRACTICE, "5799900012345", OrganisationKind::GeneralPractice, "0766"),
    (demo::OTHER_MUNICIPALITY, "5799900000727", OrganisationKind::Municipality, "0727"),
];

/// Puts the organisations of the demo people there, so that they can be tried out. One that is there already stays as it is.
///
/// # Errors
/// As the engine.
pub async fn put_demo_organisations(base: &Base) -> Result<(), Error> {
    let mut tx = base.db.begin().await?;
    for (sor, gln, kind, municipality_code) in ORGANISATIONS {
        let organisation = Organisation {
            sor: sor.to_owned(),
            display_name: demo::organisation(sor).to_owned(),
            gln: gln.to_owned(),
            kind,
            municipality_code: municipality_code.to_owned(),
            update_time: base.clock.now(),
        };
        if !sql::add(&mut tx, &organisation).await? {
            continue;
        }
        let event = outbox::NewEvent {
            id: base.clock.id(),
            r#type: &OrganisationPut::full_name(),
            subject: &OrganisationName { sor: organisation.sor }.to_string(),
            organisations: &[],
            time: organisation.update_time,
            traceparent: "",
            data: OrganisationPut { municipality_code: organisation.municipality_code }.encode_to_vec(),
        };
        outbox::put(&mut tx, event).await?;
    }
    Ok(tx.commit().await?)
}
