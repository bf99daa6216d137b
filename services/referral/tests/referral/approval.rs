//! A general practice that has to let a referral go out.

use chrono::TimeDelta;
use samspil_kit::identity::demo;
use samspil_proto::{common::v1::ClockState, referral::v1::*};
use samspil_testkit::{on_both, refusal};
use tonic::Code;

use crate::help::*;

on_both!(a_referral_with_an_approver_goes_there_first_and_then_to_its_receiver, |world| async move {
    let patient = world.citizen_with_consent().await;
    let (nurse, gp, specialist) = (By(&world, "nurse"), By(&world, "gp"), By(&world, "specialist"));
    let written = nurse.creates(patient, through_practice()).await.unwrap();
    refused(gp.gets(&written.name).await, Code::NotFound, "RESOURCE_NOT_FOUND");
    let asked = nurse.sends(&written.name).await.unwrap();
    assert_eq!((asked.state(), asked.triages.len()), (ReferralState::Proposed, 0));
    assert_eq!(asked.clock_owner, organisation(demo::PRACTICE));
    let clock = asked.clock.unwrap();
    assert_eq!((clock.state(), clock.due_time), (ClockState::Running, wire("2026-11-23T15:00:00Z")));
    let approval = asked.approval.unwrap();
    assert_eq!((approval.state(), approval.request_time), (ApprovalState::Requested, asked.update_time));
    // The receiver hears nothing of it yet.
    refused(specialist.gets(&written.name).await, Code::NotFound, "RESOURCE_NOT_FOUND");
    refused(specialist.receives(&written.name).await, Code::NotFound, "RESOURCE_NOT_FOUND");
    world.clock.advance(TimeDelta::hours(1));
    let sent = gp.approves(&written.name, "yes, please").await.unwrap();
    assert_eq!((sent.state(), sent.triages[0].state()), (ReferralState::Active, TriageState::Requested));
    let approval = sent.approval.unwrap();
    assert_eq!((approval.state(), approval.reason.as_str()), (ApprovalState::Approved, "yes, please"));
    assert_eq!((approval.decided_by, approval.decide_time), (Some(world.person("gp").actor()), sent.update_time));
    let clock = sent.clock.unwrap();
    assert_eq!((clock.start_time, sent.clock_owner), (sent.update_time, organisation(demo::HOSPITAL)));
    assert_eq!(specialist.receives(&written.name).await.unwrap().sender, organisation(demo::MUNICIPALITY));
    let events = events(&world).await;
    let heard: Vec<_> = events.iter().map(|event| (event.r#type.as_str(), event.organisations.len())).collect();
    assert_eq!(heard, [("ApprovalRequested", 2), ("ReferralSent", 3), ("ReferralReceived", 3)]);
    let told = events[0].payload::<ApprovalRequested>();
    assert_eq!((told.approver, told.due_time), (organisation(demo::PRACTICE), wire("2026-11-23T15:00:00Z")));
});

on_both!(a_referral_that_is_declined_ends_there, |world| async move {
    let patient = world.citizen_with_consent().await;
    let (nurse, gp) = (By(&world, "nurse"), By(&world, "gp"));
    let wound = nurse.opens_wound(patient).await;
    let name = nurse.refers(patient, Referral { wound: wound.clone(), ..through_practice() }).await.name;
    let declined = gp.declines(&name, "I want to see it first").await.unwrap();
    assert_eq!((declined.state(), declined.clock), (ReferralState::Revoked, None));
    let approval = declined.approval.unwrap();
    assert_eq!((approval.state(), approval.reason.as_str()), (ApprovalState::Declined, "I want to see it first"));
    let event = events(&world).await.pop().unwrap();
    let told = ReferralDeclined { wound, approver: organisation(demo::PRACTICE) };
    assert_eq!((event.payload::<ReferralDeclined>(), event.organisations.len()), (told, 2));
    refused(gp.approves(&name, "").await, Code::FailedPrecondition, "REFERRAL_WRONG_STATE");
    assert_eq!(refusal(By(&world, "specialist").gets(&name).await).reason, "RESOURCE_NOT_FOUND");
});

on_both!(what_waits_for_approval_can_be_corrected_replaced_and_taken_back, |world| async move {
    let patient = world.citizen_with_consent().await;
    let nurse = By(&world, "nurse");
    let name = nurse.refers(patient, through_practice()).await.name;
    let note = Referral { note: "worse".to_owned(), ..to_hospital() };
    let amended = nurse.amends(&name, &["note"], note, "it got worse").await.unwrap();
    assert_eq!((amended.state(), amended.history.last().unwrap().receipts.len()), (ReferralState::Proposed, 1));
    let elsewhere = nurse.amends(&name, &["receiver"], to_practice(), "a slip").await;
    refused(elsewhere, Code::FailedPrecondition, "REFERRAL_SENT");
    let replacing = nurse.replaces(&name, to_hospital(), "no approval needed").await.unwrap();
    let sent = nurse.sends(&replacing.name).await.unwrap();
    assert_eq!((sent.state(), &sent.replaces), (ReferralState::Active, &name));
    let other = nurse.refers(patient, through_practice()).await.name;
    assert_eq!(nurse.withdraws(&other, "healed").await.unwrap().state(), ReferralState::Revoked);
});

on_both!(only_the_practice_that_was_asked_decides, |world| async move {
    let patient = world.citizen_with_consent().await;
    let (nurse, gp) = (By(&world, "nurse"), By(&world, "gp"));
    // A practice's own referral, and one to it: it is another side of both.
    let own = gp.refers(patient, to_hospital()).await.name;
    let to_it = nurse.refers(patient, to_practice()).await.name;
    for name in [own, to_it] {
        let told = refused(gp.approves(&name, "").await, Code::PermissionDenied, "NOT_YOUR_SIDE");
        assert_eq!(told["verb"], "approve");
        refused(gp.declines(&name, "no").await, Code::PermissionDenied, "NOT_YOUR_SIDE");
    }
    refused(nurse.approves(UNKNOWN, "").await, Code::PermissionDenied, "NO_PERMISSION");
});

on_both!(the_consent_has_to_cover_the_approver_and_still_the_receiver_when_it_goes_out, |world| async move {
    let patient = world.citizen().await;
    world.consent_to(patient, &[demo::MUNICIPALITY]).await;
    let (nurse, gp) = (By(&world, "nurse"), By(&world, "gp"));
    let name = nurse.creates(patient, through_practice()).await.unwrap().name;
    let to_hospital = world.consent_to(patient, &[demo::HOSPITAL]).await;
    let told = refused(nurse.sends(&name).await, Code::FailedPrecondition, "RECEIVER_NOT_COVERED");
    assert_eq!(told["organisation"], organisation(demo::PRACTICE));
    world.consent_to(patient, &[demo::PRACTICE]).await;
    nurse.sends(&name).await.unwrap();
    withdraw_consent(&world, to_hospital.name).await;
    let told = refused(gp.approves(&name, "").await, Code::FailedPrecondition, "RECEIVER_NOT_COVERED");
    assert_eq!(told["organisation"], organisation(demo::HOSPITAL));
});
