//! The bytes that are all here: checked against what was announced, looked at, stripped, made durable.

use std::sync::Arc;

use bytes::Bytes;
use chrono::TimeDelta;
use samspil_imaging::{Inspected, Refusal};
use samspil_kit::{Ctx, Error, Refused, common::Common};
use samspil_proto::{
    names::WoundName,
    wound::v1::{self as pb, PhotoState, Rendition},
};
use samspil_store::{audit, objects, outbox};
use samspil_upload::Receiver;
use tokio::sync::OwnedSemaphorePermit;
use tonic::Code;

use super::{Photo, TABLES, sql};
use crate::{Reason, Wounds, wound};

/// A stored photo whose bytes are still at hand for the image steps.
pub(crate) struct Fresh {
    pub photo: Photo,
    pub original: Bytes,
    /// Holds the memory that the bytes take.
    pub memory: OwnedSemaphorePermit,
}

/// What became of an upload.
pub(crate) enum Kept {
    New(Box<Fresh>),
    /// It was stored by another stream meanwhile.
    Before(Box<Photo>),
}

/// How long the stream that stored a photo has for the image steps before any worker may take them up.
const STEPS_GRACE: TimeDelta = TimeDelta::minutes(2);

/// Stores a photo that has arrived whole.
pub(crate) async fn keep(
    service: &Wounds,
    ctx: &Ctx,
    photo: &Photo,
    mut receiver: Receiver<'_>,
) -> Result<Kept, Error> {
    // Received, stripped: twice the file, and its turn when there is room.
    let memory = service.uploads.room(photo.size_bytes * 2).await?;
    let Some(whole) = receiver.whole().await? else {
        return finished_elsewhere(ctx, photo).await;
    };
    let (kind, announced) = (photo.digest_kind.clone(), photo.digest.clone());
    let checked =
        tokio::task::spawn_blocking(move || check(&whole, &kind, &announced)).await.map_err(Error::internal)?;
    match checked {
        Checked::Whole(inspected, stripped) => {
            let photo = store(service, ctx, photo, receiver, &inspected, &stripped).await?;
            Ok(match photo {
                Ok(photo) => Kept::New(Box::new(Fresh { photo, original: stripped.bytes, memory })),
                Err(before) => Kept::Before(Box::new(before)),
            })
        }
        Checked::OtherBytes => Err(receiver.refuse_other_bytes().await?),
        Checked::NoPhoto(refusal) => {
            refuse(ctx, photo, receiver, &refusal).await?;
            Err(refused(refusal.reason(), refusal.to_string()))
        }
    }
}

/// What became of a photo whose parts are gone: another stream has stored it, or has dropped what came.
async fn finished_elsewhere(ctx: &Ctx, photo: &Photo) -> Result<Kept, Error> {
    let photo = sql::get(&mut ctx.read().await?, photo.name()).await?.ok_or(Common::ResourceNotFound)?;
    match photo.state() {
        PhotoState::Stored => Ok(Kept::Before(Box::new(photo))),
        _ => Err(samspil_upload::Reason::TakenOver.into()),
    }
}

enum Checked {
    Whole(Box<Inspected>, Stripped),
    OtherBytes,
    NoPhoto(Refusal),
}

struct Stripped {
    bytes: Bytes,
    blake3: String,
}

fn check(whole: &Bytes, kind: &str, announced: &str) -> Checked {
    if !samspil_upload::is_digest_of(whole, kind, announced) {
        return Checked::OtherBytes;
    }
    let looked = samspil_imaging::inspect(whole, &samspil_imaging::Limits::default())
        .and_then(|inspected| Ok((samspil_imaging::strip(whole, &inspected)?, inspected)));
    match looked {
        Ok((stripped, inspected)) => {
            let blake3 = blake3::hash(&stripped).to_hex().to_string();
            Checked::Whole(Box::new(inspected), Stripped { bytes: stripped.into(), blake3 })
        }
        Err(refusal) => Checked::NoPhoto(refusal),
    }
}

