//! The queue of the specialists of an organisation.

use samspil_kit::{
    Ctx, Error,
    paging::{Page, Position},
};
use samspil_proto::{common::v1::ClockStage, wound::v1 as pb};

use super::sql;
use crate::access;

pub(crate) async fn list(ctx: &Ctx, request: pb::ListQueueRequest) -> Result<pb::ListQueueResponse, Error> {
    let organisation = &ctx.caller.organisation;
    let list = [ctx.method, &request.state.to_string(), &request.stage.to_string(), organisation];
    let page = Page::of(request.page_size, &request.page_token, &list)?;
    let mut tx = ctx.read().await?;
    let mut rows = match request.stage() {
        // The usual look at the queue has the plainer statement.
        ClockStage::Unspecified => sql::queue(&mut tx, organisation, request.state, &page).await?,
        stage => {
            let far = (request.state, i32::from(stage));
            sql::queue_from_stage(&mut tx, organisation, far, ctx.now(), &page).await?
        }
    };
    drop(tx);
    let next_page_token = page.cut(&mut rows, |row| Position { time: row.dial.due_time, id: row.assessment_id });
    let assessments = rows.iter().map(|row| row.to_wire(ctx.now())).collect::<Result<Vec<_>, _>>()?;
    access::saw(ctx, rows.iter().map(|row| row.patient_id)).await?;
    Ok(pb::ListQueueResponse { assessments, next_page_token, wounds: Vec::new() })
}
