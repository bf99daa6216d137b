//! `samspil audit verify`.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use samspil_kit::{
    Clock,
    audit::{Finding, Key, Report, Signed, verify},
};

use super::{chosen, open};
use crate::config::{Place, SERVICES};

/// What is looked over, and how what was found is told.
#[derive(clap::Args)]
pub(crate) struct Look {
    #[command(flatten)]
    pub place: Place,
    /// The services; all of them when none is named.
    #[arg(long = "service", value_parser = SERVICES)]
    pub services: Vec<String>,
    /// Checkpoints of the audit that were kept elsewhere, as `samspil audit checkpoint` printed them. Without any, a chain that was cut
    /// off or written anew with everything beside it cannot be told from a whole one.
    #[arg(long)]
    pub checkpoints: Option<PathBuf>,
    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
}

#[derive(clap::Args)]
pub(crate) struct VerifyCommand {
    #[command(flatten)]
    look: Look,
}

impl VerifyCommand {
    /// Tells what it found, and whether that is nothing.
    pub(super) async fn run(self) -> anyhow::Result<bool> {
        let Look { place, services, checkpoints, json } = self.look;
        let config = place.load()?;
        let kept = kept_checkpoints(checkpoints.as_deref())?;
        let key = Key::in_file(&config.audit_key())?;
        let mut reports = Vec::new();
        for service in chosen(&services) {
            let db = open(&config, service).await?;
            let report = verify(service, &db, key.public(), &kept, Clock::system().now()).await;
            reports.push(report.with_context(|| format!("cannot read the audit of {service}"))?);
        }
        match json {
            true => println!("{}", serde_json::json!({ "services": reports })),
            false => reports.iter().for_each(print),
        }
        Ok(reports.iter().all(|report| report.findings.is_empty()))
    }
}

/// The checkpoints that were kept in a file, none without one.
pub(crate) fn kept_checkpoints(file: Option<&Path>) -> anyhow::Result<Vec<Signed>> {
    file.map(read).transpose().map(Option::unwrap_or_default)
}

fn read(file: &Path) -> anyhow::Result<Vec<Signed>> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(n, line)| {
            let here = || format!("line {} of {} is no checkpoint", n + 1, file.display());
            let signed = Signed::from_line(line).with_context(here)?;
            ensure!(SERVICES.contains(&signed.service.as_str()), "{}: there is no service {}", here(), signed.service);
            Ok(signed)
        })
        .collect()
}

fn print(report: &Report) {
    let Report { service, sealed, checkpoints, findings } = report;
    println!("{service}: {sealed} seals, {checkpoints} checkpoints hold, {} findings", findings.len());
    for Finding { sequence, entry_id, wrong, text, .. } in findings {
        let place = sequence.map(|sequence| format!(" seal {sequence}")).unwrap_or_default();
        let entry = entry_id.map(|id| format!(" entry {id}")).unwrap_or_default();
        println!("  {service}{place}{entry}: {}: {text}", wrong.name());
    }
}
