//! Asking for a relation, and refusing without one.

use samspil_kit::{Ctx, Error, common::Common, telemetry};
use samspil_proto::{
    directory::v1::{CheckRelationRequest, CheckRelationResponse},
    names::{ConsentName, OrganisationName, PatientName},
};
use samspil_store::{Tx, audit};
use uuid::Uuid;

use super::{Facts, Relation, lies_in, sql};
use crate::rpc::named;

/// The caller's relation to a citizen, if there is one.
pub(crate) async fn relation(ctx: &Ctx, tx: &mut Tx, patient: Uuid) -> Result<Option<Relation>, Error> {
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
    telemetry::touches(&PatientName { patient }.to_string());
    let relation = relation(ctx, &mut ctx.read().await?, patient).await?;
    if relation.is_some() { Ok(()) } else { Err(ctx.refuse(patient).await?) }
}

/// Passes when the caller's organisation lies in the citizen's municipality: a consent covers reading, but who may read is the
/// municipality's to record.
pub(crate) async fn is_of_the_municipality(ctx: &Ctx, patient: Uuid) -> Result<(), Error> {
    telemetry::touches(&PatientName { patient }.to_string());
    let relation = relation(ctx, &mut ctx.read().await?, patient).await?;
    if relation == Some(Relation::Municipality) { Ok(()) } else { Err(ctx.refuse(patient).await?) }
}

/// Whether the caller's organisation lies in a municipality.
pub(crate) async fn lies_there(ctx: &Ctx, tx: &mut Tx, municipality_code: &str) -> Result<bool, Error> {
    Ok(lies_in(&sql::municipality_of(tx, &ctx.caller.organisation).await?, municipality_code))
}

/// The refusal of somebody who wanted to register a citizen of another municipality, once it is in the audit log. There is no
/// patient that the entry could be of, so it is not [`Ctx::refuse`].
pub(crate) async fn refuse_without_patient(ctx: &Ctx) -> Result<Error, Error> {
    let refusal = Error::from(Common::NoRelation);
    let entry = audit::Entry { outcome: refusal.reason().to_owned(), ..ctx.audit_entry(None, "") };
    let mut tx = ctx.db().begin().await?;
    audit::put(&mut tx, &entry).await?;
    tx.commit().await?;
    Ok(refusal)
}

/// Tells whether a consent stands that covers an organisation.
pub(crate) async fn check(ctx: &Ctx, request: CheckRelationRequest) -> Result<CheckRelationResponse, Error> {
    let patient: PatientName = named("patient", &request.patient)?;
    let organisation: OrganisationName = named("organisation", &request.organisation)?;
    telemetry::touches(&request.patient);
    let own = organisation.sor == ctx.caller.organisation;
    // A service asks of the organisation that a person wants to send something to.
    if !own && !ctx.caller.is_service() && ctx.caller.via.is_empty() {
        return Err(ctx.refuse(patient.patient).await?);
    }
    let consents = sql::consents_that_cover(&mut ctx.read().await?, patient.patient, &organisation.sor).await?;
    ctx.audit_read([(patient.patient, request.patient.as_str())]).await?;
    let name = |(consent,)| ConsentName { patient: patient.patient, consent }.to_string();
    let consents: Vec<_> = consents.into_iter().map(name).collect();
    Ok(CheckRelationResponse { stands: !consents.is_empty(), consents })
}
