//! Medication reconciliation by hand: opened, filled, decided, closed.

use samspil_proto::{
    careplan::v1::{
        ActivityState, CancelActivityRequest, CloseReconciliationRequest, DecideDifferenceRequest, DifferenceDecision,
        DifferenceKind, GetActivityRequest, GetCarePlanRequest, GetPartRequest, GetReconciliationRequest,
        LineReference, ListPartVersionsRequest, ListReconciliationsRequest, MedicationLine, MedicationList,
        MedicationListKind, OpenReconciliationRequest, PutMedicationListRequest, Reconciliation, ReconciliationState,
        WatchCarePlanRequest, difference_decision::Outcome, part::Part,
    },
    common::v1::ClockState,
};
use samspil_store::event_log;
use samspil_testkit::{on_both, refusal};
use tonic::Code;

use super::*;

pub(crate) use MedicationListKind::{BeforeAdmission, Discharge, GeneralPractice, Municipality};

pub(crate) fn line(atc: &str, product: &str, mg: i64, daily: i64) -> MedicationLine {
    MedicationLine {
        line_id: atc.to_owned(),
        atc: atc.to_owned(),
        product_name: product.to_owned(),
        strength_milli: Some(mg * 1000),
        strength_unit: "mg".to_owned(),
        form: "tablet".to_owned(),
        daily_dose_milli: Some(daily * 1000),
        ..MedicationLine::default()
    }
}

pub(crate) fn furix(daily: i64) -> MedicationLine {
    line("C03CA01", "Furix", 40, daily)
}

pub(crate) fn metoprolol() -> MedicationLine {
    line("C07AB02", "Selo-Zok", 50, 1)
}

pub(crate) fn put(
    world: &World,
    name: &str,
    kind: MedicationListKind,
    lines: &[MedicationLine],
) -> PutMedicationListRequest {
    let list = MedicationList {
        kind: kind.into(),
        lines: lines.into(),
        effective_time: Some(time::to_wire(world.clock.now())),
        ..MedicationList::default()
    };
    let name = name.to_owned();
    PutMedicationListRequest { name, list: Some(list), request_id: request_id(), ..Default::default() }
}

pub(crate) fn open_for(patient: PatientName, owner: &str) -> OpenReconciliationRequest {
    let owner = format!("organisations/{owner}");
    OpenReconciliationRequest { parent: plan(patient), owner, due_time: None, request_id: request_id() }
}

pub(crate) fn decide(name: &str, difference: &str, outcome: Outcome) -> DecideDifferenceRequest {
    let decision = DifferenceDecision {
        outcome: Some(outcome),
        reason: "agreed on the phone with the practice".to_owned(),
        ..DifferenceDecision::default()
    };
    DecideDifferenceRequest {
        name: name.to_owned(),
        difference_id: difference.to_owned(),
        decision: Some(decision),
        request_id: request_id(),
        ..DecideDifferenceRequest::default()
    }
}

pub(crate) fn keep(kind: MedicationListKind, line: &str) -> Outcome {
    Outcome::Keep(LineReference { list: kind.into(), line_id: line.to_owned() })
}

pub(crate) fn close(name: &str) -> CloseReconciliationRequest {
    CloseReconciliationRequest { name: name.to_owned(), request_id: request_id(), ..Default::default() }
}

/// One that the municipality has opened for itself.
pub(crate) async fn opened(world: &World, patient: PatientName) -> Reconciliation {
    let request = open_for(patient, demo::MUNICIPALITY);
    world.care_plans("nurse").open_reconciliation(request).await.unwrap().into_inner()
}

/// One with the list before and the discharge list, which differ by the dose of Furix.
pub(crate) async fn filled(world: &World, patient: PatientName) -> Reconciliation {
    let name = opened(world, patient).await.name;
    let before = put(world, &name, BeforeAdmission, &[furix(1), metoprolol()]);
    world.care_plans("gp").put_medication_list(before).await.unwrap();
    let discharge = put(world, &name, Discharge, &[furix(2), metoprolol()]);
    world.care_plans("specialist").put_medication_list(discharge).await.unwrap().into_inner()
}

pub(crate) async fn get_reconciliation(world: &World, name: &str) -> Reconciliation {
    let request = GetReconciliationRequest { name: name.to_owned() };
    world.care_plans("gp").get_reconciliation(request).await.unwrap().into_inner()
}

