//! The specialist's part.

use std::time::Instant;

use anyhow::Context as _;
use samspil_client::Connection;
use samspil_kit::telemetry;
use samspil_proto::{common::v1::Coding, names::PhotoName, wound::v1 as pb};
use tracing::Instrument as _;

use super::{request_id, send::Sent};
use crate::tell::Teller;

/// When the answer was signed, and its trace.
pub(super) struct Answered {
    pub(super) sent: Instant,
    pub(super) trace_id: String,
}

/// The specialist claims, looks and answers.
pub(super) async fn answer(
    specialist: &Connection,
    teller: &Teller,
    assessment: &pb::Assessment,
    sent: &Sent,
) -> anyhow::Result<Answered> {
    let name = assessment.name.clone();
    let request =
        pb::ClaimAssessmentRequest { name: name.clone(), etag: assessment.etag.clone(), request_id: request_id() };
    let claimed = specialist.call(request, |s, r| async move { s.wound().claim_assessment(r).await }).await?;
    teller.step("specialist", "claims it, so that no two work on it");
    let newest = sent.photos.first().context("a photo")?;
    let mut picture = Vec::new();
    specialist.download(&newest.parse::<PhotoName>()?, pb::Rendition::Display, &mut picture).await?;
    teller.step("specialist", &format!("looks at the newest photo: {} KB, at most 1600 pixels", picture.len() / 1000));
    let line = |text: &str, due_days| pb::PlanLine { text: text.to_owned(), due_days };
    let answer = pb::Answer {
        diagnosis: Some(Coding {
            system: "http://snomed.info/sct".to_owned(),
            code: "399912005".to_owned(),
            display: "Pressure ulcer".to_owned(),
        }),
        findings: "Clean granulation, slough is going. No sign of infection.".to_owned(),
        plan: vec![line("Go on with foam, every third day", 3), line("Offload at night for two more weeks", 14)],
        next_photo_days: 14,
        ..pb::Answer::default()
    };
    let request =
        pb::AnswerAssessmentRequest { name, answer: Some(answer), etag: claimed.etag, request_id: request_id() };
    let span =
        tracing::info_span!("specialist", otel.name = "specialist signs the answer", samspil.resource = request.name);
    let trace_id = span.in_scope(telemetry::current_trace_id);
    let signing = specialist.call(request, |s, r| async move { s.wound().answer_assessment(r).await });
    let sent = Instant::now();
    signing.instrument(span).await?;
    teller.step("specialist", "signs the answer, with a plan of two lines and new photos in 14 days");
    Ok(Answered { sent, trace_id })
}
