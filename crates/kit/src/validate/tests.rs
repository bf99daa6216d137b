use samspil_proto::{
    common::v1::Coding,
    wound::{
        self,
        v1::{CreateMessageRequest, CreateVisitRequest, Findings, OpenWoundRequest, Photo, TissueShare, Visit, Wound},
    },
};

use super::*;

fn broken<M: Message + Name>(message: &M) -> Vec<(String, String)> {
    violations(message).unwrap().into_iter().map(|v| (v.field, v.rule)).collect()
}

fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
    of.iter().map(|(field, rule)| ((*field).to_owned(), (*rule).to_owned())).collect()
}

const ID: &str = "0198f3a0-0000-7000-8000-000000000001";

#[test]
fn every_violation_of_a_request_is_reported_at_once() {
    let request = OpenWoundRequest {
        parent: "patients/1".to_owned(),
        wound: Some(Wound {
            body_site: Some(Coding { system: String::new(), ..Coding::default() }),
            laterality: 9,
            onset_date: "yesterday".to_owned(),
            label: "x".repeat(201),
            ..Wound::default()
        }),
        request_id: "no".to_owned(),
    };
    assert_eq!(
        broken(&request),
        pairs(&[
            ("parent", "string.pattern"),
            ("wound.type", "required"),
            ("wound.body_site.system", "string.min_len"),
            ("wound.body_site.code", "string.min_len"),
            ("wound.laterality", "enum.defined_only"),
            ("wound.onset_date", "string.pattern"),
            ("wound.label", "string.max_len"),
            ("request_id", "string.uuid"),
        ])
    );
    assert_eq!(broken(&OpenWoundRequest::default())[1], ("wound".to_owned(), "required".to_owned()));
}

#[test]
fn a_text_holds_no_nul_wherever_it_stands() {
    let name = format!("patients/{ID}/wounds/{ID}");
    let message = |text: &str| CreateMessageRequest {
        parent: name.clone(),
        message: Some(wound::v1::Message { text: text.to_owned(), ..wound::v1::Message::default() }),
        request_id: ID.to_owned(),
    };
    assert_eq!(broken(&message("a\n\u{1}b")), []);
    assert_eq!(broken(&message("a\0b")), pairs(&[("message.text", "string.nul")]));
}

#[test]
fn rules_reach_into_lists_and_optional_numbers() {
    let photo = |size, sha256: &str, blake3: &str| Photo {
        photo_id: ID.to_owned(),
        size_bytes: size,
        sha256: sha256.to_owned(),
        blake3: blake3.to_owned(),
        capture_time: Some(prost_types::Timestamp::default()),
        ..Photo::default()
    };
    let digest = "a".repeat(64);
    let visit = |findings, photos| CreateVisitRequest {
        parent: format!("patients/{ID}/wounds/{ID}"),
        visit_id: ID.to_owned(),
        visit: Some(Visit {
            visit_time: Some(prost_types::Timestamp::default()),
            findings: Some(findings),
            photos,
            ..Visit::default()
        }),
        request_id: ID.to_owned(),
    };
    assert_eq!(broken(&visit(Findings::default(), vec![photo(1, &digest, "")])), []);
    let findings = Findings {
        length_mm: Some(-1),
        pain: Some(0),
        tissue: vec![TissueShare { r#type: 1, percent: 101 }],
        infection_signs: vec![1, 1, 99],
        ..Findings::default()
    };
    let request = visit(findings, vec![photo(1, &digest, &digest), photo(0, "", ""), photo(50_000_000, "AB", "")]);
    assert_eq!(
        broken(&request),
        pairs(&[
            ("visit.findings.length_mm", "int32.gte"),
            ("visit.findings.tissue[0].percent", "int32.lte"),
            ("visit.findings.infection_signs", "repeated.unique"),
            ("visit.findings.infection_signs[2]", "enum.defined_only"),
            ("visit.photos[0].sha256", "message.oneof"),
            ("visit.photos[1].sha256", "message.oneof"),
            ("visit.photos[1].size_bytes", "int64.gte"),
            ("visit.photos[2].size_bytes", "int64.lte"),
            ("visit.photos[2].sha256", "string.pattern"),
        ])
    );
}

#[test]
fn beside_a_mask_only_the_masked_fields_have_to_be_right() {
    use samspil_proto::careplan::v1::{Activity, Goal, Part, UpdateActivityRequest, UpdatePartRequest, part};
    let mask = |path: &str| Some(prost_types::FieldMask { paths: vec![path.to_owned()] });
    let fields = |found: Vec<(String, String)>| found.into_iter().map(|(field, _)| field).collect::<Vec<_>>();
    let request = UpdateActivityRequest {
        name: format!("patients/{ID}/carePlan/activities/{ID}"),
        activity: Some(Activity { owner_role: "nurse".to_owned(), ..Activity::default() }),
        update_mask: mask("owner_role"),
        reason: "moved".to_owned(),
        request_id: ID.to_owned(),
        ..UpdateActivityRequest::default()
    };
    assert!(broken(&request).is_empty(), "the owner and the description are not what is changed");
    let emptied = UpdateActivityRequest { update_mask: mask("description"), reason: String::new(), ..request };
    assert_eq!(fields(broken(&emptied)), ["activity.description", "reason"]);

    let goal = Goal { target_date: "soon".to_owned(), ..Goal::default() };
    let request = UpdatePartRequest {
        name: format!("patients/{ID}/carePlan/goals/{ID}"),
        part: Some(Part { part: Some(part::Part::Goal(goal)) }),
        update_mask: mask("target_date"),
        reason: "why".to_owned(),
        request_id: ID.to_owned(),
        ..UpdatePartRequest::default()
    };
    assert_eq!(fields(broken(&request)), ["part.goal.target_date"]);
}

#[test]
fn every_rule_of_the_contract_can_be_read() {
    for message in samspil_proto::descriptors().all_messages() {
        plan(&message);
    }
}

#[test]
fn of_a_list_that_is_too_long_nobody_looks_for_doubles() {
    let visit = |signs: Vec<i32>| CreateVisitRequest {
        parent: format!("patients/{ID}/wounds/{ID}"),
        visit_id: ID.to_owned(),
        visit: Some(Visit {
            visit_time: Some(prost_types::Timestamp::default()),
            findings: Some(Findings { infection_signs: signs, ..Findings::default() }),
            ..Visit::default()
        }),
        request_id: ID.to_owned(),
    };
    let field = "visit.findings.infection_signs";
    assert_eq!(broken(&visit(vec![1; 20])), pairs(&[(field, "repeated.unique")]));
    assert_eq!(broken(&visit(vec![1; 21])), pairs(&[(field, "repeated.max_items")]));
}

#[test]
fn what_is_held_against_each_other_is_few() {
    for message in samspil_proto::descriptors().all_messages() {
        for (field, rules) in &plan(&message).fields {
            let few = rules.max_items.is_some_and(|most| most <= 100);
            assert!(few || !rules.unique, "{} is unique, and has no max_items of 100 or less", field.full_name());
        }
    }
}
