//! `samspil audit export`: a patient's entries with the fields of MinLog2, the national log that citizens read.

use std::{
    collections::HashMap,
    io::{self, Write as _},
};

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use samspil_kit::Clock;
use samspil_proto::names::PatientName;
use samspil_store::{
    Db,
    audit::{self, Entry, Filter},
};
use serde_json::{Value, json};

use super::{chosen, open};
use crate::{config::Place, serve::stands_on};

/// Entries read at a time.
const BATCH: i64 = 1000;

#[derive(clap::Args)]
pub(crate) struct ExportCommand {
    #[command(flatten)]
    place: Place,
    /// Whose: `patients/…`.
    #[arg(long)]
    patient: PatientName,
    /// Name the patient by the CPR number, as the national log wants it, instead of by the opaque id. It takes the master key, and what
    /// is printed has to be kept like a record.
    #[arg(long)]
    with_person_number: bool,
    /// From this time on, such as 2026-11-01T00:00:00Z.
    #[arg(long)]
    since: Option<DateTime<Utc>>,
    /// Before this time.
    #[arg(long)]
    until: Option<DateTime<Utc>>,
}

impl ExportCommand {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let config = self.place.load()?;
        let directory = open(&config, "directory").await?;
        let mut entries = Vec::new();
        for service in chosen(&[]) {
            let db = open(&config, service).await?;
            let of = self.entries(&db).await;
            // It is read by whoever runs the installation: the patient sees that too.
            write_down(&db, self.patient).await.with_context(|| format!("cannot write to the audit of {service}"))?;
            let of = of.with_context(|| format!("cannot read the audit of {service}"))?;
            entries.extend(of.into_iter().map(|entry| (service, entry)));
        }
        let whom = self.person_identifier().await?;
        entries.sort_by_key(|(_, entry)| (entry.time, entry.entry_id));
        let (mut names, mut out) = (HashMap::new(), io::stdout());
        for (service, entry) in entries {
            if !names.contains_key(&entry.organisation) {
                let name = samspil_directory::organisation_name(&directory, &entry.organisation).await?;
                names.insert(entry.organisation.clone(), name.unwrap_or_default());
            }
            match writeln!(out, "{}", line(service, &whom, &entry, &names[&entry.organisation])) {
                // Whoever reads has seen enough.
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
                written => written?,
            }
        }
        Ok(())
    }

    /// Whom the entries are about, and by which scheme.
    async fn person_identifier(&self) -> anyhow::Result<(String, &'static str)> {
        if !self.with_person_number {
            return Ok((self.patient.to_string(), "samspil:patient"));
        }
        let bases = stands_on(&self.place).await?;
        let (_, directory) = bases.iter().find(|(name, _)| *name == "directory").context("there is no directory")?;
        let number = samspil_directory::cpr_number(directory, self.patient.patient).await;
        let number = number.map_err(|error| anyhow::anyhow!("{error:?}"))?;
        Ok((number.context("this patient has no CPR number")?, "urn:oid:1.2.208.176.1.2"))
    }

    async fn entries(&self, db: &Db) -> Result<Vec<Entry>, samspil_store::Error> {
        let mut entries = Vec::new();
        let mut before = self.until.map(|until| (until, uuid::Uuid::nil()));
        loop {
            let filter = Filter { since: self.since, before, ..Filter::default() };
            let batch = audit::list(&mut db.read().await?, self.patient.patient, filter, BATCH).await?;
            before = batch.last().map(|last| (last.time, last.entry_id));
            let full = batch.len() == BATCH as usize;
            entries.extend(batch);
            if !full {
                return Ok(entries);
            }
        }
    }
}

async fn write_down(db: &Db, patient: PatientName) -> Result<(), samspil_store::Error> {
    let clock = Clock::system();
    let entry = Entry {
        entry_id: clock.id(),
        time: clock.now(),
        role: "operator".to_owned(),
        action: "samspil audit export".to_owned(),
        patient_id: Some(patient.patient),
        resource: patient.to_string(),
        outcome: "OK".to_owned(),
        ..Entry::default()
    };
    let mut tx = db.begin().await?;
    audit::put(&mut tx, &entry).await?;
    tx.commit().await
}

fn line(service: &str, (person, person_source): &(String, &str), entry: &Entry, organisation: &str) -> Value {
    // What a reader of the log should look at first: refusals, and access that stood on a reason alone.
    let notable = entry.outcome != "OK" || !entry.reason.is_empty();
    let why = [entry.outcome.as_str(), &entry.basis, &entry.reason];
    json!({
        "SystemName": format!("Samspil {service}"),
        "Activity": entry.action,
        "Reason": why.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(": "),
        "Criticality": if notable { "High" } else { "Normal" },
        "DateTime": entry.time,
        "OrganisationId": entry.organisation,
        "OrganisationIdSource": "SOR",
        "OrganisationName": organisation,
        "PersonIdentifier": person,
        "PersonIdentifierSource": person_source,
        "UserPersonIdentifier": entry.person,
        "UserPersonIdentifierSource": "samspil:person",
        "UserPersonName": entry.display_name,
        "UserRole": entry.role,
        "CorrelationId": entry.trace_id,
    })
}
