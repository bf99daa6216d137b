//! Writing a referral, correcting it, putting another in its place.

use samspil_kit::{Ctx, Error, once};
use samspil_proto::{
    names::{NotAName, PatientName, ReferralName},
    referral::v1::{self as pb, AmendReferralRequest, CreateReferralRequest, ReplaceReferralRequest},
};
use uuid::Uuid;

use super::{
    super::{
        Referral,
        asked::{fault, faults},
        outside,
        read::enter,
        sql,
    },
    answer, by, finish, hold, unless_answered,
};

/// Writes a referral that is not yet sent.
pub(in crate::referral) async fn create(ctx: &Ctx, request: CreateReferralRequest) -> Result<pb::Referral, Error> {
    let parent: Result<PatientName, NotAName> = request.parent.parse();
    let PatientName { patient } = parent.map_err(|error| Error::invalid("parent", "name", error.to_string()))?;
    ctx.cares_for(patient).await?;
    unless_answered!(ctx, request);
    let asked = request.referral.clone().unwrap_or_default();
    check(ctx, patient, &asked).await?;
    let mut tx = once!(ctx, request);
    let referral = Referral::write(ReferralName { patient, referral: ctx.id() }, asked, &by(ctx));
    sql::insert(&mut tx, &referral).await?;
    answer(ctx, tx, referral).await
}

/// Corrects what is asked for.
pub(in crate::referral) async fn amend(ctx: &Ctx, request: AmendReferralRequest) -> Result<pb::Referral, Error> {
    let name = enter(ctx, &request.name).await?;
    unless_answered!(ctx, request);
    let (asked, mask) = (request.referral.clone().unwrap_or_default(), request.update_mask.clone().unwrap_or_default());
    let corrects = |field: &str| mask.paths.iter().any(|path| path == field);
    for (field, organisation) in [("receiver", &asked.receiver), ("approver", &asked.approver)] {
        if corrects(field) && !organisation.is_empty() && outside::gln(ctx, organisation).await?.is_none() {
            return Err(Error::Invalid(vec![unknown(field)]));
        }
    }
    if corrects("wound") && !asked.wound.is_empty() {
        outside::takes_part(ctx, &asked.wound).await?;
    }
    let mut tx = once!(ctx, request);
    let mut referral = hold(ctx, &mut tx, name, &request.etag).await?;
    match referral.amend(&asked, &mask, request.reason, &by(ctx), ctx.deadlines())? {
        Some(event) => finish(ctx, tx, referral, &event).await,
        None => answer(ctx, tx, referral).await,
    }
}

/// Revokes a referral and writes another in its place. Gives the new one.
pub(in crate::referral) async fn replace(ctx: &Ctx, request: ReplaceReferralRequest) -> Result<pb::Referral, Error> {
    let name = enter(ctx, &request.name).await?;
    unless_answered!(ctx, request);
    let asked = request.referral.clone().unwrap_or_default();
    check(ctx, name.patient, &asked).await?;
    let mut tx = once!(ctx, request);
    let mut old = hold(ctx, &mut tx, name, &request.etag).await?;
    let mut new = Referral::write(ReferralName { patient: name.patient, referral: ctx.id() }, asked, &by(ctx));
    let event = old.replace(&mut new, request.reason, &by(ctx))?;
    sql::update(&mut tx, &mut old).await?;
    sql::insert(&mut tx, &new).await?;
    tx.event(&name.to_string(), &old.seen_by(), &event).await?;
    answer(ctx, tx, new).await
}

/// Passes for a referral with nothing wrong with it, as far as it and other services tell.
async fn check(ctx: &Ctx, patient: Uuid, asked: &pb::Referral) -> Result<(), Error> {
    let mut found = faults(patient, &ctx.caller.organisation_name(), asked);
    for (field, organisation) in [("receiver", &asked.receiver), ("approver", &asked.approver)] {
        if !organisation.is_empty() && outside::gln(ctx, organisation).await?.is_none() {
            found.push(unknown(field));
        }
    }
    if !found.is_empty() {
        return Err(Error::Invalid(found));
    }
    if asked.wound.is_empty() { Ok(()) } else { outside::takes_part(ctx, &asked.wound).await }
}

fn unknown(field: &str) -> samspil_kit::validate::Violation {
    fault(field, "must be an organisation that is known here")
}
