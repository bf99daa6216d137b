//! The visits and their photos, through the offline queue of the nurse's phone.

use std::path::Path;

use anyhow::bail;
use chrono::{DateTime, Utc};
use samspil_client::{
    Connection,
    queue::{Ask, Event, Outcome, PhotoDraft, Queue, VisitDraft},
    upload,
};
use samspil_kit::{identity::demo, telemetry};
use samspil_proto::{
    names::{OrganisationName, PhotoName, WoundName},
    wound::v1 as pb,
};
use tracing::Instrument as _;

use crate::{photos::Batch, tell::Teller};

/// What went out.
pub(super) struct Sent {
    pub(super) visit: String,
    pub(super) photos: Vec<String>,
    pub(super) assessment: String,
    pub(super) request_trace_id: String,
}

/// Every visit through the offline queue; the last one with the question.
pub(super) async fn send(
    nurse: &Connection,
    teller: &Teller,
    folder: &Path,
    wound: &pb::Wound,
    batches: &[Batch],
    times: &[DateTime<Utc>],
) -> anyhow::Result<Sent> {
    let queue = Queue::open(folder.join("queue"))?;
    let mut sent =
        Sent { visit: String::new(), photos: Vec::new(), assessment: String::new(), request_trace_id: String::new() };
    for (i, batch) in batches.iter().enumerate() {
        let last = i + 1 == batches.len();
        let visit_time = times.get(i).copied().unwrap_or_else(|| nurse.clock().now());
        let photos =
            batch.files.iter().map(|file| PhotoDraft { file: file.clone(), capture_time: visit_time }).collect();
        let ask = last.then(|| Ask {
            question: "Is the present dressing right, and may we stop offloading at night?".to_owned(),
            priority: pb::AssessmentPriority::Routine,
            receiver: OrganisationName { sor: demo::HOSPITAL.to_owned() },
        });
        let draft =
            VisitDraft { wound: wound.name.parse::<WoundName>()?, visit_time, findings: findings(batch), photos, ask };
        // One span around all that her phone does for a visit: the root of the trace that reaches the care plan.
        let span = tracing::info_span!("nurse", otel.name = "nurse sends a visit", samspil.resource = wound.name);
        let trace_id = span.in_scope(telemetry::current_trace_id);
        let name = queue.enqueue(draft).await?;
        teller.step("nurse", &format!("visit {}: {} photos go out", i + 1, batch.files.len()));
        let report = queue.sync(nurse, |event| tell(teller, &event)).instrument(span).await?;
        let outcome = report.visits.into_iter().find(|(visit, _)| *visit == name).map(|(_, outcome)| outcome);
        match outcome {
            Some(Outcome::Done { assessment }) => {
                if let Some(assessment) = assessment {
                    sent.assessment = assessment;
                }
            }
            other => bail!("visit {} did not get through: {other:?}", i + 1),
        }
        (sent.visit, sent.request_trace_id) = (name.to_string(), trace_id);
    }
    let request =
        pb::ListVisitsRequest { parent: wound.name.clone(), page_size: 100, ..pb::ListVisitsRequest::default() };
    let visits = nurse.call(request, |s, r| async move { s.wound().list_visits(r).await }).await?.visits;
    sent.photos = visits.into_iter().flat_map(|visit| visit.photos).map(|photo| photo.name).collect();
    teller.step("nurse", "asks Regionshospitalet Horsens: is the dressing right, may we stop offloading at night?");
    Ok(sent)
}

fn findings(batch: &Batch) -> pb::Findings {
    let share = |kind: pb::TissueType, percent| pb::TissueShare { r#type: kind as i32, percent };
    pb::Findings {
        length_mm: batch.measured.map(|(length, _)| length),
        width_mm: batch.measured.map(|(_, width)| width),
        tissue: vec![share(pb::TissueType::Granulation, 70), share(pb::TissueType::Slough, 30)],
        exudate_amount: pb::ExudateAmount::Moderate as i32,
        exudate_type: pb::ExudateType::Serous as i32,
        edge: pb::WoundEdge::Attached as i32,
        surrounding_skin: vec![pb::SurroundingSkin::Erythema as i32],
        odour: pb::Odour::None as i32,
        pain: Some(3),
        dressing: "Foam, changed every third day".to_owned(),
        ..pb::Findings::default()
    }
}

fn tell(teller: &Teller, event: &Event) {
    // The end of an id made from the clock is what tells two apart.
    let short = |name: &PhotoName| name.photo.to_string()[28..].to_owned();
    match event {
        Event::Upload(name, upload::Event::Stored(photo)) => {
            let size = photo.size_bytes as f64 / 1e6;
            let place = if photo.location_removed { ", place removed" } else { "" };
            teller.detail(&format!(
                "photo {} stored: {}×{}, {size:.1} MB{place}",
                short(name),
                photo.width_px,
                photo.height_px
            ));
        }
        Event::Upload(name, upload::Event::Verdict(photo)) => {
            for warning in photo.quality.iter().flat_map(|quality| &quality.warnings) {
                teller.detail(&format!("photo {} {}: {}", short(name), warning.code, warning.advice_en));
            }
        }
        Event::Upload(name, upload::Event::Interrupted) => {
            teller.detail(&format!("photo {}: the link broke, going on", short(name)))
        }
        Event::Refused { photo, reason, message } => {
            teller.detail(&format!("photo {} refused: {reason}, {message}", short(photo)))
        }
        Event::AlreadyThere { photo, existing } => {
            teller.detail(&format!("photo {} is there already as {existing}", short(photo)))
        }
        _ => {}
    }
}
