//! What people do with flags: see them and take note of them.

use samspil_kit::{
    Ctx, Error,
    common::Common,
    once,
    paging::{Page, Position},
};
use samspil_proto::{
    names::{FlagName, WoundName},
    wound::v1 as pb,
};
use samspil_store::Tx;

use super::{Flag, note, return_after_days, sql};
use crate::access;

/// The parent that stands for all wounds of the caller's organisation.
const EVERY_WOUND: &str = "patients/-/wounds/-";

pub(crate) async fn list(ctx: &Ctx, request: pb::ListFlagsRequest) -> Result<pb::ListFlagsResponse, Error> {
    let organisation = &ctx.caller.organisation;
    let list = [ctx.method, &request.parent, &request.state.to_string(), organisation];
    let page = Page::of(request.page_size, &request.page_token, &list)?;
    let one = if request.parent == EVERY_WOUND { None } else { Some(request.parent.parse::<WoundName>()?) };
    let mut rows = match one {
        None => sql::of_organisation(&mut ctx.read().await?, &ctx.caller, ctx.now(), request.state, &page).await?,
        Some(parent) => {
            access::patient(ctx, parent.patient).await?;
            let mut tx = ctx.read().await?;
            access::wound(ctx, &mut tx, parent).await?;
            sql::of_wound(&mut tx, parent.wound, request.state, &page).await?
        }
    };
    let next_page_token = page.cut(&mut rows, |flag| Position { time: flag.raise_time, id: flag.flag_id });
    let flags = rows.iter().map(Flag::to_wire).collect::<Result<Vec<_>, _>>()?;
    // That nothing is flagged is something to know about a patient, too.
    access::saw(ctx, rows.iter().map(|row| row.patient_id).chain(one.map(|parent| parent.patient))).await?;
    Ok(pb::ListFlagsResponse { flags, next_page_token })
}

pub(crate) async fn acknowledge(ctx: &Ctx, request: pb::AcknowledgeFlagRequest) -> Result<pb::Flag, Error> {
    let name: FlagName = request.name.parse()?;
    access::patient(ctx, name.patient).await?;
    let mut tx = once!(ctx, request);
    let wound = WoundName { patient: name.patient, wound: name.wound };
    let wound = access::wound_to_change(ctx, &mut tx, wound).await?;
    let mut flag = sql::hold(&mut tx, name).await?.ok_or(Common::ResourceNotFound)?;
    access::matches(&request.etag, flag.version)?;
    let now = ctx.now();
    let until = ctx.deadlines().calendar.same_time_after(now, return_after_days(flag.kind()));
    flag.acknowledge(note(ctx.actor(), request.note, now), until)?;
    sql::update(&mut tx, &mut flag).await?;
    tx.event(&request.name, &wound.organisations(), &pb::FlagAcknowledged { kind: flag.kind }).await?;
    tx.commit(Some(name.patient), &request.name, flag.to_wire()?).await
}

/// The flag, for somebody who takes part in its wound.
pub(crate) async fn find(ctx: &Ctx, tx: &mut Tx, name: FlagName) -> Result<Flag, Error> {
    access::wound(ctx, tx, WoundName { patient: name.patient, wound: name.wound }).await?;
    Ok(sql::get(tx, name).await?.ok_or(Common::ResourceNotFound)?)
}
