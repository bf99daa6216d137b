//! The offline queue: sending it, looking at it, taking a photo back.

mod show;

use anyhow::Result;
use samspil_client::queue::{Outcome, PhotoState, Queue, Stage, States, VisitStatus, Warning};
use samspil_proto::{
    names::{PhotoName, VisitName},
    wound::v1::WithdrawPhotoRequest,
};
use serde_json::{Value, json};

use self::show::Show;
use super::{
    super::{
        call,
        output::{Told, error_json},
        text,
    },
    Desk,
};

/// Sends what waits.
pub(super) async fn sync(desk: &Desk) -> Result<()> {
    let queue = Queue::open(desk.globals.queue_dir())?;
    bring(desk, &queue, None).await
}

/// Sends what waits and tells what became of it, or of one visit of it. What became of the others then, `nurse queue` tells.
pub(super) async fn bring(desk: &Desk, queue: &Queue, only: Option<VisitName>) -> Result<()> {
    let show = Show::new(desk.out, &queue.states()?);
    let report = queue.sync(&desk.to, |event| show.event(event)).await?;
    show.end();
    let ours = |visit: &VisitName| only.is_none_or(|only| only == *visit);
    let done = |outcome: &Outcome| matches!(outcome, Outcome::Done { .. });
    let clear = match only {
        None => report.is_clear(),
        Some(only) => report.visits.iter().any(|(visit, outcome)| *visit == only && done(outcome)),
    };
    let states = queue.states()?;
    let failures = report.visits.into_iter().filter_map(|(visit, outcome)| match outcome {
        Outcome::Failed(error) => Some((visit, anyhow::Error::from(error))),
        _ => None,
    });
    let failures: Vec<_> = failures.collect();
    let text = || {
        let lines = states.visits.iter().filter(|status| ours(&status.name)).map(|status| visit(status) + "\n");
        let broken = states.broken.iter().map(|broken| format!("! {}\n", broken.problem));
        let text: String = lines.chain(broken).collect();
        if text.is_empty() { "nothing waits".to_owned() } else { text }
    };
    let json = || {
        let mut told = states_json(&states, only);
        let failed = failures.iter().filter(|(visit, _)| ours(visit));
        let errors = failed.map(|(visit, error)| json!({ "visit": visit.to_string(), "error": error_json(error) }));
        told["errors"] = errors.collect();
        told["clear"] = clear.into();
        told
    };
    desk.out.value(json, text);
    if clear { Ok(()) } else { Err(Told.into()) }
}

/// Lists the queue.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// Forget what has arrived.
    #[arg(long)]
    forget_done: bool,
}

impl List {
    pub(super) fn run(self, desk: &Desk) -> Result<()> {
        let folder = desk.globals.queue_dir();
        if self.forget_done {
            Queue::open(&folder)?.forget_done()?;
        }
        tell(desk, &Queue::look(folder)?, None)
    }
}

/// Tells what is in the queue, or one visit of it. What cannot be read is a failure.
pub(super) fn tell(desk: &Desk, states: &States, only: Option<VisitName>) -> Result<()> {
    let text = || {
        let visits = states.visits.iter().filter(|status| only.is_none_or(|only| only == status.name));
        let broken = states.broken.iter().map(|broken| format!("! {}\n", broken.problem));
        let text: String = visits.map(|status| visit(status) + "\n").chain(broken).collect();
        if text.is_empty() { "the queue is empty".to_owned() } else { text }
    };
    desk.out.value(|| states_json(states, only), text);
    if states.broken.is_empty() { Ok(()) } else { Err(Told.into()) }
}

/// Takes a photo back.
#[derive(Debug, clap::Args)]
pub(crate) struct Withdraw {
    /// The photo, `patients/…/photos/…`.
    photo: PhotoName,
    /// Why.
    #[arg(long)]
    reason: String,
}

impl Withdraw {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        let PhotoName { patient, wound, visit, .. } = self.photo;
        let visit = VisitName { patient, wound, visit };
        let folder = desk.globals.queue_dir();
        let waiting = Queue::look(&folder)?.visits;
        if waiting.iter().any(|status| status.name == visit && status.stage != Stage::Done) {
            let queue = Queue::open(folder)?;
            queue.withdraw(self.photo, self.reason).await?;
            return bring(desk, &queue, Some(visit)).await;
        }
        let request =
            WithdrawPhotoRequest { name: self.photo.to_string(), reason: self.reason, request_id: desk.request_id() };
        desk.out.message(&call!(desk.to, wound.withdraw_photo(request))?, text::photo);
        Ok(())
    }
}

fn visit(status: &VisitStatus) -> String {
    let stage = match status.stage {
        Stage::Waiting => "waits for coverage",
        Stage::Recorded => "is recorded; photos are still to come",
        Stage::Refused => {
            "is open: a photo was refused. add a better one, and take it back (`nurse add-photo`, `nurse withdraw-photo`)"
        }
        Stage::Completed => "is complete; its question is still to be asked",
        Stage::Done => "has arrived",
    };
    let mut text = format!("visit of {} {stage}\n", text::at(status.visit_time));
    for photo in &status.photos {
        let state = match &photo.state {
            PhotoState::Waiting => "waiting".to_owned(),
            PhotoState::Uploading { percent } => format!("uploading, {percent} %"),
            PhotoState::Stored { name } if *name == photo.name.to_string() => "stored".to_owned(),
            PhotoState::Stored { name } => format!("stored already as {name}"),
            PhotoState::Refused { reason, message } => format!("refused: {message} ({reason})"),
            PhotoState::Withdrawn => "withdrawn".to_owned(),
        };
        let size = photo.size_bytes as f64 / 1e6;
        text += &format!("  {} ({size:.1} MB): {state}\n", photo.file_name);
        for Warning { code, advice_da, advice_en } in &photo.warnings {
            text += &format!("    {}\n", text::warning(code, advice_da, advice_en));
        }
        text += &format!("    {}\n", photo.name);
    }
    if let Some(assessment) = &status.assessment {
        text += &format!("  asked: {}\n  {assessment}\n", status.question.as_deref().unwrap_or_default());
    }
    if let (Some(problem), false) = (&status.problem, status.stage == Stage::Done) {
        text += &format!("  ! {problem}\n");
    }
    text + &format!("  {}", status.name)
}

fn states_json(states: &States, only: Option<VisitName>) -> Value {
    let visits = states.visits.iter().filter(|status| only.is_none_or(|only| only == status.name)).map(|status| {
        let photos = status.photos.iter().map(|photo| {
            json!({
                "name": photo.name.to_string(),
                "fileName": photo.file_name,
                "sizeBytes": photo.size_bytes,
                "captureTime": photo.capture_time,
                "state": photo.state,
                "withdrawing": photo.withdrawing,
                "warnings": photo.warnings,
            })
        });
        json!({
            "name": status.name.to_string(),
            "visitTime": status.visit_time,
            "stage": format!("{:?}", status.stage).to_lowercase(),
            "photos": photos.collect::<Vec<_>>(),
            "assessment": status.assessment,
            "problem": status.problem,
        })
    });
    let broken = states.broken.iter().map(|broken| json!({ "folder": broken.folder, "problem": broken.problem }));
    json!({ "visits": visits.collect::<Vec<_>>(), "broken": broken.collect::<Vec<_>>() })
}
