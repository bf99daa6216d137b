//! Verbs of referrals and activities, the inbox, and my work, beside a bare commit.
//!
//! A verb commits five rows: the thing itself, its event, the audit entry, the kept answer, and for a plan the version of the
//! part. Then the relay moves the event, which is a second commit. A page of fifty writes its audit rows, as the queue's does.

use std::time::{Duration, Instant};

use samspil_client::Connection;
use samspil_kit::identity::demo;
use samspil_proto::{
    careplan::v1::{self as plan, Activity, ActivityKind, Recurrence, RecurrenceUnit, recurrence::End},
    common::v1::Coding,
    referral::v1::{self as pb, Referral},
    time,
};

use super::{
    measure::{Samples, cpu_of, load, ms, peak_mb},
    report::{Report, Row},
    setup::{organisation, request_id, wound},
    site::{Engine, Server},
    watch,
};

/// Patients among whom the work is spread.
const PATIENTS: usize = 20;

pub(crate) async fn run(engine: &Engine, quick: bool, report: &mut Report) -> anyhow::Result<()> {
    let site = engine.site().await?;
    let server = site.serve().await?;
    let nurse = server.connect("nurse").await?;
    let mut patients = Vec::new();
    for _ in 0..PATIENTS {
        patients.push(format!("patients/{}", wound(&nurse).await?.patient));
    }
    let count = if quick { 200 } else { 1_000 };
    let jobs: Vec<_> = (0..count).map(|i| patients[i % PATIENTS].clone()).collect();
    for at_once in [1, 8] {
        let pairs = pairs(&server, at_once).await?;
        verbs(
            &server,
            engine,
            "referral: written, sent, received, accepted; each verb",
            pairs,
            &jobs,
            4,
            refer,
            report,
        )
        .await?;
        let pairs = self::pairs(&server, at_once).await?;
        verbs(&server, engine, "activity: proposed, accepted, done twice; each verb", pairs, &jobs, 4, act, report)
            .await?;
    }
    pages(&server, engine, if quick { 50 } else { 200 }, report).await?;
    watch::commit(engine, &site, count, report).await?;
    server.stop().await?;
    site.remove().await
}

/// A nurse and a specialist.
type Pair = (Connection, Connection);

async fn pairs(server: &Server, count: usize) -> anyhow::Result<Vec<Pair>> {
    let (nurses, specialists) =
        (server.connections("nurse", count).await?, server.connections("specialist", count).await?);
    Ok(nurses.into_iter().zip(specialists).collect())
}

#[expect(clippy::too_many_arguments, reason = "what a row of the table says")]
async fn verbs<F, Fut>(
    server: &Server,
    engine: &Engine,
    title: &str,
    pairs: Vec<Pair>,
    jobs: &[String],
    calls: usize,
    course: F,
    report: &mut Report,
) -> anyhow::Result<()>
where
    F: Fn(Pair, String) -> Fut + Clone + Send + 'static,
    Fut: Future<Output = anyhow::Result<Duration>> + Send,
{
    let at_once = pairs.len();
    let before = cpu_of(server.pid)?;
    let (took, wall) = load(pairs, jobs.to_vec(), course).await?;
    let verbs = jobs.len() * calls;
    let cpu = ms(cpu_of(server.pid)? - before) / verbs as f64;
    let samples: Samples = took.into_iter().map(|course| course / calls as u32).collect();
    report.row(Row {
        ops_per_s: Some(verbs as f64 / wall.as_secs_f64()),
        cpu_ms_per_op: Some(cpu),
        rss_mb: Some(peak_mb(server.pid)?),
        ..Row::new(title, engine.name(), at_once).samples(&samples)
    });
    Ok(())
}

