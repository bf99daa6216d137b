//! More calls than a process can have.

use std::time::Duration;

use samspil_kit::{edge::Places, serve::Settings};
use samspil_proto::careplan::v1::{GetCarePlanRequest, WatchCarePlanRequest};
use samspil_testkit::{Engine, World, refusal};
use tonic::Code;
use tonic_types::StatusExt as _;

async fn with_places(calls: usize, streams: usize) -> World {
    let settings = Settings { places: Places { calls, streams }, ..Settings::default() };
    World::start_serving(Engine::Sqlite, settings).await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_stream_too_many_is_refused_at_once_and_calls_still_come_in() {
    let world = with_places(8, 2).await;
    let patient = world.citizen_with_consent().await;
    let plan = format!("{patient}/carePlan");
    let watch = WatchCarePlanRequest { name: plan.clone(), cursor: String::new() };
    let first = world.care_plans("gp").watch_care_plan(watch.clone()).await.unwrap();
    let second = world.care_plans("nurse").watch_care_plan(watch.clone()).await.unwrap();
    let refused = world.care_plans("specialist").watch_care_plan(watch.clone()).await.unwrap_err();
    let again = refused.get_details_retry_info().expect("a hint when to try again");
    assert!(again.retry_delay.is_some_and(|delay| delay > Duration::ZERO));
    assert_eq!(refusal(Err::<(), _>(refused)).reason, "OVERLOADED");
    let get = GetCarePlanRequest { name: plan, ..GetCarePlanRequest::default() };
    world.care_plans("specialist").get_care_plan(get).await.unwrap();
    drop(first);
    let place = async {
        while world.care_plans("specialist").watch_care_plan(watch.clone()).await.is_err() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), place).await.expect("a place, once a stream has ended");
    drop(second);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_too_many_is_refused_and_one_that_is_in_may_ask_other_services() {
    // To read a plan, careplan asks directory: with one place for both the call could never be answered.
    let world = with_places(1, 8).await;
    let patient = world.citizen_with_consent().await;
    let get = GetCarePlanRequest { name: format!("{patient}/carePlan"), ..GetCarePlanRequest::default() };
    world.care_plans("gp").get_care_plan(get.clone()).await.unwrap();

    let crowd = (0..64).map(|_| async {
        let answer = world.care_plans("gp").get_care_plan(get.clone()).await;
        answer.map(drop).map_err(|status| refusal(Err::<(), _>(status)))
    });
    let answers = futures::future::join_all(crowd).await;
    assert!(answers.iter().any(Result::is_ok), "who was first is answered");
    for refused in answers.into_iter().filter_map(Result::err) {
        assert_eq!((refused.code, refused.reason.as_str()), (Code::ResourceExhausted, "OVERLOADED"));
    }
    // Nothing is left over of the crowd.
    world.care_plans("gp").get_care_plan(get).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn health_answers_when_nobody_else_does() {
    let world = with_places(0, 0).await;
    let refused =
        world.directory("nurse").find_citizen(samspil_proto::directory::v1::FindCitizenRequest::default()).await;
    assert_eq!(refusal(refused).reason, "OVERLOADED");
    let mut health = tonic_health::pb::health_client::HealthClient::new(world.channel());
    for service in ["", "live", "samspil.wound.v1.WoundService"] {
        let request = tonic_health::pb::HealthCheckRequest { service: service.to_owned() };
        let answer = health.check(request).await.unwrap().into_inner();
        assert_eq!(answer.status, tonic_health::ServingStatus::Serving as i32, "{service}");
    }
}