/// Bytes first, then the row, then whoever asked may be told.
async fn store(
    service: &Wounds,
    ctx: &Ctx,
    photo: &Photo,
    receiver: Receiver<'_>,
    inspected: &Inspected,
    stripped: &Stripped,
) -> Result<Result<Photo, Photo>, Error> {
    let object = photo.object(Rendition::Original);
    let is_taken = match service.objects.put_once(&object, stripped.bytes.clone()).await {
        Err(objects::Error::Taken(_)) => true,
        written => written.map(|()| false)?,
    };
    let mut tx = ctx.db().begin().await?;
    let mut photo = sql::hold(&mut tx, photo.photo_id).await?.ok_or(Common::ResourceNotFound)?;
    match photo.state() {
        PhotoState::Announced => {}
        PhotoState::Stored => return Ok(Err(photo)),
        _ => return Err(samspil_upload::Reason::TakenOver.into()),
    }
    if is_taken {
        // By an attempt whose row was never written, in a release that stripped files differently. Nobody has a receipt for those bytes,
        // and nobody can get one while this transaction holds the row.
        service.objects.put(&object, stripped.bytes.clone()).await?;
    }
    let (width, height) = inspected.orientation.upright_size(inspected.width, inspected.height);
    photo.state = PhotoState::Stored as i32;
    photo.store_time = Some(ctx.now());
    photo.content_type = inspected.format.as_str().to_owned();
    (photo.width_px, photo.height_px) = (width as i32, height as i32);
    photo.camera =
        inspected.camera.as_ref().map(|camera| format!("{} {}", camera.make, camera.model)).unwrap_or_default();
    // Either of them may be missing.
    photo.camera = photo.camera.trim().to_owned();
    photo.camera_time = inspected.captured.as_ref().map(camera_time).unwrap_or_default();
    photo.location_removed = inspected.has_gps;
    photo.stored_size_bytes = stripped.bytes.len() as i64;
    photo.stored_blake3 = stripped.blake3.clone();
    photo.steps_due = Some(ctx.now() + STEPS_GRACE);
    photo.traceparent = samspil_kit::telemetry::current_traceparent();
    sql::update(&mut tx, &photo).await?;
    TABLES.drop_parts(&mut tx, photo.photo_id).await?;
    tell(ctx, &mut tx, &photo, &pb::PhotoStored {}).await?;
    audit::put(&mut tx, &ctx.audit_entry(photo.patient_id, &photo.name().to_string())).await?;
    tx.commit().await?;
    receiver.forget().await;
    Ok(Ok(photo))
}

fn camera_time(captured: &samspil_imaging::Captured) -> String {
    let offset = captured.offset_minutes.map(|minutes| {
        format!("{}{:02}:{:02}", if minutes < 0 { '-' } else { '+' }, minutes.abs() / 60, minutes.abs() % 60)
    });
    format!("{}{}", captured.local.format("%Y-%m-%dT%H:%M:%S"), offset.unwrap_or_default())
}

async fn refuse(ctx: &Ctx, photo: &Photo, receiver: Receiver<'_>, refusal: &Refusal) -> Result<(), Error> {
    let mut tx = ctx.db().begin().await?;
    let mut photo = sql::hold(&mut tx, photo.photo_id).await?.ok_or(Common::ResourceNotFound)?;
    if !photo.is(PhotoState::Announced) {
        return Err(samspil_upload::Reason::TakenOver.into());
    }
    photo.state = PhotoState::Refused as i32;
    photo.refusal_reason = refusal.reason().to_owned();
    photo.refusal_message = refusal.to_string();
    sql::update(&mut tx, &photo).await?;
    TABLES.drop_parts(&mut tx, photo.photo_id).await?;
    tell(ctx, &mut tx, &photo, &pb::PhotoRefused { reason: refusal.reason().to_owned() }).await?;
    let entry = ctx.audit_entry(photo.patient_id, &photo.name().to_string());
    audit::put(&mut tx, &audit::Entry { outcome: refusal.reason().to_owned(), ..entry }).await?;
    tx.commit().await?;
    receiver.forget().await;
    Ok(())
}

/// Writes an event of a photo for everyone who takes part in its wound.
pub(super) async fn tell<E: prost::Message + prost::Name>(
    ctx: &Ctx,
    tx: &mut samspil_store::Tx,
    photo: &Photo,
    event: &E,
) -> Result<(), Error> {
    let name = WoundName { patient: photo.patient_id, wound: photo.wound_id };
    let wound = wound::sql::get(tx, name).await?.ok_or(Common::ResourceNotFound)?;
    let new = outbox::NewEvent {
        id: ctx.id(),
        r#type: &E::full_name(),
        subject: &photo.name().to_string(),
        organisations: &wound.organisations(),
        time: ctx.now(),
        traceparent: &samspil_kit::telemetry::current_traceparent(),
        data: event.encode_to_vec(),
    };
    Ok(outbox::put(tx, new).await?)
}

/// The refusal of a file that is no photo.
fn refused(reason: &'static str, message: String) -> Error {
    Error::Refused(Box::new(Refused {
        code: Code::InvalidArgument,
        reason,
        message,
        metadata: Default::default(),
        after: None,
    }))
}

/// The same refusal again, for a photo that was refused before.
pub(crate) fn refused_before(photo: &Photo) -> Error {
    let reason = Refusal::REASONS.iter().find(|reason| **reason == photo.refusal_reason);
    match reason {
        Some(reason) => refused(reason, photo.refusal_message.clone()),
        None => Reason::PhotoRefused.into(),
    }
}

/// Settings that every call of the image steps shares.
pub(crate) fn image_limits() -> Arc<samspil_imaging::Limits> {
    static LIMITS: std::sync::LazyLock<Arc<samspil_imaging::Limits>> = std::sync::LazyLock::new(Arc::default);
    LIMITS.clone()
}
