//! The question and the answer: who may do what, and when.

use std::slice::from_ref;

use samspil_kit::identity::demo;
use samspil_proto::{
    common::v1::{ClockStage, ClockState},
    names::PatientName,
    wound::v1::*,
};
use samspil_testkit::{on_both, refusal, request_id};
use tonic::Code;

use crate::help::*;

on_both!(of_two_specialists_who_claim_at_once_one_gets_it, |world| async move {
    let asked = question(&world).await;
    let (first, second) = (by(&world, "specialist"), by(&world, "specialist2"));
    let (one, other) = tokio::join!(first.claims(&asked.name), second.claims(&asked.name));
    let (won, lost, winner) = match (one, other) {
        (Ok(won), lost) => (won, lost, "demo-specialist"),
        (lost, Ok(won)) => (won, lost, "demo-specialist-2"),
        neither => panic!("nobody got it: {neither:?}"),
    };
    assert_eq!(won.claim.unwrap().holder.unwrap().person, winner);
    let refusal = refused(lost, "ASSESSMENT_CLAIMED");
    assert_eq!((refusal.code, refusal.metadata["holder"].as_str()), (Code::Aborted, winner));
    events_come(&world, "AssessmentClaimed", 1).await;
});

on_both!(answering_takes_a_claim_of_ones_own, |world| async move {
    let asked = question(&world).await;
    let (first, second) = (by(&world, "specialist"), by(&world, "specialist2"));
    for person in [&first, &second] {
        let refusal = refused(person.answers(&asked.name, answer()).await, "ASSESSMENT_NOT_CLAIMED");
        assert_eq!(refusal.code, Code::FailedPrecondition);
    }
    refused(first.asks(&asked.name, "a photo from the side?").await, "ASSESSMENT_NOT_CLAIMED");
    refused(first.releases(&asked.name).await, "ASSESSMENT_NOT_CLAIMED");
    first.claims(&asked.name).await.unwrap();
    refused(second.answers(&asked.name, answer()).await, "ASSESSMENT_NOT_CLAIMED");
    refused(second.releases(&asked.name).await, "ASSESSMENT_NOT_CLAIMED");
    let released = first.releases(&asked.name).await.unwrap();
    assert_eq!((released.state(), released.claim), (AssessmentState::Requested, None));
    second.claims(&asked.name).await.unwrap();
    second.answers(&asked.name, answer()).await.unwrap();
    for person in [&first, &second] {
        refused(person.answers(&asked.name, answer()).await, "ASSESSMENT_ANSWERED");
        refused(person.claims(&asked.name).await, "ASSESSMENT_ANSWERED");
    }
});

on_both!(a_claim_runs_out_and_then_another_may_take_it, |world| async move {
    let asked = claimed(&world).await;
    let (first, second) = (by(&world, "specialist"), by(&world, "specialist2"));
    world.clock.advance(chrono::TimeDelta::minutes(29));
    refused(second.claims(&asked.name).await, "ASSESSMENT_CLAIMED");
    // Claiming again holds it for half an hour more.
    let longer = first.claims(&asked.name).await.unwrap();
    assert_eq!(at(longer.claim.unwrap().expire_time), "2026-11-18T08:59:00Z");
    world.clock.advance(chrono::TimeDelta::minutes(30));
    let taken = second.claims(&asked.name).await.unwrap();
    assert_eq!(taken.claim.unwrap().holder.unwrap().person, "demo-specialist-2");
    refused(first.answers(&asked.name, answer()).await, "ASSESSMENT_NOT_CLAIMED");
    // One that ran out and that nobody took is still good.
    world.clock.advance(chrono::TimeDelta::hours(2));
    second.answers(&asked.name, answer()).await.unwrap();
});

on_both!(an_answer_to_an_old_version_is_refused, |world| async move {
    let asked = question(&world).await;
    let claimed = by(&world, "specialist").claims(&asked.name).await.unwrap();
    let with = |etag: &str| AnswerAssessmentRequest {
        name: asked.name.clone(),
        answer: Some(answer()),
        etag: etag.to_owned(),
        request_id: request_id(),
    };
    let mut specialist = world.wounds("specialist");
    assert_eq!(refused(specialist.answer_assessment(with(&asked.etag)).await, "ETAG_MISMATCH").code, Code::Aborted);
    specialist.answer_assessment(with(&claimed.etag)).await.unwrap();
});

