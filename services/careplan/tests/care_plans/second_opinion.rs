//! A second opinion, asked and answered through `wound`: the plan shows who is to give it, and takes nothing from it.

use samspil_proto::{
    careplan::v1::ActivityState,
    common::v1::Coding,
    wound::v1::{
        Answer, AnswerAssessmentRequest, AskSecondOpinionRequest, Assessment, ClaimAssessmentRequest,
        CompleteVisitRequest, CreateVisitRequest, Findings, Laterality, OpenWoundRequest, PlanLine,
        RequestAssessmentRequest, Visit, Wound, WoundType,
    },
};
use samspil_testkit::on_both;

use super::*;

fn organisation(sor: &str) -> String {
    format!("organisations/{sor}")
}

/// A question about a wound that the specialist has claimed.
async fn claimed(world: &World, patient: PatientName) -> Assessment {
    let mut nurse = world.wounds("nurse");
    let coding =
        |code: &str| Coding { system: "http://snomed.info/sct".to_owned(), code: code.to_owned(), ..Coding::default() };
    let wound = Wound {
        r#type: WoundType::Ts7Venous.into(),
        body_site: Some(coding("84607009")),
        laterality: Laterality::Left.into(),
        ..Wound::default()
    };
    let request = OpenWoundRequest { parent: patient.to_string(), wound: Some(wound), request_id: request_id() };
    let wound = nurse.open_wound(request).await.unwrap().into_inner().name;
    let visit = Visit {
        visit_time: Some(time::to_wire(world.clock.now())),
        findings: Some(Findings::default()),
        ..Visit::default()
    };
    let request = CreateVisitRequest {
        parent: wound.clone(),
        visit_id: request_id(),
        visit: Some(visit),
        request_id: request_id(),
    };
    let visit = nurse.create_visit(request).await.unwrap().into_inner().name;
    let request = CompleteVisitRequest { name: visit.clone(), etag: String::new(), request_id: request_id() };
    nurse.complete_visit(request).await.unwrap();
    let assessment = Assessment {
        visits: vec![visit],
        question: "is it healing?".to_owned(),
        receiver: organisation(demo::HOSPITAL),
        ..Assessment::default()
    };
    let request = RequestAssessmentRequest { parent: wound, assessment: Some(assessment), request_id: request_id() };
    let asked = nurse.request_assessment(request).await.unwrap().into_inner().name;
    world.wounds("specialist").claim_assessment(claim(&asked)).await.unwrap().into_inner()
}

fn claim(name: &str) -> ClaimAssessmentRequest {
    ClaimAssessmentRequest { name: name.to_owned(), etag: String::new(), request_id: request_id() }
}

fn answer(name: &str, line: &str) -> AnswerAssessmentRequest {
    let answer = Answer {
        findings: "sloughy".to_owned(),
        plan: vec![PlanLine { text: line.to_owned(), due_days: 1 }],
        call_in: true,
        ..Answer::default()
    };
    AnswerAssessmentRequest {
        name: name.to_owned(),
        answer: Some(answer),
        etag: String::new(),
        request_id: request_id(),
    }
}

on_both!(a_second_opinion_is_somebodys_to_give_and_proposes_nothing, |world| async move {
    let patient = world.citizen_with_consent().await;
    world.consent_to(patient, &[demo::OTHER_HOSPITAL]).await;
    let first = claimed(&world, patient).await;
    let request = AskSecondOpinionRequest {
        name: first.name.clone(),
        receiver: organisation(demo::OTHER_HOSPITAL),
        question: "would you graft it?".to_owned(),
        request_id: request_id(),
        ..AskSecondOpinionRequest::default()
    };
    let opinion = world.wounds("specialist").ask_second_opinion(request).await.unwrap().into_inner().name;
    world.settle().await;
    let planned = async || {
        let of = |activity: Activity| (activity.source.clone(), activity.kind(), activity.state(), activity.owner);
        all(&world, patient).await.into_iter().map(of).collect::<Vec<_>>()
    };
    let assess = |source: &str, state, sor| (source.to_owned(), ActivityKind::Assessment, state, organisation(sor));
    let of_first = assess(&first.name, ActivityState::Proposed, demo::HOSPITAL);
    let mut before = vec![of_first.clone(), assess(&opinion, ActivityState::Proposed, demo::OTHER_HOSPITAL)];
    let mut found = planned().await;
    found.sort();
    before.sort();
    assert_eq!(found, before);

    let mut other = world.wounds("other_specialist");
    other.claim_assessment(claim(&opinion)).await.unwrap();
    other.answer_assessment(answer(&opinion, "graft it")).await.unwrap();
    world.settle().await;
    let mut after = vec![of_first, assess(&opinion, ActivityState::Completed, demo::OTHER_HOSPITAL)];
    let mut found = planned().await;
    found.sort();
    after.sort();
    assert_eq!(found, after, "nobody is asked to graft, to photograph or to call in");

    world.wounds("specialist").answer_assessment(answer(&first.name, "compress")).await.unwrap();
    world.settle().await;
    let proposed = all(&world, patient).await;
    assert!(proposed.iter().any(|activity| activity.description == "compress"));
    assert!(proposed.iter().all(|activity| activity.description != "graft it"));
});
