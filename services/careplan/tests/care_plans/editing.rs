//! Changing and cancelling activities.

use prost_types::FieldMask;
use samspil_proto::careplan::v1::{ActivityState, CancelActivityRequest, UpdateActivityRequest};
use samspil_testkit::{on_both, refusal};
use tonic::Code;

use super::{
    recurring::{daily, from},
    *,
};

fn mask(paths: &[&str]) -> Option<FieldMask> {
    Some(FieldMask { paths: paths.iter().map(|path| (*path).to_owned()).collect() })
}

fn update(name: &str, activity: Activity, paths: &[&str]) -> UpdateActivityRequest {
    UpdateActivityRequest {
        name: name.to_owned(),
        activity: Some(activity),
        update_mask: mask(paths),
        reason: "agreed by phone".to_owned(),
        etag: String::new(),
        request_id: request_id(),
    }
}

fn cancel(name: &str) -> CancelActivityRequest {
    let reason = "the wound is closed".to_owned();
    CancelActivityRequest { name: name.to_owned(), reason, etag: String::new(), request_id: request_id() }
}

fn described(description: &str) -> Activity {
    Activity { description: description.to_owned(), ..Activity::default() }
}

on_both!(the_owner_changes_what_is_in_the_mask_and_nothing_else, |world| async move {
    let patient = world.citizen_with_consent().await;
    let before = own(&world, patient, activity(&world, demo::MUNICIPALITY, "compress", Some(2))).await;
    world.clock.advance(chrono::TimeDelta::hours(1));
    let wanted = Activity {
        kind: ActivityKind::FollowUp.into(),
        owner_role: "nurse".to_owned(),
        due_time: wire("2026-11-25T15:00:00Z"),
        ..described("ignored")
    };
    let request = update(&before.name, wanted.clone(), &["kind", "owner_role", "due_time"]);
    let after = world.care_plans("nurse").update_activity(request).await.unwrap().into_inner();
    let expected = Activity {
        kind: wanted.kind,
        owner_role: wanted.owner_role,
        due_time: wanted.due_time,
        update_time: Some(time::to_wire(world.clock.now())),
        etag: "v2".to_owned(),
        clock: after.clock.clone(),
        ..before.clone()
    };
    assert_eq!(after, expected);
    assert_eq!(after.clock.unwrap().due_time, wanted.due_time, "a fresh clock by the new time");
    assert_eq!(told(&world).await.last().unwrap().0, "ActivityUpdated");

    let request = update(&before.name, Activity::default(), &["due_time"]);
    let cleared = world.care_plans("nurse").update_activity(request).await.unwrap().into_inner();
    assert_eq!((cleared.due_time, cleared.clock), (None, None));
});

on_both!(who_proposed_changes_and_cancels_until_the_owner_says_yes, |world| async move {
    let patient = world.citizen_with_consent().await;
    let proposed = proposal(&world, patient).await;
    let mut specialist = world.care_plans("specialist");
    let request = update(&proposed.name, described("compress twice"), &["description"]);
    let changed = specialist.update_activity(request).await.unwrap().into_inner();
    assert_eq!((changed.state(), changed.description.as_str()), (ActivityState::Proposed, "compress twice"));
    assert_eq!(changed.clock, proposed.clock, "the owner has as long to answer as before");
    for refused in [
        refusal(world.care_plans("gp").update_activity(update(&proposed.name, described("x"), &["description"])).await),
        refusal(world.care_plans("gp").cancel_activity(cancel(&proposed.name)).await),
    ] {
        assert_eq!((refused.code, refused.reason.as_str()), (Code::PermissionDenied, "NOT_THE_OWNER"));
    }
    world.care_plans("nurse").accept_activity(accept(&proposed.name)).await.unwrap();
    for refused in [
        refusal(specialist.update_activity(update(&proposed.name, described("x"), &["description"])).await),
        refusal(specialist.cancel_activity(cancel(&proposed.name)).await),
    ] {
        assert_eq!(refused.reason, "NOT_THE_OWNER");
    }
    let other = proposal(&world, patient).await;
    let cancelled = specialist.cancel_activity(cancel(&other.name)).await.unwrap().into_inner();
    assert_eq!((cancelled.state(), cancelled.outcome.as_str()), (ActivityState::Cancelled, "the wound is closed"));
    let cancelled = world.care_plans("nurse").cancel_activity(cancel(&proposed.name)).await.unwrap().into_inner();
    assert_eq!(cancelled.clock.unwrap().stop_reason, "CANCELLED");
});

