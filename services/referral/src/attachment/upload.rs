//! The upload's stream: what is said when.

use samspil_kit::{Ctx, Error};
use samspil_proto::{
    names::AttachmentName,
    referral::v1::{
        AttachmentStart, AttachmentState, UploadAttachmentRequest, UploadAttachmentResponse,
        upload_attachment_request as asked, upload_attachment_response::Message,
    },
};
use samspil_upload::{Chunk, Out, Requests};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Status, Streaming};

use super::{Attachment, act, keep};
use crate::{
    Referrals,
    error::Reason,
    referral::{read, state::Verb},
};

/// The messages of an attachment's upload.
struct Wire;

impl samspil_upload::Wire for Wire {
    type Request = UploadAttachmentRequest;
    type Start = AttachmentStart;
    type Response = UploadAttachmentResponse;

    fn start(request: UploadAttachmentRequest) -> Option<AttachmentStart> {
        match request.message {
            Some(asked::Message::Start(start)) => Some(start),
            _ => None,
        }
    }

    fn chunk(request: UploadAttachmentRequest) -> Option<Chunk> {
        match request.message {
            Some(asked::Message::Chunk(chunk)) => Some(Chunk { offset: chunk.offset, data: chunk.data }),
            _ => None,
        }
    }

    fn progress(committed_bytes: i64) -> UploadAttachmentResponse {
        UploadAttachmentResponse { message: Some(Message::CommittedOffset(committed_bytes)) }
    }
}

/// Serves one upload.
pub(crate) async fn upload(
    service: &Referrals,
    ctx: Ctx,
    incoming: Streaming<UploadAttachmentRequest>,
) -> Result<ReceiverStream<Result<UploadAttachmentResponse, Status>>, Error> {
    let mut call = service.uploads.enter::<Wire>(incoming)?;
    let attachment = open(&ctx, &call.start().await?).await?;
    let service = service.clone();
    Ok(call.answer(|requests, out| async move { run(&service, &ctx, attachment, requests, &out).await }))
}

/// The attachment, for the person who announced it. Nothing more comes to a referral that has ended.
async fn open(ctx: &Ctx, start: &AttachmentStart) -> Result<Attachment, Error> {
    samspil_kit::validate::check(start)?;
    let name: AttachmentName = start.name.parse()?;
    let attachment = act::for_uploader(ctx, name).await?;
    if attachment.is(AttachmentState::Refused) {
        return Err(Reason::AttachmentRefused.into());
    }
    if attachment.is(AttachmentState::Announced) {
        let referral = read::visible(ctx, &mut ctx.read().await?, attachment.referral()).await?;
        referral.may(Verb::Attach, &ctx.caller.organisation)?;
    }
    Ok(attachment)
}

async fn run(
    service: &Referrals,
    ctx: &Ctx,
    attachment: Attachment,
    mut requests: Requests<Wire>,
    out: &Out<UploadAttachmentResponse>,
) -> Result<(), Error> {
    let stored = if attachment.is(AttachmentState::Stored) {
        // A receipt given again is a reading: there is no change to stand for it.
        ctx.audit_read([(attachment.patient_id, attachment.name().to_string().as_str())]).await?;
        attachment
    } else {
        let mut receiver = service.uploads.open(attachment.attachment_id, attachment.size_bytes).await?;
        receiver.receive(&mut requests, out).await?;
        keep::keep(service, ctx, attachment, receiver).await?
    };
    out.say(UploadAttachmentResponse { message: Some(Message::Receipt(stored.to_wire()?)) }).await;
    Ok(())
}
