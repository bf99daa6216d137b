//! Placing, lifting and listing blocks.

use chrono::{DateTime, Utc};
use samspil_kit::{
    Ctx, Error,
    common::Common,
    once,
    paging::{Page, Position},
};
use samspil_proto::{
    directory::v1::{
        self as pb, BlockLifted, BlockPlaced, CreateBlockRequest, LiftBlockRequest, ListBlocksRequest,
        ListBlocksResponse,
    },
    names::{BlockName, PatientName},
    time,
};
use samspil_store::Tx;

use super::{Block, Whom, rpc, sql};
use crate::{citizen, error::Reason, organisation, relation, rpc::named};

/// Places a block.
pub(crate) async fn create(ctx: &Ctx, request: CreateBlockRequest) -> Result<pb::Block, Error> {
    let PatientName { patient } = named("parent", &request.parent)?;
    relation::act::may_record(ctx, patient).await?;
    let mut tx = once!(ctx, request);
    // A citizen may come with a token before anybody has registered her.
    if !citizen::sql::exists(&mut tx, patient).await? {
        return Err(Reason::CitizenNotFound.into());
    }
    let asked = request.block.unwrap_or_default();
    let (whom, begin_time, end_time) = check(ctx, &mut tx, &asked).await?;
    let block = Block {
        id: ctx.id(),
        patient,
        whom,
        begin_time,
        end_time,
        placed_by: ctx.actor(),
        create_time: ctx.now(),
        lifted: None,
        version: 1,
    };
    sql::insert(&mut tx, &block).await?;
    let answer = pb::Block::from(block);
    let event = BlockPlaced {
        patient: request.parent,
        kind: answer.kind,
        target: answer.target.clone(),
        begin_time: answer.begin_time,
        end_time: answer.end_time,
    };
    // For the other services alone: whom a citizen keeps out is nobody's to watch.
    tx.event(&answer.name, &[], &event).await?;
    let name = answer.name.clone();
    tx.commit(Some(patient), &name, answer).await
}

/// Whom it keeps out, from when until when, or everything that is wrong with that.
async fn check(
    ctx: &Ctx,
    tx: &mut Tx,
    asked: &pb::Block,
) -> Result<(Whom, DateTime<Utc>, Option<DateTime<Utc>>), Error> {
    let mut violations = Vec::new();
    let whom = Whom::of(asked.kind(), &asked.target);
    match &whom {
        Ok(Whom::Organisation(sor)) if !organisation::sql::exists(tx, sor).await? => {
            violations.push(rpc::bad_target("must be a known organisation"));
        }
        Ok(_) => {}
        Err(description) => violations.push(rpc::bad_target(description)),
    }
    let now = ctx.now();
    let mut read = |field, told: &Option<prost_types::Timestamp>| {
        let time = told.as_ref().map(time::from_wire);
        if time == Some(None) {
            violations.push(rpc::bad_time(field, "must be a time"));
        }
        time.flatten()
    };
    let begin_time = read("block.begin_time", &asked.begin_time).unwrap_or(now);
    let end_time = read("block.end_time", &asked.end_time);
    if end_time.is_some_and(|end| end <= begin_time.max(now)) {
        violations.push(rpc::bad_time("block.end_time", "must lie after the beginning, and in the future"));
    }
    match whom {
        Ok(whom) if violations.is_empty() => Ok((whom, begin_time, end_time)),
        _ => Err(Error::Invalid(violations)),
    }
}

/// Lifts a block.
pub(crate) async fn lift(ctx: &Ctx, request: LiftBlockRequest) -> Result<pb::Block, Error> {
    let BlockName { patient, block } = named("name", &request.name)?;
    relation::act::may_record(ctx, patient).await?;
    let mut tx = once!(ctx, request);
    let mut block = sql::get_to_change(&mut tx, patient, block).await?.ok_or(Reason::BlockNotFound)?;
    if !request.etag.is_empty() && request.etag != block.etag() {
        return Err(Common::EtagMismatch.into());
    }
    block.lift(ctx.actor(), ctx.now())?;
    if !sql::lift(&mut tx, &block).await? {
        return Err(Common::EtagMismatch.into());
    }
    block.version += 1;
    tx.event(&request.name, &[], &BlockLifted { patient: PatientName { patient }.to_string() }).await?;
    tx.commit(Some(patient), &request.name, block.into()).await
}

/// Lists a citizen's blocks, the newest first.
pub(crate) async fn list(ctx: &Ctx, request: ListBlocksRequest) -> Result<ListBlocksResponse, Error> {
    let PatientName { patient } = named("parent", &request.parent)?;
    relation::act::may_record(ctx, patient).await?;
    let list = [ctx.method, &request.parent, &ctx.caller.organisation];
    let page = Page::of(request.page_size, &request.page_token, &list)?;
    let mut blocks = sql::list(&mut ctx.read().await?, patient, page.after, page.limit()).await?;
    let next_page_token = page.cut(&mut blocks, |last| Position { time: last.create_time, id: last.id });
    ctx.audit_read([(patient, request.parent.as_str())]).await?;
    Ok(ListBlocksResponse { blocks: blocks.into_iter().map(Into::into).collect(), next_page_token })
}