on_both!(answering_twice_with_one_request_id_gives_one_answer, |world| async move {
    let claimed = claimed(&world).await;
    let request = AnswerAssessmentRequest {
        name: claimed.name.clone(),
        answer: Some(answer()),
        etag: claimed.etag.clone(),
        request_id: request_id(),
    };
    let (specialist, mut first, mut second) =
        (world.wounds("specialist"), world.wounds("specialist"), world.wounds("specialist"));
    let (one, other) =
        tokio::join!(first.answer_assessment(request.clone()), second.answer_assessment(request.clone()));
    let one = one.unwrap().into_inner();
    assert_eq!(one, other.unwrap().into_inner());
    assert_eq!(one.answers.len(), 1);
    let other = AnswerAssessmentRequest {
        answer: Some(Answer { findings: "something else".to_owned(), ..answer() }),
        ..request
    };
    refused(specialist.clone().answer_assessment(other).await, "REQUEST_ID_REUSED");
    events_come(&world, "AssessmentAnswered", 1).await;
});

on_both!(an_amended_answer_keeps_every_version, |world| async move {
    let answered = answered(&world).await;
    let (first, second) = (by(&world, "specialist"), by(&world, "specialist2"));
    world.clock.advance(chrono::TimeDelta::days(1));
    let better = Answer { findings: "it is infected after all".to_owned(), next_photo_days: 2, ..answer() };
    let amended = second.amends(&answered.name, better.clone(), "the swab came back").await.unwrap();
    assert_eq!(amended.state(), AssessmentState::Answered);
    assert_eq!(amended.answers[0], answered.answers[0], "what was signed stays as it was signed");
    let new = &amended.answers[1];
    assert_eq!((new.version, new.findings.as_str()), (2, "it is infected after all"));
    assert_eq!(new.amend_reason, "the swab came back");
    assert_eq!(new.signed_by.as_ref().unwrap().person, "demo-specialist-2");
    assert_eq!(at(new.sign_time), "2026-11-19T08:00:00Z");
    assert_eq!(amended.clock, answered.clock, "the clock had stopped");
    let wound = by(&world, "nurse").gets_wound(&wound_of(&answered.name)).await.unwrap();
    assert_eq!(at(wound.next_photo_due_time), "2026-11-23T15:00:00Z", "two days later is a Saturday");
    // Closing ends the case, not the duty to put right what was wrong.
    by(&world, "nurse").closes(&answered.name, "").await.unwrap();
    let again = first.amends(&answered.name, better, "a typing error").await.unwrap();
    assert_eq!((again.state(), again.answers.len()), (AssessmentState::Closed, 3));
    assert_eq!(refusal(first.amends(&answered.name, answer(), "").await).fields, ["reason"]);
});

on_both!(what_was_not_answered_cannot_be_amended, |world| async move {
    let claimed = claimed(&world).await;
    let amended = by(&world, "specialist").amends(&claimed.name, answer(), "a reason").await;
    assert_eq!(refused(amended, "ASSESSMENT_NOT_ANSWERED").code, Code::FailedPrecondition);
});

