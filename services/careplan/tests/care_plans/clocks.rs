//! Clocks: on the owner's decision, then on the due time.

use std::time::Duration;

use chrono::TimeDelta;
use samspil_proto::common::v1::{ClockStage, ClockStageReached, ClockState};
use samspil_store::event_log;
use samspil_testkit::on_both;

use super::*;

/// The stages that were told about an activity: which clock and which stage.
pub(crate) async fn stages(world: &World, name: &str) -> Vec<(String, ClockStage)> {
    let logged = event_log::read(&world.dbs["careplan"], 0, 1000).await.unwrap();
    let told = logged.iter().filter(|event| event.r#type.ends_with(".ClockStageReached") && event.subject == name);
    told.map(|event| ClockStageReached::decode(event.data.as_slice()).unwrap())
        .map(|reached| (reached.clock.clone(), reached.stage()))
        .collect()
}

/// Waits until so many were told.
pub(crate) async fn rings(world: &World, name: &str, count: usize) -> Vec<(String, ClockStage)> {
    let rung = async {
        loop {
            let told = stages(world, name).await;
            if told.len() >= count {
                return told;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), rung).await.expect("alarms")
}

fn of(clock: &str, stages: &[ClockStage]) -> Vec<(String, ClockStage)> {
    stages.iter().map(|stage| (clock.to_owned(), *stage)).collect()
}

use ClockStage::{Due, Escalated, Overdue, Soon};

on_both!(a_proposal_that_nobody_answers_rings_and_a_yes_starts_the_clock_of_the_work, |world| async move {
    let patient = world.citizen_with_consent().await;
    // Wednesday: the owner has until the end of Friday to say yes or no.
    let proposed = proposal(&world, patient).await;
    let clock = proposed.clock.clone().unwrap();
    assert_eq!((clock.state(), clock.due_time), (ClockState::Running, wire("2026-11-20T15:00:00Z")));
    world.clock.advance(TimeDelta::days(3));
    let told = rings(&world, &proposed.name, 3).await;
    assert_eq!(told, of("proposal", &[Soon, Due, Overdue]));
    assert_eq!(get(&world, &proposed.name).await.etag, "v1", "an alarm is no change of the plan");
    assert_eq!(get(&world, &proposed.name).await.clock.unwrap().stage(), Overdue);

    let request = AcceptActivityRequest { due_time: wire("2026-11-24T15:00:00Z"), ..accept(&proposed.name) };
    let accepted = world.care_plans("nurse").accept_activity(request).await.unwrap().into_inner();
    let clock = accepted.clock.unwrap();
    assert_eq!((clock.state(), clock.stage()), (ClockState::Running, ClockStage::OnTime));
    assert_eq!((clock.due_time, clock.escalate_to.as_str()), (accepted.due_time, "coordinator"));
    world.clock.advance(TimeDelta::days(5));
    let told = rings(&world, &proposed.name, 7).await;
    assert_eq!(told[3..], of("activity", &[Soon, Due, Overdue, Escalated]));
});

on_both!(what_is_answered_or_done_rings_no_more, |world| async move {
    let patient = world.citizen_with_consent().await;
    let (declined, done) = (proposal(&world, patient).await, proposal(&world, patient).await);
    let mut plans = world.care_plans("nurse");
    let clock = plans.decline_activity(decline(&declined.name)).await.unwrap().into_inner().clock.unwrap();
    assert_eq!((clock.state(), clock.stop_reason.as_str()), (ClockState::Stopped, "DECLINED"));
    plans.accept_activity(accept(&done.name)).await.unwrap();
    let clock = plans.complete_activity(complete(&done.name)).await.unwrap().into_inner().clock.unwrap();
    assert_eq!((clock.state(), clock.stop_reason.as_str()), (ClockState::Stopped, "COMPLETED"));
    let witness = own(&world, patient, activity(&world, demo::MUNICIPALITY, "late", Some(2))).await;
    world.clock.advance(TimeDelta::days(9));
    rings(&world, &witness.name, 4).await;
    world.settle().await;
    assert!(stages(&world, &declined.name).await.is_empty() && stages(&world, &done.name).await.is_empty());
});

on_both!(of_two_replicas_one_rings_each_stage, |world| async move {
    let replica = world.replica().await;
    let patient = world.citizen_with_consent().await;
    let mut names = vec![];
    for n in 0..5 {
        names.push(own(&world, patient, activity(&world, demo::MUNICIPALITY, &n.to_string(), Some(2))).await.name);
    }
    world.clock.advance(TimeDelta::days(9));
    for name in &names {
        assert_eq!(rings(&replica, name, 4).await, of("activity", &[Soon, Due, Overdue, Escalated]));
    }
    world.settle().await;
    for name in &names {
        assert_eq!(stages(&world, name).await.len(), 4);
    }
});

on_both!(stages_are_counted_in_opening_hours_over_both_changes_of_the_clocks, |world| async move {
    let patient = world.citizen_with_consent().await;
    for (due, soon, escalate) in [
        // Tuesday after Easter, 08:00 in summer time: a working day before is Wednesday, 08:00 in winter time.
        ("2027-03-30T06:00:00Z", "2027-03-24T07:00:00Z", "2027-03-30T14:00:00Z"),
        // Monday, 09:00 in winter time: Friday, 09:00 in summer time, and Tuesday, 09:00.
        ("2027-11-01T08:00:00Z", "2027-10-29T07:00:00Z", "2027-11-02T08:00:00Z"),
    ] {
        let planned = Activity { due_time: wire(due), ..activity(&world, demo::MUNICIPALITY, "photograph", None) };
        let clock = own(&world, patient, planned).await.clock.unwrap();
        assert_eq!((clock.soon_time, clock.due_time, clock.escalate_time), (wire(soon), wire(due), wire(escalate)));
    }
});

on_both!(without_a_due_time_there_is_no_clock_on_the_work, |world| async move {
    let patient = world.citizen_with_consent().await;
    assert_eq!(own(&world, patient, activity(&world, demo::MUNICIPALITY, "call", None)).await.clock, None);
});
