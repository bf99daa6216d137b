//! `samspil nurse`: what a municipal nurse does.

mod findings;
mod plan;
mod queue;
mod record;
mod visit;
mod watch;

use anyhow::Result;
use samspil_client::Connection;
use samspil_proto::names::WoundName;
use uuid::Uuid;

use super::{Globals, output::Out};

/// What a municipal nurse does.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum NurseCommand {
    /// Register a citizen by person number.
    Register(record::Register),
    /// Find a citizen by person number.
    Find(record::Find),
    /// Record a citizen's written consent.
    Consent(record::GiveConsent),
    /// List the organisations that can be shared with and asked.
    Organisations,
    /// Open a wound.
    Open(record::Open),
    /// List wounds.
    Wounds(record::Wounds),
    /// Record a visit with its photos. It is put into the offline queue, and sent if there is a way through.
    Visit(Box<visit::Visit>),
    /// Send what waits in the offline queue.
    Sync,
    /// List what is in the offline queue, photo by photo.
    Queue(queue::List),
    /// Add a photo to a visit of the offline queue that is still open, such as a better one.
    AddPhoto(visit::AddPhoto),
    /// Take a photo back that the service does not have, such as a refused one.
    WithdrawPhoto(queue::Withdraw),
    /// Ask a specialist about complete visits.
    Request(record::Ask),
    /// Supply what a specialist asked for.
    Supply(record::Supply),
    /// Print what changes as it comes.
    Watch(watch::Watch),
    /// Close a wound or a question.
    Close(record::Close),
    /// Show a patient's care plan.
    Plan(plan::Plan),
    /// Take a proposed activity on.
    Accept(plan::Accept),
    /// Turn a proposed activity down.
    Decline(plan::Decline),
    /// Mark an activity as done.
    Complete(plan::Complete),
}

/// What a command has at hand.
struct Desk {
    globals: Globals,
    to: Connection,
    out: Out,
}

impl Desk {
    fn request_id(&self) -> String {
        self.to.clock().id().to_string()
    }
}

impl NurseCommand {
    /// Does it.
    pub(crate) async fn run(self, globals: Globals) -> Result<()> {
        let desk = Desk { to: globals.connect("nurse")?, out: Out { json: globals.json }, globals };
        match self {
            NurseCommand::Register(command) => command.run(&desk).await,
            NurseCommand::Find(command) => command.run(&desk).await,
            NurseCommand::Consent(command) => command.run(&desk).await,
            NurseCommand::Organisations => record::organisations(&desk).await,
            NurseCommand::Open(command) => command.run(&desk).await,
            NurseCommand::Wounds(command) => command.run(&desk).await,
            NurseCommand::Visit(command) => command.run(&desk).await,
            NurseCommand::Sync => queue::sync(&desk).await,
            NurseCommand::Queue(command) => command.run(&desk),
            NurseCommand::AddPhoto(command) => command.run(&desk).await,
            NurseCommand::WithdrawPhoto(command) => command.run(&desk).await,
            NurseCommand::Request(command) => command.run(&desk).await,
            NurseCommand::Supply(command) => command.run(&desk).await,
            NurseCommand::Watch(command) => command.run(&desk).await,
            NurseCommand::Close(command) => command.run(&desk).await,
            NurseCommand::Plan(command) => command.run(&desk).await,
            NurseCommand::Accept(command) => command.run(&desk).await,
            NurseCommand::Decline(command) => command.run(&desk).await,
            NurseCommand::Complete(command) => command.run(&desk).await,
        }
    }
}

/// The wound that a visit or a question is about.
fn wound_name(patient: Uuid, wound: Uuid) -> WoundName {
    WoundName { patient, wound }
}
