//! `samspil audit who`: who looked at a patient's record, as the patient or an officer reads it.

use anyhow::{Result, ensure};
use chrono::{DateTime, Utc};
use samspil_client::{Connection, Error, json};
use samspil_proto::{
    audit::v1::{AuditEvent, ListAuditEventsRequest},
    names::PatientName,
    time,
};

use crate::{cli::Globals, config::SERVICES};

#[derive(clap::Args)]
pub(crate) struct WhoCommand {
    #[command(flatten)]
    pub(super) globals: Globals,
    /// Whose: `patients/…`.
    patient: PatientName,
}

impl WhoCommand {
    pub(super) async fn run(self) -> Result<()> {
        let connection = self.globals.connect("dpo")?;
        let (mut events, mut asked) = (Vec::new(), 0);
        for service in SERVICES {
            match list(&connection, self.patient, service).await {
                Ok(of) => {
                    asked += 1;
                    events.extend(of);
                }
                Err(error) if error.reason() == "RESOURCE_NOT_FOUND" => {
                    eprintln!("{service} is not served here: what it knows is not in the list.");
                }
                Err(error) => return Err(error.into()),
            }
        }
        ensure!(asked > 0, "no service is served at {}", self.globals.endpoint);
        events.sort_by_key(|event| std::cmp::Reverse((at(event), event.id.clone())));
        match self.globals.json {
            true => {
                let events: Vec<_> = events.iter().map(json::from_message).collect();
                println!("{}", serde_json::json!({ "audit_events": events }));
            }
            false => events.iter().for_each(|event| println!("{}", line(event))),
        }
        Ok(())
    }
}

/// What a service's audit says, every page of it.
async fn list(connection: &Connection, patient: PatientName, service: &str) -> Result<Vec<AuditEvent>, Error> {
    let mut events = Vec::new();
    let mut request = ListAuditEventsRequest {
        parent: patient.to_string(),
        source: service.to_owned(),
        page_size: 1000,
        ..ListAuditEventsRequest::default()
    };
    loop {
        let page =
            connection.call(request.clone(), |to, it| async move { to.audit().list_audit_events(it).await }).await?;
        events.extend(page.audit_events);
        if page.next_page_token.is_empty() {
            return Ok(events);
        }
        request.page_token = page.next_page_token;
    }
}

fn at(event: &AuditEvent) -> DateTime<Utc> {
    event.time.as_ref().and_then(time::from_wire).unwrap_or_default()
}

/// When, who, in which role, for whom, what, and on which basis.
fn line(event: &AuditEvent) -> String {
    let time = at(event).with_timezone(&chrono_tz::Europe::Copenhagen).format("%Y-%m-%d %H:%M:%S");
    let who = event.who.clone().unwrap_or_default();
    let name = [who.display_name, who.person, "nobody known".to_owned()].into_iter().find(|name| !name.is_empty());
    let organisation = [&event.organisation_display_name, &who.organisation].into_iter().find(|name| !name.is_empty());
    let of = [Some(&event.role), organisation].into_iter().flatten().filter(|text| !text.is_empty());
    let of = of.map(String::as_str).collect::<Vec<_>>().join(", ");
    let why = [&event.basis, &event.reason].into_iter().filter(|text| !text.is_empty());
    let why = why.map(|text| format!("  {text}")).collect::<String>();
    let no = if event.outcome == "OK" { String::new() } else { format!("  refused: {}", event.outcome) };
    format!("{time}  {} ({of})  {}: {}{no}{why}", name.unwrap_or_default(), event.source, event.action_text)
}
