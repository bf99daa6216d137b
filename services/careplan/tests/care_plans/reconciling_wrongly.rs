//! What is refused of a reconciliation.

use samspil_proto::{
    careplan::v1::{
        GetReconciliationRequest, ListReconciliationsRequest, MedicationLine, OpenReconciliationRequest,
        PutMedicationListRequest, difference_decision::Outcome,
    },
    names::ReconciliationName,
};
use samspil_testkit::{on_both, refusal};
use tonic::Code;

use super::{
    reconciling::{
        BeforeAdmission, Discharge, GeneralPractice, Municipality, close, decide, filled, furix, get_reconciliation,
        keep, metoprolol, open_for, opened, put,
    },
    *,
};

on_both!(a_list_is_put_in_by_its_own_sector_alone, |world| async move {
    let patient = world.citizen_with_consent().await;
    let name = opened(&world, patient).await.name;
    let table = [
        (Discharge, "specialist", ["nurse", "gp"]),
        (Municipality, "nurse", ["specialist", "gp"]),
        (GeneralPractice, "gp", ["specialist", "nurse"]),
    ];
    for (kind, own, others) in table {
        for other in others {
            let refused = refusal(world.care_plans(other).put_medication_list(put(&world, &name, kind, &[])).await);
            assert_eq!((refused.code, refused.reason.as_str()), (Code::PermissionDenied, "NOT_YOUR_LIST"), "{kind:?}");
        }
        world.care_plans(own).put_medication_list(put(&world, &name, kind, &[furix(1)])).await.unwrap();
    }
    for anyone in ["nurse", "specialist", "gp"] {
        let before = put(&world, &name, BeforeAdmission, &[furix(1)]);
        world.care_plans(anyone).put_medication_list(before).await.unwrap();
    }
    assert_eq!(get_reconciliation(&world, &name).await.lists.len(), 4);
});

on_both!(a_list_with_codes_that_are_none_or_half_a_strength_is_refused_whole, |world| async move {
    let patient = world.citizen_with_consent().await;
    let name = opened(&world, patient).await.name;
    let mut nurse = world.care_plans("nurse");
    let coded = |atc: &str| MedicationLine { atc: atc.to_owned(), ..furix(1) };
    for none in ["", "C03", "c03ca01", "C03CA1", "C03CA011", "C03CA0Å", "Furix"] {
        let request = put(&world, &name, BeforeAdmission, &[metoprolol(), coded(none)]);
        let refused = refusal(nurse.put_medication_list(request).await);
        assert_eq!((refused.code, refused.reason.as_str()), (Code::InvalidArgument, "INVALID_REQUEST"), "{none}");
        assert_eq!(refused.fields, ["list.lines[1].atc"], "{none}");
    }
    // They look like codes; no main group has the letter.
    for none in ["E03CA01", "Z03CA01", "X03CA01", "I03CA01"] {
        let request = put(&world, &name, BeforeAdmission, &[coded(none)]);
        assert_eq!(refusal(nurse.put_medication_list(request).await).fields, ["list.lines[0].atc"], "{none}");
    }
    let no_unit = MedicationLine { strength_unit: String::new(), ..furix(1) };
    let no_dose = MedicationLine { daily_dose_milli: None, line_id: "2".to_owned(), ..furix(1) };
    let both = MedicationLine { as_needed: true, line_id: "2".to_owned(), ..furix(1) };
    let request = put(&world, &name, BeforeAdmission, &[no_unit, no_dose, both]);
    assert_eq!(
        refusal(nurse.put_medication_list(request).await).fields,
        [
            "list.lines[0].strength_unit",
            "list.lines[1].daily_dose_milli",
            "list.lines[2].daily_dose_milli",
            "list.lines[2].line_id"
        ]
    );
    let mut never = put(&world, &name, BeforeAdmission, &[]);
    never.list.as_mut().unwrap().effective_time = Some(prost_types::Timestamp { seconds: i64::MAX, nanos: 0 });
    assert_eq!(refusal(nurse.put_medication_list(never).await).fields, ["list.effective_time"]);
    let nobodys = put(&world, &name, samspil_proto::careplan::v1::MedicationListKind::Unspecified, &[]);
    assert_eq!(refusal(nurse.put_medication_list(nobodys).await).fields, ["list.kind"]);
    assert_eq!(get_reconciliation(&world, &name).await.etag, "v1", "nothing was stored");
});