pub(crate) async fn task(world: &World, reconciliation: &Reconciliation) -> Activity {
    let request = GetActivityRequest { name: reconciliation.activity.clone() };
    world.care_plans("gp").get_activity(request).await.unwrap().into_inner()
}

/// What was told of a reconciliation, in order.
pub(crate) async fn told(world: &World, name: &str) -> Vec<String> {
    world.settle().await;
    let logged = event_log::read(&world.dbs["careplan"], 0, 1000).await.unwrap();
    let of_it = logged.iter().filter(|event| event.subject == name);
    of_it.map(|event| event.r#type.rsplit('.').next().unwrap_or_default().to_owned()).collect()
}

on_both!(lists_that_differ_become_one_that_a_named_person_agreed_to, |world| async move {
    let patient = world.citizen_with_consent().await;
    let reconciliation = opened(&world, patient).await;
    let name = reconciliation.name.clone();
    assert_eq!((reconciliation.state(), reconciliation.etag.as_str()), (ReconciliationState::Open, "v1"));
    assert_eq!((reconciliation.cause.as_str(), reconciliation.lists.len()), ("", 0));

    let own = task(&world, &reconciliation).await;
    assert_eq!((own.state(), own.kind()), (ActivityState::Accepted, ActivityKind::MedicationReconciliation));
    assert_eq!((&own.source, own.owner), (&name, format!("organisations/{}", demo::MUNICIPALITY)));
    // Three working days from a Wednesday morning.
    assert_eq!(own.due_time, Some(time::to_wire("2026-11-23T15:00:00Z".parse().unwrap())));
    assert_eq!(own.clock.unwrap().state(), ClockState::Running);

    let before = put(&world, &name, BeforeAdmission, &[furix(1), metoprolol()]);
    let first = world.care_plans("gp").put_medication_list(before).await.unwrap().into_inner();
    assert_eq!((first.differences.len(), first.etag.as_str()), (0, "v2"));
    assert_eq!(first.lists[0].recorded_by, Some(world.person("gp").actor()));
    assert_eq!((first.lists[0].version, first.lists[0].record_time), (1, Some(time::to_wire(world.clock.now()))));

    let discharge = put(&world, &name, Discharge, &[furix(2), metoprolol()]);
    let both = world.care_plans("specialist").put_medication_list(discharge).await.unwrap().into_inner();
    let [difference] = both.differences.as_slice() else { panic!("{:?}", both.differences) };
    assert_eq!((difference.kind(), difference.atc.as_str()), (DifferenceKind::DoseChanged, "C03CA01"));

    world.clock.advance(chrono::TimeDelta::hours(1));
    let request = decide(&name, &difference.difference_id, keep(Discharge, "C03CA01"));
    let decided = world.care_plans("nurse").decide_difference(request).await.unwrap().into_inner();
    let decision = decided.differences[0].decision.as_ref().unwrap();
    assert_eq!(decision.decided_by, Some(world.person("nurse").actor()));
    assert_eq!(decision.decide_time, Some(time::to_wire(world.clock.now())));

    let closed = world.care_plans("nurse").close_reconciliation(close(&name)).await.unwrap().into_inner();
    assert_eq!((closed.state(), closed.etag.as_str()), (ReconciliationState::Closed, "v5"));
    assert_eq!(closed.closed_by, Some(world.person("nurse").actor()));
    assert_eq!(closed.close_time, Some(time::to_wire(world.clock.now())));
    let agreed: Vec<_> = closed.agreed.iter().map(|agreed| agreed.line.clone().unwrap()).collect();
    assert_eq!(
        agreed.iter().map(|line| (line.product_name.as_str(), line.daily_dose_milli)).collect::<Vec<_>>(),
        [("Furix", Some(2000)), ("Selo-Zok", Some(1000))]
    );
    assert_eq!(closed.agreed[0].difference_ids, std::slice::from_ref(&difference.difference_id));
    assert_eq!(closed.agreed[0].decided_by, Some(world.person("nurse").actor()));
    assert_eq!((closed.agreed[1].sources.len(), &closed.agreed[1].decided_by), (2, &None));

    let done = task(&world, &closed).await;
    assert_eq!(done.state(), ActivityState::Completed);
    assert_eq!(done.clock.unwrap().state(), ClockState::Stopped);
    assert_eq!(get_reconciliation(&world, &name).await, closed);
    assert_eq!(
        told(&world, &name).await,
        ["ReconciliationOpened", "MedicationListPut", "MedicationListPut", "DifferenceDecided", "ReconciliationClosed"]
    );
    assert_eq!(told(&world, &done.name).await, ["ActivityAccepted", "ActivityCompleted"]);
});

on_both!(nothing_closes_before_both_lists_are_there_and_every_difference_is_decided, |world| async move {
    let patient = world.citizen_with_consent().await;
    let name = opened(&world, patient).await.name;
    let mut nurse = world.care_plans("nurse");
    let refused = refusal(nurse.close_reconciliation(close(&name)).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::FailedPrecondition, "LISTS_MISSING"));
    assert_eq!(refused.metadata["lists"], "BEFORE_ADMISSION,DISCHARGE");

    let before = put(&world, &name, BeforeAdmission, &[furix(1), metoprolol()]);
    nurse.put_medication_list(before).await.unwrap();
    let refused = refusal(nurse.close_reconciliation(close(&name)).await);
    assert_eq!(refused.metadata["lists"], "DISCHARGE");

    let discharge = put(&world, &name, Discharge, &[furix(2)]);
    let both = world.care_plans("specialist").put_medication_list(discharge).await.unwrap().into_inner();
    let ids: Vec<_> = both.differences.iter().map(|difference| difference.difference_id.clone()).collect();
    let refused = refusal(nurse.close_reconciliation(close(&name)).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::FailedPrecondition, "DIFFERENCES_OPEN"));
    assert_eq!((refused.metadata["count"].as_str(), &refused.metadata["differences"]), ("2", &ids.join(",")));

    nurse.decide_difference(decide(&name, &ids[1], Outcome::Stop(true))).await.unwrap();
    let refused = refusal(nurse.close_reconciliation(close(&name)).await);
    assert_eq!(refused.metadata["differences"], ids[0]);
    assert_eq!(get_reconciliation(&world, &name).await.state(), ReconciliationState::Open);
    assert_eq!(task(&world, &both).await.state(), ActivityState::Accepted);

    nurse.decide_difference(decide(&name, &ids[0], keep(BeforeAdmission, "C03CA01"))).await.unwrap();
    let closed = nurse.close_reconciliation(close(&name)).await.unwrap().into_inner();
    assert_eq!(closed.agreed.len(), 1, "what was stopped is not on it");
});

