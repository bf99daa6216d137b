//! The upload's stream: what is said when.
//!
//! The client opens it with a start and hears the committed offset. Chunks follow; now and then the offset comes back.
//! When the last byte is here the photo is checked and stored, and the receipt goes out; then the image steps run and the
//! verdict goes out. The work is a task of its own, so that bytes that have arrived are written down even when the
//! connection is gone: the next stream goes on from them.

use std::time::Duration;

use samspil_kit::{Ctx, Error, common::Common};
use samspil_proto::{
    names::PhotoName,
    wound::v1::{
        PhotoState, UploadChunk, UploadPhotoRequest, UploadPhotoResponse, UploadProgress, UploadReceipt, UploadStart,
        UploadVerdict, upload_photo_request, upload_photo_response::Message,
    },
};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Status, Streaming};
use tracing::Instrument as _;

use super::{
    Photo, act, keep,
    receive::{Receiver, bad_chunk},
    steps,
};
use crate::{Reason, Wounds, access};

/// Answers that wait for a slow client. The stream of chunks waits with them.
const BACKLOG: usize = 8;

type Out = mpsc::Sender<Result<UploadPhotoResponse, Status>>;

/// Serves one upload.
pub(crate) async fn upload(
    service: &Wounds,
    ctx: Ctx,
    mut incoming: Streaming<UploadPhotoRequest>,
) -> Result<ReceiverStream<Result<UploadPhotoResponse, Status>>, Error> {
    let slot = service.limits.streams.clone().try_acquire_owned().map_err(|_| Common::Overloaded)?;
    // What cannot be read is no start. A client that is gone hears nothing anyway.
    let first = next(&mut incoming, service.settings.upload_idle).await.ok().flatten();
    let Some(upload_photo_request::Message::Start(start)) = first.and_then(|first| first.message) else {
        return Err(Reason::UploadNotStarted.into());
    };
    let photo = open(&ctx, &start).await?;
    let (out, answers) = mpsc::channel(BACKLOG);
    let service = service.clone();
    let task = async move {
        let _slot = slot;
        if let Err(error) = run(&service, &ctx, photo, incoming, &out).await {
            // The client may be gone; what arrived is written down all the same.
            let _ = out.send(Err(error.into())).await;
        }
    };
    tokio::spawn(task.in_current_span());
    Ok(ReceiverStream::new(answers))
}

/// The photo, for the person who announced it.
async fn open(ctx: &Ctx, start: &UploadStart) -> Result<Photo, Error> {
    samspil_kit::validate::check(start)?;
    let name: PhotoName = start.name.parse()?;
    access::patient(ctx, name.patient).await?;
    samspil_kit::telemetry::touches(&start.name);
    let photo = act::find(ctx, &mut ctx.read().await?, name).await?;
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
    mut incoming: Streaming<UploadPhotoRequest>,
    out: &Out,
) -> Result<(), Error> {
    let stored = if photo.is(PhotoState::Stored) {
        photo
    } else {
        let mut receiver = Receiver::open(service, ctx, photo).await?;
        say(out, progress(receiver.committed())).await;
        receive(&mut receiver, &mut incoming, service.settings.upload_idle, out).await?;
        match keep::keep(service, ctx, receiver).await? {
            keep::Kept::New(kept) => {
                say(out, Message::Receipt(UploadReceipt { photo: Some(kept.photo.to_wire()?) })).await;
                let verdict = steps::run(service, *kept).await?;
                say(out, Message::Verdict(UploadVerdict { photo: Some(verdict.to_wire()?) })).await;
                return Ok(());
            }
            // Another stream was faster with the same bytes.
            keep::Kept::Before(photo) => *photo,
        }
    };
    // A receipt given again is a reading: there is no change to stand for it.
    ctx.audit_read([(stored.patient_id, stored.name().to_string().as_str())]).await?;
    say(out, Message::Receipt(UploadReceipt { photo: Some(stored.to_wire()?) })).await;
    if stored.quality.is_some() {
        say(out, Message::Verdict(UploadVerdict { photo: Some(stored.to_wire()?) })).await;
    }
    Ok(())
}

/// Takes chunks in until the last byte is here. However it ends, what has arrived is written down.
async fn receive(
    receiver: &mut Receiver<'_>,
    incoming: &mut Streaming<UploadPhotoRequest>,
    idle: Duration,
    out: &Out,
) -> Result<(), Error> {
    while !receiver.is_complete() {
        match next(incoming, idle).await {
            Ok(Some(UploadPhotoRequest { message: Some(upload_photo_request::Message::Chunk(chunk)) })) => {
                if let Err(error) = take(receiver, chunk, out).await {
                    receiver.write_down().await?;
                    return Err(error);
                }
            }
            Ok(Some(_)) => {
                receiver.write_down().await?;
                return Err(Reason::UploadNotStarted.into());
            }
            Err(status) if status.code() == Code::OutOfRange => {
                // Too large to be read at all. To call it a broken stream would have the client send it for ever.
                receiver.write_down().await?;
                return Err(bad_chunk());
            }
            Ok(None) | Err(_) => {
                receiver.write_down().await?;
                return Err(Error::from(Reason::UploadIncomplete).with("committed_bytes", receiver.committed()));
            }
        }
    }
    Ok(())
}

/// The next message. A stream on which nothing comes for too long counts as ended, so that it keeps no slot from others.
async fn next(
    incoming: &mut Streaming<UploadPhotoRequest>,
    idle: Duration,
) -> Result<Option<UploadPhotoRequest>, Status> {
    tokio::time::timeout(idle, incoming.message()).await.unwrap_or(Ok(None))
}

async fn take(receiver: &mut Receiver<'_>, chunk: UploadChunk, out: &Out) -> Result<(), Error> {
    receiver.take(chunk)?;
    if receiver.should_write_down() {
        receiver.write_down().await?;
        say(out, progress(receiver.committed())).await;
    }
    Ok(())
}

fn progress(committed_bytes: i64) -> Message {
    Message::Progress(UploadProgress { committed_bytes })
}

/// Tells the client, who may be gone: the photo is kept all the same.
async fn say(out: &Out, message: Message) {
    let _ = out.send(Ok(UploadPhotoResponse { message: Some(message) })).await;
}
