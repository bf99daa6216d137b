//! `samspil access`: who may see a patient, and who has to answer for it.

mod checks;
mod emergency;
mod explain;

use anyhow::Result;
use samspil_client::Connection;

use super::{Globals, output::Out};

/// Who may see a patient, and who has to answer for it.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum AccessCommand {
    /// Tell whether a call about a patient would be let through, and why.
    Explain(explain::Explain),
    /// See a patient in an emergency: without a consent, past a block, for a reason and a while.
    Break(emergency::Break),
    /// Give an emergency access back.
    End(emergency::End),
    /// List the checks about people of the own organisation, the soonest due first.
    Checks(checks::List),
    /// Settle a check about somebody else.
    Settle(checks::Settle),
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

impl AccessCommand {
    /// Whose token is taken when none is given: checks are the data protection officer's.
    fn role(&self) -> &'static str {
        match self {
            AccessCommand::Checks(_) | AccessCommand::Settle(_) => "dpo",
            AccessCommand::Explain(explain) if explain.is_of_somebody_else() => "dpo",
            AccessCommand::Explain(_) | AccessCommand::Break(_) | AccessCommand::End(_) => "nurse",
        }
    }

    /// Does it.
    pub(crate) async fn run(self, globals: Globals) -> Result<()> {
        let desk = Desk { to: globals.connect(self.role())?, out: Out { json: globals.json } };
        match self {
            AccessCommand::Explain(command) => command.run(&desk).await,
            AccessCommand::Break(command) => command.run(&desk).await,
            AccessCommand::End(command) => command.run(&desk).await,
            AccessCommand::Checks(command) => command.run(&desk).await,
            AccessCommand::Settle(command) => command.run(&desk).await,
        }
    }
}
