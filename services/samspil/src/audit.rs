//! `samspil audit`: whether the audit is what was written, and what stands in it.
//!
//! `verify`, `checkpoint` and `export` are for who runs the installation: they open the databases as `serve` does. `who` asks the
//! services, as a citizen or a data protection officer.

mod export;
mod verify;
mod who;

pub(crate) use verify::{Look, kept_checkpoints};

use std::process::ExitCode;

use anyhow::{Context as _, ensure};
use clap::Subcommand;
use samspil_kit::{
    Clock,
    audit::{Key, sealer},
};
use samspil_store::{Db, Settings};

use crate::{
    cli,
    config::{Config, Place, SERVICES},
};

#[derive(Subcommand)]
pub(crate) enum AuditCommand {
    /// Walk the chains and tell what was done to them. Exit code 1 when anything is found, 2 when they cannot be read.
    Verify(verify::VerifyCommand),
    /// Seal what is committed and print signed checkpoints, to be kept elsewhere: a line of JSON for each service.
    Checkpoint(CheckpointCommand),
    /// Print the entries of a patient with the fields of MinLog2: a line of JSON for each.
    Export(export::ExportCommand),
    /// Tell who looked at a patient's record, in all services, the newest first.
    Who(who::WhoCommand),
}

#[derive(clap::Args)]
pub(crate) struct CheckpointCommand {
    #[command(flatten)]
    place: Place,
    /// The services; all of them when none is named.
    #[arg(long = "service", value_parser = SERVICES)]
    services: Vec<String>,
}

impl AuditCommand {
    pub(crate) async fn run(self) -> ExitCode {
        let ended = match self {
            AuditCommand::Verify(command) => command.run().await,
            AuditCommand::Checkpoint(command) => command.run().await.map(|()| true),
            AuditCommand::Export(command) => command.run().await.map(|()| true),
            AuditCommand::Who(command) => {
                let json = command.globals.json;
                return cli::finish(command.run().await, json);
            }
        };
        verdict(ended)
    }
}

/// How a command ends that looks whether something is as it should be: 1 when it is not, 2 when it could not look.
pub(crate) fn verdict(ended: anyhow::Result<bool>) -> ExitCode {
    match ended {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("samspil: {error:#}");
            ExitCode::from(2)
        }
    }
}

impl CheckpointCommand {
    async fn run(self) -> anyhow::Result<()> {
        let config = self.place.load()?;
        let key = Key::in_file(&config.audit_key())?;
        for service in chosen(&self.services) {
            let db = open(&config, service).await?;
            let signed = sealer::checkpoint(service, &db, &Clock::system(), &key).await;
            if let Some(signed) = signed.with_context(|| format!("cannot seal the audit of {service}"))? {
                println!("{}", signed.to_line());
            }
        }
        Ok(())
    }
}

/// Those that are named, or all.
fn chosen(named: &[String]) -> Vec<&'static str> {
    SERVICES.into_iter().filter(|service| named.is_empty() || named.iter().any(|name| name == service)).collect()
}

/// A service's database, as it is: nothing is made and nothing brought up to date.
pub(crate) async fn open(config: &Config, service: &str) -> anyhow::Result<Db> {
    let settings = config.database(service)?;
    if let Settings::Sqlite(file) = &settings {
        ensure!(file.exists(), "nothing of {service} was served from {} yet", config.data_dir.display());
    }
    Db::open(&settings).await.with_context(|| format!("cannot open the database of {service}"))
}
