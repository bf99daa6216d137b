//! Adding, changing and reading organisations.

use chrono::DateTime;
use samspil_kit::{
    Ctx, Error, once,
    paging::{Page, Position},
};
use samspil_proto::{
    directory::v1::{
        self as pb, GetOrganisationRequest, ListOrganisationsRequest, ListOrganisationsResponse, OrganisationPut,
        PutOrganisationRequest,
    },
    names::OrganisationName,
};

use super::{page_id, rpc, sor_of, sql};
use crate::{error::Reason, rpc::named};

/// Adds an organisation or changes the one with its SOR code.
pub(crate) async fn put(ctx: &Ctx, request: PutOrganisationRequest) -> Result<pb::Organisation, Error> {
    let mut tx = once!(ctx, request);
    let organisation = rpc::read(request.organisation.unwrap_or_default(), ctx.now())?;
    organisation.check()?;
    sql::put(&mut tx, &organisation).await?;
    let answer = pb::Organisation::from(organisation);
    let event = OrganisationPut { municipality_code: answer.municipality_code.clone() };
    tx.event(&answer.name, &[], &event).await?;
    let name = answer.name.clone();
    tx.commit(None, &name, answer).await
}

/// Gives an organisation. It touches no patient, so there is nothing to audit.
pub(crate) async fn get(ctx: &Ctx, request: GetOrganisationRequest) -> Result<pb::Organisation, Error> {
    let name: OrganisationName = named("name", &request.name)?;
    let found = sql::get(&mut ctx.read().await?, &name.sor).await?;
    Ok(found.ok_or(Reason::OrganisationNotFound)?.into())
}

/// Lists organisations by SOR code.
pub(crate) async fn list(ctx: &Ctx, request: ListOrganisationsRequest) -> Result<ListOrganisationsResponse, Error> {
    let page = Page::of(request.page_size, &request.page_token, &[ctx.method])?;
    let after = page.after.map(|position| sor_of(position.id)).unwrap_or_default();
    let mut found = sql::list(&mut ctx.read().await?, &after, page.limit()).await?;
    // The order is the SOR code's alone; a position's time says nothing here.
    let next_page_token = page.cut(&mut found, |last| Position { time: DateTime::UNIX_EPOCH, id: page_id(&last.sor) });
    Ok(ListOrganisationsResponse { organisations: found.into_iter().map(Into::into).collect(), next_page_token })
}
