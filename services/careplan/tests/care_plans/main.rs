//! Care plans, through their RPCs, on both engines.

mod acting;
mod admitting;
mod clocks;
mod editing;
mod following;
mod history;
mod own_work;
mod parts;
mod reading;
mod reconciling;
mod reconciling_after_discharge;
mod reconciling_wrongly;
mod recurring;
mod second_opinion;
mod watching;

use prost::{Message, Name};
use samspil_kit::identity::demo;
use samspil_proto::{
    careplan::v1::{
        AcceptActivityRequest, Activity, ActivityKind, CarePlan, CompleteActivityRequest, CreateActivityRequest,
        DeclineActivityRequest, GetActivityRequest, GetCarePlanRequest, ListActivitiesRequest,
    },
    names::PatientName,
    time,
};
use samspil_store::outbox::{self, NewEvent};
use samspil_testkit::{World, request_id};

/// What an organisation is to do, so many days from now.
fn activity(world: &World, owner: &str, description: &str, due_days: Option<i64>) -> Activity {
    Activity {
        kind: ActivityKind::WoundCare.into(),
        description: description.to_owned(),
        owner: format!("organisations/{owner}"),
        due_time: due_days.map(|days| time::to_wire(world.clock.now() + chrono::TimeDelta::days(days))),
        ..Activity::default()
    }
}

fn create(patient: PatientName, activity: Activity) -> CreateActivityRequest {
    CreateActivityRequest { parent: plan(patient), activity: Some(activity), request_id: request_id() }
}

fn accept(name: &str) -> AcceptActivityRequest {
    AcceptActivityRequest { name: name.to_owned(), request_id: request_id(), ..AcceptActivityRequest::default() }
}

fn decline(name: &str) -> DeclineActivityRequest {
    let reason = "no capacity".to_owned();
    DeclineActivityRequest { name: name.to_owned(), reason, request_id: request_id(), etag: String::new() }
}

fn complete(name: &str) -> CompleteActivityRequest {
    CompleteActivityRequest { name: name.to_owned(), request_id: request_id(), ..CompleteActivityRequest::default() }
}

fn plan(patient: PatientName) -> String {
    format!("{patient}/carePlan")
}

/// What the specialist proposes to the municipality.
async fn proposal(world: &World, patient: PatientName) -> Activity {
    let request = create(patient, activity(world, demo::MUNICIPALITY, "compress", Some(2)));
    world.care_plans("specialist").create_activity(request).await.unwrap().into_inner()
}

/// The descriptions of a list.
async fn listed(world: &World, person: &str, parent: &str) -> Vec<String> {
    let request = ListActivitiesRequest { parent: parent.to_owned(), ..ListActivitiesRequest::default() };
    let page = world.care_plans(person).list_activities(request).await.unwrap().into_inner();
    page.activities.into_iter().map(|activity| activity.description).collect()
}

/// Everything in a plan.
async fn all(world: &World, patient: PatientName) -> Vec<Activity> {
    let request = ListActivitiesRequest { parent: plan(patient), ..ListActivitiesRequest::default() };
    world.care_plans("specialist").list_activities(request).await.unwrap().into_inner().activities
}

/// An activity as it is now.
async fn get(world: &World, name: &str) -> Activity {
    let request = GetActivityRequest { name: name.to_owned() };
    world.care_plans("nurse").get_activity(request).await.unwrap().into_inner()
}

/// A plan now, or as it was.
async fn plan_at(world: &World, patient: PatientName, version: i64) -> CarePlan {
    let request = GetCarePlanRequest { name: plan(patient), version };
    world.care_plans("nurse").get_care_plan(request).await.unwrap().into_inner()
}

/// What the municipality plans for itself.
async fn own(world: &World, patient: PatientName, activity: Activity) -> Activity {
    world.care_plans("nurse").create_activity(create(patient, activity)).await.unwrap().into_inner()
}

const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// Lets another service say this.
async fn say<E: Message + Name>(world: &World, service: &str, subject: &str, event: &E) {
    let mut tx = world.dbs[service].begin().await.unwrap();
    let event = NewEvent {
        id: world.clock.id(),
        r#type: &E::full_name(),
        subject,
        organisations: &[],
        time: world.clock.now(),
        traceparent: TRACE,
        data: event.encode_to_vec(),
    };
    outbox::put(&mut tx, event).await.unwrap();
    tx.commit().await.unwrap();
    world.settle().await;
}

/// The events of `careplan` so far: kind and subject.
async fn told(world: &World) -> Vec<(String, String)> {
    world.settle().await;
    let logged = samspil_store::event_log::read(&world.dbs["careplan"], 0, 1000).await.unwrap();
    let kind = |name: &str| name.rsplit('.').next().unwrap_or_default().to_owned();
    logged.into_iter().map(|event| (kind(&event.r#type), event.subject)).collect()
}

fn at(text: &str) -> chrono::DateTime<chrono::Utc> {
    text.parse().unwrap()
}

fn wire(text: &str) -> Option<prost_types::Timestamp> {
    Some(time::to_wire(at(text)))
}
