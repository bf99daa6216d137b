//! Who the caller is here.

use samspil_kit::{Ctx, Error};
use samspil_proto::{
    names::PatientName,
    review::v1::{Caller, GetCallerRequest},
};

/// Tells what became of the caller's token.
pub(crate) async fn get(ctx: &Ctx, _request: GetCallerRequest) -> Result<Caller, Error> {
    let actor = ctx.actor();
    Ok(Caller {
        person: actor.person,
        display_name: actor.display_name,
        organisation: actor.organisation,
        role: ctx.caller.role.clone(),
        patient: ctx.caller.patient.map(|patient| PatientName { patient }.to_string()).unwrap_or_default(),
    })
}