on_both!(the_specialist_asks_for_more_and_the_nurse_supplies_it, |world| async move {
    let claimed = claimed(&world).await;
    let (nurse, specialist) = (by(&world, "nurse"), by(&world, "specialist"));
    refused(nurse.supplies(&claimed.name, "here it is", "").await, "NOTHING_ASKED_FOR");
    let asked = specialist.asks(&claimed.name, "a photo from the side?").await.unwrap();
    assert_eq!((asked.state(), &asked.claim), (AssessmentState::AwaitingMore, &None));
    let clock = asked.clock.clone().unwrap();
    assert_eq!((clock.state(), clock.stop_reason.as_str()), (ClockState::Paused, "AWAITING_MORE"));
    assert_eq!(at(clock.stop_time), "2026-11-18T08:00:00Z");
    assert_eq!(specialist.queue(AssessmentState::AwaitingMore).await.unwrap(), from_ref(&asked));
    for refused_too in [
        specialist.claims(&claimed.name).await,
        specialist.answers(&claimed.name, answer()).await,
        specialist.asks(&claimed.name, "another?").await,
    ] {
        refused(refused_too, "ASSESSMENT_AWAITS_MORE");
    }
    assert_eq!(refused(nurse.supplies(&claimed.name, "", "").await, "INVALID_REQUEST").fields, ["reply"]);

    world.clock.advance(chrono::TimeDelta::hours(26));
    let open = nurse.visits(&wound_of(&claimed.name), &[]).await.unwrap();
    refused(nurse.supplies(&claimed.name, "", &open.name).await, "VISIT_NOT_COMPLETE");
    let (_, elsewhere) = wound_with_visit(&world).await;
    assert_eq!(refused(nurse.supplies(&claimed.name, "", &elsewhere).await, "INVALID_REQUEST").fields, ["visit"]);
    let side = Picture::phantom(1);
    let visit = nurse.visits_with(&wound_of(&claimed.name), &[&side]).await;
    let supplied = nurse.supplies(&claimed.name, "from the left", &visit.name).await.unwrap();
    assert_eq!(supplied.state(), AssessmentState::Requested);
    assert_eq!(supplied.visits, [claimed.visits[0].clone(), visit.name]);
    let clock = supplied.clock.clone().unwrap();
    assert_eq!((clock.state(), clock.stop_time, clock.stage()), (ClockState::Running, None, ClockStage::OnTime));
    assert_eq!(at(clock.due_time), "2026-11-23T09:00:00Z", "fifteen opening hours are left, as there were");
    let more = &supplied.more_requests[0];
    assert_eq!((more.question.as_str(), more.reply.as_str()), ("a photo from the side?", "from the left"));
    assert_eq!(
        (at(more.ask_time), at(more.supply_time)),
        ("2026-11-18T08:00:00Z".into(), "2026-11-19T10:00:00Z".into())
    );
    specialist.claims(&claimed.name).await.unwrap();
    let signed = specialist.answers(&claimed.name, answer()).await.unwrap();
    assert_eq!(signed.more_requests, supplied.more_requests);
});

on_both!(an_unanswered_question_is_closed_with_a_reason, |world| async move {
    let asked = question(&world).await;
    let nurse = by(&world, "nurse");
    refused(nurse.closes(&asked.name, "").await, "ASSESSMENT_NOT_ANSWERED");
    let closed = nurse.closes(&asked.name, "admitted to hospital").await.unwrap();
    assert_eq!((closed.state(), closed.close_reason.as_str()), (AssessmentState::Closed, "admitted to hospital"));
    let clock = closed.clock.unwrap();
    assert_eq!((clock.state(), clock.stop_reason.as_str()), (ClockState::Stopped, "CLOSED"));
    let specialist = by(&world, "specialist");
    for refused_too in [
        nurse.closes(&asked.name, "again").await,
        specialist.claims(&asked.name).await,
        specialist.answers(&asked.name, answer()).await,
        nurse.supplies(&asked.name, "here", "").await,
    ] {
        refused(refused_too, "ASSESSMENT_ENDED");
    }
    assert_eq!(specialist.queue(AssessmentState::Unspecified).await.unwrap(), []);
});

on_both!(a_question_is_about_a_complete_visit_of_its_wound, |world| async move {
    let nurse = by(&world, "nurse");
    let picture = Picture::phantom(1);
    let visit = nurse.visits(&wound(&world).await.name, &[&picture]).await.unwrap().name;
    assert_eq!(refused(nurse.requests(&visit).await, "VISIT_NOT_COMPLETE").code, Code::FailedPrecondition);
    let (wound, complete) = wound_with_visit(&world).await;
    let asked_about = |visits: Vec<String>| {
        let mut request = assessment_request(&complete);
        request.assessment.as_mut().unwrap().visits = visits;
        request
    };
    for visits in [
        vec![visit.clone()],
        vec![format!("{wound}/visits/{UNKNOWN}")],
        vec![complete.clone(), complete.clone()],
        vec![],
    ] {
        let answer = nurse.0.clone().request_assessment(asked_about(visits)).await;
        let refusal = refused(answer, "INVALID_REQUEST");
        assert!(refusal.fields[0].starts_with("assessment.visits"), "{refusal:?}");
    }
    nurse.0.clone().request_assessment(asked_about(vec![complete.clone()])).await.unwrap();
});

