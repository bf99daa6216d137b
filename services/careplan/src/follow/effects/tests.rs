//! The effects on both engines, with hand-made messages of `wound`.

use chrono::TimeDelta;
use samspil_proto::{
    careplan::v1::AcceptActivityRequest,
    directory::v1::OrganisationKind,
    names::OrganisationName,
    wound::v1::{Answer, PlanLine},
};
use samspil_testkit::{World, on_both};
use uuid::Uuid;

use super::*;
use crate::activity::{NEVER_DUE, sql::lists};

const NURSE: &str = "990000000000766";
const HOSPITAL: &str = "990000000006008";

fn assessment_name(world: &World) -> AssessmentName {
    AssessmentName { patient: world.clock.id(), wound: world.clock.id(), assessment: world.clock.id() }
}

fn organisation(sor: &str) -> OrganisationName {
    OrganisationName { sor: sor.to_owned() }
}

fn hospital() -> Owner {
    Owner { sor: HOSPITAL.to_owned(), kind: OrganisationKind::Hospital }
}

fn means(world: &World) -> Means<'_> {
    Means { clock: &world.clock, deadlines: &world.deadlines }
}

fn request(world: &World) -> AssessmentRequested {
    AssessmentRequested {
        requester: organisation(NURSE).to_string(),
        receiver: organisation(HOSPITAL).to_string(),
        due_time: Some(time::to_wire(world.clock.now() + TimeDelta::days(1))),
        ..AssessmentRequested::default()
    }
}

fn signed(version: i32) -> Signed {
    let requester = Owner { sor: NURSE.to_owned(), kind: OrganisationKind::Municipality };
    Signed { requester, receiver: hospital(), version }
}

/// A version of an answer, signed now, with these lines.
fn answer(world: &World, version: i32, lines: &[&str]) -> Answer {
    let specialist = world.person("specialist").actor();
    let line = |text: &&str| PlanLine { text: (*text).to_owned(), due_days: 2 };
    Answer {
        version,
        plan: lines.iter().map(line).collect(),
        signed_by: Some(specialist),
        sign_time: Some(time::to_wire(world.clock.now())),
        ..Answer::default()
    }
}

fn assessment(answers: &[Answer]) -> Assessment {
    Assessment { answers: answers.to_vec(), ..Assessment::default() }
}

async fn begin(world: &World) -> Tx {
    world.dbs["careplan"].begin().await.unwrap()
}

/// Everything in the plan: description, state and outcome, in the order of creation.
async fn plan(world: &World, patient: Uuid) -> Vec<(String, ActivityState, String)> {
    let after = samspil_kit::paging::Position { time: DateTime::UNIX_EPOCH, id: Uuid::nil() };
    let slice = lists::Slice { state: 0, due_by: NEVER_DUE, after, limit: 100 };
    let mut tx = world.dbs["careplan"].read().await.unwrap();
    let mut all = lists::of_plan(&mut tx, patient, &slice).await.unwrap();
    all.sort_by_key(|activity| activity.id);
    all.into_iter().map(|activity| (activity.description, activity.state, activity.outcome)).collect()
}

fn row(description: &str, state: ActivityState, outcome: &str) -> (String, ActivityState, String) {
    (description.to_owned(), state, outcome.to_owned())
}

use ActivityState::{Accepted, Cancelled, Completed, Declined, Proposed};

on_both!(a_question_becomes_one_activity_of_the_hospital, |world| async move {
    let name = assessment_name(&world);
    let mut tx = begin(&world).await;
    let effects = requested(&mut tx, means(&world), name, hospital(), &request(&world)).await.unwrap();
    tx.commit().await.unwrap();

    let [activity] = effects.proposed.as_slice() else { panic!("{effects:?}") };
    assert_eq!((activity.kind, activity.owner.sor.as_str()), (ActivityKind::Assessment, HOSPITAL));
    assert_eq!(activity.due, Some(world.clock.now() + TimeDelta::days(1)));
    assert_eq!(activity.source, Source { name: name.to_string(), version: 0, line: 0 });
    assert_eq!(activity.concerns(), [HOSPITAL, NURSE]);
    let mut tx = begin(&world).await;
    assert_eq!(sql::get(&mut tx, name.patient, activity.id).await.unwrap().as_ref(), Some(activity));
});

