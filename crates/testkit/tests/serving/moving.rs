//! Streams that move on to another replica, without a gap or a double.

use std::time::Duration;

use samspil_kit::serve::Settings;
use samspil_proto::{
    careplan::v1::{Activity, ActivityKind, CarePlanUpdate, CreateActivityRequest, WatchCarePlanRequest},
    names::PatientName,
};
use samspil_testkit::{Engine, Refusal, World, refusal, request_id};
use tonic::{Code, Streaming};

async fn watch(world: &World, plan: &str, cursor: &str) -> Streaming<CarePlanUpdate> {
    let request = WatchCarePlanRequest { name: plan.to_owned(), cursor: cursor.to_owned() };
    world.care_plans("nurse").watch_care_plan(request).await.unwrap().into_inner()
}

/// How a stream ends.
async fn end(mut stream: Streaming<CarePlanUpdate>) -> Refusal {
    let ended = async {
        loop {
            match stream.message().await {
                Ok(Some(_)) => {}
                Ok(None) => panic!("a stream of news that ends without a word"),
                Err(status) => return refusal(Err::<(), _>(status)),
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(30), ended).await.expect("an end")
}

/// The nurse plans something.
async fn plan_something(world: &World, patient: PatientName, description: &str) -> String {
    let activity = Activity {
        kind: ActivityKind::WoundCare.into(),
        owner: world.person("nurse").organisation_name(),
        description: description.to_owned(),
        ..Activity::default()
    };
    let request = CreateActivityRequest {
        parent: format!("{patient}/carePlan"),
        activity: Some(activity),
        request_id: request_id(),
    };
    world.care_plans("nurse").create_activity(request).await.unwrap().into_inner().name
}

async fn next(stream: &mut Streaming<CarePlanUpdate>) -> CarePlanUpdate {
    let next = tokio::time::timeout(Duration::from_secs(30), stream.message()).await;
    next.expect("an update in time").unwrap().expect("an update")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_goes_on_at_the_other_replica_when_its_own_stops() {
    let mut here = World::start(Engine::Postgres).await;
    let there = here.replica().await;
    let patient = here.citizen_with_consent().await;
    let plan = format!("{patient}/carePlan");
    let mut stream = watch(&here, &plan, "").await;
    next(&mut stream).await;
    // What happens at the one replica is told at the other.
    let first = plan_something(&there, patient, "dress the wound").await;
    let told = next(&mut stream).await;
    assert_eq!(told.activity.unwrap().name, first);

    let (ended, ()) = tokio::join!(end(stream), here.stop());
    assert_eq!((ended.code, ended.reason.as_str()), (Code::Unavailable, "STREAM_MOVED"));
    let second = plan_something(&there, patient, "change the dressing").await;
    let mut again = watch(&there, &plan, &told.cursor).await;
    assert_eq!(next(&mut again).await.cursor, told.cursor);
    assert_eq!(next(&mut again).await.activity.unwrap().name, second, "nothing twice, and nothing left out");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_and_its_connection_last_for_their_time_and_a_call_is_not_cut_off() {
    let age = Duration::from_millis(300);
    let world =
        World::start_serving(Engine::Sqlite, Settings { connection_age: Some(age), ..Settings::default() }).await;
    let patient = world.citizen_with_consent().await;
    let plan = format!("{patient}/carePlan");
    let stream = watch(&world, &plan, "").await;
    assert_eq!(end(stream).await.reason, "STREAM_MOVED");
    // One connection after the other grows old under these, and each is let go of between two calls.
    let mut plans = world.care_plans("nurse");
    let until = std::time::Instant::now() + 4 * age;
    while std::time::Instant::now() < until {
        let get = samspil_proto::careplan::v1::GetCarePlanRequest { name: plan.clone(), ..Default::default() };
        plans.get_care_plan(get).await.unwrap();
    }
    // Followers are sent on as well, and come again.
    plan_something(&world, patient, "dress the wound").await;
    world.settle().await;
}
