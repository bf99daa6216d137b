//! The model looks at a photo.
//!
//! It comes after the steps that make the verdict, and nobody waits for it. A photo that a version has not seen yet is due:
//! new ones, those that a crash left behind, and all of them once a new model is installed, the newest first. What an older
//! version suggested stays.
//!
//! Where a wound is found, the photo's verdict gets what can be said of the wound itself.

use std::sync::Arc;

use chrono::TimeDelta;
use prost::Message as _;
use samspil_imaging::{
    Limits, Thresholds, WoundQuality,
    suggest::{self, Failure, Model},
};
use samspil_kit::{Error, common::Common, telemetry};
use samspil_proto::{
    names::WoundName,
    wound::v1::{self as pb, SuggestionState},
};
use samspil_store::outbox;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use super::{Suggestion, sql};
use crate::{
    Wounds, outline,
    photo::{self, Photo},
    wound,
};

/// How long a worker has before another may take the same photo up.
const LEASE: TimeDelta = TimeDelta::minutes(5);

/// Looks at what is due until it is told to stop. Without a model there is nothing to do.
pub(crate) async fn work(service: Wounds, stop: CancellationToken) {
    let Some(model) = service.settings.model.clone() else { return };
    loop {
        match take_up(&service, &model).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => {
                tracing::error!(reason = error.reason(), status = %tonic::Status::from(error), "no outline could be suggested")
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(service.settings.poll) => {}
        }
    }
}

async fn take_up(service: &Wounds, model: &Arc<Model>) -> Result<bool, Error> {
    let now = service.base.clock.now();
    // A look first, so that an idle service writes nothing.
    let mut tx = service.base.db.read().await?;
    if !sql::is_due(&mut tx, model.version(), now).await? {
        return Ok(false);
    }
    drop(tx);
    let mut tx = service.base.db.begin().await?;
    let Some(photo) = sql::take_due(&mut tx, model.version(), now, now + LEASE).await? else { return Ok(false) };
    tx.commit().await?;
    let span = tracing::info_span!(
        "job",
        otel.name = "wound suggests outlines",
        otel.kind = "consumer",
        samspil.resource = photo.name().to_string(),
        model.version = model.version(),
    );
    telemetry::continues(&span, telemetry::context_of(&photo.traceparent));
    let work = async {
        let seen = look(service, model, &photo).await?;
        keep(service, model, &photo, seen).await
    };
    work.instrument(span).await?;
    Ok(true)
}

/// What a look at a photo gives.
#[derive(Default)]
struct Seen {
    suggestions: Vec<suggest::Suggestion>,
    wound: Option<WoundQuality>,
}

/// What the model sees. A photo that it cannot read has no suggestion, and is not tried again by the same version.
async fn look(service: &Wounds, model: &Arc<Model>, photo: &Photo) -> Result<Seen, Error> {
    if photo.is_damaged()? {
        return Ok(Seen::default());
    }
    let display = service.objects.get(&photo.object(pb::Rendition::Display)).await?;
    let _turn = service.decoders.clone().acquire_owned().await.map_err(Error::internal)?;
    let (model, upright) = (model.clone(), (photo.width_px as u32, photo.height_px as u32));
    let seen = tokio::task::spawn_blocking(move || see(&model, &display, upright, &photo::keep::image_limits())).await;
    match seen.map_err(Error::internal)? {
        Ok(seen) => Ok(seen),
        Err(failure) => {
            tracing::warn!(photo = %photo.name(), %failure, "the model cannot look at a photo");
            Ok(Seen::default())
        }
    }
}

/// The wound is measured within what is rather one than none.
fn see(model: &Model, display: &[u8], upright: (u32, u32), limits: &Limits) -> Result<Seen, Failure> {
    let suggestions = model.suggest(display, upright, limits)?;
    let wounds = suggestions.iter().filter(|found| found.confidence >= suggest::Suggestion::RATHER_A_WOUND);
    let outlines: Vec<_> = wounds.map(|wound| wound.points.clone()).collect();
    let wound = WoundQuality::of(display, upright, &outlines, limits, &Thresholds::default())?;
    Ok(Seen { suggestions, wound })
}

async fn keep(service: &Wounds, model: &Model, photo: &Photo, seen: Seen) -> Result<(), Error> {
    let base = &service.base;
    let mut tx = base.db.begin().await?;
    let mut held = photo::sql::hold(&mut tx, photo.photo_id).await?.ok_or(Common::ResourceNotFound)?;
    if held.analysis_version == model.version() {
        // Done by somebody else meanwhile.
        return Ok(());
    }
    let now = base.clock.now();
    for found in &seen.suggestions {
        let points: Vec<_> = found.points.iter().map(|point| pb::Point { x: point.x, y: point.y }).collect();
        let as_drawn = pb::Outline { points: points.clone(), ..pb::Outline::default() };
        let detail = pb::Suggestion {
            points,
            measures: Some(outline::measure(&as_drawn, &held)?),
            confidence: found.confidence,
            model_version: model.version().to_owned(),
            ..pb::Suggestion::default()
        };
        let suggestion = Suggestion {
            suggestion_id: base.clock.id(),
            photo_id: held.photo_id,
            visit_id: held.visit_id,
            wound_id: held.wound_id,
            patient_id: held.patient_id,
            detail: detail.encode_to_vec(),
            state: SuggestionState::Open as i32,
            decided_by: None,
            create_time: now,
            decide_time: None,
        };
        sql::insert(&mut tx, &suggestion).await?;
    }
    let quality = held.quality()?.unwrap_or_default();
    let quality = photo::verdict::with_wound(quality, seen.wound.as_ref(), model.version());
    held.quality = Some(quality.encode_to_vec());
    photo::sql::update(&mut tx, &held).await?;
    sql::analysed(&mut tx, held.photo_id, model.version()).await?;
    let name = WoundName { patient: held.patient_id, wound: held.wound_id };
    let wound = wound::sql::get(&mut tx, name).await?.ok_or(Common::ResourceNotFound)?;
    let event = pb::PhotoAnalysed {
        suggestions: seen.suggestions.len() as i32,
        version: model.version().to_owned(),
        warnings: quality.warnings.into_iter().map(|warning| warning.code).collect(),
    };
    let new = outbox::NewEvent {
        id: base.clock.id(),
        r#type: &<pb::PhotoAnalysed as prost::Name>::full_name(),
        subject: &held.name().to_string(),
        organisations: &wound.organisations(),
        time: now,
        traceparent: &telemetry::current_traceparent(),
        data: event.encode_to_vec(),
    };
    outbox::put(&mut tx, new).await?;
    Ok(tx.commit().await?)
}
