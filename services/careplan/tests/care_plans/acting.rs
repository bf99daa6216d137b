//! Adding, accepting, declining, completing.

use samspil_proto::{
    careplan::v1::ActivityState,
    directory::v1::{Consent, GrantConsentRequest},
};
use samspil_testkit::{on_both, refusal};
use tonic::Code;

use super::*;

on_both!(what_an_organisation_adds_for_itself_is_accepted_at_once, |world| async move {
    let patient = world.citizen_with_consent().await;
    let request = create(patient, activity(&world, demo::MUNICIPALITY, "clean daily", Some(1)));
    let added = world.care_plans("nurse").create_activity(request.clone()).await.unwrap().into_inner();
    assert_eq!(added.state(), ActivityState::Accepted);
    assert_eq!(added.kind(), ActivityKind::WoundCare);
    assert_eq!(added.description, "clean daily");
    assert_eq!(added.due_time, request.activity.unwrap().due_time);
    assert_eq!(added.proposed_by, Some(world.person("nurse").actor()));
    assert_eq!(added.decided_by, Some(world.person("nurse").actor()));
    assert_eq!(added.create_time, Some(time::to_wire(world.clock.now())));
    assert_eq!((added.etag.as_str(), added.source.as_str()), ("v1", ""));
});

on_both!(a_proposal_waits_for_its_owner_who_accepts_and_completes_it, |world| async move {
    let patient = world.citizen_with_consent().await;
    let proposed = proposal(&world, patient).await;
    assert_eq!(proposed.state(), ActivityState::Proposed);
    assert_eq!(proposed.proposed_by, Some(world.person("specialist").actor()));
    assert_eq!(proposed.decided_by, None);

    world.clock.advance(chrono::TimeDelta::hours(1));
    let later = Some(time::to_wire(world.clock.now() + chrono::TimeDelta::days(5)));
    let request = AcceptActivityRequest { due_time: later, etag: proposed.etag, ..accept(&proposed.name) };
    let accepted = world.care_plans("nurse").accept_activity(request).await.unwrap().into_inner();
    assert_eq!((accepted.state(), accepted.etag.as_str()), (ActivityState::Accepted, "v2"));
    assert_eq!(accepted.due_time, later);
    assert_eq!(accepted.decided_by, Some(world.person("nurse").actor()));
    assert_eq!(accepted.create_time, proposed.create_time);
    assert_eq!(accepted.update_time, Some(time::to_wire(world.clock.now())));

    let request = CompleteActivityRequest { outcome: "done at home".to_owned(), ..complete(&proposed.name) };
    let completed = world.care_plans("nurse").complete_activity(request).await.unwrap().into_inner();
    assert_eq!(completed.state(), ActivityState::Completed);
    assert_eq!(completed.outcome, "done at home");
    assert_eq!(completed.due_time, later);
});

on_both!(a_declined_proposal_keeps_the_owners_reason, |world| async move {
    let patient = world.citizen_with_consent().await;
    let name = proposal(&world, patient).await.name;
    let declined = world.care_plans("nurse").decline_activity(decline(&name)).await.unwrap().into_inner();
    assert_eq!((declined.state(), declined.outcome.as_str()), (ActivityState::Declined, "no capacity"));
});

on_both!(nobody_but_the_owner_decides, |world| async move {
    let patient = world.citizen_with_consent().await;
    let name = proposal(&world, patient).await.name;
    for person in ["specialist", "gp"] {
        let mut plans = world.care_plans(person);
        let refusals = [
            refusal(plans.accept_activity(accept(&name)).await),
            refusal(plans.decline_activity(decline(&name)).await),
            refusal(plans.complete_activity(complete(&name)).await),
        ];
        for refusal in refusals {
            assert_eq!((refusal.code, refusal.reason.as_str()), (Code::PermissionDenied, "NOT_THE_OWNER"));
        }
    }
});

