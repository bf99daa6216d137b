//! Announcing a photo, taking it back, reading it.

use samspil_kit::{Ctx, Error, common::Common, once};
use samspil_proto::{
    names::{PhotoName, VisitName, WoundName},
    time,
    wound::v1 as pb,
};
use samspil_store::Tx;
use uuid::Uuid;

use super::{Photo, TABLES, sql};
use crate::{
    Reason, access,
    visit::{self, Visit},
};

/// Announces a photo of an open visit. `path` is the field that violations name.
pub(crate) async fn insert(
    ctx: &Ctx,
    tx: &mut Tx,
    visit: &Visit,
    asked: &pb::Photo,
    path: &str,
) -> Result<Photo, Error> {
    let capture_time = asked.capture_time.as_ref().and_then(time::from_wire);
    let (kind, digest) = if asked.sha256.is_empty() { ("blake3", &asked.blake3) } else { ("sha256", &asked.sha256) };
    let photo = Photo {
        photo_id: Uuid::try_parse(&asked.photo_id).map_err(Error::internal)?,
        visit_id: visit.visit_id,
        wound_id: visit.wound_id,
        patient_id: visit.patient_id,
        state: pb::PhotoState::Announced as i32,
        announced_by: ctx.caller.person.clone(),
        size_bytes: asked.size_bytes,
        digest_kind: kind.to_owned(),
        digest: digest.clone(),
        capture_time: capture_time.ok_or_else(|| {
            Error::invalid(format!("{path}.capture_time"), "timestamp", "must be a time of the years 1 to 9999")
        })?,
        generation: 0,
        receive_time: None,
        store_time: None,
        content_type: String::new(),
        width_px: 0,
        height_px: 0,
        camera: String::new(),
        camera_time: String::new(),
        location_removed: false,
        stored_size_bytes: 0,
        stored_blake3: String::new(),
        steps_due: None,
        quality: None,
        refusal_reason: String::new(),
        refusal_message: String::new(),
        traceparent: String::new(),
        create_time: ctx.now(),
        marker: None,
        analysis_version: String::new(),
    };
    if let Some(same) = sql::same(tx, visit.wound_id, kind, digest).await? {
        return Err(Error::from(Reason::PhotoAlreadyAnnounced).with("photo", same.name()).with("field", path));
    }
    if !sql::insert(tx, &photo).await? {
        return Err(Error::from(Reason::PhotoIdTaken).with("field", path));
    }
    Ok(photo)
}

pub(crate) async fn announce(ctx: &Ctx, request: pb::AnnouncePhotoRequest) -> Result<pb::Photo, Error> {
    let parent: VisitName = request.parent.parse()?;
    access::patient(ctx, parent.patient).await?;
    let mut tx = once!(ctx, request);
    let wound =
        access::wound_to_change(ctx, &mut tx, WoundName { patient: parent.patient, wound: parent.wound }).await?;
    let visit = visit::sql::get(&mut tx, parent).await?.ok_or(Common::ResourceNotFound)?;
    visit.open()?;
    let asked = request.photo.unwrap_or_default();
    let photo = insert(ctx, &mut tx, &visit, &asked, "photo").await?;
    let name = photo.name().to_string();
    tx.event(&name, &wound.organisations(), &pb::PhotoAnnounced {}).await?;
    tx.commit(Some(photo.patient_id), &name, photo.to_wire()?).await
}

pub(crate) async fn withdraw(ctx: &Ctx, request: pb::WithdrawPhotoRequest) -> Result<pb::Photo, Error> {
    let name: PhotoName = request.name.parse()?;
    access::patient(ctx, name.patient).await?;
    let mut tx = once!(ctx, request);
    let wound = access::wound_to_change(ctx, &mut tx, WoundName { patient: name.patient, wound: name.wound }).await?;
    sql::get(&mut tx, name).await?.ok_or(Common::ResourceNotFound)?;
    let mut photo = sql::hold(&mut tx, name.photo).await?.ok_or(Common::ResourceNotFound)?;
    match photo.state() {
        pb::PhotoState::Stored => return Err(Reason::PhotoStored.into()),
        pb::PhotoState::Withdrawn => return Err(Reason::PhotoWithdrawn.into()),
        _ => {}
    }
    photo.state = pb::PhotoState::Withdrawn as i32;
    // A stream that is still sending finds itself overtaken.
    photo.generation += 1;
    // What was refused keeps its reason; the nurse's own words stand behind it.
    photo.refusal_message = match photo.refusal_message.as_str() {
        "" => request.reason.clone(),
        refused => format!("{refused}; withdrawn: {}", request.reason),
    };
    sql::update(&mut tx, &photo).await?;
    TABLES.drop_parts(&mut tx, photo.photo_id).await?;
    tx.event(&request.name, &wound.organisations(), &pb::PhotoWithdrawn {}).await?;
    tx.commit(Some(name.patient), &request.name, photo.to_wire()?).await
}

/// The photo, for somebody who takes part in its wound.
pub(crate) async fn find(ctx: &Ctx, tx: &mut Tx, name: PhotoName) -> Result<Photo, Error> {
    access::wound(ctx, tx, WoundName { patient: name.patient, wound: name.wound }).await?;
    Ok(sql::get(tx, name).await?.ok_or(Common::ResourceNotFound)?)
}

pub(crate) async fn get(ctx: &Ctx, request: pb::GetPhotoRequest) -> Result<pb::Photo, Error> {
    let name: PhotoName = request.name.parse()?;
    access::patient(ctx, name.patient).await?;
    let photo = find(ctx, &mut ctx.read().await?, name).await?;
    ctx.audit_read([(name.patient, request.name.as_str())]).await?;
    Ok(photo.to_wire()?)
}

pub(crate) async fn get_upload(ctx: &Ctx, request: pb::GetUploadRequest) -> Result<pb::Upload, Error> {
    let name: PhotoName = request.name.parse()?;
    access::patient(ctx, name.patient).await?;
    let mut tx = ctx.read().await?;
    let photo = find(ctx, &mut tx, name).await?;
    photo.may_upload(&ctx.caller.person)?;
    let committed_bytes = match photo.state() {
        pb::PhotoState::Stored => photo.size_bytes,
        _ => TABLES.committed(&mut tx, photo.photo_id).await?,
    };
    drop(tx);
    ctx.audit_read([(name.patient, request.name.as_str())]).await?;
    Ok(pb::Upload { name: request.name, state: photo.state, committed_bytes, size_bytes: photo.size_bytes })
}

impl Photo {
    pub(crate) fn state(&self) -> pb::PhotoState {
        pb::PhotoState::try_from(self.state).unwrap_or(pb::PhotoState::Unspecified)
    }

    /// Passes for the person who announced it.
    pub(crate) fn may_upload(&self, person: &str) -> Result<(), samspil_upload::Reason> {
        if self.announced_by == person { Ok(()) } else { Err(samspil_upload::Reason::NotYours) }
    }
}
