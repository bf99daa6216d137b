//! Breaking the glass, and giving the access back.

use samspil_kit::{
    Ctx, Error,
    access::{Basis, Decision},
    common::Common,
    once, telemetry,
};
use samspil_proto::{
    directory::v1::{
        self as pb, AccessCheckCause, BreakGlassRequest, EmergencyAccessEnded, EndBreakGlassRequest, GlassBroken,
    },
    names::{EmergencyAccessName, PatientName},
};
use uuid::Uuid;

use super::{EmergencyAccess, duration, sql};
use crate::{check, citizen, error::Reason, relation, rpc::named};

/// Lets the caller see a citizen, without a consent and past a block. It opens the check in which somebody asks why.
pub(crate) async fn break_glass(ctx: &Ctx, request: BreakGlassRequest) -> Result<pb::EmergencyAccess, Error> {
    let patient = whom(ctx, &request).await?;
    let parent = PatientName { patient }.to_string();
    telemetry::touches(&parent);
    let mut tx = once!(ctx, request);
    if !citizen::sql::exists(&mut tx, patient).await? {
        // On SQLite there is one writer: the entry has to wait for this transaction.
        drop(tx);
        let _no_relation: Error = ctx.refuse(patient).await?;
        return Err(Reason::CitizenNotFound.into());
    }
    let now = ctx.now();
    let access = EmergencyAccess {
        id: ctx.id(),
        patient,
        holder: ctx.actor(),
        reason: request.reason,
        begin_time: now,
        end_time: now + duration(request.duration_minutes),
        give_back_time: None,
        check: ctx.id(),
    };
    let mut check = check::Check::of(ctx, access.check, patient, AccessCheckCause::BreakGlass);
    check.emergency = Some(access.id);
    check.reason.clone_from(&access.reason);
    check::sql::insert(&mut tx, &check).await?;
    sql::insert(&mut tx, &access).await?;
    ctx.stands_on(patient, &Decision { reason: access.reason.clone(), ..Decision::on(Basis::BreakGlass) });
    let name = access.name();
    let answer = pb::EmergencyAccess::from(access);
    let event = GlassBroken {
        patient: parent,
        person: ctx.caller.person.clone(),
        organisation: ctx.caller.organisation_name(),
        begin_time: answer.begin_time,
        end_time: answer.end_time,
    };
    tx.event(&name, &[], &event).await?;
    tx.commit(Some(patient), &name, answer).await
}

/// Whom the emergency is about: a patient by name, or the citizen who has a number.
async fn whom(ctx: &Ctx, request: &BreakGlassRequest) -> Result<Uuid, Error> {
    match (request.parent.as_str(), request.person_number.as_str()) {
        ("patients/-", "") => Err(Error::invalid("person_number", "required", "must be set where no patient is named")),
        ("patients/-", number) => {
            let number = citizen::rpc::number(number)?;
            let found = citizen::act::find_by(ctx, &mut ctx.read().await?, &number).await?;
            let Some(citizen) = found else {
                let _no_relation: Error = relation::act::refuse_without_patient(ctx).await?;
                return Err(Reason::CitizenNotFound.into());
            };
            Ok(citizen.patient)
        }
        (name, "") => Ok(named::<PatientName>("parent", name)?.patient),
        _ => Err(Error::invalid("person_number", "emptiness", "must be empty where a patient is named")),
    }
}

/// Gives an access back. One of somebody else looks as one that does not exist.
pub(crate) async fn end(ctx: &Ctx, request: EndBreakGlassRequest) -> Result<pb::EmergencyAccess, Error> {
    let EmergencyAccessName { patient, access } = named("name", &request.name)?;
    telemetry::touches(&request.name);
    ctx.is_about(patient);
    let mut tx = once!(ctx, request);
    let access = sql::get_to_change(&mut tx, patient, access).await?;
    let mut access =
        access.filter(|access| access.holder.person == ctx.caller.person).ok_or(Common::ResourceNotFound)?;
    access.give_back(ctx.now())?;
    sql::give_back(&mut tx, &access).await?;
    ctx.stands_on(patient, &Decision { reason: access.reason.clone(), ..Decision::on(Basis::BreakGlass) });
    let event = EmergencyAccessEnded { patient: PatientName { patient }.to_string() };
    tx.event(&request.name, &[], &event).await?;
    tx.commit(Some(patient), &request.name, access.into()).await
}
