//! What goes wrong with a step.

use samspil_kit::identity::demo;
use samspil_proto::referral::v1::*;
use samspil_testkit::{World, on_both, refusal, request_id};
use tonic::Code;

use crate::help::*;

/// Every verb of somebody, each with its name.
async fn tries_everything(who: By<'_>, name: &str) -> Vec<(&'static str, Said<Referral>)> {
    let booking =
        Booking { start_time: wire("2027-01-04T09:00:00Z"), mode: BookingMode::InPerson.into(), ..Booking::default() };
    let note = Referral { note: "other".to_owned(), ..to_hospital() };
    vec![
        ("amend", who.amends(name, &["note"], note, "why").await),
        ("send", who.sends(name).await),
        ("approve", who.approves(name, "").await),
        ("decline", who.declines(name, "no").await),
        ("hold", who.holds(name, "wait").await),
        ("resume", who.resumes(name).await),
        ("receive", who.receives(name).await),
        ("accept", who.accepts(name, "").await),
        ("reject", who.rejects(name, RejectionReason::Capacity, "no").await),
        ("forward", who.forwards(name, organisation(demo::MUNICIPALITY), "there").await),
        ("change_priority", who.changes_priority(name, Priority::Stat, "now").await),
        ("ask_supplement", who.asks(name, "more?").await),
        ("answer_supplement", who.answers(name, "this", vec![]).await),
        ("book", who.books(name, booking).await),
        ("cancel_booking", who.cancels_booking(name, "no").await),
        ("complete", who.completes(name, "done", vec![]).await),
        ("replace", who.replaces(name, to_hospital(), "new").await),
        ("withdraw", who.withdraws(name, "over").await),
    ]
}

const SENDERS: [&str; 7] = ["amend", "send", "hold", "resume", "answer_supplement", "replace", "withdraw"];

on_both!(each_side_has_its_own_verbs, |world| async move {
    let patient = world.citizen_with_consent().await;
    // The practice may send, approve and triage, so that only its side can refuse it.
    let gp = By(&world, "gp");
    let from_gp = gp.refers(patient, to_hospital()).await.name;
    let to_gp = By(&world, "nurse").refers(patient, to_practice()).await.name;
    let approved_by_gp = By(&world, "nurse").refers(patient, through_practice()).await.name;
    gp.approves(&approved_by_gp, "").await.unwrap();
    for (name, own) in [
        (&from_gp, SENDERS.to_vec()),
        (
            &to_gp,
            vec![
                "receive",
                "accept",
                "reject",
                "forward",
                "change_priority",
                "ask_supplement",
                "book",
                "cancel_booking",
                "complete",
            ],
        ),
        (&approved_by_gp, vec!["approve", "decline"]),
    ] {
        for (verb, answer) in tries_everything(gp, name).await {
            let outcome = answer.map_err(|status| refusal::<()>(Err(status)));
            match outcome {
                Err(told) if told.reason == "NOT_YOUR_SIDE" => {
                    assert!(!own.contains(&verb), "{verb} is the practice's own");
                    assert_eq!((told.code, told.metadata), (Code::PermissionDenied, metadata(&[("verb", verb)])));
                }
                Err(told) => assert!(own.contains(&verb), "{verb} was {}", told.reason),
                Ok(_) => assert!(own.contains(&verb), "{verb} belongs to another side"),
            }
        }
    }
    // A colleague of the same side may.
    let another = gp.refers(patient, to_hospital()).await.name;
    By(&world, "specialist").receives(&another).await.unwrap();
    By(&world, "specialist2").accepts(&another, "").await.unwrap();
});

