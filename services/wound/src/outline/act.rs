//! What is done with outlines: drawn, listed, withdrawn.

use prost::Message as _;
use samspil_kit::{
    Ctx, Error,
    common::Common,
    once,
    paging::{Page, Position},
};
use samspil_proto::{
    names::{OutlineName, PhotoName, WoundName},
    wound::v1 as pb,
};
use samspil_store::Tx;

use super::{Outline, measure, sql};
use crate::{Reason, access, photo};

/// What stands behind a wound's name for the outlines of all its photos.
const EVERY_PHOTO: &str = "/visits/-/photos/-";

pub(crate) async fn create(ctx: &Ctx, request: pb::CreateOutlineRequest) -> Result<pb::Outline, Error> {
    let parent: PhotoName = request.parent.parse()?;
    access::patient(ctx, parent.patient).await?;
    let mut tx = once!(ctx, request);
    let asked = request.outline.unwrap_or_default();
    let wound = access::wound(ctx, &mut tx, WoundName { patient: parent.patient, wound: parent.wound }).await?;
    let photo = photo::sql::get(&mut tx, parent).await?.ok_or(Common::ResourceNotFound)?;
    if !photo.is(pb::PhotoState::Stored) {
        return Err(Reason::PhotoNotStored.into());
    }
    let measures = measure(&asked, &photo)?;
    let detail = pb::Outline {
        points: asked.points,
        calibration: asked.calibration,
        measures: Some(measures),
        drawn_by: Some(ctx.actor()),
        ..pb::Outline::default()
    };
    let outline = Outline {
        outline_id: ctx.id(),
        photo_id: photo.photo_id,
        visit_id: photo.visit_id,
        wound_id: photo.wound_id,
        patient_id: photo.patient_id,
        detail: detail.encode_to_vec(),
        create_time: ctx.now(),
        withdraw_time: None,
    };
    sql::insert(&mut tx, &outline).await?;
    let name = outline.name().to_string();
    tx.event(&name, &wound.organisations(), &pb::OutlineDrawn {}).await?;
    tx.commit(Some(parent.patient), &name, outline.to_wire()?).await
}

pub(crate) async fn list(ctx: &Ctx, request: pb::ListOutlinesRequest) -> Result<pb::ListOutlinesResponse, Error> {
    let (wound, photo) = match request.parent.strip_suffix(EVERY_PHOTO) {
        Some(wound) => (wound.parse::<WoundName>()?, None),
        None => {
            let photo: PhotoName = request.parent.parse()?;
            (WoundName { patient: photo.patient, wound: photo.wound }, Some(photo))
        }
    };
    access::patient(ctx, wound.patient).await?;
    let list = [ctx.method, &request.parent, &ctx.caller.organisation];
    let page = Page::of(request.page_size, &request.page_token, &list)?;
    let mut tx = ctx.read().await?;
    access::wound(ctx, &mut tx, wound).await?;
    let mut rows = match photo {
        Some(photo) => sql::of_photo(&mut tx, photo, &page).await?,
        None => sql::of_wound(&mut tx, wound, &page).await?,
    };
    drop(tx);
    let next_page_token = page.cut(&mut rows, |row| Position { time: row.create_time, id: row.outline_id });
    let outlines = rows.iter().map(Outline::to_wire).collect::<Result<_, _>>()?;
    ctx.audit_read([(wound.patient, request.parent.as_str())]).await?;
    Ok(pb::ListOutlinesResponse { outlines, next_page_token })
}

pub(crate) async fn withdraw(ctx: &Ctx, request: pb::WithdrawOutlineRequest) -> Result<pb::Outline, Error> {
    let name: OutlineName = request.name.parse()?;
    access::patient(ctx, name.patient).await?;
    let mut tx = once!(ctx, request);
    let wound = access::wound_to_change(ctx, &mut tx, WoundName { patient: name.patient, wound: name.wound }).await?;
    let mut outline = sql::get(&mut tx, name).await?.ok_or(Common::ResourceNotFound)?;
    if outline.withdraw_time.is_none() {
        outline.withdraw_time = Some(ctx.now());
        sql::withdraw(&mut tx, &outline).await?;
        tx.event(&request.name, &wound.organisations(), &pb::OutlineWithdrawn {}).await?;
    }
    tx.commit(Some(name.patient), &request.name, outline.to_wire()?).await
}

/// The outline, for somebody who takes part in its wound.
pub(crate) async fn find(ctx: &Ctx, tx: &mut Tx, name: OutlineName) -> Result<Outline, Error> {
    access::wound(ctx, tx, WoundName { patient: name.patient, wound: name.wound }).await?;
    Ok(sql::get(tx, name).await?.ok_or(Common::ResourceNotFound)?)
}
