//! What comes from `wound`'s log, with events that are written into it by hand.

use prost::{Message, Name};
use samspil_proto::{
    careplan::v1::{ActivityProposed, ActivityState},
    wound::v1::{AssessmentClosed, AssessmentRequested},
};
use samspil_store::{
    event_log,
    outbox::{self, NewEvent},
};
use samspil_testkit::on_both;

use super::*;

const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// Lets `wound` say this about an assessment.
async fn say<E: Message + Name>(world: &World, assessment: &str, event: &E) {
    let mut tx = world.dbs["wound"].begin().await.unwrap();
    let event = NewEvent {
        id: world.clock.id(),
        r#type: &E::full_name(),
        subject: assessment,
        organisations: &[],
        time: world.clock.now(),
        traceparent: TRACE,
        data: event.encode_to_vec(),
    };
    outbox::put(&mut tx, event).await.unwrap();
    tx.commit().await.unwrap();
    world.settle().await;
}

fn requested(world: &World) -> AssessmentRequested {
    AssessmentRequested {
        requester: format!("organisations/{}", demo::MUNICIPALITY),
        receiver: format!("organisations/{}", demo::HOSPITAL),
        due_time: Some(time::to_wire(world.clock.now() + chrono::TimeDelta::days(1))),
        ..AssessmentRequested::default()
    }
}

async fn all(world: &World, patient: PatientName) -> Vec<Activity> {
    let request = ListActivitiesRequest { parent: plan(patient), ..ListActivitiesRequest::default() };
    world.care_plans("specialist").list_activities(request).await.unwrap().into_inner().activities
}

on_both!(a_question_stands_in_the_plan_of_the_patient_once, |world| async move {
    let patient = world.citizen_with_consent().await;
    let assessment = format!("{patient}/wounds/{}/assessments/{}", world.clock.id(), world.clock.id());
    let event = requested(&world);
    say(&world, &assessment, &event).await;
    // The log tells of it twice, as it would after a restore of one side.
    say(&world, &assessment, &event).await;

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
    say(&world, &assessment, &requested(&world)).await;
    let name = all(&world, patient).await.remove(0).name;
    world.care_plans("specialist").accept_activity(accept(&name)).await.unwrap();
    // With an answer, closing says nothing to the plan.
    say(&world, &assessment, &AssessmentClosed { answered: true }).await;
    assert_eq!(all(&world, patient).await[0].state(), ActivityState::Accepted);

    say(&world, &assessment, &AssessmentClosed { answered: false }).await;
    let cancelled = all(&world, patient).await.remove(0);
    assert_eq!((cancelled.state(), cancelled.outcome.as_str()), (ActivityState::Cancelled, "closed without an answer"));
    assert_eq!(cancelled.decided_by, None);
});
