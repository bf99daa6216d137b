//! What can be done with a visit.

use prost::Message as _;
use samspil_kit::{
    Ctx, Error,
    common::Common,
    once,
    paging::{Page, Position},
};
use samspil_proto::{
    names::{VisitName, WoundName},
    time,
    wound::v1 as pb,
};
use samspil_store::Tx;
use uuid::Uuid;

use super::{Visit, missing, sql, warned};
use crate::{Reason, Wounds, access, photo, safety, score, wound};

pub(crate) async fn create(ctx: &Ctx, request: pb::CreateVisitRequest) -> Result<pb::Visit, Error> {
    let parent: WoundName = request.parent.parse()?;
    access::patient(ctx, parent.patient).await?;
    let mut tx = once!(ctx, request);
    let asked = request.visit.unwrap_or_default();
    let findings = asked.findings.unwrap_or_default();
    check_findings(&findings)?;
    let wound = access::wound_to_change(ctx, &mut tx, parent).await?;
    wound.open()?;
    let visit_time = asked.visit_time.as_ref().and_then(time::from_wire);
    let visit = Visit {
        visit_id: Uuid::try_parse(&request.visit_id).map_err(Error::internal)?,
        wound_id: wound.wound_id,
        patient_id: wound.patient_id,
        state: pb::VisitState::Open as i32,
        visit_time: visit_time
            .ok_or_else(|| Error::invalid("visit.visit_time", "timestamp", "must be a time of the years 1 to 9999"))?,
        findings: findings.encode_to_vec(),
        recorded_by: ctx.actor().encode_to_vec(),
        create_time: ctx.now(),
        complete_time: None,
        version: 1,
        overridden: None,
    };
    if !sql::insert(&mut tx, &visit).await? {
        return Err(Reason::VisitExists.into());
    }
    for (i, asked) in asked.photos.iter().enumerate() {
        photo::act::insert(ctx, &mut tx, &visit, asked, &format!("visit.photos[{i}]")).await?;
    }
    let photos = photo::sql::of_visit(&mut tx, visit.visit_id).await?;
    let name = visit.name().to_string();
    tx.event(&name, &wound.organisations(), &pb::VisitRecorded { photos: photos.len() as i32 }).await?;
    tx.commit(Some(visit.patient_id), &name, visit.to_wire(&photos)?).await
}

/// What one field's rule cannot say.
fn check_findings(findings: &pb::Findings) -> Result<(), Error> {
    let total: i32 = findings.tissue.iter().map(|share| share.percent).sum();
    if total > 100 {
        return Err(Error::invalid("visit.findings.tissue", "sum", "the shares must add up to 100 at most"));
    }
    let mut kinds: Vec<_> = findings.tissue.iter().map(|share| share.r#type).collect();
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.len() < findings.tissue.len() {
        return Err(Error::invalid("visit.findings.tissue", "unique", "must not have the same tissue twice"));
    }
    Ok(())
}

/// The visit, for somebody who takes part in its wound.
pub(crate) async fn find(ctx: &Ctx, tx: &mut Tx, name: VisitName) -> Result<Visit, Error> {
    access::wound(ctx, tx, WoundName { patient: name.patient, wound: name.wound }).await?;
    Ok(sql::get(tx, name).await?.ok_or(Common::ResourceNotFound)?)
}

pub(crate) async fn get(ctx: &Ctx, request: pb::GetVisitRequest) -> Result<pb::Visit, Error> {
    let name: VisitName = request.name.parse()?;
    access::patient(ctx, name.patient).await?;
    let mut tx = ctx.read().await?;
    let visit = find(ctx, &mut tx, name).await?;
    let photos = photo::sql::of_visit(&mut tx, visit.visit_id).await?;
    drop(tx);
    ctx.audit_read([(name.patient, request.name.as_str())]).await?;
    Ok(visit.to_wire(&photos)?)
}

pub(crate) async fn list(ctx: &Ctx, request: pb::ListVisitsRequest) -> Result<pb::ListVisitsResponse, Error> {
    let parent: WoundName = request.parent.parse()?;
    access::patient(ctx, parent.patient).await?;
    let list = [ctx.method, &request.parent, &ctx.caller.organisation];
    let page = Page::of(request.page_size, &request.page_token, &list)?;
    let mut tx = ctx.read().await?;
    access::wound(ctx, &mut tx, parent).await?;
    let mut rows = sql::list(&mut tx, parent.wound, &page).await?;
    let next_page_token = page.cut(&mut rows, |visit| Position { time: visit.create_time, id: visit.visit_id });
    let photos = photo::sql::of_wound(&mut tx, parent.wound).await?;
    drop(tx);
    let of =
        |visit: &Visit| photos.iter().filter(|photo| photo.visit_id == visit.visit_id).cloned().collect::<Vec<_>>();
    let visits = rows.iter().map(|visit| visit.to_wire(&of(visit))).collect::<Result<_, _>>()?;
    ctx.audit_read([(parent.patient, request.parent.as_str())]).await?;
    Ok(pb::ListVisitsResponse { visits, next_page_token })
}

pub(crate) async fn complete(
    service: &Wounds,
    ctx: &Ctx,
    request: pb::CompleteVisitRequest,
) -> Result<pb::Visit, Error> {
    let name: VisitName = request.name.parse()?;
    access::patient(ctx, name.patient).await?;
    let mut tx = once!(ctx, request);
    let mut wound =
        access::wound_to_change(ctx, &mut tx, WoundName { patient: name.patient, wound: name.wound }).await?;
    let mut visit = sql::get(&mut tx, name).await?.ok_or(Common::ResourceNotFound)?;
    access::matches(&request.etag, visit.version)?;
    visit.open()?;
    let photos = photo::sql::of_visit(&mut tx, visit.visit_id).await?;
    let missing = missing(&photos);
    if !missing.is_empty() {
        return Err(Error::from(Reason::PhotosMissing).with("photos", missing.join(" ")));
    }
    visit.state = pb::VisitState::Complete as i32;
    visit.complete_time = Some(ctx.now());
    // A warning never forbids; that somebody went on in spite of one is recorded.
    let warned = warned(&photos)?;
    if !warned.is_empty() {
        let overridden = pb::WarningsOverridden { by: Some(ctx.actor()), photos: warned.clone() };
        visit.overridden = Some(overridden.encode_to_vec());
    }
    sql::update(&mut tx, &mut visit).await?;
    // A fortnight from the photos; the specialist's answer may set another day.
    if wound.open().is_ok() {
        wound::clock::start(ctx, &mut tx, &mut wound, service.settings.photo_days).await?;
        wound::sql::update(&mut tx, &mut wound, ctx.now()).await?;
    }
    let stored = photos.iter().filter(|photo| photo.is(pb::PhotoState::Stored)).count();
    tx.event(&request.name, &wound.organisations(), &pb::VisitCompleted { photos: stored as i32, overridden: warned })
        .await?;
    score::act::push_of_visit(ctx, &mut tx, &wound, &visit).await?;
    if wound.open().is_ok() {
        safety::look(ctx, &mut tx, &wound).await?;
    }
    tx.commit(Some(name.patient), &request.name, visit.to_wire(&photos)?).await
}
