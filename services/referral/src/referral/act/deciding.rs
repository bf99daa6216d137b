//! What a receiver does.

use samspil_kit::{Ctx, Error, once};
use samspil_proto::referral::v1::{
    self as pb, AcceptReferralRequest, AskSupplementRequest, BookReferralRequest, CancelBookingRequest,
    ChangeReferralPriorityRequest, CompleteReferralRequest, ForwardReferralRequest, ReceiveReferralRequest,
    RejectReferralRequest,
};

use super::{
    super::{
        outside,
        read::{enter, visible},
    },
    by, finish, hold, unless_answered,
};
use crate::attachment;

/// Confirms that a referral has arrived.
pub(in crate::referral) async fn receive(ctx: &Ctx, request: ReceiveReferralRequest) -> Result<pb::Referral, Error> {
    let name = enter(ctx, &request.name).await?;
    let mut tx = once!(ctx, request);
    let mut referral = hold(ctx, &mut tx, name, &request.etag).await?;
    let event = referral.receive(&by(ctx))?;
    finish(ctx, tx, referral, &event).await
}

/// Takes the patient on.
pub(in crate::referral) async fn accept(ctx: &Ctx, request: AcceptReferralRequest) -> Result<pb::Referral, Error> {
    let name = enter(ctx, &request.name).await?;
    let mut tx = once!(ctx, request);
    let mut referral = hold(ctx, &mut tx, name, &request.etag).await?;
    let event = referral.accept(request.note, &by(ctx))?;
    finish(ctx, tx, referral, &event).await
}

/// Turns a referral down.
pub(in crate::referral) async fn reject(ctx: &Ctx, request: RejectReferralRequest) -> Result<pb::Referral, Error> {
    let name = enter(ctx, &request.name).await?;
    let mut tx = once!(ctx, request);
    let mut referral = hold(ctx, &mut tx, name, &request.etag).await?;
    let event = referral.reject(request.rejection_reason(), request.reason, request.alternative, &by(ctx))?;
    finish(ctx, tx, referral, &event).await
}

/// Passes a referral on.
pub(in crate::referral) async fn forward(ctx: &Ctx, request: ForwardReferralRequest) -> Result<pb::Referral, Error> {
    let name = enter(ctx, &request.name).await?;
    unless_answered!(ctx, request);
    // Whoever does not see it learns nothing of consents.
    visible(ctx, &mut ctx.read().await?, name).await?;
    let Some(gln) = outside::gln(ctx, &request.receiver).await? else {
        return Err(Error::invalid("receiver", "referral", "must be an organisation that is known here"));
    };
    let covered = outside::covered(ctx, name.patient, &request.receiver).await;
    let mut tx = once!(ctx, request);
    let mut referral = hold(ctx, &mut tx, name, &request.etag).await?;
    let event = referral.forward(&request.receiver, gln, request.reason, &by(ctx), ctx.deadlines())?;
    // Last, so that who may not forward at all is told that first.
    covered?;
    finish(ctx, tx, referral, &event).await
}

/// Wants a referral sooner, or lets it wait longer.
pub(in crate::referral) async fn change_priority(
    ctx: &Ctx,
    request: ChangeReferralPriorityRequest,
) -> Result<pb::Referral, Error> {
    let name = enter(ctx, &request.name).await?;
    let mut tx = once!(ctx, request);
    let mut referral = hold(ctx, &mut tx, name, &request.etag).await?;
    let event = referral.change_priority(request.priority(), request.reason, &by(ctx), ctx.deadlines())?;
    finish(ctx, tx, referral, &event).await
}

/// Asks the sender for more.
pub(in crate::referral) async fn ask_supplement(
    ctx: &Ctx,
    request: AskSupplementRequest,
) -> Result<pb::Referral, Error> {
    let name = enter(ctx, &request.name).await?;
    let mut tx = once!(ctx, request);
    let mut referral = hold(ctx, &mut tx, name, &request.etag).await?;
    let event = referral.ask_supplement(request.question, &by(ctx))?;
    finish(ctx, tx, referral, &event).await
}

/// Gives the patient an appointment.
pub(in crate::referral) async fn book(ctx: &Ctx, request: BookReferralRequest) -> Result<pb::Referral, Error> {
    let name = enter(ctx, &request.name).await?;
    let mut tx = once!(ctx, request);
    let mut referral = hold(ctx, &mut tx, name, &request.etag).await?;
    let event = referral.book(request.booking.unwrap_or_default(), &by(ctx))?;
    finish(ctx, tx, referral, &event).await
}

/// Takes the appointment back.
pub(in crate::referral) async fn cancel_booking(
    ctx: &Ctx,
    request: CancelBookingRequest,
) -> Result<pb::Referral, Error> {
    let name = enter(ctx, &request.name).await?;
    let mut tx = once!(ctx, request);
    let mut referral = hold(ctx, &mut tx, name, &request.etag).await?;
    let event = referral.cancel_booking(request.reason, &by(ctx))?;
    finish(ctx, tx, referral, &event).await
}

/// Ends a referral with a discharge letter.
pub(in crate::referral) async fn complete(ctx: &Ctx, request: CompleteReferralRequest) -> Result<pb::Referral, Error> {
    let name = enter(ctx, &request.name).await?;
    let mut tx = once!(ctx, request);
    let mut referral = hold(ctx, &mut tx, name, &request.etag).await?;
    let event = referral.complete(request.letter, request.attachments.clone(), &by(ctx))?;
    attachment::act::are_stored(&mut tx, name, &request.attachments).await?;
    finish(ctx, tx, referral, &event).await
}
