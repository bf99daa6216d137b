//! What the sender and the approver do with a referral that is written.

use samspil_kit::{Ctx, Error, common::Common, once};
use samspil_proto::referral::v1::{
    self as pb, AnswerSupplementRequest, ApproveReferralRequest, DeclineReferralRequest, HoldReferralRequest,
    ResumeReferralRequest, SendReferralRequest, WithdrawReferralRequest,
};

use super::{
    super::{
        outside,
        read::{enter, visible},
    },
    by, finish, hold, unless_answered,
};
use crate::attachment;

/// Sends a referral: to its receiver, or first to the general practice that has to let it go out.
pub(in crate::referral) async fn send(ctx: &Ctx, request: SendReferralRequest) -> Result<pb::Referral, Error> {
    let name = enter(ctx, &request.name).await?;
    unless_answered!(ctx, request);
    let found = visible(ctx, &mut ctx.read().await?, name).await?.body;
    for organisation in [&found.receiver, &found.approver].into_iter().filter(|name| !name.is_empty()) {
        outside::covered(ctx, name.patient, organisation).await?;
    }
    let glns = outside::glns(ctx, &found.sender, &found.receiver).await?;
    let mut tx = once!(ctx, request);
    let mut referral = hold(ctx, &mut tx, name, &request.etag).await?;
    // What was asked of others was asked about these two.
    if (&referral.body.receiver, &referral.body.approver) != (&found.receiver, &found.approver) {
        return Err(Common::EtagMismatch.into());
    }
    if referral.body.approver.is_empty() {
        let event = referral.send(glns, &by(ctx), ctx.deadlines())?;
        finish(ctx, tx, referral, &event).await
    } else {
        let event = referral.send_for_approval(glns, &by(ctx), ctx.deadlines())?;
        finish(ctx, tx, referral, &event).await
    }
}

/// Lets a referral go out. The consent is looked at again: it may have been withdrawn since it was sent here.
pub(in crate::referral) async fn approve(ctx: &Ctx, request: ApproveReferralRequest) -> Result<pb::Referral, Error> {
    let name = enter(ctx, &request.name).await?;
    unless_answered!(ctx, request);
    let found = visible(ctx, &mut ctx.read().await?, name).await?.body;
    outside::covered(ctx, name.patient, &found.receiver).await?;
    let glns = outside::glns(ctx, &found.sender, &found.receiver).await?;
    let mut tx = once!(ctx, request);
    let mut referral = hold(ctx, &mut tx, name, &request.etag).await?;
    let event = referral.approve(request.note, glns, &by(ctx), ctx.deadlines())?;
    finish(ctx, tx, referral, &event).await
}

/// Does not let a referral go out.
pub(in crate::referral) async fn decline(ctx: &Ctx, request: DeclineReferralRequest) -> Result<pb::Referral, Error> {
    let name = enter(ctx, &request.name).await?;
    let mut tx = once!(ctx, request);
    let mut referral = hold(ctx, &mut tx, name, &request.etag).await?;
    let event = referral.decline(request.reason, &by(ctx))?;
    finish(ctx, tx, referral, &event).await
}

/// Takes a referral back.
pub(in crate::referral) async fn withdraw(ctx: &Ctx, request: WithdrawReferralRequest) -> Result<pb::Referral, Error> {
    let name = enter(ctx, &request.name).await?;
    let mut tx = once!(ctx, request);
    let mut referral = hold(ctx, &mut tx, name, &request.etag).await?;
    let event = referral.withdraw(request.reason, &by(ctx))?;
    finish(ctx, tx, referral, &event).await
}

/// Puts a referral on hold.
pub(in crate::referral) async fn put_on_hold(ctx: &Ctx, request: HoldReferralRequest) -> Result<pb::Referral, Error> {
    let name = enter(ctx, &request.name).await?;
    let mut tx = once!(ctx, request);
    let mut referral = hold(ctx, &mut tx, name, &request.etag).await?;
    let event = referral.hold(request.reason, &by(ctx))?;
    finish(ctx, tx, referral, &event).await
}

/// Goes on with a referral.
pub(in crate::referral) async fn resume(ctx: &Ctx, request: ResumeReferralRequest) -> Result<pb::Referral, Error> {
    let name = enter(ctx, &request.name).await?;
    let mut tx = once!(ctx, request);
    let mut referral = hold(ctx, &mut tx, name, &request.etag).await?;
    let event = referral.resume_from_hold(&by(ctx), ctx.deadlines())?;
    finish(ctx, tx, referral, &event).await
}

/// Answers what the receiver asked.
pub(in crate::referral) async fn answer_supplement(
    ctx: &Ctx,
    request: AnswerSupplementRequest,
) -> Result<pb::Referral, Error> {
    let name = enter(ctx, &request.name).await?;
    let mut tx = once!(ctx, request);
    let mut referral = hold(ctx, &mut tx, name, &request.etag).await?;
    let event =
        referral.answer_supplement(request.answer, request.attachments.clone(), &by(ctx), ctx.deadlines())?;
    attachment::act::are_stored(&mut tx, name, &request.attachments).await?;
    finish(ctx, tx, referral, &event).await
}
