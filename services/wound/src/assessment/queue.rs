//! The queue of the specialists of an organisation.

use samspil_kit::{
    Ctx, Error,
    paging::{Page, Position},
};
use samspil_proto::wound::v1 as pb;

use super::sql;
use crate::access;

pub(crate) async fn list(ctx: &Ctx, request: pb::ListQueueRequest) -> Result<pb::ListQueueResponse, Error> {
    let organisation = &ctx.caller.organisation;
    let list = [ctx.method, &request.state.to_string(), organisation];
    let page = Page::of(request.page_size, &request.page_token, &list)?;
    let mut rows = sql::queue(&mut ctx.read().await?, organisation, request.state, &page).await?;
    let next_page_token = page.cut(&mut rows, |row| Position { time: row.due_time, id: row.assessment_id });
    let assessments = rows.iter().map(|row| row.to_wire(ctx.now())).collect::<Result<Vec<_>, _>>()?;
    access::saw(ctx, rows.iter().map(|row| row.patient_id)).await?;
    Ok(pb::ListQueueResponse { assessments, next_page_token })
}