on_both!(nothing_can_be_done_to_what_has_ended, |world| async move {
    let patient = world.citizen_with_consent().await;
    let (nurse, specialist) = (By(&world, "nurse"), By(&world, "specialist"));
    let completed = accepted(&world, patient).await;
    specialist.completes(&completed, "healed", vec![]).await.unwrap();
    let withdrawn = received(&world, patient).await;
    specialist.asks(&withdrawn, "more?").await.unwrap();
    nurse.withdraws(&withdrawn, "over").await.unwrap();
    for (name, state, triage_state) in [
        (&completed, "REFERRAL_STATE_COMPLETED", "TRIAGE_STATE_COMPLETED"),
        (&withdrawn, "REFERRAL_STATE_REVOKED", "TRIAGE_STATE_CANCELLED"),
    ] {
        let before = nurse.gets(name).await.unwrap();
        let tried = [tries_everything(nurse, name).await, tries_everything(specialist, name).await];
        let mut refused = 0;
        for (verb, answer) in tried.into_iter().flatten() {
            let told = refusal(answer);
            if told.reason == "NO_PERMISSION" {
                continue;
            }
            assert_eq!((told.code, told.reason.as_str()), (Code::FailedPrecondition, "REFERRAL_WRONG_STATE"), "{verb}");
            assert_eq!(told.metadata, metadata(&[("state", state), ("triage_state", triage_state), ("verb", verb)]));
            refused += 1;
        }
        assert_eq!(refused, 16, "all but the approver's two");
        assert_eq!(nurse.gets(name).await.unwrap(), before);
    }
});

on_both!(a_verb_that_the_state_does_not_allow_changes_nothing, |world| async move {
    let patient = world.citizen_with_consent().await;
    let (nurse, specialist) = (By(&world, "nurse"), By(&world, "specialist"));
    let sent = nurse.refers(patient, to_hospital()).await;
    for (verb, answer) in [
        ("accept", specialist.accepts(&sent.name, "").await),
        ("reject", specialist.rejects(&sent.name, RejectionReason::Capacity, "no").await),
        ("complete", specialist.completes(&sent.name, "done", vec![]).await),
        ("send", nurse.sends(&sent.name).await),
        ("resume", nurse.resumes(&sent.name).await),
    ] {
        let told = refused(answer, Code::FailedPrecondition, "REFERRAL_WRONG_STATE");
        assert_eq!((told["verb"].as_str(), told["triage_state"].as_str()), (verb, "TRIAGE_STATE_REQUESTED"));
    }
    assert_eq!(nurse.gets(&sent.name).await.unwrap().etag, sent.etag);
});

on_both!(a_referral_does_not_go_round_in_a_circle, |world| async move {
    let patient = world.citizen().await;
    let all = [demo::MUNICIPALITY, demo::HOSPITAL, demo::OTHER_HOSPITAL, demo::PRACTICE];
    world.consent_to(patient, &all).await;
    let (specialist, other) = (By(&world, "specialist"), By(&world, "other_specialist"));
    let name = received(&world, patient).await;
    for to in [demo::MUNICIPALITY, demo::HOSPITAL] {
        let told = specialist.forwards(&name, organisation(to), "there").await;
        let told = refused(told, Code::FailedPrecondition, "FORWARDED_IN_A_CIRCLE");
        assert_eq!(told, metadata(&[("organisation", &organisation(to))]));
    }
    specialist.forwards(&name, organisation(demo::OTHER_HOSPITAL), "there").await.unwrap();
    other.receives(&name).await.unwrap();
    let back = other.forwards(&name, organisation(demo::HOSPITAL), "back").await;
    refused(back, Code::FailedPrecondition, "FORWARDED_IN_A_CIRCLE");
    // Who has passed it on sees it, and has no more to say.
    refused(specialist.accepts(&name, "").await, Code::PermissionDenied, "NOT_YOUR_SIDE");
    assert_eq!(specialist.gets(&name).await.unwrap().triages.len(), 2);
    other.forwards(&name, organisation(demo::PRACTICE), "there").await.unwrap();
    By(&world, "gp").receives(&name).await.unwrap();
});

on_both!(a_referral_is_forwarded_only_to_somebody_known_whom_the_consent_covers, |world| async move {
    let patient = world.citizen_with_consent().await;
    let specialist = By(&world, "specialist");
    let name = received(&world, patient).await;
    let told = specialist.forwards(&name, organisation(demo::OTHER_HOSPITAL), "there").await;
    let told = refused(told, Code::FailedPrecondition, "RECEIVER_NOT_COVERED");
    assert_eq!(told, metadata(&[("organisation", &organisation(demo::OTHER_HOSPITAL))]));
    let nowhere = refusal(specialist.forwards(&name, organisation("99999999999999"), "there").await);
    assert_eq!(nowhere.fields, ["receiver"]);
    let seen = specialist.gets(&name).await.unwrap();
    assert_eq!((seen.triages.len(), seen.triages[0].state()), (1, TriageState::Received));
});

