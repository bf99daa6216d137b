//! Opening, listing and settling checks.

use std::collections::BTreeSet;

use samspil_kit::{
    Ctx, Error,
    access::{Basis, Decision},
    common::Common,
    once,
    paging::{Page, Position},
    telemetry,
};
use samspil_proto::{
    directory::v1::{
        self as pb, AccessCheckCause, AccessCheckOutcome, AccessCheckState, ListAccessChecksRequest,
        ListAccessChecksResponse, SettleAccessCheckRequest,
    },
    names::{AccessCheckName, PatientName},
};
use uuid::Uuid;

use super::{Check, Settled, sql};
use crate::rpc::named;

/// Opens a check on an access that stands on the own municipality alone, unless one is open or a consent covers it after all.
pub(crate) async fn open_for_weak_evidence(ctx: &Ctx, patient: Uuid) -> Result<(), Error> {
    let caller = &ctx.caller;
    // Without this look every such read would open a writing transaction.
    if !sql::evidence_is_weak(&mut ctx.read().await?, patient, &caller.organisation, &caller.person).await? {
        return Ok(());
    }
    let mut tx = ctx.db().begin().await?;
    sql::insert(&mut tx, &Check::of(ctx, ctx.id(), patient, AccessCheckCause::WeakEvidence)).await?;
    Ok(tx.commit().await?)
}

/// Lists the checks about people of the caller's organisation.
pub(crate) async fn list(ctx: &Ctx, request: ListAccessChecksRequest) -> Result<ListAccessChecksResponse, Error> {
    let patient = match request.parent.as_str() {
        "patients/-" => None,
        name => Some(named::<PatientName>("parent", name)?.patient),
    };
    let organisation = &ctx.caller.organisation;
    let settled = request.state() == AccessCheckState::Settled;
    let (state, overdue) = (request.state().as_str_name(), request.overdue.to_string());
    let page = Page::of(
        request.page_size,
        &request.page_token,
        &[ctx.method, &request.parent, state, &overdue, organisation],
    )?;
    let wanted = sql::Wanted { organisation, patient, settled, overdue_at: request.overdue.then(|| ctx.now()) };
    let mut checks = sql::list(&mut ctx.read().await?, &wanted, page.after, page.limit()).await?;
    let next_page_token = page.cut(&mut checks, |last| Position { time: last.due_time, id: last.id });
    let touched: BTreeSet<Uuid> = checks.iter().map(|check| check.patient).chain(patient).collect();
    for patient in &touched {
        ctx.stands_on(*patient, &Decision::on(Basis::Review));
    }
    let touched: Vec<_> = touched.into_iter().map(|patient| (patient, PatientName { patient }.to_string())).collect();
    ctx.audit_read(touched.iter().map(|(patient, name)| (*patient, name.as_str()))).await?;
    Ok(ListAccessChecksResponse { access_checks: checks.into_iter().map(Into::into).collect(), next_page_token })
}

/// Settles a check. One of another organisation looks as one that does not exist.
pub(crate) async fn settle(ctx: &Ctx, request: SettleAccessCheckRequest) -> Result<pb::AccessCheck, Error> {
    let AccessCheckName { patient, check } = named("name", &request.name)?;
    ctx.is_about(patient);
    telemetry::touches(&request.name);
    let outcome = request.outcome();
    if outcome == AccessCheckOutcome::ConsentRecorded {
        return Err(Error::invalid("outcome", "outcome.given", "must be JUSTIFIED or NOT_JUSTIFIED"));
    }
    let mut tx = once!(ctx, request);
    let check = sql::get_to_change(&mut tx, patient, check).await?;
    let mut check =
        check.filter(|check| check.organisation == ctx.caller.organisation).ok_or(Common::ResourceNotFound)?;
    if !request.etag.is_empty() && request.etag != check.etag() {
        return Err(Common::EtagMismatch.into());
    }
    check.settle(Settled { outcome, note: request.note, by: Some(ctx.actor()), at: ctx.now() })?;
    if !sql::settle(&mut tx, &check).await? {
        return Err(Common::EtagMismatch.into());
    }
    check.version += 1;
    ctx.stands_on(patient, &Decision::on(Basis::Review));
    tx.commit(Some(patient), &request.name, check.into()).await
}
