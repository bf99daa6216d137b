//! Registering and finding citizens.

use samspil_kit::{
    Ctx, Error,
    access::{Basis, Decision},
    once, telemetry,
};
use samspil_proto::{
    directory::v1::{
        self as pb, AddPersonNumberRequest, BatchGetCitizensRequest, BatchGetCitizensResponse, CitizenRegistered,
        FindCitizenRequest, GetCitizenRequest, Presence, RegisterCitizenRequest,
    },
    names::PatientName,
};
use samspil_store::Tx;

use super::{Citizen, NumberTold, rpc, sql};
use crate::{check, error::Reason, person_number::PersonNumber, relation, rpc::named};

/// Registers a citizen, or gives the one who has the number already.
pub(crate) async fn register(ctx: &Ctx, request: RegisterCitizenRequest) -> Result<pb::Citizen, Error> {
    let number = rpc::number(&request.person_number)?;
    let registered = find_by(ctx, &mut ctx.read().await?, &number).await?;
    may_register(ctx, registered.as_ref(), &request.municipality_code).await?;

    let mut tx = once!(ctx, request);
    let patient = ctx.id();
    // The number is what two who register at once meet at: the second waits here, and then gets the first one's citizen.
    if !sql::give_number(&mut tx, ctx.keys(), &number, patient).await? {
        let citizen = find_by(ctx, &mut tx, &number).await?.ok_or(Reason::CitizenNotFound)?;
        if !relation::act::lies_there(ctx, &mut tx, &citizen.municipality_code).await? {
            // On SQLite there is one writer: the entry has to wait for this transaction.
            drop(tx);
            return Err(ctx.refuse(citizen.patient).await?);
        }
        let (patient, answer) = (citizen.patient, pb::Citizen::from(citizen));
        let name = answer.name.clone();
        return tx.commit(Some(patient), &name, answer).await;
    }
    let citizen = Citizen {
        patient,
        display_name: request.display_name,
        municipality_code: request.municipality_code,
        numbers: vec![NumberTold { kind: number.kind(), birth_date: number.birth_date() }],
        create_time: ctx.now(),
        presence: Presence::Unspecified,
        presence_time: None,
    };
    sql::insert(&mut tx, &citizen).await?;
    // That she lives there is what `may_register` asked for.
    ctx.stands_on(patient, &Decision::on(Basis::Municipality));
    let event = CitizenRegistered { municipality_code: citizen.municipality_code.clone() };
    let answer = pb::Citizen::from(citizen);
    tx.event(&answer.name, std::slice::from_ref(&ctx.caller.organisation), &event).await?;
    let name = answer.name.clone();
    tx.commit(Some(patient), &name, answer).await
}

/// Passes when the caller's organisation lies where the citizen lives; for a new citizen, where the request says so.
async fn may_register(ctx: &Ctx, registered: Option<&Citizen>, municipality_code: &str) -> Result<(), Error> {
    if let Some(citizen) = registered {
        relation::act::may_record(ctx, citizen.patient).await?;
        // Who registers a citizen again is shown her.
        return check::act::open_for_weak_evidence(ctx, citizen.patient).await;
    }
    if relation::act::lies_there(ctx, &mut ctx.read().await?, municipality_code).await? {
        return Ok(());
    }
    Err(relation::act::refuse_without_patient(ctx).await?)
}

/// Finds a citizen by number. Who has nothing to do with the citizen learns no more than that there is none to be found.
pub(crate) async fn find(ctx: &Ctx, request: FindCitizenRequest) -> Result<pb::Citizen, Error> {
    let number = rpc::number(&request.person_number)?;
    let citizen = find_by(ctx, &mut ctx.read().await?, &number).await?.ok_or(Reason::CitizenNotFound)?;
    if !relation::act::sees(ctx, citizen.patient).await? {
        // The audit log has it as the refusal that it is. The answer does not tell, and neither does the span, which others
        // can ask for by the patient's name.
        let _no_relation: Error = ctx.refuse(citizen.patient).await?;
        return Err(Reason::CitizenNotFound.into());
    }
    seen(ctx, citizen).await
}

/// Gives a citizen by name.
pub(crate) async fn get(ctx: &Ctx, request: GetCitizenRequest) -> Result<pb::Citizen, Error> {
    let PatientName { patient } = named("name", &request.name)?;
    relation::act::concerns(ctx, patient).await?;
    let citizen = sql::get(&mut ctx.read().await?, ctx.keys(), patient).await?;
    seen(ctx, citizen.ok_or(Reason::CitizenNotFound)?).await
}

/// Gives the citizens of a list whom the caller may see. The audit log has the others as the refusals that they are.
pub(crate) async fn batch_get(ctx: &Ctx, request: BatchGetCitizensRequest) -> Result<BatchGetCitizensResponse, Error> {
    let mut found = Vec::new();
    for name in &request.names {
        let PatientName { patient } = named("names", name)?;
        if !relation::act::sees(ctx, patient).await? {
            let _no_relation: Error = ctx.refuse(patient).await?;
        } else if let Some(citizen) = sql::get(&mut ctx.read().await?, ctx.keys(), patient).await? {
            found.push((patient, pb::Citizen::from(citizen)));
        }
    }
    for (_, citizen) in &found {
        telemetry::touches(&citizen.name);
    }
    ctx.audit_read(found.iter().map(|(patient, citizen)| (*patient, citizen.name.as_str()))).await?;
    Ok(BatchGetCitizensResponse { citizens: found.into_iter().map(|(_, citizen)| citizen).collect() })
}

/// Gives a citizen one more number.
pub(crate) async fn add_number(ctx: &Ctx, request: AddPersonNumberRequest) -> Result<pb::Citizen, Error> {
    let PatientName { patient } = named("name", &request.name)?;
    let number = rpc::number(&request.person_number)?;
    relation::act::concerns(ctx, patient).await?;
    let mut tx = once!(ctx, request);
    sql::get(&mut tx, ctx.keys(), patient).await?.ok_or(Reason::CitizenNotFound)?;
    // One who has the number already may ask for it again.
    if !sql::give_number(&mut tx, ctx.keys(), &number, patient).await?
        && sql::who_has(&mut tx, ctx.keys(), &number).await? != Some(patient)
    {
        return Err(Reason::PersonNumberTaken.into());
    }
    let citizen = sql::get(&mut tx, ctx.keys(), patient).await?.ok_or(Reason::CitizenNotFound)?;
    tx.commit(Some(patient), &request.name, citizen.into()).await
}

/// The citizen who has a number.
pub(crate) async fn find_by(ctx: &Ctx, tx: &mut Tx, number: &PersonNumber) -> Result<Option<Citizen>, Error> {
    match sql::who_has(tx, ctx.keys(), number).await? {
        Some(patient) => Ok(sql::get(tx, ctx.keys(), patient).await?),
        None => Ok(None),
    }
}

/// The answer to who reads about a citizen, once it is in the audit log.
async fn seen(ctx: &Ctx, citizen: Citizen) -> Result<pb::Citizen, Error> {
    let patient = citizen.patient;
    let answer = pb::Citizen::from(citizen);
    telemetry::touches(&answer.name);
    ctx.audit_read([(patient, answer.name.as_str())]).await?;
    Ok(answer)
}
