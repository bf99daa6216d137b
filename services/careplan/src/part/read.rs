//! What people read of a part: now, as it was, and everything that it has been.

use chrono::DateTime;
use samspil_kit::{
    Ctx, Error,
    common::Common,
    paging::{Page, Position},
};
use samspil_proto::careplan::v1::{
    GetPartRequest, ListPartVersionsRequest, ListPartVersionsResponse, PartVersion, part::Part,
};
use uuid::Uuid;

use super::name::{Collection, PartName};
use crate::{activity, versions};

/// A part, now or as it was.
pub(crate) async fn part(ctx: &Ctx, request: GetPartRequest) -> Result<PartVersion, Error> {
    let name: PartName = request.name.parse()?;
    ctx.cares_for(name.patient).await?;
    let mut tx = ctx.read().await?;
    let mut found = versions::get(&mut tx, &request.name, request.version).await?.ok_or(Common::ResourceNotFound)?;
    if name.collection == Collection::Activities && request.version == 0 {
        // Its clock has gone on since the version was written.
        let activity = activity::sql::get(&mut tx, name.patient, name.id).await?.ok_or(Common::ResourceNotFound)?;
        if let Some(part) = &mut found.part {
            part.part = Some(Part::Activity(activity.shown(ctx.now())));
        }
    }
    drop(tx);
    ctx.audit_read([(name.patient, request.name.as_str())]).await?;
    Ok(found)
}

/// A page of the versions of a part, the newest first.
pub(crate) async fn versions(ctx: &Ctx, request: ListPartVersionsRequest) -> Result<ListPartVersionsResponse, Error> {
    let name: PartName = request.name.parse()?;
    ctx.cares_for(name.patient).await?;
    let list = [ctx.method, &request.name, &ctx.caller.organisation];
    let page = Page::of(request.page_size, &request.page_token, &list)?;
    // A page's token holds a time and an id; here a version stands where others have a time.
    let before = page.after.map_or(Ok(i32::MAX), |after| i32::try_from(after.time.timestamp()));
    let mut tx = ctx.read().await?;
    let mut read = versions::before(&mut tx, &request.name, before.map_err(Error::internal)?, page.limit()).await?;
    drop(tx);
    if read.is_empty() && page.after.is_none() {
        return Err(Common::ResourceNotFound.into());
    }
    let position = |last: &PartVersion| Position {
        time: DateTime::from_timestamp(last.version.into(), 0).unwrap_or_default(),
        id: Uuid::nil(),
    };
    let next_page_token = page.cut(&mut read, position);
    ctx.audit_read([(name.patient, request.name.as_str())]).await?;
    Ok(ListPartVersionsResponse { versions: read, next_page_token })
}
