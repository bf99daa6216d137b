//! The workflow, step by step, as its people would do it.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use chrono::{DateTime, TimeDelta, Utc};
use samspil_client::{
    Connection,
    queue::{Ask, Event, Outcome, PhotoDraft, Queue, VisitDraft},
    upload,
};
use samspil_kit::{identity::demo, telemetry};
use samspil_proto::{
    careplan::v1::{AcceptActivityRequest, Activity, ActivityState, DeclineActivityRequest, ListActivitiesRequest},
    common::v1::Coding,
    directory::v1::{Citizen, Consent, GrantConsentRequest, RegisterCitizenRequest},
    names::{OrganisationName, PhotoName, WoundName},
    referral::v1::{
        AcceptReferralRequest, CreateReferralRequest, Priority, ReceiveReferralRequest, Referral, SendReferralRequest,
    },
    time,
    wound::v1::{self as pb, wound_update::Resource},
};
use tracing::Instrument as _;
use uuid::Uuid;

use crate::{
    photos::{self, Batch},
    server::Server,
    tell::Teller,
};

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
    let citizen = register(&nurse).await?;
    teller
        .step("nurse", &format!("registers {}, a made-up citizen, and files the signed consent", citizen.display_name));
    teller.detail(&citizen.name);
    consent(&nurse, &citizen, now).await?;
    let wound = open_wound(&nurse, &citizen, now).await?;
    teller.step("nurse", "opens the wound: TS6 pressure ulcer, left heel");
    teller.detail(&wound.name);
    refer(&nurse, &specialist, &citizen, &wound, teller).await?;

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
    let sent = send(&nurse, teller, folder.path(), &wound, &batches, &times).await?;
    timings.push(("photos", begun.elapsed()));
    timings.push(("photo_each", begun.elapsed() / u32::try_from(count)?));
    teller.detail(&format!(
        "{count} photos stored in {:.2} s; trace {}",
        begun.elapsed().as_secs_f64(),
        sent.request_trace_id
    ));

    teller.heading("At the hospital");
    let assessment = queue.next_request().await?;
    anyhow::ensure!(assessment.name == sent.assessment, "the queue shows another question");
    let due = assessment.clock.as_ref().and_then(|clock| clock.due_time.as_ref()).and_then(time::from_wire);
    teller.step("specialist", &format!("sees it in the live queue, due {}", local(due)));
    let answered = answer(&specialist, teller, &assessment, &sent).await?;
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

    let plan = format!("{}/carePlan", citizen.name);
    let proposals = proposals(&nurse, &plan, 3).await?;
    timings.push(("answer_to_plan", answered.sent.elapsed()));
    decide(&nurse, teller, &proposals).await?;
    Ok(Played {
        patient: citizen.name,
        wound: wound.name,
        visit: sent.visit,
        photos: sent.photos,
        assessment: sent.assessment,
        care_plan: plan,
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

async fn register(nurse: &Connection) -> anyhow::Result<Citizen> {
    // A number that no person has: the day does not tell, and each run has its own.
    let serial = Uuid::new_v4().as_u128() % 10_000;
    let request = RegisterCitizenRequest {
        person_number: format!("{:02}{:02}45{serial:04}", 1 + serial % 28, 1 + serial % 12),
        display_name: "Inger Prøvesen".to_owned(),
        municipality_code: "0766".to_owned(),
        request_id: request_id(),
    };
    Ok(nurse.call(request, |s, r| async move { s.directory().register_citizen(r).await }).await?)
}

async fn consent(nurse: &Connection, citizen: &Citizen, now: DateTime<Utc>) -> anyhow::Result<Consent> {
    let consent = Consent {
        organisations: [demo::MUNICIPALITY, demo::HOSPITAL, demo::PRACTICE].map(organisation).into(),
        document: "case 26/0815".to_owned(),
        given_time: Some(time::to_wire(now)),
        ..Consent::default()
    };
    let request =
        GrantConsentRequest { parent: citizen.name.clone(), consent: Some(consent), request_id: request_id() };
    Ok(nurse.call(request, |s, r| async move { s.directory().grant_consent(r).await }).await?)
}

async fn open_wound(nurse: &Connection, citizen: &Citizen, now: DateTime<Utc>) -> anyhow::Result<pb::Wound> {
    let site =
        Coding { system: "http://snomed.info/sct".to_owned(), code: "84607009".to_owned(), display: "Heel".to_owned() };
    let wound = pb::Wound {
        r#type: pb::WoundType::Ts6Pressure as i32,
        body_site: Some(site),
        laterality: pb::Laterality::Left as i32,
        onset_date: (now - TimeDelta::days(35)).format("%Y-%m-%d").to_string(),
        label: "heel".to_owned(),
        ..pb::Wound::default()
    };
    let request = pb::OpenWoundRequest { parent: citizen.name.clone(), wound: Some(wound), request_id: request_id() };
    Ok(nurse.call(request, |s, r| async move { s.wound().open_wound(r).await }).await?)
}

/// The hospital takes the patient on.
async fn refer(
    nurse: &Connection,
    specialist: &Connection,
    citizen: &Citizen,
    wound: &pb::Wound,
    teller: &Teller,
) -> anyhow::Result<()> {
    let snomed = |code: &str, display: &str| Coding {
        system: "http://snomed.info/sct".to_owned(),
        code: code.to_owned(),
        display: display.to_owned(),
    };
    let referral = Referral {
        priority: Priority::Routine as i32,
        service: Some(snomed("225395003", "Wound assessment")),
        indications: vec![snomed("399912005", "Pressure ulcer")],
        note: "Does not heal under the present plan.".to_owned(),
        receiver: organisation(demo::HOSPITAL),
        wound: wound.name.clone(),
        ..Referral::default()
    };
    let request =
        CreateReferralRequest { parent: citizen.name.clone(), referral: Some(referral), request_id: request_id() };
    let referral = nurse.call(request, |s, r| async move { s.referral().create_referral(r).await }).await?;
    let request = SendReferralRequest { name: referral.name.clone(), etag: referral.etag, request_id: request_id() };
    let referral = nurse.call(request, |s, r| async move { s.referral().send_referral(r).await }).await?;
    teller.step("nurse", "sends a referral to Regionshospitalet Horsens");
    let request = ReceiveReferralRequest { name: referral.name.clone(), etag: referral.etag, request_id: request_id() };
    let referral = specialist.call(request, |s, r| async move { s.referral().receive_referral(r).await }).await?;
    let request = AcceptReferralRequest {
        name: referral.name,
        etag: referral.etag,
        note: String::new(),
        request_id: request_id(),
    };
    specialist.call(request, |s, r| async move { s.referral().accept_referral(r).await }).await?;
    teller.step("specialist", "accepts it: the hospital takes part in the wound");
    Ok(())
}

struct Sent {
    visit: String,
    photos: Vec<String>,
    assessment: String,
    request_trace_id: String,
}

/// Every visit through the offline queue; the last one with the question.
async fn send(
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

struct Answered {
    sent: Instant,
    trace_id: String,
}

async fn answer(
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

/// What the care plan holds for the municipality, once it has followed.
async fn proposals(nurse: &Connection, plan: &str, least: usize) -> anyhow::Result<Vec<Activity>> {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        let request = ListActivitiesRequest {
            parent: plan.to_owned(),
            state: ActivityState::Proposed as i32,
            ..ListActivitiesRequest::default()
        };
        let found = nurse.call(request, |s, r| async move { s.careplan().list_activities(r).await }).await?.activities;
        let ours: Vec<_> =
            found.into_iter().filter(|activity| activity.owner == organisation(demo::MUNICIPALITY)).collect();
        if ours.len() >= least {
            return Ok(ours);
        }
        anyhow::ensure!(Instant::now() < until, "the care plan has no proposals");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn decide(nurse: &Connection, teller: &Teller, proposals: &[Activity]) -> anyhow::Result<()> {
    teller.step("care plan", &format!("holds {} proposals for the municipality", proposals.len()));
    for activity in proposals {
        let due = activity.due_time.as_ref().and_then(time::from_wire);
        let (name, etag) = (activity.name.clone(), activity.etag.clone());
        let decided = if activity.description.starts_with("Offload") {
            let reason = "The patient sleeps on the other side already".to_owned();
            let request = DeclineActivityRequest { name, reason, etag, request_id: request_id() };
            nurse.call(request, |s, r| async move { s.careplan().decline_activity(r).await }).await?;
            "declined, with a reason"
        } else {
            let request =
                AcceptActivityRequest { name, etag, request_id: request_id(), ..AcceptActivityRequest::default() };
            nurse.call(request, |s, r| async move { s.careplan().accept_activity(r).await }).await?;
            "accepted"
        };
        teller.detail(&format!("{decided}: {} (by {})", activity.description, local(due)));
    }
    Ok(())
}

/// The specialist's live queue.
struct WatchQueue(tonic::Streaming<pb::QueueUpdate>);

impl WatchQueue {
    async fn open(specialist: &Connection) -> anyhow::Result<WatchQueue> {
        let mut stream = specialist.wound().watch_queue(pb::WatchQueueRequest::default()).await?.into_inner();
        // The first message says from where on nothing is missed.
        stream.message().await?.context("the queue's stream ended")?;
        Ok(WatchQueue(stream))
    }

    async fn next_request(&mut self) -> anyhow::Result<pb::Assessment> {
        let next = async {
            while let Some(update) = self.0.message().await? {
                if update.r#type.ends_with(".AssessmentRequested") {
                    return update.assessment.context("an update without its assessment");
                }
            }
            bail!("the queue's stream ended")
        };
        tokio::time::timeout(Duration::from_secs(30), next).await.context("the queue stays silent")?
    }
}

/// The nurse's stream of a wound.
struct WatchWound(tonic::Streaming<pb::WoundUpdate>);

impl WatchWound {
    async fn open(nurse: &Connection, wound: &str) -> anyhow::Result<WatchWound> {
        let request = pb::WatchWoundsRequest { name: wound.to_owned(), cursor: String::new() };
        let mut stream = nurse.wound().watch_wounds(request).await?.into_inner();
        stream.message().await?.context("the wound's stream ended")?;
        Ok(WatchWound(stream))
    }

    async fn until_answered(&mut self) -> anyhow::Result<()> {
        let answered = async {
            while let Some(update) = self.0.message().await? {
                if let Some(Resource::Assessment(assessment)) = update.resource
                    && assessment.state == pb::AssessmentState::Answered as i32
                {
                    return Ok(());
                }
            }
            bail!("the wound's stream ended")
        };
        tokio::time::timeout(Duration::from_secs(30), answered).await.context("the nurse's stream stays silent")?
    }
}