on_both!(a_mask_of_what_is_output_only_is_refused_whole, |world| async move {
    let patient = world.citizen_with_consent().await;
    let first = own(&world, patient, from(&world, "2026-11-19T07:00:00Z", daily(3))).await;
    let mut plans = world.care_plans("nurse");
    for paths in
        [&["state"][..], &["owner"], &["description", "etag"], &["clock"], &["occurrences"], &["nonsense"], &[]]
    {
        let wanted = activity(&world, demo::HOSPITAL, "x", None);
        let refused = refusal(plans.update_activity(update(&first.name, wanted, paths)).await);
        assert_eq!((refused.code, refused.fields[0].as_str()), (Code::InvalidArgument, "update_mask"), "{paths:?}");
    }
    for (activity, paths, field) in [
        (described(""), &["description"][..], "activity.description"),
        (Activity { kind: 77, ..Activity::default() }, &["kind"], "activity.kind"),
        // What comes again has a next time.
        (Activity::default(), &["due_time"], "activity.due_time"),
    ] {
        let refused = refusal(plans.update_activity(update(&first.name, activity, paths)).await);
        assert_eq!((refused.code, refused.fields), (Code::InvalidArgument, vec![field.to_owned()]));
    }
    let far = Activity { due_time: wire("2041-03-01T08:00:00Z"), ..Activity::default() };
    let refused = refusal(plans.update_activity(update(&first.name, far, &["due_time"])).await);
    assert_eq!(refused.reason, "CALENDAR_ENDS");
    assert_eq!(get(&world, &first.name).await.etag, "v1");
});

on_both!(what_comes_again_is_changed_from_its_next_time_on, |world| async move {
    let patient = world.citizen_with_consent().await;
    let name = own(&world, patient, from(&world, "2026-11-19T07:00:00Z", daily(5))).await.name;
    let mut plans = world.care_plans("nurse");
    plans.complete_activity(complete(&name)).await.unwrap();
    let later = Activity { due_time: wire("2026-11-20T12:00:00Z"), ..Activity::default() };
    let moved = plans.update_activity(update(&name, later, &["due_time"])).await.unwrap().into_inner();
    assert_eq!((moved.occurrence, moved.due_time), (2, wire("2026-11-20T12:00:00Z")));
    let next = plans.complete_activity(complete(&name)).await.unwrap().into_inner();
    assert_eq!((next.occurrence, next.due_time), (3, wire("2026-11-21T12:00:00Z")));
    // Two times are over: it cannot have come twice at the most.
    let fewer = Activity { recurrence: daily(2), ..Activity::default() };
    let refused = refusal(plans.update_activity(update(&name, fewer, &["recurrence"])).await);
    assert_eq!(refused.fields, ["activity.recurrence"]);
    let once = plans.update_activity(update(&name, Activity::default(), &["recurrence"])).await.unwrap().into_inner();
    assert_eq!((once.occurrence, once.recurrence, once.occurrences.len()), (0, None, 2));
    let done = plans.complete_activity(complete(&name)).await.unwrap().into_inner();
    assert_eq!(done.state(), ActivityState::Completed);
});

