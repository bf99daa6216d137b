//! The live view of a plan.

use samspil_proto::{
    careplan::v1::{
        ActivityState, CarePlanUpdate, WatchCarePlanRequest, care_plan_service_client::CarePlanServiceClient,
    },
    directory::v1::BlockKind,
};
use samspil_testkit::{on_both, refusal};
use tonic::{Code, Streaming};

use super::*;

async fn watch(world: &World, person: &str, patient: PatientName, cursor: &str) -> Streaming<CarePlanUpdate> {
    let request = WatchCarePlanRequest { name: plan(patient), cursor: cursor.to_owned() };
    world.care_plans(person).watch_care_plan(request).await.unwrap().into_inner()
}

async fn next(updates: &mut Streaming<CarePlanUpdate>) -> (String, CarePlanUpdate) {
    let update = updates.message().await.unwrap().expect("an update");
    (update.r#type.rsplit('.').next().unwrap_or_default().to_owned(), update)
}

on_both!(everybody_who_shares_the_plan_sees_each_change_as_it_happens, |world| async move {
    let patient = world.citizen_with_consent().await;
    let another = world.citizen_with_consent().await;
    // The practice neither owns nor proposed anything of what follows.
    let mut updates = watch(&world, "gp", patient, "").await;
    let (first, begin) = next(&mut updates).await;
    assert_eq!((first.as_str(), begin.activity), ("", None));

    proposal(&world, another).await;
    let name = proposal(&world, patient).await.name;
    let (kind, update) = next(&mut updates).await;
    assert_eq!(kind, "ActivityProposed");
    assert_eq!(update.activity.as_ref().unwrap().name, name);
    assert_eq!(update.time, Some(time::to_wire(world.clock.now())));

    world.care_plans("nurse").accept_activity(accept(&name)).await.unwrap();
    assert_eq!(next(&mut updates).await.0, "ActivityAccepted");
    world.care_plans("nurse").complete_activity(complete(&name)).await.unwrap();
    let (kind, last) = next(&mut updates).await;
    assert_eq!((kind.as_str(), last.activity.unwrap().state()), ("ActivityCompleted", ActivityState::Completed));

    // From the cursor of an update on, without a gap or a double. The activity is as it is now.
    let mut resumed = watch(&world, "gp", patient, &update.cursor).await;
    assert_eq!(next(&mut resumed).await.1.cursor, update.cursor);
    let (kind, accepted) = next(&mut resumed).await;
    assert_eq!((kind.as_str(), accepted.activity.unwrap().state()), ("ActivityAccepted", ActivityState::Completed));
    assert_eq!(next(&mut resumed).await.1.cursor, last.cursor);
});

on_both!(a_declined_proposal_and_an_own_activity_are_told_too, |world| async move {
    let patient = world.citizen_with_consent().await;
    let mut updates = watch(&world, "specialist", patient, "").await;
    next(&mut updates).await;
    let name = proposal(&world, patient).await.name;
    world.care_plans("nurse").decline_activity(decline(&name)).await.unwrap();
    let own = create(patient, activity(&world, demo::MUNICIPALITY, "clean daily", None));
    world.care_plans("nurse").create_activity(own).await.unwrap();
    assert_eq!(next(&mut updates).await.0, "ActivityProposed");
    assert_eq!(next(&mut updates).await.0, "ActivityDeclined");
    assert_eq!(next(&mut updates).await.0, "ActivityAccepted");
});

on_both!(a_stream_of_one_plan_ends_when_the_consent_is_withdrawn, |world| async move {
    let patient = world.citizen().await;
    let consent = world.consent(patient).await;
    let mut updates = watch(&world, "gp", patient, "").await;
    next(&mut updates).await;
    let name = proposal(&world, patient).await.name;
    let (kind, seen) = next(&mut updates).await;
    assert_eq!(kind, "ActivityProposed");

    // The patient consents anew, but not for the practice; then something changes.
    world.withdraw(&consent).await;
    world.consent_to(patient, &[demo::MUNICIPALITY, demo::HOSPITAL]).await;
    world.care_plans("nurse").accept_activity(accept(&name)).await.unwrap();
    is_over(&mut updates).await;
    let request = WatchCarePlanRequest { name: plan(patient), cursor: seen.cursor.clone() };
    assert_eq!(refusal(world.care_plans("gp").watch_care_plan(request).await.map(drop)).reason, "NO_RELATION");

    // Once the practice is covered again, it goes on from where it was.
    world.consent(patient).await;
    world.settle().await;
    let mut again = watch(&world, "gp", patient, &seen.cursor).await;
    for expected in ["", "ActivityAccepted"] {
        assert_eq!(next(&mut again).await.0, expected);
    }
});

on_both!(a_stream_of_one_plan_ends_when_the_watcher_is_blocked, |world| async move {
    let patient = world.citizen_with_consent().await;
    world.settle().await;
    let mut blocked = watch(&world, "gp", patient, "").await;
    let mut other = watch(&world, "specialist", patient, "").await;
    for updates in [&mut blocked, &mut other] {
        next(updates).await;
    }
    world.block(patient, BlockKind::Organisation, &format!("organisations/{}", demo::PRACTICE)).await;
    // Nothing happens in the plan: the stream ends all the same.
    is_over(&mut blocked).await;
    proposal(&world, patient).await;
    assert_eq!(next(&mut other).await.0, "ActivityProposed");
});

on_both!(work_in_a_plan_that_was_closed_comes_no_more, |world| async move {
    let (leaves, blocks, stays) = (world.citizen().await, world.citizen().await, world.citizen().await);
    let consent = world.consent(leaves).await;
    world.consent(blocks).await;
    world.consent(stays).await;
    let mut names = Vec::new();
    for patient in [leaves, blocks, stays] {
        names.push(proposal(&world, patient).await.name);
    }
    world.settle().await;
    let request = WatchCarePlanRequest { name: "patients/-/carePlan".to_owned(), ..WatchCarePlanRequest::default() };
    let mut work = world.care_plans("coordinator").watch_care_plan(request).await.unwrap().into_inner();
    next(&mut work).await;
    world.withdraw(&consent).await;
    world.block(blocks, BlockKind::Person, "demo-coordinator").await;
    for name in &names[1..] {
        world.care_plans("nurse").accept_activity(accept(name)).await.unwrap();
    }
    let (_, update) = next(&mut work).await;
    assert_eq!(update.activity.unwrap().name, names[2]);
    assert_eq!(listed(&world, "coordinator", "patients/-/carePlan").await, ["compress"]);
    assert_eq!(listed(&world, "nurse", "patients/-/carePlan").await, ["compress"; 2]);
});

/// Passes when a stream ends as a call of an outsider does.
async fn is_over(updates: &mut Streaming<CarePlanUpdate>) {
    let end = tokio::time::timeout(std::time::Duration::from_secs(30), updates.message()).await.expect("an end");
    let refused = refusal(end);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::PermissionDenied, "NO_RELATION"));
}

