//! Who has seen a wound, by the audit log: whoever was shown it, or anything under it, by name.

use samspil_kit::{
    Ctx, Error,
    paging::{Page, Position},
};
use samspil_proto::{common::v1::Actor, names::WoundName, time, wound::v1 as pb};
use samspil_store::audit::{self, Viewer};

use crate::access;

pub(crate) async fn list(ctx: &Ctx, request: pb::ListViewersRequest) -> Result<pb::ListViewersResponse, Error> {
    let parent: WoundName = request.parent.parse()?;
    access::patient(ctx, parent.patient).await?;
    let list = [ctx.method, &request.parent, &ctx.caller.organisation];
    let page = Page::of(request.page_size, &request.page_token, &list)?;
    let mut tx = ctx.read().await?;
    access::wound(ctx, &mut tx, parent).await?;
    let after = page.after.map(|after| (after.time, after.id));
    let mut rows = audit::viewers(&mut tx, parent.patient, &request.parent, after, page.limit()).await?;
    drop(tx);
    let next_page_token = page.cut(&mut rows, |row| Position { time: row.last_time, id: row.entry_id });
    ctx.audit_read([(parent.patient, request.parent.as_str())]).await?;
    Ok(pb::ListViewersResponse { viewers: rows.into_iter().map(to_wire).collect(), next_page_token })
}

fn to_wire(viewer: Viewer) -> pb::Viewer {
    let organisation = format!("organisations/{}", viewer.organisation);
    pb::Viewer {
        actor: Some(Actor { person: viewer.person, display_name: viewer.display_name, organisation }),
        first_time: Some(time::to_wire(viewer.first_time)),
        last_time: Some(time::to_wire(viewer.last_time)),
    }
}
