//! What is done to referrals: a function for each change, and one transaction in each.

mod asking;
mod deciding;
mod sending;

pub(super) use asking::*;
pub(super) use deciding::*;
pub(super) use sending::*;

use prost::{Message, Name};
use samspil_kit::{Change, Ctx, Error};
use samspil_proto::{names::ReferralName, referral::v1 as pb};

use super::{By, Referral, read, show, sql};

/// Gives a repeated request its first answer before anybody else is asked anything.
macro_rules! unless_answered {
    ($ctx:expr, $request:expr) => {
        if let samspil_kit::Begun::Again(answer) = $ctx.change(&$request.request_id, &$request).await? {
            return Ok(answer);
        }
    };
}
use unless_answered;

fn by(ctx: &Ctx) -> By {
    By { actor: ctx.actor(), at: ctx.now() }
}

/// The referral, held, for somebody who sees it and has read what is stored now.
async fn hold(ctx: &Ctx, tx: &mut Change, name: ReferralName, etag: &str) -> Result<Referral, Error> {
    let referral = read::visible_to_change(ctx, tx, name).await?;
    referral.matches(etag)?;
    Ok(referral)
}

/// Stores a change with its event, and answers.
async fn finish<E: Message + Name>(
    ctx: &Ctx,
    mut tx: Box<Change>,
    mut referral: Referral,
    event: &E,
) -> Result<pb::Referral, Error> {
    sql::update(&mut tx, &mut referral).await?;
    tx.event(&referral.name.to_string(), &referral.seen_by(), event).await?;
    answer(ctx, tx, referral).await
}

async fn answer(ctx: &Ctx, mut tx: Box<Change>, referral: Referral) -> Result<pb::Referral, Error> {
    let name = referral.name;
    let shown = show::in_change(&mut tx, ctx.now(), referral).await?;
    tx.commit(Some(name.patient), &name.to_string(), shown).await
}