on_both!(a_list_full_of_faults_is_refused_without_taking_the_connection_along, |world| async move {
    let patient = world.citizen_with_consent().await;
    let name = opened(&world, patient).await.name;
    let mut nurse = world.care_plans("nurse");
    for atc in ["Furix", "Z03CA01"] {
        let faulty: Vec<_> =
            (0..200).map(|n| MedicationLine { line_id: n.to_string(), atc: atc.to_owned(), ..furix(1) }).collect();
        let refused = refusal(nurse.put_medication_list(put(&world, &name, BeforeAdmission, &faulty)).await);
        assert_eq!((refused.code, refused.fields[0].as_str()), (Code::InvalidArgument, "list.lines[0].atc"), "{atc}");
        assert!((10..200).contains(&refused.fields.len()), "{}", refused.fields.len());
    }
    nurse.put_medication_list(put(&world, &name, BeforeAdmission, &[furix(1)])).await.unwrap();
});

on_both!(only_the_owner_who_has_taken_the_task_on_decides_and_closes, |world| async move {
    let patient = world.citizen_with_consent().await;
    let request = open_for(patient, demo::PRACTICE);
    let asked = world.care_plans("nurse").open_reconciliation(request).await.unwrap().into_inner();
    let name = asked.name.clone();
    let before = put(&world, &name, BeforeAdmission, &[furix(1)]);
    world.care_plans("nurse").put_medication_list(before).await.unwrap();
    let discharge = put(&world, &name, Discharge, &[]);
    let both = world.care_plans("specialist").put_medication_list(discharge).await.unwrap().into_inner();
    let id = both.differences[0].difference_id.clone();
    let stop = || decide(&name, &id, Outcome::Stop(true));

    for other in ["nurse", "specialist"] {
        let mut plans = world.care_plans(other);
        for refused in
            [refusal(plans.decide_difference(stop()).await), refusal(plans.close_reconciliation(close(&name)).await)]
        {
            assert_eq!((refused.code, refused.reason.as_str()), (Code::PermissionDenied, "NOT_THE_OWNER"));
        }
    }
    let mut gp = world.care_plans("gp");
    for refused in [refusal(gp.decide_difference(stop()).await), refusal(gp.close_reconciliation(close(&name)).await)] {
        assert_eq!((refused.code, refused.reason.as_str()), (Code::FailedPrecondition, "TASK_NOT_ACCEPTED"));
    }
    gp.accept_activity(accept(&asked.activity)).await.unwrap();
    gp.decide_difference(stop()).await.unwrap();
    gp.close_reconciliation(close(&name)).await.unwrap();

    // What is closed stays as it was agreed.
    for refused in [
        refusal(gp.decide_difference(stop()).await),
        refusal(gp.close_reconciliation(close(&name)).await),
        refusal(gp.put_medication_list(put(&world, &name, GeneralPractice, &[])).await),
    ] {
        assert_eq!((refused.code, refused.reason.as_str()), (Code::FailedPrecondition, "RECONCILIATION_WRONG_STATE"));
        assert_eq!(refused.metadata["state"], "CLOSED");
    }
});