on_both!(a_question_that_a_receiver_before_left_open_is_not_the_next_ones, |world| async move {
    let patient = world.citizen().await;
    world.consent_to(patient, &[demo::MUNICIPALITY, demo::HOSPITAL, demo::OTHER_HOSPITAL]).await;
    let (nurse, specialist, other) = (By(&world, "nurse"), By(&world, "specialist"), By(&world, "other_specialist"));
    let name = received(&world, patient).await;
    specialist.asks(&name, "Which dressing?").await.unwrap();
    specialist.forwards(&name, organisation(demo::OTHER_HOSPITAL), "there").await.unwrap();
    other.receives(&name).await.unwrap();
    let late = nurse.answers(&name, "Foam.", vec![]).await;
    refused(late, Code::FailedPrecondition, "NO_SUPPLEMENT_ASKED_FOR");
    other.asks(&name, "Which shoes?").await.unwrap();
    let answered = nurse.answers(&name, "Sandals.", vec![]).await.unwrap();
    let answers: Vec<_> = answered.supplements.iter().map(|supplement| supplement.answer.as_str()).collect();
    assert_eq!(answers, ["", "Sandals."]);
});

on_both!(an_appointment_lies_ahead_and_can_be_taken_back_once, |world| async move {
    let patient = world.citizen_with_consent().await;
    let specialist = By(&world, "specialist");
    let name = accepted(&world, patient).await;
    let past =
        Booking { start_time: wire("2026-11-18T07:59:59Z"), mode: BookingMode::Home.into(), ..Booking::default() };
    assert_eq!(refusal(specialist.books(&name, past.clone()).await).fields, ["booking.start_time"]);
    let modeless = Booking { mode: 0, start_time: wire("2026-12-01T09:00:00Z"), ..past };
    assert_eq!(refusal(specialist.books(&name, modeless).await).fields, ["booking.mode"]);
    refused(specialist.cancels_booking(&name, "no").await, Code::FailedPrecondition, "NOTHING_BOOKED");
});

on_both!(an_amendment_names_what_can_be_changed_and_says_why_once_it_is_sent, |world| async move {
    let patient = world.citizen_with_consent().await;
    let nurse = By(&world, "nurse");
    let sent = nurse.refers(patient, to_hospital()).await;
    let other = Referral { note: "other".to_owned(), ..to_hospital() };
    for (fields, reason, wrong) in [
        (&["note", "state"][..], "why", "update_mask"),
        (&[], "why", "update_mask"),
        (&["history"], "why", "update_mask"),
        (&["note"], "", "reason"),
    ] {
        assert_eq!(refusal(nurse.amends(&sent.name, fields, other.clone(), reason).await).fields, [wrong]);
    }
    let bare = Referral { indications: vec![], ..to_hospital() };
    let refused = refusal(nurse.amends(&sent.name, &["indications"], bare, "why").await);
    assert_eq!(refused.fields, ["referral.indications"]);
    // What is as it was is no change.
    assert_eq!(nurse.amends(&sent.name, &["note"], to_hospital(), "why").await.unwrap(), sent);
    assert_eq!(event_types(&world).await, ["ReferralSent"]);
});

on_both!(who_has_read_an_older_version_is_told_so, |world| async move {
    let patient = world.citizen_with_consent().await;
    let written = By(&world, "nurse").creates(patient, to_hospital()).await.unwrap();
    let with = |etag: &str| SendReferralRequest {
        name: written.name.clone(),
        etag: etag.to_owned(),
        request_id: request_id(),
    };
    refused(world.referrals("nurse").send_referral(with("v2")).await, Code::Aborted, "ETAG_MISMATCH");
    world.referrals("nurse").send_referral(with(&written.etag)).await.unwrap();
    refused(world.referrals("nurse").send_referral(with(&written.etag)).await, Code::Aborted, "ETAG_MISMATCH");
});

