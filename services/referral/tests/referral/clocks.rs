//! The clock on who has to decide.

use chrono::TimeDelta;
use samspil_kit::identity::demo;
use samspil_proto::{
    common::v1::{ClockStage, ClockStageReached, ClockState},
    referral::v1::*,
};
use samspil_testkit::on_both;

use crate::help::*;

on_both!(a_receiver_who_does_not_decide_is_reminded_at_each_stage_once, |world| async move {
    let patient = world.citizen_with_consent().await;
    let nurse = By(&world, "nurse");
    let name = nurse.refers(patient, Referral { priority: Priority::Asap.into(), ..to_hospital() }).await.name;
    let etag = nurse.gets(&name).await.unwrap().etag;
    world.clock.advance(TimeDelta::days(7));
    let rung = events_come(&world, "ClockStageReached", 4).await;
    let stages: Vec<_> = rung.iter().map(|event| event.payload::<ClockStageReached>().stage()).collect();
    assert_eq!(stages, [ClockStage::Soon, ClockStage::Due, ClockStage::Overdue, ClockStage::Escalated]);
    let last = rung[3].payload::<ClockStageReached>();
    assert_eq!((last.clock.as_str(), last.owner), ("decision", organisation(demo::HOSPITAL)));
    assert_eq!((last.escalate_to.as_str(), last.due_time), ("coordinator", wire("2026-11-19T15:00:00Z")));
    assert_eq!(rung[3].organisations, [demo::MUNICIPALITY, demo::HOSPITAL]);
    let seen = nurse.gets(&name).await.unwrap();
    assert_eq!((seen.clock.unwrap().stage(), seen.etag), (ClockStage::Escalated, etag), "an alarm changes no etag");
    // Nothing rings again, and the decision takes the clock away.
    By(&world, "specialist").receives(&name).await.unwrap();
    assert_eq!(By(&world, "specialist").accepts(&name, "").await.unwrap().clock, None);
    world.clock.advance(TimeDelta::days(7));
    let second = nurse.refers(patient, Referral { priority: Priority::Asap.into(), ..to_hospital() }).await.name;
    world.clock.advance(TimeDelta::days(7));
    let rung = events_come(&world, "ClockStageReached", 8).await;
    assert_eq!(rung.iter().filter(|event| event.subject == name).count(), 4);
    assert_eq!(rung.iter().filter(|event| event.subject == second).count(), 4);
});

on_both!(an_approver_who_does_not_decide_is_reminded_too, |world| async move {
    let patient = world.citizen_with_consent().await;
    By(&world, "nurse").refers(patient, through_practice()).await;
    world.clock.advance(TimeDelta::days(6));
    let told = events_come(&world, "ClockStageReached", 3).await.remove(0).payload::<ClockStageReached>();
    assert_eq!((told.clock.as_str(), told.owner), ("approval", organisation(demo::PRACTICE)));
});

on_both!(a_referral_on_hold_keeps_its_place_and_its_time, |world| async move {
    let patient = world.citizen_with_consent().await;
    let (nurse, specialist) = (By(&world, "nurse"), By(&world, "specialist"));
    for has_arrived in [false, true] {
        let sent = nurse.refers(patient, Referral { priority: Priority::Urgent.into(), ..to_hospital() }).await;
        let name = &sent.name;
        let stands = if has_arrived { TriageState::Received } else { TriageState::Requested };
        if has_arrived {
            specialist.receives(name).await.unwrap();
        }
        let held = nurse.holds(name, "the patient travels").await.unwrap();
        assert_eq!((held.state(), held.triages[0].state()), (ReferralState::OnHold, stands));
        let clock = held.clock.unwrap();
        assert_eq!((clock.state(), clock.stop_reason.as_str()), (ClockState::Paused, "ON_HOLD"));
        let early = if has_arrived { specialist.accepts(name, "").await } else { specialist.receives(name).await };
        let told = refused(early, tonic::Code::FailedPrecondition, "REFERRAL_WRONG_STATE");
        assert_eq!(
            (told["state"].as_str(), told["triage_state"].as_str()),
            ("REFERRAL_STATE_ON_HOLD", stands.as_str_name())
        );
        world.clock.advance(TimeDelta::days(7));
        let resumed = nurse.resumes(name).await.unwrap();
        assert_eq!((resumed.state(), resumed.triages[0].state()), (ReferralState::Active, stands));
        let moved = resumed.clock.unwrap().due_time.unwrap().seconds - sent.clock.unwrap().due_time.unwrap().seconds;
        assert_eq!(moved, 7 * 24 * 3600);
    }
    assert!(!event_types(&world).await.contains(&"ClockStageReached".to_owned()));
});

on_both!(an_accepted_referral_is_held_without_a_clock_and_only_its_booking_can_be_taken_back, |world| async move {
    let patient = world.citizen_with_consent().await;
    let (nurse, specialist) = (By(&world, "nurse"), By(&world, "specialist"));
    let name = accepted(&world, patient).await;
    let booking =
        Booking { start_time: wire("2026-12-01T09:00:00Z"), mode: BookingMode::Video.into(), ..Booking::default() };
    specialist.books(&name, booking.clone()).await.unwrap();
    let held = nurse.holds(&name, "the patient is ill").await.unwrap();
    assert_eq!((held.triages[0].state(), held.clock), (TriageState::Accepted, None));
    refused(specialist.books(&name, booking).await, tonic::Code::FailedPrecondition, "REFERRAL_WRONG_STATE");
    assert_eq!(specialist.cancels_booking(&name, "ill").await.unwrap().booking, None);
    let resumed = nurse.resumes(&name).await.unwrap();
    assert_eq!((resumed.state(), resumed.triages[0].state()), (ReferralState::Active, TriageState::Accepted));
});

on_both!(another_priority_counts_from_when_it_was_sent_and_keeps_what_stood_still, |world| async move {
    let patient = world.citizen_with_consent().await;
    let (nurse, specialist) = (By(&world, "nurse"), By(&world, "specialist"));
    let name = received(&world, patient).await;
    specialist.asks(&name, "Which dressing?").await.unwrap();
    world.clock.advance(TimeDelta::days(1));
    // Still asked: the new clock stands still as the old one did.
    let asked = specialist.changes_priority(&name, Priority::Urgent, "infected").await.unwrap().clock.unwrap();
    assert_eq!((asked.state(), asked.stop_reason.as_str()), (ClockState::Paused, "AWAITING_SUPPLEMENT"));
    let answered = nurse.answers(&name, "Foam.", vec![]).await.unwrap().clock.unwrap();
    assert_eq!((answered.state(), answered.due_time), (ClockState::Running, wire("2026-11-23T15:00:00Z")));
    let again = specialist.changes_priority(&name, Priority::Asap, "badly").await.unwrap().clock.unwrap();
    assert_eq!((again.state(), again.due_time), (ClockState::Running, wire("2026-11-20T15:00:00Z")));
    assert_eq!((again.start_time, again.pauses.len()), (wire("2026-11-18T08:00:00Z"), 1));
});
