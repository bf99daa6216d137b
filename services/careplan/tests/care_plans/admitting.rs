//! The plan of a patient who is admitted, comes home or dies.

use chrono::TimeDelta;
use samspil_proto::{
    careplan::v1::ActivityState,
    common::v1::{ClockChanged, ClockState},
    directory::v1::{Presence, PresenceChanged},
    wound::v1::AssessmentRequested,
};
use samspil_store::event_log;
use samspil_testkit::on_both;

use super::{
    clocks::{rings, stages},
    recurring::{daily, from},
    *,
};

async fn presence(world: &World, patient: PatientName, previous: Presence, now: Presence) {
    let event = PresenceChanged {
        presence: now.into(),
        previous: previous.into(),
        time: Some(time::to_wire(world.clock.now())),
        hospital_event: format!("{patient}/hospitalEvents/{}", world.clock.id()),
        correction: false,
    };
    say(world, "directory", &patient.to_string(), &event).await;
}

/// What was told about the clock of an activity: the state and why.
async fn clock_changes(world: &World, name: &str) -> Vec<(ClockState, String)> {
    world.settle().await;
    let logged = event_log::read(&world.dbs["careplan"], 0, 1000).await.unwrap();
    let told = logged.iter().filter(|event| event.r#type.ends_with(".ClockChanged") && event.subject == name);
    told.map(|event| ClockChanged::decode(event.data.as_slice()).unwrap())
        .map(|changed| (changed.state(), changed.reason))
        .collect()
}

use ClockState::{Paused, Running, Stopped};
use Presence::{Admitted, Deceased, Home, OnLeave, Unspecified};

on_both!(the_municipalitys_clocks_stand_still_in_hospital_and_go_on_at_home, |world| async move {
    let patient = world.citizen_with_consent().await;
    let ours = own(&world, patient, activity(&world, demo::MUNICIPALITY, "compress", Some(7))).await;
    let asked = proposal(&world, patient).await;
    let theirs = create(patient, activity(&world, demo::HOSPITAL, "look", Some(7)));
    let theirs = world.care_plans("specialist").create_activity(theirs).await.unwrap().into_inner();
    let before = plan_at(&world, patient, 0).await.version;

    presence(&world, patient, Unspecified, Admitted).await;
    let plan = plan_at(&world, patient, 0).await;
    assert_eq!((plan.paused.as_str(), plan.version), ("ADMITTED", before + 1));
    for name in [&ours.name, &asked.name] {
        let paused = get(&world, name).await;
        let clock = paused.clock.unwrap();
        assert_eq!((clock.state(), clock.stop_reason.as_str(), paused.etag.as_str()), (Paused, "ADMITTED", "v2"));
        assert_eq!(clock_changes(&world, name).await, [(Paused, "ADMITTED".to_owned())]);
    }
    assert_eq!(get(&world, &theirs.name).await.clock.unwrap().state(), Running);
    assert!(clock_changes(&world, &theirs.name).await.is_empty());
    // What is planned meanwhile waits as well, and what is accepted.
    let later = own(&world, patient, activity(&world, demo::MUNICIPALITY, "clean", Some(1))).await;
    assert_eq!(later.clock.unwrap().state(), Paused);
    let accepted = world.care_plans("nurse").accept_activity(accept(&asked.name)).await.unwrap().into_inner();
    assert_eq!(accepted.clock.unwrap().state(), Paused);

    world.clock.advance(TimeDelta::days(10));
    assert_eq!(rings(&world, &theirs.name, 4).await.len(), 4);
    assert!(stages(&world, &ours.name).await.is_empty(), "nobody is late while the patient is away");

    presence(&world, patient, Admitted, Home).await;
    let plan = plan_at(&world, patient, 0).await;
    assert_eq!(plan.paused, "");
    let resumed = get(&world, &ours.name).await;
    assert_eq!(resumed.due_time, Some(time::to_wire(world.clock.now() + TimeDelta::days(7))));
    assert_eq!(resumed.clock.as_ref().unwrap().due_time, resumed.due_time);
    assert_eq!(resumed.clock.unwrap().state(), Running);
    assert_eq!(clock_changes(&world, &ours.name).await[1..], [(Running, "DISCHARGED".to_owned())]);
    assert_eq!(plan_at(&world, patient, before + 1).await.paused, "ADMITTED", "as it was");
    assert_eq!(plan_at(&world, patient, before).await.paused, "");
});

on_both!(an_owner_of_unknown_kind_is_asked_for_when_it_matters, |world| async move {
    let patient = world.citizen_with_consent().await;
    let ours = own(&world, patient, activity(&world, demo::MUNICIPALITY, "compress", Some(7))).await.name;
    let theirs = create(patient, activity(&world, demo::HOSPITAL, "look", Some(7)));
    let theirs = world.care_plans("specialist").create_activity(theirs).await.unwrap().into_inner().name;
    // As rows are that were written before kinds were kept.
    let mut tx = world.dbs["careplan"].begin().await.unwrap();
    samspil_store::sql!(&mut tx, execute, "UPDATE activities SET owner_kind = 0").unwrap();
    tx.commit().await.unwrap();
    presence(&world, patient, Home, Admitted).await;
    assert_eq!(get(&world, &ours).await.clock.unwrap().state(), Paused);
    assert_eq!(get(&world, &theirs).await.clock.unwrap().state(), Running);
});

on_both!(times_that_pass_in_hospital_are_skipped_by_nobody, |world| async move {
    let patient = world.citizen_with_consent().await;
    let name = own(&world, patient, from(&world, "2026-11-19T07:00:00Z", daily(6))).await.name;
    let short = own(&world, patient, from(&world, "2026-11-19T07:00:00Z", daily(2))).await.name;
    presence(&world, patient, Home, Admitted).await;
    world.clock.advance(TimeDelta::days(3)); // Saturday 21 November, 08:00
    presence(&world, patient, Admitted, Home).await;

    let back = get(&world, &name).await;
    assert_eq!((back.occurrence, back.due_time), (4, wire("2026-11-22T07:00:00Z")));
    let clock = back.clock.unwrap();
    assert_eq!((clock.state(), clock.due_time), (Running, back.due_time));
    let skipped: Vec<_> = back.occurrences.iter().map(|o| (o.number, o.done, o.actor.is_some())).collect();
    assert_eq!(skipped, [(1, false, false), (2, false, false), (3, false, false)]);
    let over = get(&world, &short).await;
    assert_eq!((over.state(), over.occurrences.len()), (ActivityState::Completed, 2));
    let of = |told: &[(String, String)], name: &str| {
        told.iter().filter(|(_, subject)| subject == name).map(|(kind, _)| kind.clone()).collect::<Vec<_>>()
    };
    let told = told(&world).await;
    let passed = "OccurrencePassed";
    assert_eq!(of(&told, &name), ["ActivityAccepted", "ClockChanged", "ClockChanged", passed, passed, passed]);
    assert_eq!(of(&told, &short), ["ActivityAccepted", "ClockChanged", passed, passed, "ActivityCompleted"]);
});

on_both!(a_leave_and_a_mistake_let_it_go_on_too, |world| async move {
    let patient = world.citizen_with_consent().await;
    let name = own(&world, patient, activity(&world, demo::MUNICIPALITY, "compress", Some(7))).await.name;
    presence(&world, patient, Home, Admitted).await;
    presence(&world, patient, Admitted, OnLeave).await;
    assert_eq!(get(&world, &name).await.clock.unwrap().state(), Running);
    presence(&world, patient, OnLeave, Admitted).await;
    let nothing = PresenceChanged { previous: Admitted.into(), correction: true, ..PresenceChanged::default() };
    say(&world, "directory", &patient.to_string(), &nothing).await;
    let reasons: Vec<_> = clock_changes(&world, &name).await.into_iter().map(|(_, reason)| reason).collect();
    assert_eq!(reasons, ["ADMITTED", "ON_LEAVE", "ADMITTED", "CORRECTED"]);
    assert_eq!(plan_at(&world, patient, 0).await.paused, "");
});

on_both!(a_death_ends_everything_and_nothing_comes_after, |world| async move {
    let patient = world.citizen_with_consent().await;
    let ours = own(&world, patient, activity(&world, demo::MUNICIPALITY, "compress", Some(7))).await.name;
    let asked = create(patient, activity(&world, demo::HOSPITAL, "look", None));
    let asked = world.care_plans("nurse").create_activity(asked).await.unwrap().into_inner().name;
    let done = own(&world, patient, activity(&world, demo::MUNICIPALITY, "call", None)).await.name;
    world.care_plans("nurse").complete_activity(complete(&done)).await.unwrap();
    presence(&world, patient, Home, Deceased).await;
    for name in [&ours, &asked] {
        let ended = get(&world, name).await;
        assert_eq!((ended.state(), ended.outcome.as_str()), (ActivityState::Cancelled, "DECEASED"));
        assert_eq!(ended.decided_by, None);
        let clock = ended.clock.unwrap();
        assert_eq!((clock.state(), clock.stop_reason.as_str()), (Stopped, "DECEASED"));
        assert_eq!(clock_changes(&world, name).await, [(Stopped, "DECEASED".to_owned())]);
    }
    assert_eq!(get(&world, &done).await.state(), ActivityState::Completed);
    let plan = plan_at(&world, patient, 0).await;
    assert_eq!((plan.paused.as_str(), plan.activities.len()), ("DECEASED", 0));

    // A question that was on its way asks nothing of anybody any more.
    let assessment = format!("{patient}/wounds/{}/assessments/{}", world.clock.id(), world.clock.id());
    let event = AssessmentRequested {
        requester: format!("organisations/{}", demo::MUNICIPALITY),
        receiver: format!("organisations/{}", demo::HOSPITAL),
        due_time: Some(time::to_wire(world.clock.now())),
        ..AssessmentRequested::default()
    };
    say(&world, "wound", &assessment, &event).await;
    assert_eq!(all(&world, patient).await.len(), 3);
});

on_both!(a_death_that_was_told_wrongly_lets_the_plan_go_on_but_opens_nothing_again, |world| async move {
    let patient = world.citizen_with_consent().await;
    let name = own(&world, patient, activity(&world, demo::MUNICIPALITY, "compress", Some(7))).await.name;
    presence(&world, patient, Home, Deceased).await;
    let back = PresenceChanged {
        presence: Home.into(),
        previous: Deceased.into(),
        correction: true,
        ..PresenceChanged::default()
    };
    say(&world, "directory", &patient.to_string(), &back).await;
    assert_eq!(get(&world, &name).await.state(), ActivityState::Cancelled);
    assert_eq!(plan_at(&world, patient, 0).await.paused, "");
    let anew = own(&world, patient, activity(&world, demo::MUNICIPALITY, "compress", Some(7))).await;
    assert_eq!(anew.clock.unwrap().state(), Running);
});
