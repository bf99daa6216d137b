//! Activities that come again.

use samspil_proto::{
    careplan::v1::{ActivityState, Recurrence, RecurrenceUnit, SkipOccurrenceRequest, recurrence::End},
    common::v1::ClockState,
};
use samspil_testkit::{on_both, refusal};
use tonic::Code;

use super::*;

pub(crate) fn every(every: i32, unit: RecurrenceUnit, end: Option<End>) -> Option<Recurrence> {
    Some(Recurrence { every, unit: unit.into(), end })
}

pub(crate) fn daily(count: i32) -> Option<Recurrence> {
    every(1, RecurrenceUnit::Day, Some(End::Count(count)))
}

pub(crate) fn from(world: &World, first: &str, recurrence: Option<Recurrence>) -> Activity {
    Activity { due_time: wire(first), recurrence, ..activity(world, demo::MUNICIPALITY, "clean daily", None) }
}

fn skip(name: &str) -> SkipOccurrenceRequest {
    let reason = "not at home".to_owned();
    SkipOccurrenceRequest { name: name.to_owned(), reason, etag: String::new(), request_id: request_id() }
}

on_both!(each_time_is_done_or_skipped_until_the_last, |world| async move {
    let patient = world.citizen_with_consent().await;
    let first = own(&world, patient, from(&world, "2026-11-19T07:00:00Z", daily(3))).await;
    assert_eq!((first.state(), first.occurrence), (ActivityState::Accepted, 1));
    let mut plans = world.care_plans("nurse");
    world.clock.advance(chrono::TimeDelta::days(1));
    let request = CompleteActivityRequest { outcome: "dry".to_owned(), ..complete(&first.name) };
    let second = plans.complete_activity(request).await.unwrap().into_inner();
    assert_eq!((second.state(), second.occurrence), (ActivityState::Accepted, 2));
    assert_eq!(second.due_time, wire("2026-11-20T07:00:00Z"));
    let clock = second.clock.as_ref().unwrap();
    assert_eq!((clock.state(), clock.due_time), (ClockState::Running, second.due_time));
    assert_eq!(clock.start_time, Some(time::to_wire(world.clock.now())), "a fresh one");

    let third = plans.skip_occurrence(skip(&first.name)).await.unwrap().into_inner();
    assert_eq!((third.occurrence, third.due_time), (3, wire("2026-11-21T07:00:00Z")));
    let last = plans.complete_activity(complete(&first.name)).await.unwrap().into_inner();
    assert_eq!((last.state(), last.etag.as_str()), (ActivityState::Completed, "v4"));
    assert_eq!(last.clock.as_ref().unwrap().state(), ClockState::Stopped);
    let noted: Vec<_> = last.occurrences.iter().map(|o| (o.number, o.done, o.outcome.as_str())).collect();
    assert_eq!(noted, [(1, true, "dry"), (2, false, "not at home"), (3, true, "")]);
    assert_eq!(last.occurrences[0].due_time, wire("2026-11-19T07:00:00Z"));
    assert_eq!(last.occurrences[1].actor, Some(world.person("nurse").actor()));

    let kinds: Vec<_> = told(&world).await.into_iter().map(|(kind, _)| kind).collect();
    let passed = "OccurrencePassed";
    assert_eq!(kinds, ["ActivityAccepted", passed, passed, passed, "ActivityCompleted"]);
    let over = refusal(plans.skip_occurrence(skip(&first.name)).await);
    assert_eq!((over.reason.as_str(), over.metadata["verb"].as_str()), ("ACTIVITY_WRONG_STATE", "skip"));
});

on_both!(the_local_time_stays_over_both_changes_of_the_clocks, |world| async move {
    let patient = world.citizen_with_consent().await;
    let mut plans = world.care_plans("nurse");
    for (first, then) in [
        ("2027-03-27T07:00:00Z", ["2027-03-28T06:00:00Z", "2027-03-29T06:00:00Z"]),
        ("2027-10-30T06:00:00Z", ["2027-10-31T07:00:00Z", "2027-11-01T07:00:00Z"]),
    ] {
        let name = own(&world, patient, from(&world, first, daily(3))).await.name;
        for next in then {
            let done = plans.complete_activity(complete(&name)).await.unwrap().into_inner();
            assert_eq!(done.due_time, wire(next));
        }
    }
    let monthly = every(1, RecurrenceUnit::Month, Some(End::Until(wire("2027-03-31T07:00:00Z").unwrap())));
    let name = own(&world, patient, from(&world, "2027-01-31T08:00:00Z", monthly)).await.name;
    for next in ["2027-02-28T08:00:00Z", "2027-03-31T07:00:00Z"] {
        let done = plans.complete_activity(complete(&name)).await.unwrap().into_inner();
        assert_eq!(done.due_time, wire(next));
    }
    let last = plans.complete_activity(complete(&name)).await.unwrap().into_inner();
    assert_eq!(last.state(), ActivityState::Completed);
});

