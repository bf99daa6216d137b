//! 3.1 to 3.6: communication and status.

use chrono::TimeDelta;
use samspil_kit::identity::demo;
use samspil_proto::{common::v1::ClockState, referral::v1::*};
use samspil_testkit::{on_both, request_id};

use crate::help::*;

on_both!(story_3_1_the_receiver_asks_for_a_supplement_and_the_clock_stands_still, |world| async move {
    let patient = world.citizen_with_consent().await;
    let name = received(&world, patient).await;
    world.clock.advance(TimeDelta::hours(1));
    let asked = By(&world, "specialist").asks(&name, "Which dressing is used?").await.unwrap();
    let [supplement] = asked.supplements.as_slice() else { panic!("one question") };
    assert_eq!((supplement.question.as_str(), supplement.ask_time), ("Which dressing is used?", asked.update_time));
    assert_eq!((&supplement.asked_by, supplement.answer_time), (&Some(world.person("specialist").actor()), None));
    let clock = asked.clock.unwrap();
    assert_eq!((clock.state(), clock.stop_reason.as_str()), (ClockState::Paused, "AWAITING_SUPPLEMENT"));
    assert_eq!(asked.triages[0].state(), TriageState::Received);
    let event = events(&world).await.pop().unwrap();
    assert_eq!((event.r#type.as_str(), event.organisations.len()), ("SupplementRequested", 2));
});

on_both!(story_3_2_the_sender_answers_and_the_clock_goes_on, |world| async move {
    let patient = world.citizen_with_consent().await;
    let (nurse, specialist) = (By(&world, "nurse"), By(&world, "specialist"));
    let name = received(&world, patient).await;
    let due = specialist.asks(&name, "Which dressing is used?").await.unwrap().clock.unwrap().due_time.unwrap();
    world.clock.advance(TimeDelta::days(1));
    let letter = crate::attachments::letter("Skum, skiftes hver anden dag.");
    let attachment = letter.is_announced_by(&nurse, &name).await.unwrap().name;
    letter.is_uploaded_by(&nurse, &attachment).await.unwrap();
    let answered = nurse.answers(&name, "Foam; see the letter.", vec![attachment.clone()]).await.unwrap();
    let supplement = &answered.supplements[0];
    assert_eq!((supplement.answer.as_str(), supplement.attachments.as_slice()), ("Foam; see the letter.", &[attachment][..]));
    assert_eq!(supplement.answer_time, answered.update_time);
    let clock = answered.clock.unwrap();
    assert_eq!((clock.state(), clock.pauses.len()), (ClockState::Running, 1));
    let later = clock.due_time.unwrap();
    assert_eq!(later.seconds - due.seconds, 24 * 3600, "a working day stood still");
    assert_eq!(event_types(&world).await.last().unwrap(), "SupplementAnswered");
    refused(nurse.answers(&name, "And once more.", vec![]).await, tonic::Code::FailedPrecondition, "NO_SUPPLEMENT_ASKED_FOR");
    specialist.asks(&name, "And the shoes?").await.unwrap();
    let again = specialist.asks(&name, "And the socks?").await;
    refused(again, tonic::Code::FailedPrecondition, "SUPPLEMENT_OPEN");
});

on_both!(story_3_3_the_receiver_offers_an_alternative, |world| async move {
    let patient = world.citizen_with_consent().await;
    let name = received(&world, patient).await;
    let alternative = AlternativeOffer {
        description: "The practice sees the patient and sends photos.".to_owned(),
        organisation: organisation(demo::PRACTICE),
        service: Some(snomed("225395003", "wound assessment")),
    };
    let request = RejectReferralRequest {
        name: name.clone(),
        rejection_reason: RejectionReason::Indication.into(),
        reason: "the practice can do this".to_owned(),
        alternative: Some(alternative.clone()),
        request_id: request_id(),
        ..RejectReferralRequest::default()
    };
    world.referrals("specialist").reject_referral(request).await.unwrap();
    let seen = By(&world, "nurse").gets(&name).await.unwrap();
    assert_eq!(seen.triages[0].alternative, Some(alternative));
});

on_both!(story_3_4_a_correction_before_the_decision_is_told_to_the_receiver, |world| async move {
    let patient = world.citizen_with_consent().await;
    let (nurse, specialist) = (By(&world, "nurse"), By(&world, "specialist"));
    let name = received(&world, patient).await;
    let (mut updates, _) = specialist.watches("").await;
    let to = Referral { indications: vec![snomed("95344007", "ulcer of lower extremity")], ..to_hospital() };
    nurse.amends(&name, &["indications"], to.clone(), "the wrong code").await.unwrap();
    let update = next(&mut updates).await;
    assert_eq!(told(&update), ("ReferralAmended", name.as_str()));
    let corrected = update.referral.unwrap();
    assert_eq!(corrected.indications, to.indications);
    assert_eq!(corrected.history.last().unwrap().before.as_ref().unwrap().indications, to_hospital().indications);
    assert_eq!(corrected.triages[0].state(), TriageState::Received, "what was confirmed stays confirmed");
    specialist.accepts(&name, "").await.unwrap();
    let late = nurse.amends(&name, &["note"], Referral { note: "more".to_owned(), ..to_hospital() }, "late").await;
    refused(late, tonic::Code::FailedPrecondition, "REFERRAL_WRONG_STATE");
});

on_both!(story_3_5_status_notifications_go_on_from_a_cursor_without_a_gap_or_a_double, |world| async move {
    let patient = world.citizen_with_consent().await;
    let (nurse, specialist) = (By(&world, "nurse"), By(&world, "specialist"));
    let (updates, mut cursor) = nurse.watches("").await;
    drop(updates);
    let name = received(&world, patient).await;
    specialist.asks(&name, "Which dressing?").await.unwrap();
    nurse.answers(&name, "Foam.", vec![]).await.unwrap();
    specialist.accepts(&name, "").await.unwrap();
    world.settle().await;
    let mut seen = Vec::new();
    for _ in 0..5 {
        // A connection that is lost after each notification.
        let (mut updates, from) = nurse.watches(&cursor).await;
        assert_eq!(from, cursor);
        let update = next(&mut updates).await;
        seen.push(told(&update).0.to_owned());
        cursor = update.cursor;
    }
    assert_eq!(
        seen,
        ["ReferralSent", "ReferralReceived", "SupplementRequested", "SupplementAnswered", "ReferralAccepted"]
    );
});

on_both!(story_3_6_a_subscriber_gets_what_is_new_or_changed_since_the_last_time, |world| async move {
    let patient = world.citizen_with_consent().await;
    world.settle().await;
    let (nurse, specialist) = (By(&world, "nurse"), By(&world, "specialist"));
    let mut sent = Vec::new();
    for _ in 0..3 {
        sent.push(nurse.refers(patient, to_hospital()).await.name);
        world.clock.advance(TimeDelta::minutes(1));
    }
    let since = wire("2026-11-18T08:02:30Z");
    world.clock.advance(TimeDelta::minutes(1));
    specialist.receives(&sent[1]).await.unwrap();
    world.clock.advance(TimeDelta::minutes(1));
    specialist.receives(&sent[0]).await.unwrap();
    let changed = ListReferralsRequest {
        parent: "patients/-".to_owned(),
        changed_since: since,
        order: ReferralOrder::Changed.into(),
        page_size: 1,
        ..ListReferralsRequest::default()
    };
    let first = nurse.lists(changed.clone()).await.unwrap();
    assert_eq!(first.referrals[0].name, sent[1]);
    // One that changes while the pages are read comes again at the end; none is skipped.
    world.clock.advance(TimeDelta::minutes(1));
    specialist.accepts(&sent[1], "").await.unwrap();
    let mut rest = Vec::new();
    let mut request = ListReferralsRequest { page_token: first.next_page_token, ..changed };
    loop {
        let page = nurse.lists(request.clone()).await.unwrap();
        rest.extend(page.referrals.into_iter().map(|referral| referral.name));
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    assert_eq!(rest, [sent[0].clone(), sent[1].clone()]);
});