on_both!(an_answer_completes_the_question_and_proposes_each_line, |world| async move {
    let name = assessment_name(&world);
    let mut answer = answer(&world, 1, &["clean daily", "compress"]);
    answer.call_in = true;
    let mut tx = begin(&world).await;
    requested(&mut tx, means(&world), name, hospital(), &request(&world)).await.unwrap();
    let effects =
        answered(&mut tx, means(&world), name, &assessment(std::slice::from_ref(&answer)), &signed(1)).await.unwrap();
    tx.commit().await.unwrap();

    let [question] = effects.completed.as_slice() else { panic!("{effects:?}") };
    assert_eq!((question.kind, question.version), (ActivityKind::Assessment, 2));
    assert_eq!(question.decided_by, answer.signed_by);
    assert_eq!(effects.cancelled, []);
    let proposed: Vec<_> = effects.proposed.iter().map(|a| (a.kind, a.owner.sor.as_str(), a.due)).collect();
    let days = |n| Some(world.clock.now() + TimeDelta::days(n));
    assert_eq!(
        proposed,
        [
            (ActivityKind::WoundCare, NURSE, days(2)),
            (ActivityKind::WoundCare, NURSE, days(2)),
            (ActivityKind::CallIn, HOSPITAL, None),
            (ActivityKind::NextPhoto, NURSE, days(14)),
        ]
    );
    assert!(effects.proposed.iter().all(|a| Some(&a.proposed_by) == answer.signed_by.as_ref()));
    assert_eq!(
        plan(&world, name.patient).await,
        [
            row("Assess the wound", Completed, "answered, version 1"),
            row("clean daily", Proposed, ""),
            row("compress", Proposed, ""),
            row("Call the patient in", Proposed, ""),
            row("Photograph the wound", Proposed, ""),
        ]
    );
});

on_both!(an_event_that_is_handled_again_has_no_further_effect, |world| async move {
    let name = assessment_name(&world);
    let assessment = assessment(&[answer(&world, 1, &["clean daily"])]);
    let mut tx = begin(&world).await;
    requested(&mut tx, means(&world), name, hospital(), &request(&world)).await.unwrap();
    answered(&mut tx, means(&world), name, &assessment, &signed(1)).await.unwrap();
    tx.commit().await.unwrap();
    let before = plan(&world, name.patient).await;

    let mut tx = begin(&world).await;
    let again = requested(&mut tx, means(&world), name, hospital(), &request(&world)).await.unwrap();
    assert_eq!(again, Effects::default());
    let again = answered(&mut tx, means(&world), name, &assessment, &signed(1)).await.unwrap();
    assert_eq!(again, Effects::default());
    tx.commit().await.unwrap();
    assert_eq!(plan(&world, name.patient).await, before);
});

