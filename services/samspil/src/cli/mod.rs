//! The command line of the people: `samspil nurse …`, `samspil specialist …` and `samspil access …`; and `samspil marker` and
//! `samspil measure`, which need no service.
//!
//! The first three are thin: they call the services through [`samspil_client`], and print what came back as a person reads it, or with `--json`
//! as one JSON object for a script. Nothing here decides anything; what the services refuse is told with its reason.
//!
//! A role's commands are mounted with what all of them take beside them:
//!
//! ```ignore
//! /// What a municipal nurse does.
//! Nurse {
//!     #[command(flatten)]
//!     globals: cli::Globals,
//!     #[command(subcommand)]
//!     command: cli::NurseCommand,
//! },
//! // …
//! Verb::Nurse { globals, command } => return cli::finish(command.run(globals.clone()).await, globals.json),
//! ```

mod access;
mod marker;
mod measure;
mod nurse;
mod output;
mod parse;
mod sign_in;
mod specialist;
mod text;
mod watch;

use std::{path::PathBuf, time::Duration};

use anyhow::{Context as _, Result};
use samspil_client::{Connection, Endpoint, Retry, Token, TokenFile};

pub(crate) use self::{
    access::AccessCommand,
    marker::MarkerCommand,
    measure::MeasureCommand,
    nurse::NurseCommand,
    output::finish,
    sign_in::{LoginCommand, logout, whoami},
    specialist::SpecialistCommand,
};

/// What every command of a person takes.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Globals {
    /// Where the services are.
    #[arg(long, global = true, env = "SAMSPIL_ENDPOINT", default_value = "http://127.0.0.1:50051", value_name = "URL")]
    pub(crate) endpoint: String,
    /// The access token.
    #[arg(long, global = true, env = "SAMSPIL_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    pub(crate) token: Option<String>,
    /// A file with the access token. Without either, that of `samspil login`; without that, that of the demo person whose command it
    /// is, such as `tokens/nurse.token` in the data folder.
    #[arg(long, global = true, env = "SAMSPIL_TOKEN_FILE", value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// The folder of the demo's tokens and of the nurse's offline queue.
    #[arg(long, global = true, env = "SAMSPIL_DATA_DIR", default_value = ".samspil", value_name = "DIR")]
    pub(crate) data_dir: PathBuf,
    /// Print JSON, for scripts: one object for a command, one a line for a watch.
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

impl Globals {
    /// The link as a person of this role. It is made with the first call.
    pub(crate) fn connect(&self, role: &str) -> Result<Connection> {
        // A person waits: what cannot be reached now stays in the queue, and is told soon.
        let endpoint = Endpoint::new(&self.endpoint).retry(Retry::default().overall(Duration::from_secs(15)));
        let endpoint = match (&self.token, &self.token_file) {
            (Some(token), _) => endpoint.tokens(Token::new(token)),
            (None, Some(file)) => endpoint.tokens(TokenFile::new(file)),
            (None, None) if let Some(signed_in) = sign_in::signed_in(&self.data_dir) => endpoint.tokens(signed_in),
            (None, None) => endpoint.tokens(TokenFile::new(self.data_dir.join("tokens").join(format!("{role}.token")))),
        };
        endpoint.connect_lazy().context("failed to set up the connection")
    }

    fn queue_dir(&self) -> PathBuf {
        self.data_dir.join("nurse").join("queue")
    }
}

/// Makes a unary call: `call!(connection, wound.get_wound(request))`.
macro_rules! call {
    ($connection:expr, $service:ident.$method:ident($request:expr)) => {
        $connection.call($request, |to, request| async move { to.$service().$method(request).await }).await
    };
}
use call;
