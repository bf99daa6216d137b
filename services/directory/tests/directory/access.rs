//! Who is kept out, who gets in all the same, and who asks afterwards.

mod blocking;
mod checking;
mod emergencies;
mod explaining;

use samspil_kit::{Caller, identity::demo};
use samspil_proto::{
    directory::v1::{
        Block, BlockKind, BreakGlassRequest, Citizen, CreateBlockRequest, EmergencyAccess, FindCitizenRequest,
        GetCitizenRequest, LiftBlockRequest, directory_service_client::DirectoryServiceClient,
    },
    names::PatientName,
};
use samspil_store::audit::{self, Entry};
use samspil_testkit::{As, World, refusal, request_id};
use tonic::{Code, Status};

/// `directory`, called by the citizen herself.
fn as_citizen(world: &World, patient: PatientName) -> DirectoryServiceClient<As> {
    let citizen = Caller {
        person: format!("citizen-{}", patient.patient),
        role: "citizen".to_owned(),
        patient: Some(patient.patient),
        ..Caller::default()
    };
    DirectoryServiceClient::new(world.with_token(world.issuer.sign(&citizen, chrono::TimeDelta::days(400)).unwrap()))
}

fn block(kind: BlockKind, target: &str) -> Block {
    Block { kind: kind.into(), target: target.to_owned(), ..Block::default() }
}

fn create(patient: PatientName, block: Block) -> CreateBlockRequest {
    CreateBlockRequest { parent: patient.to_string(), block: Some(block), request_id: request_id() }
}

fn lift(name: &str) -> LiftBlockRequest {
    LiftBlockRequest { name: name.to_owned(), etag: String::new(), request_id: request_id() }
}

/// What a citizen blocks, by her own municipality.
async fn blocks(world: &World, patient: PatientName, block: Block) -> Block {
    world.directory("nurse").create_block(create(patient, block)).await.unwrap().into_inner()
}

async fn lifts(world: &World, block: &Block) {
    world.directory("nurse").lift_block(lift(&block.name)).await.unwrap();
}

async fn gets(world: &World, person: &str, patient: PatientName) -> Result<Citizen, Status> {
    Ok(world.directory(person).get_citizen(GetCitizenRequest { name: patient.to_string() }).await?.into_inner())
}

/// Passes when somebody is refused as an outsider is: whether or not there is such a citizen, in the same words.
#[track_caller]
fn is_outside<T: std::fmt::Debug>(answer: Result<T, Status>) {
    let message = answer.as_ref().map_err(|status| status.message().to_owned()).unwrap_err();
    assert_eq!(message, "the caller's organisation has no standing relation to this patient");
    let refused = refusal(answer);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::PermissionDenied, "NO_RELATION"));
    assert!(refused.metadata.is_empty());
}

fn glass(patient: PatientName, reason: &str, duration_minutes: i32) -> BreakGlassRequest {
    BreakGlassRequest {
        parent: patient.to_string(),
        reason: reason.to_owned(),
        duration_minutes,
        request_id: request_id(),
        person_number: String::new(),
    }
}

const FOUND: &str = "found unconscious on the floor";

async fn breaks(world: &World, person: &str, patient: PatientName, minutes: i32) -> EmergencyAccess {
    world.directory(person).break_glass(glass(patient, FOUND, minutes)).await.unwrap().into_inner()
}

/// The newest entry of a person in the audit log of a service.
async fn newest(world: &World, service: &str, patient: PatientName, person: &str) -> Entry {
    let mut tx = world.dbs[service].read().await.unwrap();
    let entries = audit::of_patient(&mut tx, patient.patient, 1000).await.unwrap();
    entries.into_iter().find(|entry| entry.person == person).expect("an entry of this person")
}

fn sor(sor: &str) -> String {
    format!("organisations/{sor}")
}
