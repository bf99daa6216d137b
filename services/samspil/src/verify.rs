//! `samspil verify`: whether everything that is kept agrees with itself, after a restore or on any day.

use anyhow::Context as _;
use samspil_kit::{
    Clock,
    audit::{self, Key},
    verify::{self, Finding, Report},
};
use samspil_store::{Db, event_log};
use samspil_upload::Files;

use crate::{
    audit::{Look, kept_checkpoints, open},
    config::{Config, SERVICES},
    serve,
};

#[derive(clap::Args)]
pub(crate) struct VerifyCommand {
    #[command(flatten)]
    look: Look,
}

impl VerifyCommand {
    /// Tells what it found, and whether that is nothing.
    pub(crate) async fn run(self) -> anyhow::Result<bool> {
        let Look { place, services, checkpoints, json } = self.look;
        let config = place.load()?;
        let kept = kept_checkpoints(checkpoints.as_deref())?;
        let key = Key::in_file(&config.audit_key())?;
        let mut reports = Vec::new();
        let mut cursors = Vec::new();
        for service in SERVICES.into_iter().filter(|name| serve::is_chosen(&services, name)) {
            let db = open(&config, service).await?;
            db.schema(serve::migrations(service)).await.with_context(|| format!("the tables of {service}"))?;
            cursors.push(verify::cursors(&db).await?);
            let mut report = Report::new(service);
            one(&config, service, &db, &mut report).await.with_context(|| format!("cannot look at {service}"))?;
            let chain = audit::verify(service, &db, key.public(), &kept, Clock::system().now()).await;
            report.take(chain.with_context(|| format!("cannot read the audit of {service}"))?);
            reports.push(report);
            db.close().await;
        }
        for (report, cursors) in reports.iter_mut().zip(cursors) {
            followers(&config, report, cursors).await?;
        }
        match json {
            true => println!("{}", serde_json::json!({ "services": reports })),
            false => reports.iter().for_each(print),
        }
        Ok(reports.iter().all(|report| report.wrong == 0))
    }
}

/// The events of a service and its files.
async fn one(config: &Config, service: &str, db: &Db, report: &mut Report) -> anyhow::Result<()> {
    let files = files(service);
    let telling: Vec<_> = files.iter().map(|files| files.told).collect();
    verify::events(db, &telling, report).await?;
    if let (Some(files), Some(objects)) = (files, config.objects(service).await?) {
        let keys = serve::keyring(config, service, db, &Clock::system()).await?;
        let objects = serve::sealed(config, objects, &keys);
        let looked = files.verify(db, &objects, Clock::system().now(), report).await;
        looked.map_err(|error| anyhow::anyhow!("{error:?}"))?;
    }
    Ok(())
}

/// The files that a service keeps.
pub(crate) fn files(service: &str) -> Option<Files> {
    match service {
        "referral" => Some(samspil_referral::FILES),
        "wound" => Some(samspil_wound::FILES),
        _ => None,
    }
}

/// Holds the followers of a service against the ends of the logs that they follow.
async fn followers(config: &Config, report: &mut Report, cursors: Vec<(String, i64)>) -> anyhow::Result<()> {
    for (follower, sequence) in cursors {
        let Some((_, followed)) = follower.split_once('<') else { continue };
        let db = open(config, followed).await?;
        verify::cursor(report, &follower, sequence, event_log::last(&db).await?);
        db.close().await;
    }
    Ok(())
}

fn print(report: &Report) {
    let Report { service, events, files, objects, sealed, wrong, findings } = report;
    println!(
        "{service}: {events} events, {files} files, {objects} objects, {sealed} sealed entries, {wrong} disagreements"
    );
    for Finding { service, wrong, row, object, text } in findings {
        let row = row.as_ref().map(|row| format!(" {row}")).unwrap_or_default();
        let object = object.as_ref().map(|object| format!(" object {object}")).unwrap_or_default();
        println!("  {service}:{row}{object}: {wrong}: {text}");
    }
    if *wrong > findings.len() as u64 {
        println!("  {service}: and {} more", wrong - findings.len() as u64);
    }
}
