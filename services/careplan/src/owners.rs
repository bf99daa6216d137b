//! Who may own something in a plan: an organisation that the patient's consent covers. Who cannot see a plan can do nothing in
//! it.

use samspil_kit::{Base, Ctx, Error};
use samspil_proto::{
    directory::v1::{GetOrganisationRequest, Organisation},
    names::OrganisationName,
};
use tonic::Code;
use uuid::Uuid;

use crate::{Reason, activity::Owner};

/// The organisation as an owner in a patient's plan. Asks other services, so it comes before the transaction.
pub(crate) async fn of(ctx: &Ctx, patient: Uuid, name: &OrganisationName) -> Result<Owner, Error> {
    takes_part(ctx, patient, name).await?;
    let found = organisation(ctx.base(), &name.sor).await?.ok_or_else(|| outside(name))?;
    Ok(Owner { sor: name.sor.clone(), kind: found.kind() })
}

/// Passes when a consent covers an organisation. Asks another service too.
pub(crate) async fn takes_part(ctx: &Ctx, patient: Uuid, name: &OrganisationName) -> Result<(), Error> {
    // The own organisation is covered: it passed `cares_for`.
    if name.sor == ctx.caller.organisation {
        return Ok(());
    }
    if ctx.covers(patient, &name.sor).await? { Ok(()) } else { Err(outside(name)) }
}

/// What directory knows of an organisation, if it knows it.
pub(crate) async fn organisation(base: &Base, sor: &str) -> Result<Option<Organisation>, Error> {
    let request = GetOrganisationRequest { name: format!("organisations/{sor}") };
    match base.peers.directory().get_organisation(request).await {
        Ok(found) => Ok(Some(found.into_inner())),
        Err(status) if status.code() == Code::NotFound => Ok(None),
        Err(status) => Err(Error::Peer(Box::new(status))),
    }
}

fn outside(name: &OrganisationName) -> Error {
    Error::from(Reason::OwnerOutsidePlan).with("organisation", name)
}

/// An organisation that an event names, as an owner. What it owns then is for the consent to say, as everywhere.
pub(crate) async fn named(base: &Base, name: &str) -> Result<Owner, Error> {
    let name: OrganisationName = name.parse()?;
    let found = organisation(base, &name.sor).await?;
    Ok(Owner { kind: found.map(|found| found.kind()).unwrap_or_default(), sor: name.sor })
}
