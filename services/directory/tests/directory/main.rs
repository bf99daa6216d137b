//! The service through its RPCs, on both engines.

mod access;
mod citizen;
mod consent;
mod hospital;
mod organisation;
mod relation;
mod sealing;
#[path = "../shared/mod.rs"]
mod shared;

use samspil_proto::directory::v1::{GrantConsentRequest, RegisterCitizenRequest};
use samspil_store::{audit, event_log::LoggedEvent};
use samspil_testkit::{World, request_id};
use uuid::Uuid;

/// A person number that no other call of the test's process gives: a day in 1945, and a serial.
fn person_number() -> String {
    use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("010345{:04}", NEXT.fetch_add(1, Relaxed) % 4000)
}

fn register(number: &str) -> RegisterCitizenRequest {
    RegisterCitizenRequest {
        person_number: number.to_owned(),
        display_name: "Inger Testsen".to_owned(),
        municipality_code: "0766".to_owned(),
        request_id: request_id(),
    }
}

/// A consent that covers organisations, signed an hour ago.
fn consent(world: &World, parent: &str, sors: &[&str]) -> GrantConsentRequest {
    let signed = world.clock.now() - chrono::TimeDelta::hours(1);
    let consent = samspil_proto::directory::v1::Consent {
        organisations: sors.iter().map(|sor| format!("organisations/{sor}")).collect(),
        document: "case 26/1234".to_owned(),
        given_time: Some(samspil_proto::time::to_wire(signed)),
        ..Default::default()
    };
    GrantConsentRequest { parent: parent.to_owned(), consent: Some(consent), request_id: request_id() }
}

/// The events of one kind so far.
async fn events(world: &World, kind: &str) -> Vec<LoggedEvent> {
    let logged = shared::log(world).await;
    logged.into_iter().filter(|event| event.r#type == format!("samspil.directory.v1.{kind}")).collect()
}

/// The newest audit entries of a patient: who, by which method, on what, with what outcome.
async fn audited(world: &World, patient: Uuid) -> Vec<(String, String, String, String)> {
    let mut tx = world.dbs["directory"].read().await.unwrap();
    let entries = audit::of_patient(&mut tx, patient, 100).await.unwrap();
    let method = |action: &str| action.rsplit('/').next().unwrap_or_default().to_owned();
    entries.into_iter().map(|entry| (entry.person, method(&entry.action), entry.resource, entry.outcome)).collect()
}

/// An audit entry, as [`audited`] gives it.
fn entry(person: &str, method: &str, resource: &str, outcome: &str) -> (String, String, String, String) {
    (person.to_owned(), method.to_owned(), resource.to_owned(), outcome.to_owned())
}

/// An id of nobody.
fn nobody() -> String {
    format!("patients/{}", Uuid::new_v4())
}