on_both!(only_whom_the_consent_covers_can_be_asked, |world| async move {
    let patient = world.citizen().await;
    consent(&world, patient, &[demo::MUNICIPALITY]).await;
    let nurse = by(&world, "nurse");
    let wound = nurse.opens(patient).await.unwrap().name;
    let visit = nurse.visits_with(&wound, &[]).await.name;
    let refusal = refused(nurse.requests(&visit).await, "RECEIVER_NOT_COVERED");
    assert_eq!(
        (refusal.code, &refusal.metadata["receiver"]),
        (Code::FailedPrecondition, &organisation(demo::HOSPITAL))
    );
    assert_eq!(nurse.gets_wound(&wound).await.unwrap().participants, [organisation(demo::MUNICIPALITY)]);
    consent(&world, patient, &[demo::HOSPITAL]).await;
    nurse.requests(&visit).await.unwrap();
    let participants = nurse.gets_wound(&wound).await.unwrap().participants;
    assert_eq!(participants, [demo::MUNICIPALITY, demo::HOSPITAL].map(organisation), "the owner first");
});

on_both!(a_request_that_is_repeated_asks_once, |world| async move {
    let (_, visit) = wound_with_visit(&world).await;
    let request = assessment_request(&visit);
    let (mut first, mut second) = (world.wounds("nurse"), world.wounds("nurse"));
    let (one, other) =
        tokio::join!(first.request_assessment(request.clone()), second.request_assessment(request.clone()));
    assert_eq!(one.unwrap().into_inner(), other.unwrap().into_inner());
    world.settle().await;
    assert_eq!(by(&world, "specialist").queue(AssessmentState::Unspecified).await.unwrap().len(), 1);
});

on_both!(a_wound_in_a_name_belongs_to_the_patient_in_it, |world| async move {
    let asked = question(&world).await;
    let other: PatientName = world.citizen_with_consent().await;
    world.settle().await;
    let rest = asked.name.split_once('/').unwrap().1.split_once('/').unwrap().1.to_owned();
    let wrong = format!("{other}/{rest}");
    let (nurse, specialist) = (by(&world, "nurse"), by(&world, "specialist"));
    refused(nurse.gets_wound(&wound_of(&wrong)).await, "RESOURCE_NOT_FOUND");
    refused(nurse.visits(&wound_of(&wrong), &[]).await, "RESOURCE_NOT_FOUND");
    refused(nurse.closes(&wrong, "x").await, "RESOURCE_NOT_FOUND");
    refused(nurse.says(&wound_of(&wrong), "x").await, "RESOURCE_NOT_FOUND");
    refused(specialist.gets(&wrong).await, "RESOURCE_NOT_FOUND");
    refused(specialist.claims(&wrong).await, "RESOURCE_NOT_FOUND");
});

on_both!(only_the_two_sides_of_a_question_act_on_it, |world| async move {
    let claimed = claimed(&world).await;
    // The practice takes part too, for another question about the same wound.
    let mut request = assessment_request(&claimed.visits[0]);
    request.assessment.as_mut().unwrap().receiver = organisation(demo::PRACTICE);
    world.wounds("nurse").request_assessment(request).await.unwrap();
    let mut caller = world.person("gp");
    caller.role = "specialist".to_owned();
    let token = world.issuer.sign(&caller, chrono::TimeDelta::days(1)).unwrap();
    let practice = By(wound_service_client::WoundServiceClient::new(world.with_token(token)));
    assert_eq!(practice.gets(&claimed.name).await.unwrap().name, claimed.name);
    for answer in [practice.claims(&claimed.name).await, practice.answers(&claimed.name, answer()).await] {
        assert_eq!(refused(answer, "NOT_THE_RECEIVER").code, Code::PermissionDenied);
    }
    assert_eq!(practice.queue(AssessmentState::Unspecified).await.unwrap().len(), 1);
    caller.role = "nurse".to_owned();
    let token = world.issuer.sign(&caller, chrono::TimeDelta::days(1)).unwrap();
    let practice = By(wound_service_client::WoundServiceClient::new(world.with_token(token)));
    assert_eq!(refused(practice.closes(&claimed.name, "x").await, "NOT_THE_REQUESTER").code, Code::PermissionDenied);
});
