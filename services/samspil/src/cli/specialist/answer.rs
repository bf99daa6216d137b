//! What a specialist says: asks for more, answers, amends, writes.

use anyhow::Result;
use samspil_proto::{
    common::v1::Coding,
    names::{AssessmentName, WoundName},
    wound::v1::{
        AmendAnswerRequest, Answer, AnswerAssessmentRequest, AskForMoreRequest, CreateMessageRequest, Message, PlanLine,
    },
};

use super::{
    super::{call, parse, text},
    Desk,
};

/// Asks for more.
#[derive(Debug, clap::Args)]
pub(crate) struct Ask {
    /// The question, `patients/…/wounds/…/assessments/…`.
    assessment: AssessmentName,
    /// What is needed.
    #[arg(long)]
    question: String,
}

impl Ask {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        let request = AskForMoreRequest {
            name: self.assessment.to_string(),
            question: self.question,
            etag: String::new(),
            request_id: desk.request_id(),
        };
        desk.out.message(&call!(desk.to, wound.ask_for_more(request))?, text::assessment);
        Ok(())
    }
}

/// What an answer says.
#[derive(Debug, clap::Args)]
struct Said {
    /// What is seen.
    #[arg(long)]
    findings: String,
    /// A line of the plan, with the days by when if there is such a time: "Aflast hælen@3". Once for each.
    #[arg(long = "plan", value_parser = parse::plan_line, value_name = "TEXT[@DAYS]")]
    plan: Vec<PlanLine>,
    /// In how many days the next photos are due; 14 when not told.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(i32).range(0..=365), hide_default_value = true)]
    next_photo_days: i32,
    /// The patient is to come to the hospital.
    #[arg(long)]
    call_in: bool,
    /// The diagnosis: a SNOMED CT code, or one of another terminology.
    #[arg(long, value_parser = parse::coding, value_name = "[SYSTEM|]CODE[=DISPLAY]")]
    diagnosis: Option<Coding>,
}

impl From<Said> for Answer {
    fn from(said: Said) -> Self {
        Answer {
            diagnosis: said.diagnosis,
            findings: said.findings,
            plan: said.plan,
            next_photo_days: said.next_photo_days,
            call_in: said.call_in,
            ..Answer::default()
        }
    }
}

/// Signs an answer.
#[derive(Debug, clap::Args)]
pub(crate) struct Sign {
    /// The question, `patients/…/wounds/…/assessments/…`.
    assessment: AssessmentName,
    #[command(flatten)]
    said: Said,
}

impl Sign {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        let request = AnswerAssessmentRequest {
            name: self.assessment.to_string(),
            answer: Some(self.said.into()),
            etag: String::new(),
            request_id: desk.request_id(),
        };
        desk.out.message(&call!(desk.to, wound.answer_assessment(request))?, text::assessment);
        Ok(())
    }
}

/// Signs a better version. The whole answer is told anew.
#[derive(Debug, clap::Args)]
pub(crate) struct Amend {
    /// The question, `patients/…/wounds/…/assessments/…`.
    assessment: AssessmentName,
    #[command(flatten)]
    said: Said,
    /// Why.
    #[arg(long)]
    reason: String,
}

impl Amend {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        let request = AmendAnswerRequest {
            name: self.assessment.to_string(),
            answer: Some(self.said.into()),
            reason: self.reason,
            etag: String::new(),
            request_id: desk.request_id(),
        };
        desk.out.message(&call!(desk.to, wound.amend_answer(request))?, text::assessment);
        Ok(())
    }
}

/// Writes a message.
#[derive(Debug, clap::Args)]
pub(crate) struct Write {
    /// The wound, `patients/…/wounds/…`.
    wound: WoundName,
    /// What is said.
    #[arg(long)]
    text: String,
}

impl Write {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        let request = CreateMessageRequest {
            parent: self.wound.to_string(),
            message: Some(Message { text: self.text, ..Message::default() }),
            request_id: desk.request_id(),
        };
        desk.out.message(&call!(desk.to, wound.create_message(request))?, text::message);
        Ok(())
    }
}