on_both!(of_very_many_open_differences_a_refusal_names_the_first_ones, |world| async move {
    let patient = world.citizen_with_consent().await;
    let name = opened(&world, patient).await.name;
    let many: Vec<_> = (0..200)
        .map(|n| {
            let medicine = line(&format!("C03CA{:02}", n % 100), "Furix", 40 + n / 100, 1);
            MedicationLine { line_id: n.to_string(), ..medicine }
        })
        .collect();
    let mut nurse = world.care_plans("nurse");
    nurse.put_medication_list(put(&world, &name, BeforeAdmission, &many)).await.unwrap();
    world.care_plans("specialist").put_medication_list(put(&world, &name, Discharge, &[])).await.unwrap();
    let refused = refusal(nurse.close_reconciliation(close(&name)).await);
    assert_eq!((refused.reason.as_str(), refused.metadata["count"].as_str()), ("DIFFERENCES_OPEN", "200"));
    assert_eq!(refused.metadata["differences"].split(',').count(), 50);

    let too_many = [many, vec![furix(1)]].concat();
    let refused = refusal(nurse.put_medication_list(put(&world, &name, BeforeAdmission, &too_many)).await);
    assert_eq!(refused.fields, ["list.lines"]);
});

on_both!(lists_that_come_at_once_are_all_there, |world| async move {
    let patient = world.citizen_with_consent().await;
    let name = opened(&world, patient).await.name;
    let [mut nurse, mut specialist, mut gp, mut gp_again] =
        ["nurse", "specialist", "gp", "gp"].map(|person| world.care_plans(person));
    let put = |kind| put(&world, &name, kind, &[furix(1)]);
    let (one, two, three, four) = tokio::join!(
        nurse.put_medication_list(put(Municipality)),
        specialist.put_medication_list(put(Discharge)),
        gp.put_medication_list(put(GeneralPractice)),
        gp_again.put_medication_list(put(BeforeAdmission)),
    );
    for answer in [one, two, three, four] {
        answer.unwrap();
    }
    let all = get_reconciliation(&world, &name).await;
    let kinds: Vec<_> = all.lists.iter().map(MedicationList::kind).collect();
    assert_eq!(kinds, [BeforeAdmission, Discharge, Municipality, GeneralPractice]);
    assert_eq!((all.etag.as_str(), all.differences.len()), ("v5", 0));
});

