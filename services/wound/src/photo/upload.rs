//! The upload's stream: what is said when.
//!
//! The client opens it with a start and hears the committed offset. Chunks follow; now and then the offset comes back.
//! When the last byte is here the photo is checked and stored, and the receipt goes out; then the image steps run and the
//! verdict goes out.

use samspil_kit::{Ctx, Error};
use samspil_proto::{
    names::PhotoName,
    wound::v1::{
        PhotoState, UploadPhotoRequest, UploadPhotoResponse, UploadProgress, UploadReceipt, UploadStart, UploadVerdict,
        upload_photo_request as asked, upload_photo_response::Message,
    },
};
use samspil_upload::{Chunk, Out, Requests};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Status, Streaming};

use super::{Photo, act, keep, steps};
use crate::{Reason, Wounds, access};

/// The messages of a photo's upload.
struct Wire;

impl samspil_upload::Wire for Wire {
    type Request = UploadPhotoRequest;
    type Start = UploadStart;
    type Response = UploadPhotoResponse;

    fn start(request: UploadPhotoRequest) -> Option<UploadStart> {
        match request.message {
            Some(asked::Message::Start(start)) => Some(start),
            _ => None,
        }
    }

    fn chunk(request: UploadPhotoRequest) -> Option<Chunk> {
        match request.message {
            Some(asked::Message::Chunk(chunk)) => Some(Chunk { offset: chunk.offset, data: chunk.data }),
            _ => None,
        }
    }

    fn progress(committed_bytes: i64) -> UploadPhotoResponse {
        answer(Message::Progress(UploadProgress { committed_bytes }))
    }
}

/// Serves one upload.
pub(crate) async fn upload(
    service: &Wounds,
    ctx: Ctx,
    incoming: Streaming<UploadPhotoRequest>,
) -> Result<ReceiverStream<Result<UploadPhotoResponse, Status>>, Error> {
    let mut call = service.uploads.enter::<Wire>(incoming)?;
    let start = call.start().await?;
    samspil_kit::validate::check(&start)?;
    let photo = open(&ctx, &start.name).await?;
    let service = service.clone();
    Ok(call.answer(|requests, out| async move { run(&service, &ctx, photo, requests, &out).await }))
}

/// The photo, for the person who announced it.
pub(super) async fn open(ctx: &Ctx, name: &str) -> Result<Photo, Error> {
    let photo: PhotoName = name.parse()?;
    access::patient(ctx, photo.patient).await?;
    samspil_kit::telemetry::touches(name);
    let photo = act::find(ctx, &mut ctx.read().await?, photo).await?;
    photo.may_upload(&ctx.caller.person)?;
    match photo.state() {
        PhotoState::Withdrawn => Err(Reason::PhotoWithdrawn.into()),
        PhotoState::Refused => Err(keep::refused_before(&photo)),
        _ => Ok(photo),
    }
}

async fn run(
    service: &Wounds,
    ctx: &Ctx,
    photo: Photo,
    mut requests: Requests<Wire>,
    out: &Out<UploadPhotoResponse>,
) -> Result<(), Error> {
    let stored = if photo.is(PhotoState::Stored) {
        photo
    } else {
        let mut receiver = service.uploads.open(photo.photo_id, photo.size_bytes).await?;
        receiver.receive(&mut requests, out).await?;
        match keep::keep(service, ctx, &photo, receiver).await? {
            keep::Kept::New(kept) => {
                out.say(receipt(&kept.photo)?).await;
                out.say(verdict(&steps::run(service, *kept).await?)?).await;
                return Ok(());
            }
            // Another stream was faster with the same bytes.
            keep::Kept::Before(photo) => *photo,
        }
    };
    // A receipt given again is a reading: there is no change to stand for it.
    ctx.audit_read([(stored.patient_id, stored.name().to_string().as_str())]).await?;
    out.say(receipt(&stored)?).await;
    if stored.quality.is_some() {
        out.say(verdict(&stored)?).await;
    }
    Ok(())
}

fn receipt(photo: &Photo) -> Result<UploadPhotoResponse, Error> {
    Ok(answer(Message::Receipt(UploadReceipt { photo: Some(photo.to_wire()?) })))
}

fn verdict(photo: &Photo) -> Result<UploadPhotoResponse, Error> {
    Ok(answer(Message::Verdict(UploadVerdict { photo: Some(photo.to_wire()?) })))
}

fn answer(message: Message) -> UploadPhotoResponse {
    UploadPhotoResponse { message: Some(message) }
}
