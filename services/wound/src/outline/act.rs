//! What is done with outlines: drawn, listed, withdrawn.

use std::str::FromStr;

use prost::Message as _;
use samspil_kit::{
    Ctx, Error,
    common::Common,
    once,
    paging::{Page, Position},
};
use samspil_proto::{
    names::{NotAName, OutlineName, PhotoName, SuggestionName, WoundName},
    wound::v1::{self as pb, SuggestionState},
};
use samspil_store::Tx;

use super::{Outline, measure, sql};
use crate::{
    Reason, access,
    photo::{self, Photo},
    suggestion,
};

/// What stands behind a wound's name for the outlines of all its photos.
const EVERY_PHOTO: &str = "/visits/-/photos/-";

pub(crate) async fn create(ctx: &Ctx, request: pb::CreateOutlineRequest) -> Result<pb::Outline, Error> {
    let parent: PhotoName = request.parent.parse()?;
    access::patient(ctx, parent.patient).await?;
    let mut tx = once!(ctx, request);
    let asked = request.outline.unwrap_or_default();
    let wound =
        access::wound_to_change(ctx, &mut tx, WoundName { patient: parent.patient, wound: parent.wound }).await?;
    let photo = photo::sql::get(&mut tx, parent).await?.ok_or(Common::ResourceNotFound)?;
    if !asked.suggestion.is_empty() {
        let began_as: SuggestionName = asked.suggestion.parse()?;
        let suggestion = suggestion::sql::hold(&mut tx, began_as).await?;
        let suggestion = suggestion.filter(|of| of.photo() == parent).ok_or(Common::ResourceNotFound)?;
        suggestion::act::decide(ctx, &mut tx, suggestion, SuggestionState::Redrawn).await?;
        let decided = suggestion::act::decided(SuggestionState::Redrawn);
        tx.event(&asked.suggestion, &wound.organisations(), &decided).await?;
    }
    let outline = keep(ctx, &mut tx, &photo, asked).await?;
    let name = outline.name().to_string();
    tx.event(&name, &wound.organisations(), &pb::OutlineDrawn {}).await?;
    tx.commit(Some(parent.patient), &name, outline.to_wire()?).await
}

/// Measures an outline of the caller's and writes it.
pub(crate) async fn keep(ctx: &Ctx, tx: &mut Tx, photo: &Photo, asked: pb::Outline) -> Result<Outline, Error> {
    if !photo.is(pb::PhotoState::Stored) {
        return Err(Reason::PhotoNotStored.into());
    }
    let measures = measure(&asked, photo)?;
    let detail = pb::Outline {
        points: asked.points,
        calibration: asked.calibration,
        measures: Some(measures),
        drawn_by: Some(ctx.actor()),
        suggestion: asked.suggestion,
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
    sql::insert(tx, &outline).await?;
    Ok(outline)
}

/// What is listed: what belongs to one photo, or to all photos of a wound.
pub(crate) struct Listed {
    pub wound: WoundName,
    pub photo: Option<PhotoName>,
}

impl FromStr for Listed {
    type Err = NotAName;

    fn from_str(parent: &str) -> Result<Self, NotAName> {
        Ok(match parent.strip_suffix(EVERY_PHOTO) {
            Some(wound) => Listed { wound: wound.parse()?, photo: None },
            None => {
                let photo: PhotoName = parent.parse()?;
                Listed { wound: WoundName { patient: photo.patient, wound: photo.wound }, photo: Some(photo) }
            }
        })
    }
}

impl Listed {
    /// Begins to read a page, for somebody who takes part in the wound.
    pub(crate) async fn open(&self, ctx: &Ctx, size: i32, token: &str, parent: &str) -> Result<(Tx, Page), Error> {
        access::patient(ctx, self.wound.patient).await?;
        let page = Page::of(size, token, &[ctx.method, parent, &ctx.caller.organisation])?;
        let mut tx = ctx.read().await?;
        access::wound(ctx, &mut tx, self.wound).await?;
        Ok((tx, page))
    }
}

pub(crate) async fn list(ctx: &Ctx, request: pb::ListOutlinesRequest) -> Result<pb::ListOutlinesResponse, Error> {
    let listed: Listed = request.parent.parse()?;
    let (mut tx, page) = listed.open(ctx, request.page_size, &request.page_token, &request.parent).await?;
    let mut rows = match listed.photo {
        Some(photo) => sql::of_photo(&mut tx, photo, &page).await?,
        None => sql::of_wound(&mut tx, listed.wound, &page).await?,
    };
    drop(tx);
    let next_page_token = page.cut(&mut rows, |row| Position { time: row.create_time, id: row.outline_id });
    let outlines = rows.iter().map(Outline::to_wire).collect::<Result<_, _>>()?;
    ctx.audit_read([(listed.wound.patient, request.parent.as_str())]).await?;
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
