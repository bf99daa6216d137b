//! Attaching: what is announced or tied, and how far an upload has come.

use prost::Message as _;
use samspil_kit::{Ctx, Error, common::Common, once};
use samspil_proto::{
    names::{AttachmentName, PhotoName, ReferralName},
    referral::v1::{
        self as pb, AttachmentState, AttachmentStored, AttachmentUpload, CreateAttachmentRequest, File,
        GetAttachmentUploadRequest, attachment::Content,
    },
};
use samspil_store::Tx;
use samspil_upload::Reason as UploadReason;
use uuid::Uuid;

use super::{Attachment, TABLES, look, sql};
use crate::{
    error::Reason,
    referral::{By, outside, read, sql as referrals, state::Verb},
};

/// Announces a file, or ties a photo.
pub(crate) async fn create(ctx: &Ctx, request: CreateAttachmentRequest) -> Result<pb::Attachment, Error> {
    let name: ReferralName = request.parent.parse()?;
    ctx.cares_for(name.patient).await?;
    if let samspil_kit::Begun::Again(answer) = ctx.change(&request.request_id, &request).await? {
        return Ok(answer);
    }
    let (title, content) = read_content(&request)?;
    let wound = read::visible(ctx, &mut ctx.read().await?, name).await?.body.wound;
    if let Content::Photo(photo) = &content {
        let photo: PhotoName = photo.parse().map_err(|_| not_a_photo())?;
        outside::is_photo_of(ctx, photo, &wound).await?;
    }
    let mut tx = once!(ctx, request);
    let mut referral = read::visible_to_change(ctx, &mut tx, name).await?;
    referral.may(Verb::Attach, &ctx.caller.organisation)?;
    if referral.body.wound != wound {
        // The photo was looked up for another wound than it has now.
        return Err(Common::EtagMismatch.into());
    }
    let id = if request.attachment_id.is_empty() { ctx.id() } else { chosen(&request.attachment_id)? };
    let attachment = announced(ctx, name, id, title, content);
    if !sql::insert(&mut tx, &attachment).await? {
        return Err(Reason::AttachmentExists.into());
    }
    if attachment.is(AttachmentState::Stored) {
        referral.attached(&By { actor: ctx.actor(), at: ctx.now() });
        referrals::update(&mut tx, &mut referral).await?;
        tx.event(&attachment.name().to_string(), &referral.seen_by(), &AttachmentStored {}).await?;
    }
    tx.commit(Some(name.patient), &attachment.name().to_string(), attachment.to_wire()?).await
}

fn read_content(request: &CreateAttachmentRequest) -> Result<(String, Content), Error> {
    let attachment = request.attachment.clone().unwrap_or_default();
    let content = attachment.content.ok_or_else(|| Error::internal("an attachment of nothing was let through"))?;
    if let Content::File(file) = &content
        && !look::types().any(|known| known == file.content_type)
    {
        let known: Vec<_> = look::types().collect();
        let description = format!("must be one of {}", known.join(", "));
        return Err(Error::invalid("attachment.file.content_type", "attachment", description));
    }
    Ok((attachment.title, content))
}

fn not_a_photo() -> Error {
    Error::invalid("attachment.photo", "name", "must be the name of a photo")
}

fn chosen(id: &str) -> Result<Uuid, Error> {
    Uuid::try_parse(id).map_err(|_| Error::invalid("attachment_id", "string.uuid", "must be a UUID"))
}

fn announced(ctx: &Ctx, referral: ReferralName, id: Uuid, title: String, content: Content) -> Attachment {
    let (photo, file) = match content {
        Content::Photo(photo) => (photo, File::default()),
        Content::File(file) => (String::new(), file),
    };
    let stored = !photo.is_empty();
    let state = if stored { AttachmentState::Stored } else { AttachmentState::Announced };
    Attachment {
        attachment_id: id,
        referral_id: referral.referral,
        patient_id: referral.patient,
        title,
        photo,
        content_type: file.content_type,
        size_bytes: file.size_bytes,
        sha256: file.sha256,
        state: state.into(),
        announced_by: ctx.caller.person.clone(),
        attached_by: ctx.actor().encode_to_vec(),
        create_time: ctx.now(),
        store_time: stored.then(|| ctx.now()),
    }
}

/// Tells where to go on with an upload.
pub(crate) async fn get_upload(ctx: &Ctx, request: GetAttachmentUploadRequest) -> Result<AttachmentUpload, Error> {
    let name: AttachmentName = request.name.parse()?;
    let attachment = for_uploader(ctx, name).await?;
    let committed_offset = if attachment.is(AttachmentState::Stored) {
        attachment.size_bytes
    } else {
        TABLES.committed(&mut ctx.read().await?, attachment.attachment_id).await?
    };
    ctx.audit_read([(name.patient, request.name.as_str())]).await?;
    Ok(AttachmentUpload { committed_offset, attachment: Some(attachment.to_wire()?) })
}

/// An attachment of a referral that the caller's organisation sees.
pub(super) async fn find(ctx: &Ctx, name: AttachmentName) -> Result<Attachment, Error> {
    ctx.cares_for(name.patient).await?;
    let mut tx = ctx.read().await?;
    read::visible(ctx, &mut tx, ReferralName { patient: name.patient, referral: name.referral }).await?;
    Ok(sql::get(&mut tx, name).await?.ok_or(Common::ResourceNotFound)?)
}

/// A file, for the person who announced it.
pub(super) async fn for_uploader(ctx: &Ctx, name: AttachmentName) -> Result<Attachment, Error> {
    let attachment = find(ctx, name).await?;
    if attachment.announced_by != ctx.caller.person {
        return Err(UploadReason::NotYours.into());
    }
    Ok(attachment)
}

/// Passes when each of these names is a stored attachment of the referral.
pub(crate) async fn are_stored(tx: &mut Tx, referral: ReferralName, names: &[String]) -> Result<(), Error> {
    for text in names {
        let name: AttachmentName = text.parse()?;
        let found = sql::get(tx, name).await?.filter(|attachment| attachment.referral() == referral);
        let Some(attachment) = found else {
            return Err(Error::invalid("attachments", "attachment", "must be attachments of this referral"));
        };
        if !attachment.is(AttachmentState::Stored) {
            return Err(Error::from(Reason::AttachmentNotStored).with("attachment", text));
        }
    }
    Ok(())
}
