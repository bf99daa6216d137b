//! Who gets to see a referral.

use samspil_kit::{Ctx, Error, common::Common};
use samspil_proto::{
    names::ReferralName,
    referral::v1::{self as pb, GetReferralRequest},
};
use samspil_store::Tx;

use super::{Referral, show, sql};

/// Shows a referral.
pub(super) async fn get(ctx: &Ctx, request: GetReferralRequest) -> Result<pb::Referral, Error> {
    let name = enter(ctx, &request.name).await?;
    let found = visible(ctx, &mut ctx.read().await?, name).await?;
    let shown = show::opened(ctx, found).await?;
    ctx.audit_read([(name.patient, request.name.as_str())]).await?;
    Ok(shown)
}

/// The name of a referral of a patient to whom the caller's organisation has a relation.
pub(super) async fn enter(ctx: &Ctx, name: &str) -> Result<ReferralName, Error> {
    let name: ReferralName = name.parse()?;
    ctx.cares_for(name.patient).await?;
    Ok(name)
}

/// A referral, for an organisation that sees it. To others it does not exist.
pub(crate) async fn visible(ctx: &Ctx, tx: &mut Tx, name: ReferralName) -> Result<Referral, Error> {
    seen(ctx, sql::get(tx, name).await?)
}

/// The same, to be changed.
pub(crate) async fn visible_to_change(ctx: &Ctx, tx: &mut Tx, name: ReferralName) -> Result<Referral, Error> {
    seen(ctx, sql::hold(tx, name).await?)
}

fn seen(ctx: &Ctx, found: Option<Referral>) -> Result<Referral, Error> {
    let found = found.filter(|referral| referral.is_seen_by(&ctx.caller.organisation));
    Ok(found.ok_or(Common::ResourceNotFound)?)
}