on_both!(the_task_is_not_completed_past_its_reconciliation, |world| async move {
    let patient = world.citizen_with_consent().await;
    let reconciliation = opened(&world, patient).await;
    let mut nurse = world.care_plans("nurse");
    let refused = refusal(nurse.complete_activity(complete(&reconciliation.activity)).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::FailedPrecondition, "RECONCILIATION_OPEN"));
    assert_eq!(refused.metadata["reconciliation"], reconciliation.name);
    assert_eq!(task(&world, &reconciliation).await.state(), ActivityState::Accepted);
});

on_both!(a_patient_has_one_open_reconciliation_at_a_time, |world| async move {
    let patient = world.citizen_with_consent().await;
    let first = opened(&world, patient).await;
    let again = open_for(patient, demo::PRACTICE);
    let refused = refusal(world.care_plans("specialist").open_reconciliation(again).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::AlreadyExists, "RECONCILIATION_EXISTS"));
    assert_eq!(refused.metadata["reconciliation"], first.name);

    // Of two who open one at once, one does.
    let other = world.citizen_with_consent().await;
    let (mut nurse, mut gp) = (world.care_plans("nurse"), world.care_plans("gp"));
    let (one, two) = tokio::join!(
        nurse.open_reconciliation(open_for(other, demo::MUNICIPALITY)),
        gp.open_reconciliation(open_for(other, demo::PRACTICE))
    );
    assert!(one.is_ok() != two.is_ok());
    assert_eq!(refusal(if one.is_ok() { two } else { one }).reason, "RECONCILIATION_EXISTS");

    // With the first one closed, there may be another.
    let mut nurse = world.care_plans("nurse");
    nurse.put_medication_list(put(&world, &first.name, BeforeAdmission, &[])).await.unwrap();
    world.care_plans("specialist").put_medication_list(put(&world, &first.name, Discharge, &[])).await.unwrap();
    nurse.close_reconciliation(close(&first.name)).await.unwrap();
    world.clock.advance(chrono::TimeDelta::days(1));
    let second = opened(&world, patient).await;
    let list = |page_token: &str| ListReconciliationsRequest {
        parent: plan(patient),
        page_size: 1,
        page_token: page_token.to_owned(),
    };
    let page = nurse.list_reconciliations(list("")).await.unwrap().into_inner();
    assert_eq!(page.reconciliations[0].name, second.name);
    let last = nurse.list_reconciliations(list(&page.next_page_token)).await.unwrap().into_inner();
    assert_eq!((last.reconciliations[0].name.as_str(), last.next_page_token.as_str()), (first.name.as_str(), ""));
    let elsewhere = ListReconciliationsRequest { parent: plan(other), ..list(&page.next_page_token) };
    assert_eq!(refusal(nurse.list_reconciliations(elsewhere).await).reason, "PAGE_TOKEN_INVALID");
    let theirs = world.care_plans("gp").list_reconciliations(list(&page.next_page_token)).await;
    assert_eq!(refusal(theirs).reason, "PAGE_TOKEN_INVALID");
});

