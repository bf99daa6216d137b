//! The queue of the specialists of an organisation.

mod sql;

use std::collections::BTreeSet;

use samspil_kit::{
    Ctx, Error,
    paging::{Page, Position},
};
use samspil_proto::{names::OrganisationName, wound::v1 as pb};

use crate::{access, wound};

pub(crate) async fn list(ctx: &Ctx, request: pb::ListQueueRequest) -> Result<pb::ListQueueResponse, Error> {
    let organisation = &ctx.caller.organisation;
    // Whose a token is matters where the list is one person's alone.
    let holder = if request.mine { ctx.caller.person.as_str() } else { "" };
    let numbers = [request.state, request.stage, request.wound_type, request.priority].map(|number| number.to_string());
    let [state, stage, wound_type, priority] = &numbers;
    let list = [ctx.method, state, stage, &request.requester, wound_type, priority, holder, organisation];
    let page = Page::of(request.page_size, &request.page_token, &list)?;
    let requester = match request.requester.as_str() {
        "" => String::new(),
        name => name.parse::<OrganisationName>()?.sor,
    };
    let part = sql::Part {
        receiver: organisation,
        state: request.state,
        stage: request.stage,
        requester: &requester,
        wound_type: request.wound_type,
        priority: request.priority,
        holder,
        person: &ctx.caller.person,
        now: ctx.now(),
    };
    let mut tx = ctx.read().await?;
    let mut rows = sql::page(&mut tx, &part, &page).await?;
    let next_page_token = page.cut(&mut rows, |row| Position { time: row.dial.due_time, id: row.assessment_id });
    let wounds: BTreeSet<_> = rows.iter().map(|row| row.wound_id).collect();
    let wounds = wound::sql::by_ids(&mut tx, wounds).await?;
    drop(tx);
    let assessments = rows.iter().map(|row| row.to_wire(ctx.now())).collect::<Result<_, _>>()?;
    let wounds = wounds.iter().map(|wound| wound.to_wire(ctx.now())).collect::<Result<_, _>>()?;
    access::saw(ctx, rows.iter().map(|row| row.patient_id)).await?;
    Ok(pb::ListQueueResponse { assessments, next_page_token, wounds })
}
