//! Asking for a relation, and refusing without one.

use samspil_kit::{Ctx, Error, telemetry};
use samspil_proto::{
    directory::v1::{CheckRelationRequest, CheckRelationResponse},
    names::{ConsentName, OrganisationName, PatientName},
};
use samspil_store::Tx;
use uuid::Uuid;

use super::{Facts, Relation, lies_in, sql};
use crate::{audit, rpc::named};

/// The caller's relation to a citizen, if there is one.
pub(crate) async fn relation(ctx: &Ctx, tx: &mut Tx, patient: Uuid) -> Result<Option<Relation>, Error> {
    telemetry::touches(&PatientName { patient }.to_string());
    let row = sql::facts(tx, patient, &ctx.caller.organisation).await?;
    let service = ctx.caller.is_service();
    let facts = row.map_or(Facts { service, ..Facts::default() }, |row| Facts {
        service,
        organisation_municipality: row.organisation,
        citizen_municipality: row.citizen,
        consented: row.consented,
    });
    Ok(facts.relation())
}

/// Passes when the caller has to do with the citizen. It is the same refusal whether or not there is such a citizen.
pub(crate) async fn concerns(ctx: &Ctx, patient: Uuid) -> Result<(), Error> {
    let relation = relation(ctx, &mut ctx.read().await?, patient).await?;
    if relation.is_some() { Ok(()) } else { Err(audit::refuse(ctx, Some(patient)).await?) }
}

/// Passes when the caller's organisation lies in the citizen's municipality: a consent covers reading, but who may read is the
/// municipality's to record.
pub(crate) async fn is_of_the_municipality(ctx: &Ctx, patient: Uuid) -> Result<(), Error> {
    let relation = relation(ctx, &mut ctx.read().await?, patient).await?;
    if relation == Some(Relation::Municipality) { Ok(()) } else { Err(audit::refuse(ctx, Some(patient)).await?) }
}

/// Whether the caller's organisation lies in a municipality.
pub(crate) async fn lies_there(ctx: &Ctx, tx: &mut Tx, municipality_code: &str) -> Result<bool, Error> {
    Ok(lies_in(&sql::municipality_of(tx, &ctx.caller.organisation).await?, municipality_code))
}

/// Tells whether a consent stands that covers an organisation.
pub(crate) async fn check(ctx: &Ctx, request: CheckRelationRequest) -> Result<CheckRelationResponse, Error> {
    let patient: PatientName = named("patient", &request.patient)?;
    let organisation: OrganisationName = named("organisation", &request.organisation)?;
    if !ctx.caller.is_service() && organisation.sor != ctx.caller.organisation {
        return Err(audit::refuse(ctx, Some(patient.patient)).await?);
    }
    telemetry::touches(&request.patient);
    let consents = sql::consents_that_cover(&mut ctx.read().await?, patient.patient, &organisation.sor).await?;
    audit::seen(ctx, patient.patient, &request.patient).await?;
    let name = |(consent,)| ConsentName { patient: patient.patient, consent }.to_string();
    let consents: Vec<_> = consents.into_iter().map(name).collect();
    Ok(CheckRelationResponse { stands: !consents.is_empty(), consents })
}