on_both!(a_state_that_does_not_allow_the_verb_is_told, |world| async move {
    let patient = world.citizen_with_consent().await;
    let name = proposal(&world, patient).await.name;
    let mut plans = world.care_plans("nurse");
    let early = refusal(plans.complete_activity(complete(&name)).await);
    assert_eq!((early.code, early.reason.as_str()), (Code::FailedPrecondition, "ACTIVITY_WRONG_STATE"));
    assert_eq!((early.metadata["state"].as_str(), early.metadata["verb"].as_str()), ("PROPOSED", "complete"));

    plans.accept_activity(accept(&name)).await.unwrap();
    let again = refusal(plans.accept_activity(accept(&name)).await);
    assert_eq!((again.metadata["state"].as_str(), again.metadata["verb"].as_str()), ("ACCEPTED", "accept"));
    let late = refusal(plans.decline_activity(decline(&name)).await);
    assert_eq!((late.metadata["state"].as_str(), late.metadata["verb"].as_str()), ("ACCEPTED", "decline"));
});

on_both!(an_old_etag_is_refused_and_changes_nothing, |world| async move {
    let patient = world.citizen_with_consent().await;
    let proposed = proposal(&world, patient).await;
    let mut plans = world.care_plans("nurse");
    plans.accept_activity(accept(&proposed.name)).await.unwrap();
    let old = CompleteActivityRequest { etag: proposed.etag, ..complete(&proposed.name) };
    let refused = refusal(plans.complete_activity(old).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::Aborted, "ETAG_MISMATCH"));
    let current = CompleteActivityRequest { etag: "v2".to_owned(), ..complete(&proposed.name) };
    assert_eq!(plans.complete_activity(current).await.unwrap().into_inner().etag, "v3");
});

on_both!(a_repeated_request_gets_its_first_answer_and_another_content_none, |world| async move {
    let patient = world.citizen_with_consent().await;
    let mut plans = world.care_plans("nurse");
    let request = create(patient, activity(&world, demo::HOSPITAL, "look at the foot", None));
    let first = plans.create_activity(request.clone()).await.unwrap().into_inner();
    let again = plans.create_activity(request.clone()).await.unwrap().into_inner();
    assert_eq!(first, again);
    assert_eq!(listed(&world, "nurse", &plan(patient)).await, ["look at the foot"]);

    let other = activity(&world, demo::HOSPITAL, "look at the other foot", None);
    let reused = CreateActivityRequest { activity: Some(other), ..request };
    let refused = refusal(plans.create_activity(reused).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::InvalidArgument, "REQUEST_ID_REUSED"));

    let name = proposal(&world, patient).await.name;
    let request = accept(&name);
    let first = plans.accept_activity(request.clone()).await.unwrap().into_inner();
    assert_eq!(plans.accept_activity(request).await.unwrap().into_inner(), first);
});

on_both!(of_two_decisions_at_once_exactly_one_stands, |world| async move {
    let patient = world.citizen_with_consent().await;
    let name = proposal(&world, patient).await.name;
    let (mut one, mut other) = (world.care_plans("nurse"), world.care_plans("nurse"));
    let (accepted, declined) = tokio::join!(one.accept_activity(accept(&name)), other.decline_activity(decline(&name)));
    assert!(accepted.is_ok() != declined.is_ok());
    let refused = refusal(if accepted.is_ok() { declined } else { accepted });
    assert_eq!(refused.reason, "ACTIVITY_WRONG_STATE");
});