on_both!(a_repeated_verb_gets_its_first_answer, |world| async move {
    let patient = world.citizen().await;
    let consent = world.consent(patient).await;
    let nurse = By(&world, "nurse");
    let written = nurse.creates(patient, to_hospital()).await.unwrap();
    let send = SendReferralRequest { name: written.name.clone(), etag: written.etag, request_id: request_id() };
    let mut client = world.referrals("nurse");
    let first = client.send_referral(send.clone()).await.unwrap().into_inner();
    // Also when the same could not be done any more.
    withdraw_consent(&world, consent.name).await;
    world.consent_to(patient, &[demo::MUNICIPALITY]).await;
    assert_eq!(client.send_referral(send.clone()).await.unwrap().into_inner(), first);
    let another = SendReferralRequest { etag: String::new(), ..send.clone() };
    refused(client.send_referral(another).await, Code::InvalidArgument, "REQUEST_ID_REUSED");
    let another_method = WithdrawReferralRequest {
        name: send.name,
        request_id: send.request_id,
        reason: "over".to_owned(),
        ..WithdrawReferralRequest::default()
    };
    refused(client.withdraw_referral(another_method).await, Code::InvalidArgument, "REQUEST_ID_REUSED");
    assert_eq!(event_types(&world).await, ["ReferralSent"]);
});

on_both!(of_two_who_decide_at_once_one_wins, |world| async move {
    let patient = world.citizen_with_consent().await;
    let name = received(&world, patient).await;
    let (one, other) = (By(&world, "specialist"), By(&world, "specialist2"));
    let (accepted, rejected) =
        tokio::join!(one.accepts(&name, ""), other.rejects(&name, RejectionReason::Capacity, "no"));
    assert_ne!(accepted.is_ok(), rejected.is_ok());
    let lost = if accepted.is_ok() { rejected } else { accepted };
    refused(lost, Code::FailedPrecondition, "REFERRAL_WRONG_STATE");
    assert_eq!(event_types(&world).await.len(), 3);
});

on_both!(of_a_withdrawal_and_an_acceptance_at_once_both_sides_see_the_same_end, |world| async move {
    let patient = world.citizen_with_consent().await;
    let name = received(&world, patient).await;
    let (nurse, specialist) = (By(&world, "nurse"), By(&world, "specialist"));
    let (withdrawn, accepted) = tokio::join!(nurse.withdraws(&name, "over"), specialist.accepts(&name, ""));
    // Taking back is allowed after it was accepted too; accepting after it was taken back is not.
    withdrawn.unwrap();
    if let Err(late) = accepted {
        refused::<Referral>(Err(late), Code::FailedPrecondition, "REFERRAL_WRONG_STATE");
    }
    assert_eq!(nurse.gets(&name).await.unwrap().state(), ReferralState::Revoked);
    assert_eq!(specialist.gets(&name).await.unwrap().state(), ReferralState::Revoked);
});

on_both!(of_two_replacements_at_once_one_takes_the_place, |world| async move {
    let patient = world.citizen_with_consent().await;
    let name = By(&world, "nurse").refers(patient, to_hospital()).await.name;
    let nurse = By(&world, "nurse");
    let (one, other) =
        tokio::join!(nurse.replaces(&name, to_hospital(), "one"), nurse.replaces(&name, to_practice(), "other"));
    let (won, lost) = if one.is_ok() { (one, other) } else { (other, one) };
    refused(lost, Code::FailedPrecondition, "REFERRAL_WRONG_STATE");
    assert_eq!(nurse.gets(&name).await.unwrap().replaced_by, won.unwrap().name);
    assert_eq!(count(&world).await, 2, "the one that lost wrote nothing");
});

async fn count(world: &World) -> i64 {
    let mut tx = world.dbs["referral"].read().await.unwrap();
    samspil_store::sql!(&mut tx, fetch_one as (i64,), "SELECT COUNT(*) FROM referrals").unwrap().0
}
