//! What comes from `wound`'s log, with events that are written into it by hand.

use prost::Name;
use samspil_proto::{
    careplan::v1::{ActivityProposed, ActivityState},
    referral::v1::{ReferralCompleted, ReferralRejected},
    wound::v1::{AssessmentClosed, AssessmentRequested},
};
use samspil_store::event_log;
use samspil_testkit::on_both;

use super::*;

fn requested(world: &World) -> AssessmentRequested {
    AssessmentRequested {
        requester: format!("organisations/{}", demo::MUNICIPALITY),
        receiver: format!("organisations/{}", demo::HOSPITAL),
        due_time: Some(time::to_wire(world.clock.now() + chrono::TimeDelta::days(1))),
        ..AssessmentRequested::default()
    }
}

on_both!(a_question_stands_in_the_plan_of_the_patient_once, |world| async move {
    let patient = world.citizen_with_consent().await;
    let assessment = format!("{patient}/wounds/{}/assessments/{}", world.clock.id(), world.clock.id());
    let event = requested(&world);
    say(&world, "wound", &assessment, &event).await;
    // The log tells of it twice, as it would after a restore of one side.
    say(&world, "wound", &assessment, &event).await;

    let activities = all(&world, patient).await;
    let [activity] = activities.as_slice() else { panic!("{activities:?}") };
    assert_eq!((activity.state(), activity.kind()), (ActivityState::Proposed, ActivityKind::Assessment));
    assert_eq!(activity.owner, format!("organisations/{}", demo::HOSPITAL));
    assert_eq!((activity.due_time, &activity.source), (event.due_time, &assessment));

    let logged = event_log::read(&world.dbs["careplan"], 0, 100).await.unwrap();
    let [told] = logged.as_slice() else { panic!("{logged:?}") };
    assert_eq!((told.r#type.as_str(), &told.subject), (ActivityProposed::full_name().as_str(), &activity.name));
    assert!(told.concerns(demo::HOSPITAL) && told.concerns(demo::MUNICIPALITY) && !told.concerns(demo::PRACTICE));
});

on_both!(a_question_that_is_taken_back_leaves_the_plan, |world| async move {
    let patient = world.citizen_with_consent().await;
    let assessment = format!("{patient}/wounds/{}/assessments/{}", world.clock.id(), world.clock.id());
    say(&world, "wound", &assessment, &requested(&world)).await;
    let name = all(&world, patient).await.remove(0).name;
    world.care_plans("specialist").accept_activity(accept(&name)).await.unwrap();
    // With an answer, closing says nothing to the plan.
    say(&world, "wound", &assessment, &AssessmentClosed { answered: true }).await;
    assert_eq!(all(&world, patient).await[0].state(), ActivityState::Accepted);

    say(&world, "wound", &assessment, &AssessmentClosed { answered: false }).await;
    let cancelled = all(&world, patient).await.remove(0);
    assert_eq!((cancelled.state(), cancelled.outcome.as_str()), (ActivityState::Cancelled, "closed without an answer"));
    assert_eq!(cancelled.decided_by, None);
});

on_both!(a_referral_that_comes_back_is_the_senders_to_follow_up_once_each, |world| async move {
    let patient = world.citizen_with_consent().await;
    let referral = format!("{patient}/referrals/{}", world.clock.id());
    let (sender, receiver) =
        (format!("organisations/{}", demo::MUNICIPALITY), format!("organisations/{}", demo::HOSPITAL));
    let rejected = ReferralRejected { rejection_reason: "NO_CAPACITY".to_owned(), sender: sender.clone() };
    say(&world, "referral", &referral, &rejected).await;
    say(&world, "referral", &referral, &rejected).await;
    let completed = ReferralCompleted { sender: sender.clone(), receiver: receiver.clone(), wound: String::new() };
    say(&world, "referral", &referral, &completed).await;
    say(&world, "referral", &referral, &completed).await;

    let activities = all(&world, patient).await;
    let [first, second] = activities.as_slice() else { panic!("{activities:?}") };
    for activity in [first, second] {
        assert_eq!((activity.state(), activity.kind()), (ActivityState::Proposed, ActivityKind::FollowUp));
        assert_eq!((&activity.owner, &activity.source), (&sender, &referral));
    }
    assert!(first.description.contains("decide what now"));
    assert!(second.description.contains("discharge letter"));
    assert_eq!(second.proposed_by.as_ref().unwrap().organisation, receiver);
    // The municipality can take it on and do it, as any other.
    world.care_plans("nurse").accept_activity(accept(&first.name)).await.unwrap();
    let done = world.care_plans("nurse").complete_activity(complete(&first.name)).await.unwrap().into_inner();
    assert_eq!(done.state(), ActivityState::Completed);
});
