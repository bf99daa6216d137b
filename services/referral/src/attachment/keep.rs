//! The bytes that are all here: checked against what was announced, made durable, told of.

use bytes::Bytes;
use samspil_kit::{Ctx, Error, Reason as _, common::Common, telemetry};
use samspil_proto::referral::v1::{AttachmentState, AttachmentStored};
use samspil_store::{Tx, audit, outbox};
use samspil_upload::{Reason as UploadReason, Receiver};

use super::{Attachment, TABLES, look, sql};
use crate::{
    Referrals,
    error::Reason,
    referral::{By, sql as referrals},
};

/// Stores a file that has arrived whole: the bytes, then the row, then whoever asked may be told.
pub(super) async fn keep(
    service: &Referrals,
    ctx: &Ctx,
    attachment: Attachment,
    mut receiver: Receiver<'_>,
) -> Result<Attachment, Error> {
    let _memory = service.uploads.room(attachment.size_bytes).await?;
    let Some(whole) = receiver.whole().await? else {
        return finished_elsewhere(ctx, &attachment).await;
    };
    let (checked, found) = check(whole, &attachment).await?;
    match found {
        Found::OtherBytes => return Err(receiver.refuse_other_bytes().await?),
        Found::OtherType => return refuse(ctx, attachment, receiver).await,
        Found::AsAnnounced => {}
    }
    service.objects.put_once(&attachment.object(), checked).await?;
    let stored =
        Attachment { state: AttachmentState::Stored.into(), store_time: Some(ctx.now()), ..attachment.clone() };
    let mut tx = ctx.db().begin().await?;
    // The referral is held first, as everywhere: it changes with what is attached.
    let mut referral = referrals::hold(&mut tx, stored.referral()).await?.ok_or(Common::ResourceNotFound)?;
    if !sql::settle(&mut tx, &stored).await? {
        drop(tx);
        return finished_elsewhere(ctx, &attachment).await;
    }
    TABLES.drop_parts(&mut tx, stored.attachment_id).await?;
    referral.attached(&By { actor: stored.attached_by()?, at: ctx.now() });
    referrals::update(&mut tx, &mut referral).await?;
    tell(ctx, &mut tx, &stored, &referral.seen_by()).await?;
    audit::put(&mut tx, &ctx.audit_entry(stored.patient_id, &stored.name().to_string())).await?;
    tx.commit().await?;
    receiver.forget().await;
    Ok(stored)
}

enum Found {
    AsAnnounced,
    OtherBytes,
    OtherType,
}

/// Looks at the bytes where it holds nobody up.
async fn check(whole: Bytes, attachment: &Attachment) -> Result<(Bytes, Found), Error> {
    let (sha256, content_type) = (attachment.sha256.clone(), attachment.content_type.clone());
    let look = move || {
        let found = if !samspil_upload::is_digest_of(&whole, "sha256", &sha256) {
            Found::OtherBytes
        } else if look::is_of_type(&whole, &content_type) {
            Found::AsAnnounced
        } else {
            Found::OtherType
        };
        (whole, found)
    };
    tokio::task::spawn_blocking(look).await.map_err(Error::internal)
}

/// What became of a file whose parts are gone, or that another stream was faster with.
async fn finished_elsewhere(ctx: &Ctx, attachment: &Attachment) -> Result<Attachment, Error> {
    let found = sql::get(&mut ctx.read().await?, attachment.name()).await?.ok_or(Common::ResourceNotFound)?;
    if found.is(AttachmentState::Stored) { Ok(found) } else { Err(UploadReason::TakenOver.into()) }
}

/// Refuses a file that is not what it was said to be, for good.
async fn refuse(ctx: &Ctx, attachment: Attachment, receiver: Receiver<'_>) -> Result<Attachment, Error> {
    let refused = Attachment { state: AttachmentState::Refused.into(), ..attachment };
    let mut tx = ctx.db().begin().await?;
    if !sql::settle(&mut tx, &refused).await? {
        return Err(UploadReason::TakenOver.into());
    }
    TABLES.drop_parts(&mut tx, refused.attachment_id).await?;
    let entry = ctx.audit_entry(refused.patient_id, &refused.name().to_string());
    let outcome = Reason::AttachmentRefused.name().to_owned();
    audit::put(&mut tx, &audit::Entry { outcome, ..entry }).await?;
    tx.commit().await?;
    receiver.forget().await;
    Err(Reason::AttachmentRefused.into())
}

async fn tell(ctx: &Ctx, tx: &mut Tx, attachment: &Attachment, organisations: &[String]) -> Result<(), Error> {
    use prost::{Message as _, Name as _};

    let event = outbox::NewEvent {
        id: ctx.id(),
        r#type: &AttachmentStored::full_name(),
        subject: &attachment.name().to_string(),
        organisations,
        time: ctx.now(),
        traceparent: &telemetry::current_traceparent(),
        data: AttachmentStored {}.encode_to_vec(),
    };
    Ok(outbox::put(tx, event).await?)
}
