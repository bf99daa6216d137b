//! Asking for a relation, and refusing without one.

use samspil_kit::{
    Ctx, Error,
    access::{self, Asker, Basis, Purpose, holds},
    common::Common,
    telemetry,
};
use samspil_proto::{
    directory::v1::{CheckRelationRequest, CheckRelationResponse},
    names::{ConsentName, OrganisationName, PatientName},
};
use samspil_store::{Tx, audit, relations::Relations};
use uuid::Uuid;

use super::{lies_in, sql};
use crate::{block, check, emergency, rpc::named};

/// What the caller's access to a citizen stands on, if it is let through. An access on weak evidence leaves a check behind.
async fn ground(ctx: &Ctx, patient: Uuid, purpose: Purpose) -> Result<Option<Basis>, Error> {
    telemetry::touches(&PatientName { patient }.to_string());
    let caller = &ctx.caller;
    let facts = sql::facts(&mut ctx.read().await?, patient, &caller.organisation, &caller.person).await?;
    let decision = access::decide(Asker::from(caller), &facts, purpose, ctx.now());
    ctx.stands_on(patient, &decision);
    let basis = decision.outcome.ok();
    if basis == Some(Basis::Municipality) && purpose != Purpose::Record {
        check::act::open_for_weak_evidence(ctx, patient).await?;
    }
    Ok(basis)
}

/// Whether the caller may see the citizen.
pub(crate) async fn sees(ctx: &Ctx, patient: Uuid) -> Result<bool, Error> {
    Ok(ground(ctx, patient, Purpose::Care).await?.is_some())
}

/// Passes when the caller has to do with the citizen. It is the same refusal whether or not there is such a citizen.
pub(crate) async fn concerns(ctx: &Ctx, patient: Uuid) -> Result<(), Error> {
    passes(ctx, patient, Purpose::Care).await
}

/// Passes for whoever records what the citizen wants: the citizen's own municipality, and the citizen. A consent covers reading, but
/// who may read is not for those to record who want to.
pub(crate) async fn may_record(ctx: &Ctx, patient: Uuid) -> Result<(), Error> {
    passes(ctx, patient, Purpose::Record).await
}

/// Passes for a hospital, which reports by law and without consent, and for whoever has to do with the citizen.
pub(crate) async fn may_report(ctx: &Ctx, patient: Uuid) -> Result<(), Error> {
    passes(ctx, patient, Purpose::Report).await
}

async fn passes(ctx: &Ctx, patient: Uuid, purpose: Purpose) -> Result<(), Error> {
    ctx.is_about(patient);
    match ground(ctx, patient, purpose).await? {
        Some(_) => Ok(()),
        None => Err(ctx.refuse(patient).await?),
    }
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

/// Tells what is known of a relation: to a service all that decides it, to a person whether the own organisation has a consent.
pub(crate) async fn check(ctx: &Ctx, request: CheckRelationRequest) -> Result<CheckRelationResponse, Error> {
    let PatientName { patient } = named("patient", &request.patient)?;
    let OrganisationName { sor } = named("organisation", &request.organisation)?;
    telemetry::touches(&request.patient);
    // A service asks by itself, or on behalf of a person whose call it passes on: it decides by the answer, and shows it to nobody.
    let service = ctx.caller.is_service() || !ctx.caller.via.is_empty();
    if !service && sor != ctx.caller.organisation {
        return Err(ctx.refuse(patient).await?);
    }
    let person = if service { &request.person } else { &ctx.caller.person };
    let facts = sql::facts(&mut ctx.read().await?, patient, &sor, person).await?;
    let Relations { consents, mut blocks, mut emergencies } = facts.relations;
    let now = ctx.now();
    blocks.retain(|block| holds(block, now));
    emergencies.retain(|emergency| now < emergency.end_time);
    ctx.audit_read([(patient, request.patient.as_str())]).await?;
    // A person who is kept out learns what one learns whom no consent covers.
    if !service && !blocks.is_empty() {
        return Ok(CheckRelationResponse::default());
    }
    let told = CheckRelationResponse {
        stands: !consents.is_empty(),
        consents: consents.into_iter().map(|consent| ConsentName { patient, consent }.to_string()).collect(),
        ..CheckRelationResponse::default()
    };
    if !service {
        return Ok(told);
    }
    Ok(CheckRelationResponse {
        blocks: blocks.into_iter().map(|block| block::rpc::told(patient, block)).collect(),
        emergency_accesses: emergencies.into_iter().map(|one| emergency::rpc::told(patient, one)).collect(),
        ..told
    })
}
