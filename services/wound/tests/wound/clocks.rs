//! Clocks: each stage is rung once, at its time, and what stands still is silent.

use samspil_kit::identity::demo;
use samspil_proto::{common::v1::*, wound::v1::*};
use samspil_testkit::on_both;

use crate::help::*;

use ClockStage::{Due, Escalated, OnTime, Overdue, Soon};

on_both!(an_urgent_question_is_due_today_and_a_routine_one_tomorrow, |world| async move {
    let (_, visit) = wound_with_visit(&world).await;
    let ask = async |priority: AssessmentPriority| {
        let mut request = assessment_request(&visit);
        request.assessment.as_mut().unwrap().priority = priority.into();
        let asked = world.wounds("nurse").request_assessment(request).await.unwrap().into_inner();
        (asked.priority(), at(asked.clock.unwrap().due_time))
    };
    use AssessmentPriority::*;
    assert_eq!(ask(Urgent).await, (Urgent, "2026-11-18T15:00:00Z".to_owned()));
    assert_eq!(ask(Routine).await, (Routine, "2026-11-19T15:00:00Z".to_owned()));
    assert_eq!(ask(Unspecified).await, (Routine, "2026-11-19T15:00:00Z".to_owned()));
    world.clock.advance(chrono::TimeDelta::days(2));
    assert_eq!(ask(Routine).await.1, "2026-11-23T15:00:00Z", "a Friday: Monday");
    assert_eq!(ask(Urgent).await.1, "2026-11-20T15:00:00Z");
    world.clock.advance(chrono::TimeDelta::days(34));
    assert_eq!(ask(Routine).await.1, "2026-12-28T15:00:00Z", "the 24th: after Christmas and the weekend");
});

on_both!(a_fortnight_rings_each_stage_once_at_its_time_with_two_replicas, |world| async move {
    let _other = world.replica().await;
    let asked = claimed(&world).await;
    let wound = wound_of(&asked.name);
    let (nurse, specialist) = (by(&world, "nurse"), by(&world, "specialist"));
    let answer = |stage, time: &str| (asked.name.clone(), "answer".to_owned(), stage, time.to_owned());
    let photos = |stage, time: &str| (wound.clone(), "next_photo".to_owned(), stage, time.to_owned());
    let mut expected = vec![answer(Soon, "2026-11-18T13:00:00Z")];
    moves_to(&world, "2026-11-18T13:00:00Z");
    assert_eq!(specialist.gets(&asked.name).await.unwrap().clock.unwrap().stage(), Soon, "whether or not it was rung");
    assert_eq!(stages_come(&world, 1).await, expected);

    // An hour of Wednesday and all of Thursday are left; they are left on Monday, too.
    moves_to(&world, "2026-11-18T14:00:00Z");
    specialist.claims(&asked.name).await.unwrap();
    let clock = specialist.asks(&asked.name, "a photo from the side?").await.unwrap().clock.unwrap();
    assert_eq!((clock.state(), clock.stage(), clock.pauses.len()), (ClockState::Paused, Soon, 1));
    moves_to(&world, "2026-11-23T10:00:00Z");
    let clock = nurse.supplies(&asked.name, "here", "").await.unwrap().clock.unwrap();
    assert_eq!(
        (clock.state(), clock.stage(), at(clock.due_time)),
        (ClockState::Running, Soon, "2026-11-24T11:00:00Z".into())
    );
    let pause = &clock.pauses[0];
    assert_eq!(
        (at(pause.start_time), at(pause.end_time)),
        ("2026-11-18T14:00:00Z".into(), "2026-11-23T10:00:00Z".into())
    );

    for next in [
        answer(Due, "2026-11-23T11:00:00Z"),
        answer(Overdue, "2026-11-24T11:00:00Z"),
        answer(Escalated, "2026-11-24T15:00:00Z"),
        photos(Soon, "2026-12-01T07:00:00Z"),
        photos(Due, "2026-12-02T07:00:00Z"),
        photos(Overdue, "2026-12-02T15:00:00Z"),
        photos(Escalated, "2026-12-04T15:00:00Z"),
    ] {
        moves_to(&world, &next.3);
        expected.push(next);
        assert_eq!(stages_come(&world, expected.len()).await, expected);
    }
    moves_to(&world, "2026-12-31T12:00:00Z");
    // Another's alarm shows that the workers have been round.
    let other = question(&world).await;
    moves_to(&world, "2027-01-01T12:00:00Z");
    let rung = stages_come(&world, expected.len() + 1).await;
    assert_eq!(rung[..expected.len()], expected);
    assert_eq!((&rung[expected.len()].0, rung[expected.len()].2), (&other.name, Soon));

    let logged = stage_events(&world).await;
    for (event, reached) in &logged {
        for sor in [demo::MUNICIPALITY, demo::HOSPITAL] {
            assert!(event.concerns(sor), "{}", event.subject);
        }
        let whose = if reached.clock == "answer" { demo::HOSPITAL } else { demo::MUNICIPALITY };
        assert_eq!(reached.owner, organisation(whose));
        let told = if reached.stage() == Escalated { "coordinator" } else { "" };
        assert_eq!(reached.escalate_to, told);
    }
    assert_eq!(at(logged[2].1.due_time), "2026-11-24T11:00:00Z");
    // Late, but answered: the record says so, and nobody is told any more.
    specialist.claims(&asked.name).await.unwrap();
    let clock = specialist.answers(&asked.name, crate::help::answer()).await.unwrap().clock.unwrap();
    assert_eq!((clock.stage(), clock.state()), (Escalated, ClockState::Stopped));
});

