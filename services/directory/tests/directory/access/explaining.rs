//! Why a call is let through, or not.

use samspil_proto::directory::v1::{AccessVerdict, ExplainAccessRequest, ExplainAccessResponse};
use samspil_testkit::on_both;

use super::*;
use crate::nobody;

const GET_WOUND: &str = "samspil.wound.v1.WoundService/GetWound";
const GET_CITIZEN: &str = "samspil.directory.v1.DirectoryService/GetCitizen";
const LIFT_BLOCK: &str = "samspil.directory.v1.DirectoryService/LiftBlock";

fn own(patient: PatientName, method: &str) -> ExplainAccessRequest {
    ExplainAccessRequest { patient: patient.to_string(), method: method.to_owned(), ..Default::default() }
}

fn of(person: &str, role: &str, patient: PatientName, method: &str) -> ExplainAccessRequest {
    ExplainAccessRequest { person: person.to_owned(), role: role.to_owned(), ..own(patient, method) }
}

async fn explains(world: &World, person: &str, request: ExplainAccessRequest) -> (bool, String, String) {
    let ExplainAccessResponse { allowed, basis, steps } =
        world.directory(person).explain_access(request).await.unwrap().into_inner();
    assert!(steps.iter().all(|step| !step.words.is_empty() && step.verdict() != AccessVerdict::Unspecified));
    (allowed, basis, steps.iter().map(|step| step.rule.as_str()).collect::<Vec<_>>().join(" "))
}

fn told(allowed: bool, basis: &str, rules: &str) -> (bool, String, String) {
    (allowed, basis.to_owned(), rules.to_owned())
}

on_both!(somebody_with_a_relation_is_told_what_it_stands_on, |world| async move {
    let patient = world.citizen().await;
    // Before the consent the own municipality sees the citizen, but no wound.
    let municipality = told(true, "MUNICIPALITY", "PERMISSION EMERGENCY CONSENT BLOCKS MUNICIPALITY");
    assert_eq!(explains(&world, "nurse", own(patient, GET_CITIZEN)).await, municipality);
    let nothing = told(false, "", "PERMISSION EMERGENCY CONSENT RELATION");
    assert_eq!(explains(&world, "nurse", own(patient, GET_WOUND)).await, nothing);
    let lifts = told(true, "MUNICIPALITY", "PERMISSION BLOCKS MUNICIPALITY");
    assert_eq!(explains(&world, "nurse", own(patient, LIFT_BLOCK)).await, lifts);

    world.consent(patient).await;
    let consent = told(true, "CONSENT", "PERMISSION EMERGENCY BLOCKS CONSENT PART");
    assert_eq!(explains(&world, "nurse", own(patient, GET_WOUND)).await, consent);
    assert_eq!(explains(&world, "specialist", own(patient, GET_WOUND)).await, consent);
    let forbidden = told(false, "", "PERMISSION");
    assert_eq!(explains(&world, "specialist", own(patient, LIFT_BLOCK)).await, forbidden);
    breaks(&world, "specialist", patient, 0).await;
    let emergency = told(true, "BREAK_GLASS", "PERMISSION EMERGENCY PART");
    assert_eq!(explains(&world, "specialist", own(patient, GET_WOUND)).await, emergency);
});

on_both!(who_is_refused_is_told_nothing, |world| async move {
    let patient = world.citizen_with_consent().await;
    let unknown: PatientName = nobody().parse().unwrap();
    blocks(&world, patient, block(BlockKind::Person, "demo-specialist")).await;
    for one in [patient, unknown] {
        for method in [GET_CITIZEN, GET_WOUND] {
            // A stranger, and a person whom the citizen has blocked.
            is_outside(world.directory("outsider").explain_access(own(one, method)).await);
            is_outside(world.directory("specialist").explain_access(own(one, method)).await);
        }
    }
    for person in ["dpo", "administrator"] {
        let refused = refusal(world.directory(person).explain_access(own(patient, GET_CITIZEN)).await);
        assert_eq!(
            (refused.reason.as_str(), refused.metadata["permission"].as_str()),
            ("NO_PERMISSION", "CITIZEN_READ")
        );
    }
    let refused = refusal(world.directory("nurse").explain_access(own(patient, "samspil.wound.v1.None/Get")).await);
    assert_eq!(refused.fields, ["method"]);
});

on_both!(an_officer_asks_about_people_of_the_own_organisation, |world| async move {
    let patient = world.citizen_with_consent().await;
    let asked = || of("demo-nurse", "nurse", patient, GET_WOUND);
    let consent = told(true, "CONSENT", "PERMISSION EMERGENCY BLOCKS CONSENT PART");
    assert_eq!(explains(&world, "dpo", asked()).await, consent);
    blocks(&world, patient, block(BlockKind::Person, "demo-nurse")).await;
    let blocked = told(false, "", "PERMISSION EMERGENCY BLOCKS");
    assert_eq!(explains(&world, "dpo", asked()).await, blocked);
    assert_eq!(newest(&world, "directory", patient, "demo-dpo").await.basis, "ACCESS_REVIEW");

    for person in ["nurse", "gp", "coordinator"] {
        let refused =
            refusal(world.directory(person).explain_access(of("demo-other", "nurse", patient, GET_WOUND)).await);
        assert_eq!(refused.metadata["permission"], "ACCESS_REVIEW", "{person}");
    }
    let elsewhere = ExplainAccessRequest { organisation: sor(demo::HOSPITAL), ..asked() };
    is_outside(world.directory("dpo").explain_access(elsewhere).await);
    // A patient to whom the organisation has no relation and one who does not exist look the same, whatever is blocked.
    let stranger = world.citizen().await;
    blocks(&world, stranger, block(BlockKind::Everybody, "")).await;
    let unknown: PatientName = nobody().parse().unwrap();
    let mut answers = Vec::new();
    for one in [stranger, unknown] {
        answers.push(explains(&world, "dpo", of("demo-nurse", "nurse", one, GET_WOUND)).await);
    }
    assert_eq!(answers[0], answers[1]);
});