/// A referral from its writing to its acceptance.
async fn refer((nurse, specialist): Pair, patient: String) -> anyhow::Result<Duration> {
    let begun = Instant::now();
    let snomed =
        |code: &str| Coding { system: "http://snomed.info/sct".to_owned(), code: code.to_owned(), ..Coding::default() };
    let referral = Referral {
        // Not a wound assessment: that would open a wound besides.
        service: Some(snomed("225358003")),
        indications: vec![snomed("399912005")],
        receiver: organisation(demo::HOSPITAL),
        ..Referral::default()
    };
    let request = pb::CreateReferralRequest { parent: patient, referral: Some(referral), request_id: request_id() };
    let name = nurse.referral().create_referral(request).await?.into_inner().name;
    let request = pb::SendReferralRequest { name: name.clone(), etag: String::new(), request_id: request_id() };
    nurse.referral().send_referral(request).await?;
    let request = pb::ReceiveReferralRequest { name: name.clone(), etag: String::new(), request_id: request_id() };
    specialist.referral().receive_referral(request).await?;
    let request = pb::AcceptReferralRequest { name, request_id: request_id(), ..pb::AcceptReferralRequest::default() };
    specialist.referral().accept_referral(request).await?;
    Ok(begun.elapsed())
}

/// A recurring activity that the hospital proposes and the municipality takes on and does twice.
async fn act((nurse, specialist): Pair, patient: String) -> anyhow::Result<Duration> {
    let begun = Instant::now();
    let due = nurse.clock().now() + chrono::TimeDelta::days(3);
    let activity = Activity {
        kind: ActivityKind::WoundCare.into(),
        description: "Change the dressing".to_owned(),
        owner: organisation(demo::MUNICIPALITY),
        due_time: Some(time::to_wire(due)),
        recurrence: Some(Recurrence { every: 3, unit: RecurrenceUnit::Day.into(), end: Some(End::Count(30)) }),
        ..Activity::default()
    };
    let request = plan::CreateActivityRequest {
        parent: format!("{patient}/carePlan"),
        activity: Some(activity),
        request_id: request_id(),
    };
    let name = specialist.careplan().create_activity(request).await?.into_inner().name;
    let request = plan::AcceptActivityRequest { name: name.clone(), request_id: request_id(), ..Default::default() };
    nurse.careplan().accept_activity(request).await?;
    for _ in 0..2 {
        let request =
            plan::CompleteActivityRequest { name: name.clone(), request_id: request_id(), ..Default::default() };
        nurse.careplan().complete_activity(request).await?;
    }
    Ok(begun.elapsed())
}

async fn pages(server: &Server, engine: &Engine, repeat: usize, report: &mut Report) -> anyhow::Result<()> {
    let (nurse, specialist) = (server.connect("nurse").await?, server.connect("specialist").await?);
    let inbox = pb::ListReferralsRequest {
        parent: "patients/-".to_owned(),
        r#box: pb::Box::Inbox.into(),
        order: pb::ReferralOrder::Changed.into(),
        ..pb::ListReferralsRequest::default()
    };
    let work = plan::ListActivitiesRequest {
        parent: "patients/-/carePlan".to_owned(),
        ..plan::ListActivitiesRequest::default()
    };
    let (mut inboxes, mut works) = (Samples::default(), Samples::default());
    let before = cpu_of(server.pid)?;
    for _ in 0..repeat {
        let begun = Instant::now();
        let listed = specialist.referral().list_referrals(inbox.clone()).await?.into_inner().referrals;
        anyhow::ensure!(listed.len() == 50, "a full page");
        inboxes.push(begun.elapsed());
    }
    let between = cpu_of(server.pid)?;
    for _ in 0..repeat {
        let begun = Instant::now();
        let listed = nurse.careplan().list_activities(work.clone()).await?.into_inner().activities;
        anyhow::ensure!(listed.len() == 50, "a full page");
        works.push(begun.elapsed());
    }
    let after = cpu_of(server.pid)?;
    let row = |title: &str, samples: &Samples, cpu: Duration| Row {
        cpu_ms_per_op: Some(ms(cpu) / repeat as f64),
        ..Row::new(title, engine.name(), 1).samples(samples)
    };
    report.row(row("inbox, a page of 50", &inboxes, between - before));
    report.row(row("my work, a page of 50", &works, after - between));
    Ok(())
}
