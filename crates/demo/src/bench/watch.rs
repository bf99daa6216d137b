//! From the specialist's signature to the nurse's stream, beside a bare commit.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use samspil_client::{Clock, Connection};
use samspil_proto::wound::v1::{self as pb, wound_update::Resource};
use samspil_store::audit;
use tokio::sync::mpsc;

use super::{
    measure::{Samples, cpu_of, ms, peak_mb},
    report::{Report, Row},
    setup,
    site::{Engine, Site},
};

/// How long an answer may be on its way.
const PATIENCE: Duration = Duration::from_secs(60);

/// How many answers are signed; one alone says nothing of the slow ones.
const ANSWERS: usize = 50;

pub(crate) async fn run(engine: &Engine, quick: bool, report: &mut Report) -> anyhow::Result<()> {
    let site = engine.site().await?;
    let server = site.serve().await?;
    let nurse = server.connect("nurse").await?;
    let specialist = server.connect("specialist").await?;
    let answers = if quick { ANSWERS } else { 2 * ANSWERS };
    for watchers in [1, 100] {
        let wound = setup::wound(&nurse).await?;
        let visit = setup::complete_visit(&nurse, &wound).await?;
        let mut claimed = Vec::with_capacity(answers);
        for _ in 0..answers {
            claimed.push(setup::claimed(&nurse, &specialist, &wound, &visit).await?);
        }
        let mut watching = Watching::open(server.connections("nurse", watchers).await?, &wound.to_string()).await?;
        let before = cpu_of(server.pid)?;
        let (mut call, mut each, mut last) = (Samples::default(), Samples::default(), Samples::default());
        for assessment in claimed {
            let name = assessment.name.clone();
            let begun = Instant::now();
            answer(&specialist, assessment).await?;
            call.push(begun.elapsed());
            let heard = watching.all_heard(&name).await?;
            for at in &heard {
                each.push(at.saturating_duration_since(begun));
            }
            last.push(heard.iter().max().context("a watcher")?.saturating_duration_since(begun));
        }
        let cpu = ms(cpu_of(server.pid)? - before) / answers as f64;
        report.row(Row::new("answer, the call itself", engine.name(), watchers).samples(&call));
        report.row(Row {
            cpu_ms_per_op: Some(cpu),
            rss_mb: Some(peak_mb(server.pid)?),
            ..Row::new("answer signed to a watcher", engine.name(), watchers).samples(&each)
        });
        if watchers > 1 {
            report.row(Row::new("answer signed to the last watcher", engine.name(), watchers).samples(&last));
        }
    }
    commit(engine, &site, answers, report).await?;
    server.stop().await?;
    site.remove().await
}

async fn answer(specialist: &Connection, assessment: pb::Assessment) -> anyhow::Result<()> {
    let answer = pb::Answer {
        findings: "Clean granulation, slough is going. No sign of infection.".to_owned(),
        plan: vec![pb::PlanLine { text: "Go on with foam, every third day".to_owned(), due_days: 3 }],
        next_photo_days: 14,
        ..pb::Answer::default()
    };
    let request = pb::AnswerAssessmentRequest {
        name: assessment.name,
        answer: Some(answer),
        etag: assessment.etag,
        request_id: setup::request_id(),
    };
    specialist.wound().answer_assessment(request).await?;
    Ok(())
}

/// Streams of a wound, each on a connection of its own.
struct Watching {
    heard: mpsc::UnboundedReceiver<anyhow::Result<(String, Instant)>>,
    watchers: usize,
}

impl Watching {
    async fn open(nurses: Vec<Connection>, wound: &str) -> anyhow::Result<Watching> {
        let (out, heard) = mpsc::unbounded_channel();
        let watchers = nurses.len();
        for nurse in nurses {
            let request = pb::WatchWoundsRequest { name: wound.to_owned(), cursor: String::new() };
            let mut stream = nurse.wound().watch_wounds(request).await?.into_inner();
            // The first message says from where on nothing is missed.
            stream.message().await?.context("the wound's stream ended")?;
            let out = out.clone();
            tokio::spawn(async move {
                loop {
                    let update = match stream.message().await {
                        Ok(Some(update)) => update,
                        Ok(None) => return,
                        Err(status) => {
                            let _ = out.send(Err(status.into()));
                            return;
                        }
                    };
                    if let Some(Resource::Assessment(assessment)) = update.resource
                        && assessment.state == pb::AssessmentState::Answered as i32
                    {
                        let _ = out.send(Ok((assessment.name, Instant::now())));
                    }
                }
            });
        }
        Ok(Watching { heard, watchers })
    }

    /// When each of them had the answer.
    async fn all_heard(&mut self, name: &str) -> anyhow::Result<Vec<Instant>> {
        let mut times = Vec::with_capacity(self.watchers);
        while times.len() < self.watchers {
            let heard = tokio::time::timeout(PATIENCE, self.heard.recv()).await;
            let (of, at) = heard.context("a nurse's stream stays silent")?.context("every stream ended")??;
            anyhow::ensure!(of == name, "a stream tells of another answer");
            times.push(at);
        }
        Ok(times)
    }
}

/// One row and its commit, on the same database: below that no answer can be.
pub(crate) async fn commit(engine: &Engine, site: &Site, repeat: usize, report: &mut Report) -> anyhow::Result<()> {
    let (db, clock) = (site.wound_db().await?, Clock::system());
    let mut samples = Samples::default();
    for _ in 0..repeat {
        let entry = audit::Entry {
            entry_id: clock.id(),
            time: clock.now(),
            person: "bench".to_owned(),
            action: "bench".to_owned(),
            outcome: "OK".to_owned(),
            ..audit::Entry::default()
        };
        let begun = Instant::now();
        let mut tx = db.begin().await?;
        audit::put(&mut tx, &entry).await?;
        tx.commit().await?;
        samples.push(begun.elapsed());
    }
    db.close().await;
    report.row(Row::new("floor: a bare commit of one row", engine.name(), 1).samples(&samples));
    Ok(())
}
