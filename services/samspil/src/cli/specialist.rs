//! `samspil specialist`: what a hospital's specialist does.

mod answer;
mod queue;
mod show;

use anyhow::Result;
use samspil_client::Connection;

use super::{Globals, output::Out};

/// What a hospital's specialist does.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum SpecialistCommand {
    /// List the open questions, the soonest due first.
    Queue(queue::List),
    /// Print what changes in the queue as it comes.
    Watch(queue::Watch),
    /// Take a question, so that no two work on it.
    Claim(queue::Claim),
    /// Put a question back.
    Release(queue::Release),
    /// Show a case: wound, question, findings, answers, messages, pictures.
    Show(show::Show),
    /// Ask the nurse for more.
    Ask(answer::Ask),
    /// Sign the answer to a claimed question.
    Answer(answer::Sign),
    /// Sign a better version of an answer. The old one stays readable.
    Amend(answer::Amend),
    /// Write a message to everyone who takes part in a wound.
    Message(answer::Write),
}

/// What a command has at hand.
struct Desk {
    to: Connection,
    out: Out,
}

impl Desk {
    fn request_id(&self) -> String {
        self.to.clock().id().to_string()
    }
}

impl SpecialistCommand {
    /// Does it.
    pub(crate) async fn run(self, globals: Globals) -> Result<()> {
        let desk = Desk { to: globals.connect("specialist")?, out: Out { json: globals.json } };
        match self {
            SpecialistCommand::Queue(command) => command.run(&desk).await,
            SpecialistCommand::Watch(command) => command.run(&desk).await,
            SpecialistCommand::Claim(command) => command.run(&desk).await,
            SpecialistCommand::Release(command) => command.run(&desk).await,
            SpecialistCommand::Show(command) => command.run(&desk).await,
            SpecialistCommand::Ask(command) => command.run(&desk).await,
            SpecialistCommand::Answer(command) => command.run(&desk).await,
            SpecialistCommand::Amend(command) => command.run(&desk).await,
            SpecialistCommand::Message(command) => command.run(&desk).await,
        }
    }
}
