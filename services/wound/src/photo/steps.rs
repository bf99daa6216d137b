//! The image steps: decode, renditions, quality.
//!
//! They run right after the receipt, in the task of the upload. When that dies, any worker takes them up from the row: they
//! need only the stored original, and what they write is the same every time.

use std::time::SystemTime;

use bytes::Bytes;
use chrono::TimeDelta;
use prost::Message as _;
use samspil_imaging::marker::Marker;
use samspil_kit::{Error, common::Common, telemetry};
use samspil_proto::{
    names::WoundName,
    wound::v1::{self as pb, Rendition},
};
use samspil_store::outbox;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use super::{Photo, keep, marker, sql, verdict};
use crate::{Wounds, measure, wound};

/// How long a worker has before another may take the same photo up.
const LEASE: TimeDelta = TimeDelta::minutes(5);

/// Runs the steps of a photo that was just stored.
pub(crate) async fn run(service: &Wounds, fresh: keep::Fresh) -> Result<Photo, Error> {
    let done = steps(service, &fresh.photo, fresh.original).await;
    drop(fresh.memory);
    done
}

/// Takes up what was left behind, until it is told to stop.
pub(crate) async fn work(service: Wounds, stop: CancellationToken) {
    loop {
        match take_up(&service).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => {
                tracing::error!(reason = error.reason(), status = %tonic::Status::from(error), "image steps failed")
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(service.settings.poll) => {}
        }
    }
}

async fn take_up(service: &Wounds) -> Result<bool, Error> {
    let now = service.base.clock.now();
    // A look first, so that an idle service writes nothing.
    let mut tx = service.base.db.read().await?;
    let due = samspil_store::sql!(
        &mut tx,
        fetch_optional as (i32,),
        "SELECT 1 FROM photos WHERE steps_due <= $1 LIMIT 1",
        now
    )?;
    drop(tx);
    if due.is_none() {
        return Ok(false);
    }
    let mut tx = service.base.db.begin().await?;
    let Some(photo) = sql::take_due(&mut tx, now, now + LEASE).await? else { return Ok(false) };
    tx.commit().await?;
    let span = tracing::info_span!(
        "job",
        otel.name = "wound takes image steps up",
        otel.kind = "consumer",
        samspil.resource = photo.name().to_string(),
    );
    telemetry::continues(&span, telemetry::context_of(&photo.traceparent));
    let work = async {
        let original = photo.original(&service.objects).await?;
        steps(service, &photo, original).await
    };
    work.instrument(span).await?;
    Ok(true)
}

async fn steps(service: &Wounds, photo: &Photo, original: Bytes) -> Result<Photo, Error> {
    let _turn = service.decoders.clone().acquire_owned().await.map_err(Error::internal)?;
    let span = tracing::info_span!("image", otel.name = "image steps", image.bytes = original.len());
    let run = {
        let span = span.clone();
        move || {
            span.in_scope(|| {
                let begun = SystemTime::now();
                let processed = samspil_imaging::process(&original, &keep::image_limits());
                if let Ok(processed) = &processed {
                    let steps = processed.steps.iter().map(|step| (step.name, step.duration));
                    measure::steps(steps.clone());
                    telemetry::past_steps(begun, steps);
                }
                processed
            })
        }
    };
    let processed = tokio::task::spawn_blocking(run).await.map_err(Error::internal)?;
    drop(span);
    let quality = match &processed {
        Ok(processed) => {
            let put = |rendition, jpeg: &[u8]| {
                let (key, jpeg) = (photo.object(rendition), Bytes::copy_from_slice(jpeg));
                async move { service.objects.put(&key, jpeg).await }
            };
            // Synced together: two files in the time of one.
            tokio::try_join!(
                put(Rendition::Display, &processed.display.jpeg),
                put(Rendition::Thumbnail, &processed.thumbnail.jpeg)
            )?;
            verdict::of(processed, service.settings.expect_marker)
        }
        Err(refusal) => verdict::damaged(refusal),
    };
    let marker = processed.ok().and_then(|processed| processed.marker.ok());
    finish(service, photo, &quality, marker.as_ref()).await
}

async fn finish(
    service: &Wounds,
    photo: &Photo,
    quality: &pb::Quality,
    marker: Option<&Marker>,
) -> Result<Photo, Error> {
    let mut tx = service.base.db.begin().await?;
    let mut photo = sql::hold(&mut tx, photo.photo_id).await?.ok_or(Common::ResourceNotFound)?;
    if photo.steps_due.is_none() {
        // Done by somebody else meanwhile.
        return Ok(photo);
    }
    photo.steps_due = None;
    photo.quality = Some(quality.encode_to_vec());
    photo.marker = marker.map(|marker| marker::to_wire(marker).encode_to_vec());
    sql::update(&mut tx, &photo).await?;
    let name = WoundName { patient: photo.patient_id, wound: photo.wound_id };
    let wound = wound::sql::get(&mut tx, name).await?.ok_or(Common::ResourceNotFound)?;
    let event = pb::PhotoAssessed { warnings: quality.warnings.iter().map(|warning| warning.code.clone()).collect() };
    let new = outbox::NewEvent {
        id: service.base.clock.id(),
        r#type: &<pb::PhotoAssessed as prost::Name>::full_name(),
        subject: &photo.name().to_string(),
        organisations: &wound.organisations(),
        time: service.base.clock.now(),
        traceparent: &telemetry::current_traceparent(),
        data: event.encode_to_vec(),
    };
    outbox::put(&mut tx, new).await?;
    tx.commit().await?;
    Ok(photo)
}