on_both!(one_whose_task_came_to_nothing_gets_another_owner_and_loses_nothing, |world| async move {
    let patient = world.citizen_with_consent().await;
    let request = open_for(patient, demo::PRACTICE);
    let asked = world.care_plans("nurse").open_reconciliation(request).await.unwrap().into_inner();
    assert_eq!(task(&world, &asked).await.state(), ActivityState::Proposed);
    let name = asked.name.clone();
    world.care_plans("nurse").put_medication_list(put(&world, &name, BeforeAdmission, &[furix(1)])).await.unwrap();

    world.care_plans("gp").decline_activity(decline(&asked.activity)).await.unwrap();
    assert_eq!(get_reconciliation(&world, &name).await.state(), ReconciliationState::Open);
    let again = opened(&world, patient).await;
    assert_eq!((&again.name, again.lists.len()), (&name, 1));
    assert_ne!(again.activity, asked.activity);
    let own = task(&world, &again).await;
    assert_eq!((own.state(), &own.source), (ActivityState::Accepted, &name));

    let cancel = CancelActivityRequest {
        name: again.activity.clone(),
        reason: "moved away".to_owned(),
        request_id: request_id(),
        ..CancelActivityRequest::default()
    };
    world.care_plans("nurse").cancel_activity(cancel).await.unwrap();
    let third = opened(&world, patient).await;
    assert_eq!((&third.name, third.lists.len()), (&name, 1));
    // Whose task it was decides nothing any more.
    let refused = refusal(world.care_plans("gp").close_reconciliation(close(&name)).await);
    assert_eq!(refused.reason, "NOT_THE_OWNER");
});

on_both!(a_reconciliation_is_a_part_of_the_plan_with_versions_of_its_own, |world| async move {
    let patient = world.citizen_with_consent().await;
    let filled = filled(&world, patient).await;
    let id = filled.differences[0].difference_id.clone();
    let mut nurse = world.care_plans("nurse");
    let request = GetCarePlanRequest { name: plan(patient), version: 0 };
    let before = nurse.get_care_plan(request.clone()).await.unwrap().into_inner();
    assert_eq!(before.reconciliations, std::slice::from_ref(&filled));
    nurse.decide_difference(decide(&filled.name, &id, keep(Discharge, "C03CA01"))).await.unwrap();

    let list = ListPartVersionsRequest { name: filled.name.clone(), ..ListPartVersionsRequest::default() };
    let versions = nurse.list_part_versions(list).await.unwrap().into_inner().versions;
    assert_eq!(versions.iter().map(|version| version.version).collect::<Vec<_>>(), [4, 3, 2, 1]);
    let authors: Vec<_> = versions.iter().map(|version| version.author.as_ref().unwrap().person.as_str()).collect();
    assert_eq!(authors, ["demo-nurse", "demo-specialist", "demo-gp", "demo-nurse"]);
    assert_eq!(versions[0].reason, "agreed on the phone with the practice");
    let third = GetPartRequest { name: filled.name.clone(), version: 3 };
    let part = nurse.get_part(third).await.unwrap().into_inner().part.unwrap().part;
    assert_eq!(part, Some(Part::Reconciliation(filled.clone())));

    // The plan as it was has the reconciliation as it was; a closed one is no open work.
    nurse.close_reconciliation(close(&filled.name)).await.unwrap();
    assert_eq!(nurse.get_care_plan(request.clone()).await.unwrap().into_inner().reconciliations, []);
    let as_it_was = GetCarePlanRequest { version: before.version, ..request };
    assert_eq!(nurse.get_care_plan(as_it_was).await.unwrap().into_inner().reconciliations, [filled]);
});

on_both!(who_watches_the_plan_sees_each_change_of_a_reconciliation, |world| async move {
    let patient = world.citizen_with_consent().await;
    world.settle().await;
    let request = WatchCarePlanRequest { name: plan(patient), cursor: String::new() };
    let mut updates = world.care_plans("specialist").watch_care_plan(request).await.unwrap().into_inner();
    assert_eq!(updates.message().await.unwrap().unwrap().r#type, "");
    let filled = filled(&world, patient).await;
    let mut seen = Vec::new();
    while seen.len() < 4 {
        let update = updates.message().await.unwrap().unwrap();
        let kind = update.r#type.rsplit('.').next().unwrap_or_default().to_owned();
        if let Some(part) = update.part {
            let Some(Part::Reconciliation(changed)) = part.part.unwrap().part else { panic!("another part: {kind}") };
            assert_eq!(changed.name, filled.name);
        } else {
            assert_eq!(update.activity.unwrap().name, filled.activity);
        }
        seen.push(kind);
    }
    assert_eq!(seen, ["ActivityAccepted", "ReconciliationOpened", "MedicationListPut", "MedicationListPut"]);
});
