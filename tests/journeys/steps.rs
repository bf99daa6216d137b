//! The server killed after every step of the workflow, and started again: nothing that was acknowledged is lost, and the same
//! request gives the same answer and has no second effect.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use prost::{Message, Name};
use samspil_client::{Connection, Error, digest, upload};
use samspil_kit::identity::demo;
use samspil_proto::{
    careplan::v1::{AcceptActivityRequest, ActivityState, ListActivitiesRequest, ListActivitiesResponse},
    common::v1::Coding,
    directory::v1::{Consent, GrantConsentRequest, RegisterCitizenRequest},
    names::PhotoName,
    time,
    wound::v1 as pb,
};

use crate::{course::request_id, server::Server};

/// Makes a change, kills the server as soon as it is acknowledged, and makes the same change again.
async fn step<M, T, F, Fut>(server: &mut Server, person: &str, request: M, call: F) -> T
where
    M: Message + Name + Clone,
    T: std::fmt::Debug + PartialEq,
    F: Fn(Connection, M) -> Fut,
    Fut: Future<Output = Result<tonic::Response<T>, tonic::Status>>,
{
    let first = server.connect(person).call(request.clone(), &call).await.unwrap();
    server.kill_and_restart();
    let again: Result<T, Error> = server.connect(person).call(request, &call).await;
    assert_eq!(again.unwrap(), first);
    first
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_after_any_step_loses_and_doubles_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(folder.path(), &[]);
    let now = time::to_wire(server.connect("nurse").clock().now());

    let request = RegisterCitizenRequest {
        person_number: "0103454455".to_owned(),
        display_name: "Inger Testsen".to_owned(),
        municipality_code: "0766".to_owned(),
        request_id: request_id(),
    };
    let citizen =
        step(&mut server, "nurse", request, |s, r| async move { s.directory().register_citizen(r).await }).await;
    let consent = Consent {
        organisations: [demo::MUNICIPALITY, demo::HOSPITAL].map(|sor| format!("organisations/{sor}")).into(),
        document: "case 26/1".to_owned(),
        given_time: Some(now),
        ..Consent::default()
    };
    let request =
        GrantConsentRequest { parent: citizen.name.clone(), consent: Some(consent), request_id: request_id() };
    step(&mut server, "nurse", request, |s, r| async move { s.directory().grant_consent(r).await }).await;

    let site = Coding { system: "http://snomed.info/sct".to_owned(), code: "84607009".to_owned(), ..Coding::default() };
    let wound = pb::Wound { r#type: pb::WoundType::Ts7Venous as i32, body_site: Some(site), ..pb::Wound::default() };
    let request = pb::OpenWoundRequest { parent: citizen.name.clone(), wound: Some(wound), request_id: request_id() };
    let wound = step(&mut server, "nurse", request, |s, r| async move { s.wound().open_wound(r).await }).await;

    let visit = with_stored_photos(&mut server, folder.path(), &wound, now).await;
    let request = pb::CompleteVisitRequest { name: visit, etag: String::new(), request_id: request_id() };
    let visit = step(&mut server, "nurse", request, |s, r| async move { s.wound().complete_visit(r).await }).await;

    let question = pb::Assessment {
        visits: vec![visit.name],
        question: "Is the dressing right?".to_owned(),
        receiver: format!("organisations/{}", demo::HOSPITAL),
        ..pb::Assessment::default()
    };
    let request =
        pb::RequestAssessmentRequest { parent: wound.name, assessment: Some(question), request_id: request_id() };
    let asked = step(&mut server, "nurse", request, |s, r| async move { s.wound().request_assessment(r).await }).await;
    let name = asked.name;
    let request = pb::ClaimAssessmentRequest { name: name.clone(), etag: asked.etag, request_id: request_id() };
    let claimed =
        step(&mut server, "specialist", request, |s, r| async move { s.wound().claim_assessment(r).await }).await;
    let plan = vec![pb::PlanLine { text: "Go on".to_owned(), due_days: 3 }];
    let answer = pb::Answer { findings: "Clean.".to_owned(), plan, ..pb::Answer::default() };
    let request =
        pb::AnswerAssessmentRequest { name, answer: Some(answer), etag: claimed.etag, request_id: request_id() };
    step(&mut server, "specialist", request, |s, r| async move { s.wound().answer_assessment(r).await }).await;

    let plan = format!("{}/carePlan", citizen.name);
    let proposed = activities(&server, &plan, |all| all.activities.iter().any(|a| a.description == "Go on")).await;
    let ours = proposed.activities.iter().find(|activity| activity.description == "Go on").unwrap();
    let request = AcceptActivityRequest {
        name: ours.name.clone(),
        etag: ours.etag.clone(),
        request_id: request_id(),
        ..AcceptActivityRequest::default()
    };
    step(&mut server, "nurse", request, |s, r| async move { s.careplan().accept_activity(r).await }).await;

    // The question, one line of plan, the next photo: however often the followers were killed.
    let all = activities(&server, &plan, |all| all.activities.len() >= 3).await;
    let mut told: Vec<_> = all.activities.iter().map(|a| (a.kind, a.state())).collect();
    told.sort();
    let expected = [(1, ActivityState::Accepted), (2, ActivityState::Proposed), (3, ActivityState::Completed)];
    assert_eq!(told, expected, "{:?}", all.activities);
}

/// A visit with two photos: one comes in a stream that is killed as soon as the receipt is there, the other in calls that are
/// each killed as soon as they are answered.
async fn with_stored_photos(
    server: &mut Server,
    folder: &Path,
    wound: &pb::Wound,
    now: prost_types::Timestamp,
) -> String {
    let files = crate::course::photographs(folder, 7..9);
    let bytes: Vec<_> = files.iter().map(|file| std::fs::read(file).unwrap()).collect();
    let announced = bytes.iter().map(|bytes| {
        let digest = digest::Digest::of_bytes(bytes, digest::Algorithm::Sha256);
        digest.announce(uuid::Uuid::new_v4(), time::from_wire(&now).unwrap())
    });
    let visit = pb::Visit { visit_time: Some(now), photos: announced.collect(), ..pb::Visit::default() };
    let request = pb::CreateVisitRequest {
        parent: wound.name.clone(),
        visit_id: uuid::Uuid::new_v4().to_string(),
        visit: Some(visit),
        request_id: request_id(),
    };
    let visit = step(server, "nurse", request, |s, r| async move { s.wound().create_visit(r).await }).await;
    let name: PhotoName = visit.photos[0].name.parse().unwrap();
    for _ in 0..2 {
        let photo = upload::upload_photo(&server.connect("nurse"), &name, files[0].clone(), |_| {}).await.unwrap();
        assert_eq!(photo.state, pb::PhotoState::Stored as i32);
        server.kill_and_restart();
    }
    let (name, bytes) = (&visit.photos[1].name, &bytes[1]);
    let chunk = bytes.len().div_ceil(3);
    for (index, data) in bytes.chunks(chunk).enumerate() {
        let (offset, data) = ((index * chunk) as i64, data.to_vec().into());
        let request = pb::AppendPhotoRequest { name: name.clone(), offset, data };
        let answer = step(server, "nurse", request, |s, r| async move { s.wound().append_photo(r).await.map(receipt) });
        let answer = answer.await;
        assert_eq!(answer.photo.is_some(), answer.committed_bytes == bytes.len() as i64);
    }
    visit.name
}

/// What an answer promises: its quality may follow.
fn receipt(mut answer: tonic::Response<pb::AppendPhotoResponse>) -> tonic::Response<pb::AppendPhotoResponse> {
    if let Some(photo) = &mut answer.get_mut().photo {
        photo.quality = None;
    }
    answer
}

/// The plan's activities, once they are as they are waited for.
async fn activities(
    server: &Server,
    plan: &str,
    wanted: impl Fn(&ListActivitiesResponse) -> bool,
) -> ListActivitiesResponse {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        let request = ListActivitiesRequest { parent: plan.to_owned(), ..ListActivitiesRequest::default() };
        let nurse = server.connect("nurse");
        let found = nurse.call(request, |s, r| async move { s.careplan().list_activities(r).await });
        let found = found.await.unwrap();
        if wanted(&found) {
            return found;
        }
        assert!(Instant::now() < until, "{found:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