on_both!(a_watch_is_refused_to_outsiders_and_from_a_cursor_of_nowhere, |world| async move {
    let patient = world.citizen_with_consent().await;
    let request = |cursor: &str| WatchCarePlanRequest { name: plan(patient), cursor: cursor.to_owned() };
    let refused = refusal(world.care_plans("outsider").watch_care_plan(request("")).await.map(drop));
    assert_eq!((refused.code, refused.reason.as_str()), (Code::PermissionDenied, "NO_RELATION"));
    for cursor in ["nonsense", "-1", "99999"] {
        let refused = refusal(world.care_plans("nurse").watch_care_plan(request(cursor)).await.map(drop));
        assert_eq!((refused.code, refused.reason.as_str()), (Code::InvalidArgument, "CURSOR_INVALID"));
    }
});

on_both!(a_stream_ends_with_the_token_that_it_began_with, |world| async move {
    let patient = world.citizen_with_consent().await;
    let token = world.issuer.sign(&world.person("gp"), chrono::TimeDelta::hours(1)).unwrap();
    let request = WatchCarePlanRequest { name: plan(patient), cursor: String::new() };
    let mut plans = CarePlanServiceClient::new(world.with_token(token));
    let mut updates = plans.watch_care_plan(request).await.unwrap().into_inner();
    next(&mut updates).await;
    proposal(&world, patient).await;
    let told = next(&mut updates).await;
    assert_eq!(told.0, "ActivityProposed");
    world.clock.advance(chrono::TimeDelta::hours(1));
    proposal(&world, patient).await;
    let refused = refusal(updates.message().await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::Unauthenticated, "TOKEN_EXPIRED"));
    // With another token it goes on from where it was.
    let mut resumed = watch(&world, "gp", patient, &told.1.cursor).await;
    assert_eq!(next(&mut resumed).await.1.cursor, told.1.cursor);
    assert_eq!(next(&mut resumed).await.0, "ActivityProposed");
});
