//! The workflow, step by step, as its people would do it.

mod answer;
mod begin;
mod plan;
mod send;
mod stay;
mod watch;

use std::{
    path::Path,
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};
use samspil_client::Connection;
use samspil_proto::{time, wound::v1 as pb};
use uuid::Uuid;

use crate::{photos, server::Server, tell::Teller};
use watch::{WatchQueue, WatchWound};

/// What was played, by name.
pub(crate) struct Played {
    pub patient: String,
    pub wound: String,
    pub visit: String,
    pub photos: Vec<String>,
    pub assessment: String,
    pub care_plan: String,
    pub request_trace_id: String,
    pub answer_trace_id: String,
    pub timings: Vec<(&'static str, Duration)>,
}

impl Played {
    /// The whole as one object.
    pub(crate) fn json(&self, server: &Server) -> anyhow::Result<serde_json::Value> {
        let tokens: serde_json::Map<_, _> = ["nurse", "specialist", "gp"]
            .into_iter()
            .map(|person| Ok((person.to_owned(), server.token(person)?.into())))
            .collect::<anyhow::Result<_>>()?;
        let timings: serde_json::Map<_, _> = self
            .timings
            .iter()
            .map(|(name, time)| ((*name).to_owned(), ((time.as_micros() as f64 / 10.0).round() / 100.0).into()))
            .collect();
        Ok(serde_json::json!({
            "grpc_endpoint": server.endpoint,
            "web": format!("{}/", server.endpoint),
            "tokens": tokens,
            "patient": self.patient,
            "wound": self.wound,
            "visit": self.visit,
            "photos": self.photos,
            "assessment": self.assessment,
            "care_plan": self.care_plan,
            "request_trace_id": self.request_trace_id,
            "answer_trace_id": self.answer_trace_id,
            "timings_ms": timings,
        }))
    }
}

fn request_id() -> String {
    Uuid::new_v4().to_string()
}

fn organisation(sor: &str) -> String {
    format!("organisations/{sor}")
}

/// Plays everything.
pub(crate) async fn play(
    server: &Server,
    teller: &Teller,
    own: Option<&Path>,
    ready: Duration,
) -> anyhow::Result<Played> {
    let (nurse, specialist) = (server.connect("nurse").await?, server.connect("specialist").await?);
    let now = nurse.clock().now();
    let mut timings = vec![("start", ready)];

    teller.heading("In the patient's home");
    let citizen = begin::register(&nurse).await?;
    teller
        .step("nurse", &format!("registers {}, a made-up citizen, and files the signed consent", citizen.display_name));
    teller.detail(&citizen.name);
    begin::consent(&nurse, &citizen, now).await?;
    let wound = begin::open_wound(&nurse, &citizen, now).await?;
    teller.step("nurse", "opens the wound: TS6 pressure ulcer, left heel");
    teller.detail(&wound.name);
    begin::refer(&nurse, &specialist, &citizen, &wound, teller).await?;

    let folder = tempfile::tempdir()?;
    let times: Vec<_> = [28, 14, 0].map(|days| now - TimeDelta::days(days)).into();
    let begun = Instant::now();
    let batches = match own {
        Some(own) => photos::read(own)?,
        None => photos::draw(folder.path(), now.timestamp_micros() as u64, &times)?,
    };
    let count: usize = batches.iter().map(|batch| batch.files.len()).sum();
    let source = own.map_or_else(
        || format!("drawn in {} ms", begun.elapsed().as_millis()),
        |own| format!("from {}", own.display()),
    );
    teller.step("nurse", &format!("has {count} photographs, {source}"));

    let mut queue = WatchQueue::open(&specialist).await?;
    let mut stream = WatchWound::open(&nurse, &wound.name).await?;
    let begun = Instant::now();
    let sent = send::send(&nurse, teller, folder.path(), &wound, &batches, &times).await?;
    timings.push(("photos", begun.elapsed()));
    timings.push(("photo_each", begun.elapsed() / u32::try_from(count)?));
    teller.detail(&format!(
        "{count} photos stored in {:.2} s; trace {}",
        begun.elapsed().as_secs_f64(),
        sent.request_trace_id
    ));

    healing(&nurse, teller, &wound.name).await?;

    teller.heading("At the hospital");
    let assessment = queue.next_request().await?;
    anyhow::ensure!(assessment.name == sent.assessment, "the queue shows another question");
    let due = assessment.clock.as_ref().and_then(|clock| clock.due_time.as_ref()).and_then(time::from_wire);
    teller.step("specialist", &format!("sees it in the live queue, due {}", local(due)));
    let answered = answer::answer(&specialist, teller, &assessment, &sent).await?;
    teller.detail(&format!("trace {}, which links back to the request", answered.trace_id));
    stream.until_answered().await?;
    timings.push(("answer_to_watch", answered.sent.elapsed()));
    teller.heading("Back in the municipality");
    teller.step(
        "nurse",
        &format!(
            "sees the answer in her stream {:.1} ms after it was signed",
            answered.sent.elapsed().as_secs_f64() * 1e3
        ),
    );

    let care_plan = format!("{}/carePlan", citizen.name);
    let proposals = plan::proposals(&nurse, &care_plan, 3).await?;
    timings.push(("answer_to_plan", answered.sent.elapsed()));
    plan::decide(&nurse, teller, &proposals).await?;
    stay::play(server, teller, &citizen.name, &care_plan).await?;
    Ok(Played {
        patient: citizen.name,
        wound: wound.name,
        visit: sent.visit,
        photos: sent.photos,
        assessment: sent.assessment,
        care_plan,
        request_trace_id: sent.request_trace_id,
        answer_trace_id: answered.trace_id,
        timings,
    })
}

fn local(time: Option<DateTime<Utc>>) -> String {
    time.map_or_else(String::new, |time| {
        time.with_timezone(&chrono_tz::Europe::Copenhagen).format("%A %-d %B %H:%M").to_string()
    })
}

/// What the visits tell of the healing.
async fn healing(nurse: &Connection, teller: &Teller, wound: &str) -> anyhow::Result<()> {
    let request = pb::ListScoresRequest { parent: wound.to_owned(), ..pb::ListScoresRequest::default() };
    let scores = nurse.call(request, |s, r| async move { s.wound().list_scores(r).await }).await?.scores;
    let totals: Vec<_> =
        scores.iter().rev().filter_map(|score| Some(score.result.as_ref()?.total.to_string())).collect();
    let request = pb::GetHealingRequest { name: wound.to_owned() };
    let healing = nurse.call(request, |s, r| async move { s.wound().get_healing(r).await }).await?;
    if let Some(last) = healing.points.last()
        && let Some(reduction) = last.reduction_permille
    {
        let stalled = if healing.stalled { "; the safety watch flags it" } else { "" };
        teller.detail(&format!(
            "area {} mm² after {} days, {:.1} % less than at first; PUSH {}{stalled}",
            last.area_mm2,
            last.days,
            f64::from(reduction) / 10.0,
            totals.join(", ")
        ));
    }
    Ok(())
}
