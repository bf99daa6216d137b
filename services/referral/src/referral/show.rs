//! A referral as it is shown: with its receipts and attachments, which stand in tables of their own.

use chrono::{DateTime, Utc};
use samspil_kit::{Ctx, Error};
use samspil_proto::{referral::v1 as pb, time};
use samspil_store::Tx;
use uuid::Uuid;

use super::{
    By, Referral,
    receipts::{self, Reading, Receipts},
};
use crate::attachment::{self, Attachment};

/// As the answer of a change that is being made.
pub(crate) async fn in_change(tx: &mut Tx, now: DateTime<Utc>, referral: Referral) -> Result<pb::Referral, Error> {
    let id = [referral.name.referral];
    let receipts = receipts::of(tx, id).await?;
    wire(referral, now, &receipts, &attachment::sql::of(tx, id).await?)
}

/// As a list or a stream brings it.
pub(super) async fn delivered(ctx: &Ctx, referrals: Vec<Referral>) -> Result<Vec<pb::Referral>, Error> {
    to_reader(ctx, referrals, Reading::Delivered).await
}

/// As somebody opens it.
pub(super) async fn opened(ctx: &Ctx, referral: Referral) -> Result<pb::Referral, Error> {
    let shown = to_reader(ctx, vec![referral], Reading::Read).await?;
    shown.into_iter().next().ok_or_else(|| Error::internal("a referral that was just here"))
}

/// Notes what is new to the reader's organisation. A reading that brings nothing new writes nothing.
async fn to_reader(ctx: &Ctx, referrals: Vec<Referral>, reading: Reading) -> Result<Vec<pb::Referral>, Error> {
    let ids: Vec<Uuid> = referrals.iter().map(|referral| referral.name.referral).collect();
    let mut tx = ctx.read().await?;
    let mut known = receipts::of(&mut tx, ids.iter().copied()).await?;
    let attachments = attachment::sql::of(&mut tx, ids.iter().copied()).await?;
    drop(tx);
    let new = known.new_to(&ctx.caller.organisation, reading, &referrals);
    if !new.is_empty() {
        let mut tx = ctx.db().begin().await?;
        receipts::put(&mut tx, &By { actor: ctx.actor(), at: ctx.now() }, reading, &new).await?;
        known = receipts::of(&mut tx, ids).await?;
        tx.commit().await?;
    }
    let now = ctx.now();
    referrals.into_iter().map(|referral| wire(referral, now, &known, &attachments)).collect()
}

fn wire(
    mut referral: Referral,
    now: DateTime<Utc>,
    receipts: &Receipts,
    attachments: &[Attachment],
) -> Result<pb::Referral, Error> {
    receipts.fill(&mut referral);
    let own = attachments.iter().filter(|attachment| attachment.referral_id == referral.name.referral);
    let attachments = own.map(Attachment::to_wire).collect::<Result<_, _>>()?;
    Ok(pb::Referral {
        name: referral.name.to_string(),
        state: referral.stage.state().into(),
        etag: referral.etag(),
        create_time: Some(time::to_wire(referral.create_time)),
        update_time: Some(time::to_wire(referral.update_time)),
        clock_owner: referral.clock_owner().to_owned(),
        clock: referral.clock.as_ref().map(|clock| clock.shown(now)),
        attachments,
        ..referral.body
    })
}