on_both!(a_decision_has_to_be_about_a_difference_and_to_fit_it, |world| async move {
    let patient = world.citizen_with_consent().await;
    let filled = filled(&world, patient).await;
    let (name, id) = (filled.name.as_str(), filled.differences[0].difference_id.as_str());
    let mut nurse = world.care_plans("nurse");
    let nowhere = refusal(nurse.decide_difference(decide(name, "nowhere", Outcome::Stop(true))).await);
    assert_eq!((nowhere.code, nowhere.reason.as_str()), (Code::NotFound, "DIFFERENCE_NOT_FOUND"));

    let wrong = |outcome, field: &'static str| (decide(name, id, outcome), field);
    let half = MedicationLine { strength_unit: String::new(), ..furix(3) };
    let none = MedicationLine { atc: "Z99ZZ99".to_owned(), ..furix(3) };
    for (request, field) in [
        wrong(keep(Discharge, "C07AB02"), "decision.keep"),
        wrong(keep(Municipality, "C03CA01"), "decision.keep"),
        wrong(Outcome::Stop(false), "decision.stop"),
        wrong(Outcome::Other(half), "decision.other.strength_unit"),
        wrong(Outcome::Other(none), "decision.other.atc"),
        wrong(Outcome::Other(metoprolol()), "decision.other"),
    ] {
        let refused = refusal(nurse.decide_difference(request).await);
        assert_eq!((refused.code, refused.fields), (Code::InvalidArgument, vec![field.to_owned()]));
    }
    let mut unsaid = decide(name, id, Outcome::Stop(true));
    unsaid.decision.as_mut().unwrap().outcome = None;
    assert_eq!(refusal(nurse.decide_difference(unsaid).await).fields, ["decision.outcome"]);
    assert_eq!(get_reconciliation(&world, name).await, filled, "nothing was decided");
});

on_both!(of_two_who_decide_at_once_from_what_they_read_one_has_to_read_again, |world| async move {
    let patient = world.citizen_with_consent().await;
    let filled = filled(&world, patient).await;
    let (name, id) = (filled.name.as_str(), filled.differences[0].difference_id.as_str());
    let with_etag = |outcome| {
        let mut request = decide(name, id, outcome);
        request.etag.clone_from(&filled.etag);
        request
    };
    let (mut one, mut other) = (world.care_plans("nurse"), world.care_plans("nurse"));
    let (kept, stopped) = tokio::join!(
        one.decide_difference(with_etag(keep(Discharge, "C03CA01"))),
        other.decide_difference(with_etag(Outcome::Stop(true)))
    );
    assert!(kept.is_ok() != stopped.is_ok());
    let refused = refusal(if kept.is_ok() { stopped } else { kept });
    assert_eq!((refused.code, refused.reason.as_str()), (Code::Aborted, "ETAG_MISMATCH"));

    let old = PutMedicationListRequest { etag: filled.etag.clone(), ..put(&world, name, Municipality, &[]) };
    assert_eq!(refusal(world.care_plans("nurse").put_medication_list(old).await).reason, "ETAG_MISMATCH");
    let mut old = close(name);
    old.etag.clone_from(&filled.etag);
    assert_eq!(refusal(world.care_plans("nurse").close_reconciliation(old).await).reason, "ETAG_MISMATCH");
});

on_both!(a_repeated_request_has_its_effect_once, |world| async move {
    let patient = world.citizen_with_consent().await;
    let mut nurse = world.care_plans("nurse");
    let open = open_for(patient, demo::MUNICIPALITY);
    let first = nurse.open_reconciliation(open.clone()).await.unwrap().into_inner();
    assert_eq!(nurse.open_reconciliation(open.clone()).await.unwrap().into_inner(), first);
    let other = OpenReconciliationRequest { owner: format!("organisations/{}", demo::PRACTICE), ..open };
    assert_eq!(refusal(nurse.open_reconciliation(other).await).reason, "REQUEST_ID_REUSED");

    let name = first.name.as_str();
    let before = put(&world, name, BeforeAdmission, &[furix(1)]);
    let answer = nurse.put_medication_list(before.clone()).await.unwrap().into_inner();
    assert_eq!(nurse.put_medication_list(before.clone()).await.unwrap().into_inner(), answer);
    let mut other = before;
    other.list.as_mut().unwrap().lines.clear();
    assert_eq!(refusal(nurse.put_medication_list(other).await).reason, "REQUEST_ID_REUSED");

    let discharge = put(&world, name, Discharge, &[furix(2)]);
    let both = world.care_plans("specialist").put_medication_list(discharge).await.unwrap().into_inner();
    let decision = decide(name, &both.differences[0].difference_id, Outcome::Stop(true));
    let answer = nurse.decide_difference(decision.clone()).await.unwrap().into_inner();
    assert_eq!(nurse.decide_difference(decision).await.unwrap().into_inner(), answer);

    let end = close(name);
    let answer = nurse.close_reconciliation(end.clone()).await.unwrap().into_inner();
    assert_eq!(nurse.close_reconciliation(end).await.unwrap().into_inner(), answer);
    assert_eq!(get_reconciliation(&world, name).await.etag, "v5");
});