on_both!(a_proposal_comes_again_once_its_owner_says_yes, |world| async move {
    let patient = world.citizen_with_consent().await;
    let request = create(patient, from(&world, "2026-11-19T07:00:00Z", daily(2)));
    let proposed = world.care_plans("specialist").create_activity(request).await.unwrap().into_inner();
    assert_eq!(proposed.state(), ActivityState::Proposed);
    let mut plans = world.care_plans("nurse");
    let early = refusal(plans.skip_occurrence(skip(&proposed.name)).await);
    assert_eq!((early.code, early.reason.as_str()), (Code::FailedPrecondition, "ACTIVITY_WRONG_STATE"));
    // By another time: the others are counted from there.
    let request = AcceptActivityRequest { due_time: wire("2026-11-19T12:00:00Z"), ..accept(&proposed.name) };
    plans.accept_activity(request).await.unwrap();
    let next = plans.complete_activity(complete(&proposed.name)).await.unwrap().into_inner();
    assert_eq!((next.occurrence, next.due_time), (2, wire("2026-11-20T12:00:00Z")));
});

on_both!(a_recurrence_that_cannot_be_is_refused_before_anything_is_stored, |world| async move {
    let patient = world.citizen_with_consent().await;
    let mut plans = world.care_plans("nurse");
    let (first, day) = ("2026-11-19T07:00:00Z", RecurrenceUnit::Day);
    let until = |text: &str| Some(End::Until(wire(text).unwrap()));
    let wrong = [
        (every(1, day, None), "activity.recurrence"),
        (every(0, day, Some(End::Count(2))), "activity.recurrence.every"),
        (every(1001, day, Some(End::Count(2))), "activity.recurrence.every"),
        (every(1, RecurrenceUnit::Unspecified, Some(End::Count(2))), "activity.recurrence.unit"),
        (every(1, day, Some(End::Count(0))), "activity.recurrence.count"),
        (every(1, day, Some(End::Count(10_001))), "activity.recurrence.count"),
        (every(1, day, until("2026-11-19T06:59:59Z")), "activity.recurrence"),
        (every(1, RecurrenceUnit::Hour, until("2029-01-01T00:00:00Z")), "activity.recurrence"),
        (every(1, day, until("9999-01-01T00:00:00Z")), "activity.recurrence"),
        (every(1000, RecurrenceUnit::Month, Some(End::Count(10_000))), "activity.recurrence"),
    ];
    for (recurrence, field) in wrong {
        let refused = refusal(plans.create_activity(create(patient, from(&world, first, recurrence))).await);
        assert_eq!((refused.code, refused.fields), (Code::InvalidArgument, vec![field.to_owned()]), "{recurrence:?}");
    }
    let never = Activity { due_time: None, ..from(&world, first, daily(2)) };
    assert_eq!(refusal(plans.create_activity(create(patient, never)).await).fields, ["activity.due_time"]);
    // Ten thousand days reach further than the calendar.
    for far in [from(&world, first, daily(10_000)), from(&world, "2041-01-07T07:00:00Z", None)] {
        let refused = refusal(plans.create_activity(create(patient, far.clone())).await);
        assert_eq!((refused.code, refused.reason.as_str()), (Code::FailedPrecondition, "CALENDAR_ENDS"));
        let refused = refusal(world.care_plans("specialist").create_activity(create(patient, far)).await);
        assert_eq!(refused.reason, "CALENDAR_ENDS", "nor is it proposed");
    }
    assert!(all(&world, patient).await.is_empty());
    assert_eq!(plan_at(&world, patient, 0).await.version, 0);
});

on_both!(skipping_is_the_owners_and_done_once, |world| async move {
    let patient = world.citizen_with_consent().await;
    let first = own(&world, patient, from(&world, "2026-11-19T07:00:00Z", daily(9))).await;
    let once = own(&world, patient, activity(&world, demo::MUNICIPALITY, "call", Some(1))).await;
    let mut plans = world.care_plans("nurse");
    let refused = refusal(plans.skip_occurrence(skip(&once.name)).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::FailedPrecondition, "NOT_RECURRING"));
    let refused = refusal(world.care_plans("specialist").skip_occurrence(skip(&first.name)).await);
    assert_eq!(refused.reason, "NOT_THE_OWNER");
    let refused = refusal(world.care_plans("outsider").skip_occurrence(skip(&first.name)).await);
    assert_eq!(refused.reason, "NO_RELATION");

    let request = skip(&first.name);
    let skipped = plans.skip_occurrence(request.clone()).await.unwrap().into_inner();
    assert_eq!(plans.skip_occurrence(request.clone()).await.unwrap().into_inner(), skipped);
    let reused = SkipOccurrenceRequest { reason: "another".to_owned(), ..request };
    assert_eq!(refusal(plans.skip_occurrence(reused).await).reason, "REQUEST_ID_REUSED");
    let old = SkipOccurrenceRequest { etag: first.etag, ..skip(&first.name) };
    assert_eq!(refusal(plans.skip_occurrence(old).await).reason, "ETAG_MISMATCH");

    // Two who have read the same do not skip two times.
    let (mut one, mut other) = (world.care_plans("nurse"), world.care_plans("nurse"));
    let read = |name: &str| SkipOccurrenceRequest { etag: skipped.etag.clone(), ..skip(name) };
    let (a, b) = tokio::join!(one.skip_occurrence(read(&first.name)), other.skip_occurrence(read(&first.name)));
    assert!(a.is_ok() != b.is_ok());
    assert_eq!(get(&world, &first.name).await.occurrence, 3);
});
