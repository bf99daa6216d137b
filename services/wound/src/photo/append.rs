//! An upload a chunk at a time, each in a call of its own.
//!
//! What the calls bring becomes the same parts as a stream's, and what comes of the last chunk is what comes of a stream's:
//! the receipt, then the image steps, whose verdict is read with the photo.

use samspil_kit::{Ctx, Error};
use samspil_proto::wound::v1::{AppendPhotoRequest, AppendPhotoResponse, PhotoState};
use samspil_upload::{Appended, Chunk};
use tracing::Instrument as _;

use super::{Photo, keep, steps, upload};
use crate::Wounds;

/// Takes a chunk in from a task of its own, so that bytes that have arrived are written down even when the connection is gone.
pub(crate) async fn append(
    service: &Wounds,
    ctx: Ctx,
    request: AppendPhotoRequest,
) -> Result<AppendPhotoResponse, Error> {
    let slot = service.uploads.slot()?;
    let photo = upload::open(&ctx, &request.name).await?;
    let service = service.clone();
    let task = async move {
        let _slot = slot;
        let chunk = Chunk { offset: request.offset, data: request.data };
        run(&service, &ctx, photo, chunk).await
    };
    tokio::spawn(task.in_current_span()).await.map_err(Error::internal)?
}

async fn run(service: &Wounds, ctx: &Ctx, photo: Photo, chunk: Chunk) -> Result<AppendPhotoResponse, Error> {
    let stored = if photo.is(PhotoState::Stored) {
        photo
    } else {
        match service.uploads.append(photo.photo_id, photo.size_bytes, photo.generation, chunk).await? {
            Appended::Committed(committed_bytes) => return Ok(AppendPhotoResponse { committed_bytes, photo: None }),
            Appended::Whole(receiver) => match keep::keep(service, ctx, &photo, receiver).await? {
                keep::Kept::New(kept) => {
                    let receipt = receipt(&kept.photo)?;
                    look_at(service.clone(), *kept);
                    return Ok(receipt);
                }
                keep::Kept::Before(photo) => *photo,
            },
        }
    };
    // A receipt given again is a reading: there is no change to stand for it.
    ctx.audit_read([(stored.patient_id, stored.name().to_string().as_str())]).await?;
    receipt(&stored)
}

/// Runs the image steps behind the answer. What goes wrong there a worker takes up.
fn look_at(service: Wounds, kept: keep::Fresh) {
    let task = async move {
        if let Err(error) = steps::run(&service, kept).await {
            tracing::warn!(reason = error.reason(), "image steps are left for a worker");
        }
    };
    tokio::spawn(task.in_current_span());
}

fn receipt(photo: &Photo) -> Result<AppendPhotoResponse, Error> {
    Ok(AppendPhotoResponse { committed_bytes: photo.size_bytes, photo: Some(photo.to_wire()?) })
}