on_both!(an_outsider_learns_nothing_about_a_reconciliation, |world| async move {
    let patient = world.citizen_with_consent().await;
    let there = filled(&world, patient).await;
    let nowhere = ReconciliationName { patient: patient.patient, reconciliation: world.clock.id() }.to_string();
    let id = there.differences[0].difference_id.clone();
    for (person, reason) in [("outsider", "NO_RELATION"), ("administrator", "NO_PERMISSION")] {
        let mut plans = world.care_plans(person);
        for name in [&there.name, &nowhere] {
            for refused in [
                refusal(plans.get_reconciliation(GetReconciliationRequest { name: name.clone() }).await),
                refusal(plans.put_medication_list(put(&world, name, Municipality, &[])).await),
                refusal(plans.decide_difference(decide(name, &id, Outcome::Stop(true))).await),
                refusal(plans.close_reconciliation(close(name)).await),
            ] {
                assert_eq!((refused.code, refused.reason.as_str()), (Code::PermissionDenied, reason));
            }
        }
        let list = ListReconciliationsRequest { parent: plan(patient), ..Default::default() };
        assert_eq!(refusal(plans.list_reconciliations(list).await).reason, reason);
        let open = open_for(patient, demo::OTHER_MUNICIPALITY);
        assert_eq!(refusal(plans.open_reconciliation(open).await).reason, reason);
    }
    // Who may see the patient is told that there is nothing, also under another patient's name.
    let another = world.citizen_with_consent().await;
    let id: ReconciliationName = there.name.parse().unwrap();
    let elsewhere = ReconciliationName { patient: another.patient, ..id }.to_string();
    for name in [nowhere, elsewhere] {
        let mut nurse = world.care_plans("nurse");
        for refused in [
            refusal(nurse.get_reconciliation(GetReconciliationRequest { name: name.clone() }).await),
            refusal(nurse.put_medication_list(put(&world, &name, Municipality, &[])).await),
            refusal(nurse.decide_difference(decide(&name, "x", Outcome::Stop(true))).await),
            refusal(nurse.close_reconciliation(close(&name)).await),
        ] {
            assert_eq!((refused.code, refused.reason.as_str()), (Code::NotFound, "RESOURCE_NOT_FOUND"));
        }
    }
});

on_both!(an_owner_who_cannot_see_the_plan_is_refused, |world| async move {
    let patient = world.citizen().await;
    world.consent_to(patient, &[demo::MUNICIPALITY, demo::HOSPITAL]).await;
    let mut nurse = world.care_plans("nurse");
    for stranger in [demo::PRACTICE, "990000000099999"] {
        let refused = refusal(nurse.open_reconciliation(open_for(patient, stranger)).await);
        assert_eq!(
            (refused.code, refused.reason.as_str()),
            (Code::FailedPrecondition, "OWNER_OUTSIDE_PLAN"),
            "{stranger}"
        );
    }
    let never = Some(prost_types::Timestamp { seconds: i64::MAX, nanos: 0 });
    let request = OpenReconciliationRequest { due_time: never, ..open_for(patient, demo::HOSPITAL) };
    assert_eq!(refusal(nurse.open_reconciliation(request).await).fields, ["due_time"]);
    let friday = Some(time::to_wire("2026-11-27T12:00:00Z".parse().unwrap()));
    let request = OpenReconciliationRequest { due_time: friday, ..open_for(patient, demo::HOSPITAL) };
    let asked = nurse.open_reconciliation(request).await.unwrap().into_inner();
    let request = samspil_proto::careplan::v1::GetActivityRequest { name: asked.activity };
    assert_eq!(nurse.get_activity(request).await.unwrap().into_inner().due_time, friday);
});