on_both!(an_amended_answer_overtakes_what_nobody_took_on, |world| async move {
    let name = assessment_name(&world);
    let first = answer(&world, 1, &["clean daily", "compress", "offload"]);
    let mut tx = begin(&world).await;
    requested(&mut tx, means(&world), name, hospital(), &request(&world)).await.unwrap();
    let effects =
        answered(&mut tx, means(&world), name, &assessment(std::slice::from_ref(&first)), &signed(1)).await.unwrap();
    let [clean, compress, ..] = effects.proposed.as_slice() else { panic!("{effects:?}") };
    let mut clean = clean.clone();
    clean.accept(world.person("nurse").actor(), world.clock.now()).unwrap();
    sql::update(&mut tx, &clean).await.unwrap();
    let mut compress = compress.clone();
    compress.decline(world.person("nurse").actor(), "not tolerated", world.clock.now()).unwrap();
    sql::update(&mut tx, &compress).await.unwrap();
    tx.commit().await.unwrap();

    world.clock.advance(TimeDelta::hours(1));
    let second = answer(&world, 2, &["clean twice a day"]);
    let mut tx = begin(&world).await;
    let effects = answered(&mut tx, means(&world), name, &assessment(&[first, second]), &signed(2)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(effects.completed, []);
    assert_eq!(effects.cancelled.len(), 2);
    assert_eq!(
        plan(&world, name.patient).await,
        [
            row("Assess the wound", Completed, "answered, version 1"),
            row("clean daily", Accepted, ""),
            row("compress", Declined, "not tolerated"),
            row("offload", Cancelled, "amended"),
            row("Photograph the wound", Cancelled, "amended"),
            row("clean twice a day", Proposed, ""),
            row("Photograph the wound", Proposed, ""),
        ]
    );
});

on_both!(the_version_that_the_event_names_counts_even_when_a_newer_one_is_there, |world| async move {
    let name = assessment_name(&world);
    let both = assessment(&[answer(&world, 1, &["old"]), answer(&world, 2, &["new"])]);
    let mut tx = begin(&world).await;
    answered(&mut tx, means(&world), name, &both, &signed(1)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(plan(&world, name.patient).await, [row("old", Proposed, ""), row("Photograph the wound", Proposed, "")]);

    let mut tx = begin(&world).await;
    let missing = answered(&mut tx, means(&world), name, &both, &signed(3)).await.unwrap_err();
    assert_eq!(missing.reason(), "INTERNAL", "the follower tries again rather than to guess");
});

on_both!(a_question_that_is_taken_back_cancels_its_open_activity, |world| async move {
    let (open, over) = (assessment_name(&world), assessment_name(&world));
    let mut tx = begin(&world).await;
    for name in [open, over] {
        requested(&mut tx, means(&world), name, hospital(), &request(&world)).await.unwrap();
    }
    answered(&mut tx, means(&world), over, &assessment(&[answer(&world, 1, &[])]), &signed(1)).await.unwrap();
    let cancelled = closed(&mut tx, means(&world), open).await.unwrap().cancelled;
    assert_eq!(cancelled.len(), 1);
    assert_eq!(closed(&mut tx, means(&world), open).await.unwrap(), Effects::default());
    assert_eq!(closed(&mut tx, means(&world), over).await.unwrap(), Effects::default());
    tx.commit().await.unwrap();
    assert_eq!(plan(&world, open.patient).await, [row("Assess the wound", Cancelled, "closed without an answer")]);
});

on_both!(the_photos_of_an_amended_answer_take_the_place_of_those_that_were_promised, |world| async move {
    let patient = world.citizen_with_consent().await;
    let name = AssessmentName { patient: patient.patient, wound: world.clock.id(), assessment: world.clock.id() };
    let (first, second) = (answer(&world, 1, &[]), answer(&world, 2, &[]));
    let mut names = Vec::new();
    for (version, answers) in [(1, vec![first.clone()]), (2, vec![first, second])] {
        let mut tx = begin(&world).await;
        let effects = answered(&mut tx, means(&world), name, &assessment(&answers), &signed(version)).await.unwrap();
        tx.commit().await.unwrap();
        assert!(effects.cancelled.is_empty(), "what the nurse has promised is hers to end");
        let [photos] = effects.proposed.as_slice() else { panic!("{effects:?}") };
        names.push(photos.name().to_string());
        if version == 1 {
            let request = AcceptActivityRequest {
                name: photos.name().to_string(),
                request_id: samspil_testkit::request_id(),
                ..AcceptActivityRequest::default()
            };
            world.care_plans("nurse").accept_activity(request).await.unwrap();
        }
    }
    let photos = |state, outcome| row("Photograph the wound", state, outcome);
    assert_eq!(plan(&world, patient.patient).await, [photos(Accepted, ""), photos(Proposed, "")]);
    let request = AcceptActivityRequest {
        name: names[1].clone(),
        request_id: samspil_testkit::request_id(),
        ..AcceptActivityRequest::default()
    };
    world.care_plans("nurse").accept_activity(request).await.unwrap();
    assert_eq!(plan(&world, patient.patient).await, [photos(Cancelled, "replaced"), photos(Accepted, "")]);
});
