//! What one caller may take from others.

use std::time::Duration;

use samspil_kit::edge::CALLS_OF_ONE;
use samspil_proto::careplan::v1::{GetCarePlanRequest, WatchCarePlanRequest};
use samspil_testkit::{on_both, refusal};
use tonic::Code;

on_both!(who_has_all_the_calls_that_one_may_have_waits_for_one_to_end, |world| async move {
    let patient = world.citizen_with_consent().await;
    let plan = format!("{patient}/carePlan");
    let watch = WatchCarePlanRequest { name: plan.clone(), cursor: String::new() };
    let mut streams = Vec::new();
    for _ in 0..CALLS_OF_ONE {
        streams.push(world.care_plans("gp").watch_care_plan(watch.clone()).await.unwrap().into_inner());
    }
    let get = GetCarePlanRequest { name: plan, ..GetCarePlanRequest::default() };
    let refused = refusal(world.care_plans("gp").get_care_plan(get.clone()).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::ResourceExhausted, "OVERLOADED"));
    // Nobody else notices.
    world.care_plans("nurse").get_care_plan(get.clone()).await.unwrap();
    streams.pop();
    let again = async {
        while world.care_plans("gp").get_care_plan(get.clone()).await.is_err() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), again).await.expect("a place, once a stream has ended");
});