on_both!(an_outsider_learns_nothing_about_what_is_there, |world| async move {
    let patient = world.citizen_with_consent().await;
    let there = proposal(&world, patient).await.name;
    let nowhere = format!("{}/activities/{}", plan(patient), request_id());
    let mut outsider = world.care_plans("outsider");
    for name in [there, nowhere] {
        let refusals = [
            refusal(outsider.accept_activity(accept(&name)).await),
            refusal(outsider.decline_activity(decline(&name)).await),
            refusal(outsider.complete_activity(complete(&name)).await),
        ];
        for refusal in refusals {
            assert_eq!((refusal.code, refusal.reason.as_str()), (Code::PermissionDenied, "NO_RELATION"));
        }
    }
    let request = create(patient, activity(&world, demo::OTHER_MUNICIPALITY, "clean", None));
    assert_eq!(refusal(outsider.create_activity(request.clone()).await).reason, "NO_RELATION");
    assert_eq!(refusal(world.care_plans("administrator").create_activity(request).await).reason, "NO_PERMISSION");
});

on_both!(an_activity_that_is_not_there_is_not_found, |world| async move {
    let patient = world.citizen_with_consent().await;
    let elsewhere = world.citizen_with_consent().await;
    let existing = proposal(&world, elsewhere).await.name;
    let id = existing.rsplit('/').next().unwrap();
    // One that no plan has, and one that another patient's plan has.
    for id in [request_id().as_str(), id] {
        let name = format!("{}/activities/{id}", plan(patient));
        let refused = refusal(world.care_plans("nurse").accept_activity(accept(&name)).await);
        assert_eq!((refused.code, refused.reason.as_str()), (Code::NotFound, "RESOURCE_NOT_FOUND"));
    }
});

on_both!(every_violation_is_told_at_once, |world| async move {
    let patient = world.citizen_with_consent().await;
    let mut plans = world.care_plans("nurse");
    let nonsense = Activity { kind: 77, owner: "somebody".to_owned(), ..Activity::default() };
    let request = CreateActivityRequest { request_id: "no".to_owned(), ..create(patient, nonsense) };
    let refused = refusal(plans.create_activity(request).await);
    assert_eq!(refused.code, Code::InvalidArgument);
    assert_eq!(refused.fields, ["activity.kind", "activity.description", "activity.owner", "request_id"]);

    // What only the service can judge: a time that no calendar has comes before an owner that the consent does not cover.
    let never = Some(prost_types::Timestamp { seconds: i64::MAX, nanos: 0 });
    let wrong = Activity { due_time: never, ..activity(&world, demo::OTHER_MUNICIPALITY, "clean", None) };
    let refused = refusal(plans.create_activity(create(patient, wrong)).await);
    assert_eq!(refused.fields, ["activity.due_time"]);

    let name = proposal(&world, patient).await.name;
    let request = AcceptActivityRequest { due_time: never, ..accept(&name) };
    assert_eq!(refusal(plans.accept_activity(request).await).fields, ["due_time"]);
});

on_both!(an_owner_has_to_be_known_and_covered_by_the_consent, |world| async move {
    let patient = world.citizen().await;
    let organisations = [demo::MUNICIPALITY, demo::HOSPITAL].map(|sor| format!("organisations/{sor}"));
    let consent = Consent {
        organisations: organisations.into(),
        document: "case 26/1235".to_owned(),
        given_time: Some(time::to_wire(world.clock.now())),
        ..Consent::default()
    };
    let request = GrantConsentRequest { parent: patient.to_string(), consent: Some(consent), request_id: request_id() };
    world.directory("nurse").grant_consent(request).await.unwrap();

    let mut plans = world.care_plans("nurse");
    for stranger in [demo::PRACTICE, "990000000099999"] {
        let request = create(patient, activity(&world, stranger, "look at the foot", None));
        let refused = refusal(plans.create_activity(request).await);
        assert_eq!((refused.code, refused.reason.as_str()), (Code::FailedPrecondition, "OWNER_OUTSIDE_PLAN"));
        assert_eq!(refused.metadata["organisation"], format!("organisations/{stranger}"));
    }
    let request = create(patient, activity(&world, demo::HOSPITAL, "look at the foot", None));
    assert_eq!(plans.create_activity(request).await.unwrap().into_inner().state(), ActivityState::Proposed);
});
