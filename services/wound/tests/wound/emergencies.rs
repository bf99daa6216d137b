//! Whoever broke the glass reads what the own organisation has no part in, for a while, and changes nothing of it.

use chrono::TimeDelta;
use samspil_proto::{
    careplan::v1::GetCarePlanRequest,
    directory::v1::{BlockKind, EndBreakGlassRequest},
    names::PatientName,
    wound::v1::*,
};
use samspil_store::audit;
use samspil_testkit::{World, on_both, request_id};

use crate::help::*;

/// A wound of Hedensted with a visit and a photo.
async fn case(world: &World) -> (PatientName, String, String, String) {
    let asked = question(world).await;
    let wound = wound_of(&asked.name);
    let picture = Picture::phantom(1);
    let visit = by(world, "nurse").visits_with(&wound, &[&picture]).await.name;
    world.settle().await;
    let patient = wound.split("/wounds").next().unwrap().parse().unwrap();
    (patient, wound, picture.name(&visit), visit)
}

async fn lists(world: &World, person: &str, patient: PatientName) -> Said<Vec<String>> {
    let request = ListWoundsRequest { parent: patient.to_string(), ..ListWoundsRequest::default() };
    let page = said(world.wounds(person).list_wounds(request).await)?;
    Ok(page.wounds.into_iter().map(|wound| wound.name).collect())
}

on_both!(an_emergency_opens_the_wounds_of_others_to_read_until_its_time, |world| async move {
    let (patient, wound, photo, visit) = case(&world).await;
    let helper = by(&world, "outsider");
    refused(helper.gets_wound(&wound).await, "NO_RELATION");
    let access = world.break_glass("outsider", patient).await;
    // Right away: directory is asked as long as the copy does not know.
    assert_eq!(helper.gets_wound(&wound).await.unwrap().name, wound);
    world.settle().await;
    assert_eq!(lists(&world, "outsider", patient).await.unwrap(), [wound.as_str()]);
    helper.gets_visit(&visit).await.unwrap();
    let (_, _, bytes) = helper.downloads(&photo, Rendition::Display).await.unwrap();
    assert!(!bytes.is_empty());
    let (mut stream, _) = helper.watches(&wound, "").await.unwrap();
    let said = by(&world, "nurse").says(&wound, "the ambulance is on its way").await.unwrap();
    assert_eq!(soon(stream.message()).await.unwrap().unwrap().subject, said.name);
    // Another service knows it too.
    let plan = || GetCarePlanRequest { name: format!("{patient}/carePlan"), version: 0 };
    world.care_plans("outsider").get_care_plan(plan()).await.unwrap();

    for service in ["wound", "careplan"] {
        let mut tx = world.dbs[service].read().await.unwrap();
        let entries = audit::of_patient(&mut tx, patient.patient, 100).await.unwrap();
        let own: Vec<_> = entries.iter().filter(|e| e.person == "demo-outsider" && e.outcome == "OK").collect();
        assert!(!own.is_empty());
        for entry in own {
            assert_eq!((entry.basis.as_str(), entry.reason.as_str()), ("BREAK_GLASS", access.reason.as_str()));
        }
    }

    world.clock.advance(TimeDelta::hours(1));
    refused(soon(stream.message()).await, "NO_RELATION");
    refused(helper.gets_wound(&wound).await, "NO_RELATION");
    refused(helper.downloads(&photo, Rendition::Display).await, "NO_RELATION");
    refused(lists(&world, "outsider", patient).await, "NO_RELATION");
    let refusal = world.care_plans("outsider").get_care_plan(plan()).await;
    refused(refusal, "NO_RELATION");
});

on_both!(an_emergency_changes_nothing_that_is_others, |world| async move {
    let (patient, wound, photo, visit) = case(&world).await;
    world.break_glass("outsider", patient).await;
    world.settle().await;
    let helper = by(&world, "outsider");
    helper.gets_photo(&photo).await.unwrap();
    let none = "RESOURCE_NOT_FOUND";
    refused(helper.says(&wound, "from outside").await, none);
    refused(helper.draws(&photo, square(), None).await, none);
    refused(helper.visits(&wound, &[]).await, none);
    refused(helper.completes(&visit).await, none);
    refused(helper.requests(&visit).await, none);
    refused(helper.closes_wound(&wound, WoundCloseReason::Healed).await, none);
    refused(helper.announces(&visit, &Picture::phantom(2)).await, none);
    refused(helper.withdraws(&photo).await, none);
    let score = CreateScoreRequest {
        parent: wound.clone(),
        score: Some(Score { input: Some(score::Input::Wagner(WagnerInput { grade: 1 })), ..Score::default() }),
        request_id: request_id(),
    };
    refused(said(world.wounds("outsider").create_score(score).await), none);
});

on_both!(an_emergency_is_one_persons_and_puts_nobody_on_a_list, |world| async move {
    let (patient, wound, ..) = case(&world).await;
    let block = world.block(patient, BlockKind::Person, "demo-specialist").await;
    refused(by(&world, "specialist").gets_wound(&wound).await, "NO_RELATION");
    let access = world.break_glass("specialist", patient).await;
    by(&world, "specialist").gets_wound(&wound).await.unwrap();
    // Others are where they were.
    refused(by(&world, "outsider").gets_wound(&wound).await, "NO_RELATION");
    world.settle().await;
    refused(by(&world, "outsider").gets_wound(&wound).await, "NO_RELATION");
    by(&world, "specialist2").gets_wound(&wound).await.unwrap();
    assert_eq!(by(&world, "specialist").queue(AssessmentState::Unspecified).await.unwrap(), []);

    let request = EndBreakGlassRequest { name: access.name, request_id: request_id() };
    world.directory("specialist").end_break_glass(request).await.unwrap();
    world.settle().await;
    refused(by(&world, "specialist").gets_wound(&wound).await, "NO_RELATION");
    world.lift(&block).await;
    by(&world, "specialist").gets_wound(&wound).await.unwrap();
});