on_both!(the_owner_accepts_with_changes_and_says_why, |world| async move {
    let patient = world.citizen_with_consent().await;
    let name = proposal(&world, patient).await.name;
    let mut plans = world.care_plans("nurse");
    let request = AcceptActivityRequest {
        activity: Some(described("compress every other day")),
        update_mask: mask(&["description"]),
        due_time: wire("2026-11-24T08:00:00Z"),
        ..accept(&name)
    };
    assert_eq!(refusal(plans.accept_activity(request.clone()).await).fields, ["reason"]);
    let wrong = AcceptActivityRequest { update_mask: mask(&["state"]), reason: "x".to_owned(), ..request.clone() };
    assert_eq!(refusal(plans.accept_activity(wrong).await).fields, ["update_mask"]);
    let request = AcceptActivityRequest { reason: "the skin is thin".to_owned(), ..request };
    let emptied = AcceptActivityRequest { activity: None, ..request.clone() };
    assert_eq!(refusal(plans.accept_activity(emptied).await).fields, ["activity"]);
    let accepted = plans.accept_activity(request).await.unwrap().into_inner();
    assert_eq!((accepted.state(), accepted.etag.as_str()), (ActivityState::Accepted, "v2"));
    assert_eq!(accepted.description, "compress every other day");
    assert_eq!(accepted.due_time, wire("2026-11-24T08:00:00Z"));
    assert_eq!(accepted.clock.unwrap().due_time, accepted.due_time);
});

on_both!(states_etags_and_request_ids_hold_for_changes_too, |world| async move {
    let patient = world.citizen_with_consent().await;
    let first = own(&world, patient, activity(&world, demo::MUNICIPALITY, "compress", Some(2))).await;
    let mut plans = world.care_plans("nurse");
    let request = update(&first.name, described("a"), &["description"]);
    let changed = plans.update_activity(request.clone()).await.unwrap().into_inner();
    assert_eq!(plans.update_activity(request.clone()).await.unwrap().into_inner(), changed);
    let reused = UpdateActivityRequest { activity: Some(described("b")), ..request };
    assert_eq!(refusal(plans.update_activity(reused).await).reason, "REQUEST_ID_REUSED");
    let old = UpdateActivityRequest { etag: "v1".to_owned(), ..update(&first.name, described("b"), &["description"]) };
    assert_eq!(refusal(plans.update_activity(old).await).reason, "ETAG_MISMATCH");
    let old = CancelActivityRequest { etag: "v1".to_owned(), ..cancel(&first.name) };
    assert_eq!(refusal(plans.cancel_activity(old).await).reason, "ETAG_MISMATCH");
    for refused in [
        refusal(
            world.care_plans("outsider").update_activity(update(&first.name, described("b"), &["description"])).await,
        ),
        refusal(world.care_plans("outsider").cancel_activity(cancel(&first.name)).await),
    ] {
        assert_eq!(refused.reason, "NO_RELATION");
    }
    let (mut one, mut other) = (world.care_plans("nurse"), world.care_plans("nurse"));
    let read = |text: &str| UpdateActivityRequest {
        etag: "v2".to_owned(),
        ..update(&first.name, described(text), &["description"])
    };
    let (a, b) = tokio::join!(one.update_activity(read("c")), other.update_activity(read("d")));
    assert!(a.is_ok() != b.is_ok());
    assert_eq!(refusal(if a.is_ok() { b } else { a }).reason, "ETAG_MISMATCH");

    let request = cancel(&first.name);
    let cancelled = plans.cancel_activity(request.clone()).await.unwrap().into_inner();
    assert_eq!(plans.cancel_activity(request).await.unwrap().into_inner(), cancelled);
    for (refused, verb) in [
        (refusal(plans.cancel_activity(cancel(&first.name)).await), "cancel"),
        (refusal(plans.update_activity(update(&first.name, described("e"), &["description"])).await), "update"),
    ] {
        assert_eq!((refused.code, refused.reason.as_str()), (Code::FailedPrecondition, "ACTIVITY_WRONG_STATE"));
        assert_eq!((refused.metadata["state"].as_str(), refused.metadata["verb"].as_str()), ("CANCELLED", verb));
    }
});
