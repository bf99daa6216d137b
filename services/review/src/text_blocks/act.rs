//! Listing, adding and deleting text blocks.

use samspil_kit::{Ctx, Error, once};
use samspil_proto::review::v1::{
    self as pb, CreateTextBlockRequest, DeleteTextBlockRequest, DeleteTextBlockResponse, ListTextBlocksRequest,
    ListTextBlocksResponse,
};
use uuid::Uuid;

use super::{MOST, TextBlock, by_label, check, sql, standard};
use crate::error::Reason;

/// Lists those of the caller's organisation, then those that come with Samspil. They are about nobody, so there is nothing to audit.
pub(crate) async fn list(ctx: &Ctx, _request: ListTextBlocksRequest) -> Result<ListTextBlocksResponse, Error> {
    let found = sql::list(&mut ctx.read().await?, &ctx.caller.organisation).await?;
    let mut text_blocks: Vec<pb::TextBlock> = found.into_iter().map(Into::into).collect();
    text_blocks.sort_by_key(by_label);
    text_blocks.extend(standard::all().iter().cloned());
    Ok(ListTextBlocksResponse { text_blocks })
}

/// Adds one.
pub(crate) async fn create(ctx: &Ctx, request: CreateTextBlockRequest) -> Result<pb::TextBlock, Error> {
    let mut tx = once!(ctx, request);
    let wanted = request.text_block.unwrap_or_default();
    check(&wanted)?;
    if sql::count(&mut tx, &ctx.caller.organisation).await? >= MOST {
        return Err(Error::from(Reason::TextBlocksFull).with("most", MOST));
    }
    let block = TextBlock {
        id: ctx.id(),
        organisation: ctx.caller.organisation.clone(),
        place: wanted.place,
        label: wanted.label,
        text: wanted.text,
        due_days: wanted.due_days,
        created_by: ctx.actor(),
        create_time: ctx.now(),
    };
    sql::insert(&mut tx, &block).await?;
    let answer = pb::TextBlock::from(block);
    let name = answer.name.clone();
    tx.commit(None, &name, answer).await
}

/// Deletes one.
pub(crate) async fn delete(ctx: &Ctx, request: DeleteTextBlockRequest) -> Result<DeleteTextBlockResponse, Error> {
    let mut tx = once!(ctx, request);
    // Any other name that the contract lets through is a standard one's, or nobody's.
    let id = request.name.strip_prefix("textBlocks/").and_then(|id| Uuid::try_parse(id).ok());
    let id = id.ok_or(Reason::TextBlockNotFound)?;
    if !sql::delete(&mut tx, id, &ctx.caller.organisation).await? {
        return Err(Reason::TextBlockNotFound.into());
    }
    tx.commit(None, &request.name, DeleteTextBlockResponse {}).await
}
