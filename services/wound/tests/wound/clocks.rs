//! Alarms: each is raised once, at its time.

use chrono::TimeDelta;
use samspil_proto::wound::v1::*;
use samspil_testkit::on_both;

use crate::help::*;

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
    world.clock.advance(TimeDelta::days(2));
    assert_eq!(ask(Routine).await.1, "2026-11-23T15:00:00Z", "a Friday: Monday");
    assert_eq!(ask(Urgent).await.1, "2026-11-20T15:00:00Z");
    world.clock.advance(TimeDelta::days(34));
    assert_eq!(ask(Routine).await.1, "2026-12-28T15:00:00Z", "the 24th: after Christmas and the weekend");
});

on_both!(a_late_answer_raises_one_alarm, |world| async move {
    let asked = question(&world).await;
    let specialist = by(&world, "specialist");
    // On the hour it is not late.
    world.clock.advance(TimeDelta::hours(31));
    assert!(!specialist.gets(&asked.name).await.unwrap().clock.unwrap().overdue);
    world.clock.advance(TimeDelta::seconds(1));
    assert!(specialist.gets(&asked.name).await.unwrap().clock.unwrap().overdue);
    let alarms = events_come(&world, "AssessmentOverdue", 1).await;
    assert_eq!(alarms[0].subject, asked.name);
    let alarm: AssessmentOverdue = prost::Message::decode(alarms[0].data.as_slice()).unwrap();
    assert_eq!(at(alarm.due_time), "2026-11-19T15:00:00Z");
    for sor in [samspil_kit::identity::demo::MUNICIPALITY, samspil_kit::identity::demo::HOSPITAL] {
        assert!(alarms[0].concerns(sor));
    }
    // A fortnight later the photos are late. The worker has been round many times: it raised the first alarm once.
    world.clock.advance(TimeDelta::days(14));
    let alarms = events_come(&world, "NextPhotoOverdue", 1).await;
    assert_eq!(alarms[0].subject, wound_of(&asked.name));
    let alarm: NextPhotoOverdue = prost::Message::decode(alarms[0].data.as_slice()).unwrap();
    assert_eq!(at(alarm.due_time), "2026-12-02T15:00:00Z");
    events_come(&world, "AssessmentOverdue", 1).await;
    // Late, but answered: the record says so.
    specialist.claims(&asked.name).await.unwrap();
    let clock = specialist.answers(&asked.name, answer()).await.unwrap().clock.unwrap();
    assert_eq!((clock.overdue, clock.state()), (true, ClockState::Stopped));
});

on_both!(photos_that_are_late_again_raise_an_alarm_again, |world| async move {
    let (wound, _) = wound_with_visit(&world).await;
    let nurse = by(&world, "nurse");
    world.clock.advance(TimeDelta::days(15));
    events_come(&world, "NextPhotoOverdue", 1).await;
    nurse.visits_with(&wound, &[]).await;
    assert_eq!(at(nurse.gets_wound(&wound).await.unwrap().next_photo_due_time), "2026-12-17T15:00:00Z");
    world.clock.advance(TimeDelta::days(15));
    events_come(&world, "NextPhotoOverdue", 2).await;
    // A closed wound waits for nothing. Another's alarm shows that the worker has been round.
    nurse.visits_with(&wound, &[]).await;
    nurse.closes_wound(&wound, WoundCloseReason::Healed).await.unwrap();
    let (other, _) = wound_with_visit(&world).await;
    // A fortnight later is New Year and then a weekend.
    world.clock.advance(TimeDelta::days(18));
    let alarms = events_come(&world, "NextPhotoOverdue", 3).await;
    assert_eq!(alarms[2].subject, other);
});

on_both!(a_clock_that_stands_still_raises_no_alarm, |world| async move {
    let paused = claimed(&world).await;
    let running = question(&world).await;
    let (nurse, specialist) = (by(&world, "nurse"), by(&world, "specialist"));
    world.clock.advance(TimeDelta::hours(1));
    specialist.asks(&paused.name, "a photo from the side?").await.unwrap();
    world.clock.advance(TimeDelta::days(3));
    let alarms = events_come(&world, "AssessmentOverdue", 1).await;
    assert_eq!(alarms[0].subject, running.name);
    let supplied = nurse.supplies(&paused.name, "here", "").await.unwrap();
    assert_eq!(at(supplied.clock.unwrap().due_time), "2026-11-22T15:00:00Z", "three days later");
    world.clock.advance(TimeDelta::hours(30));
    events_come(&world, "AssessmentOverdue", 1).await;
    world.clock.advance(TimeDelta::hours(1));
    let alarms = events_come(&world, "AssessmentOverdue", 2).await;
    assert_eq!(alarms[1].subject, paused.name);
});
