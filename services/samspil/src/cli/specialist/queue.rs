//! The queue: what waits, what changes, who is on it.

use anyhow::Result;
use samspil_client::json;
use samspil_proto::{
    names::AssessmentName,
    wound::v1::{ClaimAssessmentRequest, ListQueueRequest, QueueUpdate, ReleaseAssessmentRequest, WatchQueueRequest},
};
use serde_json::json;

use super::{
    super::{call, text, watch::follow},
    Desk,
};

/// Lists the open questions.
#[derive(Debug, clap::Args)]
pub(crate) struct List {}

impl List {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        let mut request = ListQueueRequest { page_size: 200, ..ListQueueRequest::default() };
        let mut all = Vec::new();
        loop {
            let page = call!(desk.to, wound.list_queue(request.clone()))?;
            all.extend(page.assessments);
            request.page_token = page.next_page_token;
            if request.page_token.is_empty() {
                break;
            }
        }
        let lines = || match all.len() {
            0 => "nobody waits".to_owned(),
            _ => all.iter().map(|assessment| text::queued(assessment) + "\n").collect(),
        };
        desk.out.value(|| json!({ "assessments": all.iter().map(json::from_message).collect::<Vec<_>>() }), lines);
        Ok(())
    }
}

/// Prints what changes.
#[derive(Debug, clap::Args)]
pub(crate) struct Watch {
    /// Go on from here, where an earlier watch ended.
    #[arg(long, default_value = "")]
    cursor: String,
}

impl Watch {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        desk.out.note("watching; end with Ctrl-C");
        let open = |cursor: String| {
            let mut wound = desk.to.wound();
            async move { wound.watch_queue(WatchQueueRequest { cursor }).await }
        };
        follow(desk.out, self.cursor, open, |update: QueueUpdate| desk.out.message(&update, told)).await
    }
}

fn told(update: &QueueUpdate) -> String {
    let what = update.r#type.rsplit('.').next().unwrap_or_default();
    let assessment = update.assessment.as_ref().map(text::queued).unwrap_or_default();
    format!("{} {what}\n{assessment}\n", text::when(update.time.as_ref()))
}

/// Takes a question.
#[derive(Debug, clap::Args)]
pub(crate) struct Claim {
    /// The question, `patients/…/wounds/…/assessments/…`.
    assessment: AssessmentName,
}

impl Claim {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        let (name, etag, request_id) = (self.assessment.to_string(), String::new(), desk.request_id());
        let request = ClaimAssessmentRequest { name, etag, request_id };
        desk.out.message(&call!(desk.to, wound.claim_assessment(request))?, text::assessment);
        Ok(())
    }
}

/// Puts a question back.
#[derive(Debug, clap::Args)]
pub(crate) struct Release {
    /// The question, `patients/…/wounds/…/assessments/…`.
    assessment: AssessmentName,
}

impl Release {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        let (name, etag, request_id) = (self.assessment.to_string(), String::new(), desk.request_id());
        let request = ReleaseAssessmentRequest { name, etag, request_id };
        desk.out.message(&call!(desk.to, wound.release_assessment(request))?, text::assessment);
        Ok(())
    }
}
