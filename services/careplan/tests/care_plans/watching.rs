//! The live view of a plan.

use samspil_proto::{
    careplan::v1::{
        ActivityState, CarePlanUpdate, WatchCarePlanRequest, care_plan_service_client::CarePlanServiceClient,
    },
    directory::v1::WithdrawConsentRequest,
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

on_both!(after_the_consent_is_withdrawn_nothing_more_is_shown, |world| async move {
    let patient = world.citizen().await;
    let consent = world.consent(patient).await;
    let mut updates = watch(&world, "gp", patient, "").await;
    next(&mut updates).await;
    let begin = next(&mut watch(&world, "nurse", patient, "").await).await.1.cursor;
    let name = proposal(&world, patient).await.name;
    world.settle().await;
    assert_eq!(next(&mut updates).await.0, "ActivityProposed");

    // The patient consents anew, but not for the practice; then something changes.
    let withdraw = WithdrawConsentRequest { name: consent.name, etag: String::new(), request_id: request_id() };
    world.directory("nurse").withdraw_consent(withdraw).await.unwrap();
    let organisations = [demo::MUNICIPALITY, demo::HOSPITAL].map(|sor| format!("organisations/{sor}"));
    let anew = samspil_proto::directory::v1::Consent {
        organisations: organisations.into(),
        document: "case 26/1236".to_owned(),
        given_time: Some(time::to_wire(world.clock.now())),
        ..Default::default()
    };
    let request = samspil_proto::directory::v1::GrantConsentRequest {
        parent: patient.to_string(),
        consent: Some(anew),
        request_id: request_id(),
    };
    world.directory("nurse").grant_consent(request).await.unwrap();
    world.settle().await;
    world.care_plans("nurse").accept_activity(accept(&name)).await.unwrap();

    // Once the practice is covered again, it sees what comes then, and of what came before nothing was sent.
    world.settle().await;
    let mut nurse = watch(&world, "nurse", patient, &begin).await;
    for expected in ["", "ActivityProposed", "ActivityAccepted"] {
        assert_eq!(next(&mut nurse).await.0, expected);
    }
    refused_to(&world, patient).await;
    world.consent(patient).await;
    world.settle().await;
    world.care_plans("nurse").complete_activity(complete(&name)).await.unwrap();
    assert_eq!(next(&mut updates).await.0, "ActivityCompleted");
});

/// Waits until the stream of the practice has met an event and the refusal stands in the audit log.
async fn refused_to(world: &World, patient: PatientName) {
    let refused = async {
        loop {
            let mut tx = world.dbs["careplan"].read().await.unwrap();
            let entries = samspil_store::audit::of_patient(&mut tx, patient.patient, 100).await.unwrap();
            if entries.iter().any(|entry| entry.person == "demo-gp" && entry.outcome == "NO_RELATION") {
                return;
            }
            drop(tx);
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), refused).await.expect("a refusal");
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
