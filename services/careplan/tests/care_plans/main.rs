//! Care plans, through their RPCs, on both engines.

mod acting;
mod following;
mod reading;
mod reconciling;
mod reconciling_after_discharge;
mod reconciling_wrongly;
mod watching;

use samspil_kit::identity::demo;
use samspil_proto::{
    careplan::v1::{
        AcceptActivityRequest, Activity, ActivityKind, CompleteActivityRequest, CreateActivityRequest,
        DeclineActivityRequest, ListActivitiesRequest,
    },
    names::PatientName,
    time,
};
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