on_both!(an_answer_in_time_is_silent, |world| async move {
    let asked = claimed(&world).await;
    let specialist = by(&world, "specialist");
    let clock = specialist.answers(&asked.name, answer()).await.unwrap().clock.unwrap();
    assert_eq!((clock.state(), clock.stage(), clock.stop_reason.as_str()), (ClockState::Stopped, OnTime, "ANSWERED"));
    let late = question(&world).await;
    moves_to(&world, "2026-11-20T11:00:00Z");
    let rung = stages_come(&world, 4).await;
    assert!(rung.iter().all(|(subject, ..)| *subject == late.name), "{rung:?}");
    assert_eq!(rung.iter().map(|(.., stage, _)| *stage).collect::<Vec<_>>(), [Soon, Due, Overdue, Escalated]);
});

on_both!(an_alarm_leaves_the_etag_that_a_person_has_read, |world| async move {
    let asked = question(&world).await;
    moves_to(&world, "2026-11-18T13:00:00Z");
    stages_come(&world, 1).await;
    let request =
        ClaimAssessmentRequest { name: asked.name, etag: asked.etag, request_id: samspil_testkit::request_id() };
    world.wounds("specialist").claim_assessment(request).await.unwrap();
});

on_both!(photos_that_are_late_again_ring_again, |world| async move {
    let (wound, _) = wound_with_visit(&world).await;
    let nurse = by(&world, "nurse");
    moves_to(&world, "2026-12-03T08:00:00Z");
    stages_come(&world, 3).await;
    nurse.visits_with(&wound, &[]).await;
    let seen = nurse.gets_wound(&wound).await.unwrap();
    assert_eq!(at(seen.next_photo_due_time), "2026-12-17T15:00:00Z");
    let clock = seen.photo_clock.unwrap();
    assert_eq!((clock.state(), clock.stage(), clock.due_time), (ClockState::Running, OnTime, seen.next_photo_due_time));
    moves_to(&world, "2026-12-18T08:00:00Z");
    stages_come(&world, 6).await;
    // A closed wound waits for nothing. Another's alarm shows that the worker has been round.
    nurse.visits_with(&wound, &[]).await;
    let closed = nurse.closes_wound(&wound, WoundCloseReason::Healed).await.unwrap();
    assert_eq!((closed.photo_clock, closed.next_photo_due_time), (None, None));
    let (other, _) = wound_with_visit(&world).await;
    // A fortnight later is New Year and then a weekend.
    moves_to(&world, "2027-01-05T08:00:00Z");
    let rung = stages_come(&world, 9).await;
    assert!(rung[6..].iter().all(|(subject, ..)| *subject == other), "{rung:?}");
});

on_both!(the_queue_is_listed_by_how_far_its_clocks_have_come, |world| async move {
    let first = question(&world).await;
    let paused = claimed(&world).await;
    let specialist = by(&world, "specialist");
    moves_to(&world, "2026-11-18T13:00:00Z");
    specialist.claims(&paused.name).await.unwrap();
    specialist.asks(&paused.name, "more").await.unwrap();
    moves_to(&world, "2026-11-20T08:00:00Z");
    let fresh = question(&world).await;
    let mut urgent = assessment_request(&fresh.visits[0]);
    urgent.assessment.as_mut().unwrap().priority = AssessmentPriority::Urgent.into();
    let urgent = world.wounds("nurse").request_assessment(urgent).await.unwrap().into_inner();
    let listed = async |stage: ClockStage| {
        let request = ListQueueRequest { stage: stage.into(), ..ListQueueRequest::default() };
        let listed = world.wounds("specialist").list_queue(request).await.unwrap().into_inner().assessments;
        listed.into_iter().map(|listed| listed.name).collect::<Vec<_>>()
    };
    // The soonest due first: the paused one keeps its due time until it goes on, and stands where it stood.
    let names = [&first.name, &paused.name, &urgent.name, &fresh.name];
    let all: Vec<_> = names.iter().map(|name| (*name).clone()).collect();
    assert_eq!(listed(ClockStage::Unspecified).await, all);
    assert_eq!(listed(OnTime).await, all);
    assert_eq!(listed(Soon).await, [first.name.clone(), paused.name.clone()]);
    assert_eq!(listed(Due).await, std::slice::from_ref(&first.name));
    assert_eq!(listed(Overdue).await, std::slice::from_ref(&first.name));
    assert_eq!(listed(Escalated).await, [""; 0]);
    moves_to(&world, "2026-11-20T11:00:00Z");
    assert_eq!(listed(Escalated).await, std::slice::from_ref(&first.name));
    moves_to(&world, "2026-11-20T13:00:00Z");
    assert_eq!(listed(Soon).await, all);
    assert_eq!(listed(Due).await, [first.name.clone(), urgent.name.clone()], "two hours are left of today");
    let request = |stage: ClockStage, page_token: &str| ListQueueRequest {
        stage: stage.into(),
        page_size: 1,
        page_token: page_token.to_owned(),
        ..ListQueueRequest::default()
    };
    let page = world.wounds("specialist").list_queue(request(Soon, "")).await.unwrap().into_inner();
    let next = world.wounds("specialist").list_queue(request(Soon, &page.next_page_token)).await.unwrap().into_inner();
    assert_eq!((&page.assessments[0].name, &next.assessments[0].name), (&first.name, &paused.name));
    let other = world.wounds("specialist").list_queue(request(Due, &page.next_page_token)).await;
    refused(other, "PAGE_TOKEN_INVALID");
});
