//! What a discharge, its correction and a death do to a reconciliation, with events that are written into `directory`'s log by
//! hand.

use samspil_proto::{
    careplan::v1::{ActivityState, ListReconciliationsRequest, Reconciliation, ReconciliationState},
    directory::v1::{Presence, PresenceChanged},
    names::HospitalEventName,
};
use samspil_testkit::{on_both, refusal};

use super::{
    reconciling::{BeforeAdmission, Discharge, close, furix, get_reconciliation, open_for, opened, put, task, told},
    *,
};

fn hospital_event(world: &World, patient: PatientName) -> String {
    HospitalEventName { patient: patient.patient, event: world.clock.id() }.to_string()
}

fn changed(world: &World, previous: Presence, presence: Presence, hospital_event: &str) -> PresenceChanged {
    PresenceChanged {
        presence: presence.into(),
        previous: previous.into(),
        time: Some(time::to_wire(world.clock.now())),
        hospital_event: hospital_event.to_owned(),
        correction: false,
    }
}

/// Lets `directory` tell where a patient is.
async fn tell(world: &World, patient: PatientName, event: PresenceChanged) {
    say(world, "directory", &patient.to_string(), &event).await;
}

/// Admits and discharges a patient, and gives the discharge's name.
async fn discharge(world: &World, patient: PatientName) -> String {
    let admission = hospital_event(world, patient);
    tell(world, patient, changed(world, Presence::Home, Presence::Admitted, &admission)).await;
    let name = hospital_event(world, patient);
    tell(world, patient, changed(world, Presence::Admitted, Presence::Home, &name)).await;
    name
}

async fn all(world: &World, patient: PatientName) -> Vec<Reconciliation> {
    let request = ListReconciliationsRequest { parent: plan(patient), ..ListReconciliationsRequest::default() };
    world.care_plans("specialist").list_reconciliations(request).await.unwrap().into_inner().reconciliations
}

on_both!(a_discharge_asks_the_municipality_to_reconcile_once, |world| async move {
    let patient = world.citizen_with_consent().await;
    let event = discharge(&world, patient).await;
    let [reconciliation] = all(&world, patient).await.try_into().unwrap();
    assert_eq!((reconciliation.state(), &reconciliation.cause), (ReconciliationState::Open, &event));
    let asked = task(&world, &reconciliation).await;
    assert_eq!((asked.state(), asked.kind()), (ActivityState::Proposed, ActivityKind::MedicationReconciliation));
    assert_eq!(asked.owner, format!("organisations/{}", demo::MUNICIPALITY));
    assert_eq!(asked.source, reconciliation.name);
    // Three working days from a Wednesday morning.
    assert_eq!(asked.due_time, Some(time::to_wire("2026-11-23T15:00:00Z".parse().unwrap())));
    assert_eq!(told(&world, &reconciliation.name).await, ["ReconciliationOpened"]);
    assert_eq!(told(&world, &asked.name).await, ["ActivityProposed"]);

    // What nobody did, no person stands for.
    assert_eq!(asked.proposed_by.unwrap_or_default(), Default::default());

    // Told once more, as after a restore of one side, it is still the same discharge.
    tell(&world, patient, changed(&world, Presence::Admitted, Presence::Home, &event)).await;
    assert_eq!(all(&world, patient).await, std::slice::from_ref(&reconciliation));

    let accepted = world.care_plans("nurse").accept_activity(accept(&asked.name)).await.unwrap().into_inner();
    assert_eq!(accepted.state(), ActivityState::Accepted);
    // Another stay while it is open: there is still one list to agree on.
    discharge(&world, patient).await;
    assert_eq!(all(&world, patient).await.len(), 1);
});

on_both!(after_another_stay_the_hospital_has_another_list, |world| async move {
    let patient = world.citizen_with_consent().await;
    let name = opened(&world, patient).await.name;
    world.care_plans("gp").put_medication_list(put(&world, &name, BeforeAdmission, &[furix(1)])).await.unwrap();
    let discharged = put(&world, &name, Discharge, &[furix(1)]);
    world.care_plans("specialist").put_medication_list(discharged).await.unwrap();

    world.clock.advance(chrono::TimeDelta::days(1));
    let admission = hospital_event(&world, patient);
    tell(&world, patient, changed(&world, Presence::Home, Presence::Admitted, &admission)).await;
    let mut nurse = world.care_plans("nurse");
    let refused = refusal(nurse.close_reconciliation(close(&name)).await);
    assert_eq!((refused.reason.as_str(), refused.metadata["lists"].as_str()), ("LISTS_MISSING", "DISCHARGE"));

    // Some days on leave are one stay with the days before and after.
    world.clock.advance(chrono::TimeDelta::days(1));
    let discharged = put(&world, &name, Discharge, &[furix(1)]);
    world.care_plans("specialist").put_medication_list(discharged).await.unwrap();
    for (previous, presence) in [(Presence::Admitted, Presence::OnLeave), (Presence::OnLeave, Presence::Admitted)] {
        world.clock.advance(chrono::TimeDelta::hours(1));
        tell(&world, patient, changed(&world, previous, presence, &hospital_event(&world, patient))).await;
    }
    nurse.close_reconciliation(close(&name)).await.unwrap();
});

on_both!(neither_leave_nor_a_correction_is_a_discharge, |world| async move {
    let patient = world.citizen_with_consent().await;
    let event = hospital_event(&world, patient);
    tell(&world, patient, changed(&world, Presence::Admitted, Presence::OnLeave, &event)).await;
    tell(&world, patient, changed(&world, Presence::OnLeave, Presence::Admitted, &event)).await;
    let corrected = PresenceChanged { correction: true, ..changed(&world, Presence::Admitted, Presence::Home, &event) };
    tell(&world, patient, corrected).await;
    let untold = PresenceChanged { correction: true, ..changed(&world, Presence::Home, Presence::Unspecified, "") };
    tell(&world, patient, untold).await;
    assert_eq!(all(&world, patient).await, []);
});

on_both!(a_discharge_that_did_not_happen_takes_back_what_nobody_has_touched, |world| async move {
    let patient = world.citizen_with_consent().await;
    discharge(&world, patient).await;
    let taken_back = || PresenceChanged {
        correction: true,
        ..changed(&world, Presence::Home, Presence::Admitted, &hospital_event(&world, patient))
    };
    tell(&world, patient, taken_back()).await;
    let [first] = all(&world, patient).await.try_into().unwrap();
    assert_eq!((first.state(), first.etag.as_str()), (ReconciliationState::Cancelled, "v2"));
    let ended = task(&world, &first).await;
    assert_eq!((ended.state(), ended.outcome.as_str()), (ActivityState::Cancelled, "DISCHARGE_TAKEN_BACK"));
    assert_eq!(told(&world, &first.name).await, ["ReconciliationOpened", "ReconciliationCancelled"]);

    // The next one has a list: that is somebody's work.
    world.clock.advance(chrono::TimeDelta::hours(1));
    discharge(&world, patient).await;
    let name = all(&world, patient).await.remove(0).name;
    assert_ne!(name, first.name);
    world.care_plans("gp").put_medication_list(put(&world, &name, BeforeAdmission, &[furix(1)])).await.unwrap();
    tell(&world, patient, taken_back()).await;
    assert_eq!(get_reconciliation(&world, &name).await.state(), ReconciliationState::Open);
});

on_both!(what_a_person_opened_outlives_a_correction, |world| async move {
    let patient = world.citizen_with_consent().await;
    let name = opened(&world, patient).await.name;
    discharge(&world, patient).await;
    let event = hospital_event(&world, patient);
    let corrected = PresenceChanged { correction: true, ..changed(&world, Presence::Home, Presence::Admitted, &event) };
    tell(&world, patient, corrected).await;
    let [reconciliation] = all(&world, patient).await.try_into().unwrap();
    assert_eq!((reconciliation.name, reconciliation.state), (name, ReconciliationState::Open.into()));
});

on_both!(a_discharge_asks_anew_where_nobody_is_asked_any_more, |world| async move {
    let patient = world.citizen_with_consent().await;
    let request = open_for(patient, demo::PRACTICE);
    let first = world.care_plans("nurse").open_reconciliation(request).await.unwrap().into_inner();
    world.care_plans("gp").decline_activity(decline(&first.activity)).await.unwrap();
    discharge(&world, patient).await;
    let [again] = all(&world, patient).await.try_into().unwrap();
    assert_eq!((&again.name, again.cause.as_str()), (&first.name, ""));
    assert_ne!(again.activity, first.activity);
    assert_eq!(task(&world, &again).await.owner, format!("organisations/{}", demo::MUNICIPALITY));
});

on_both!(a_patient_whom_nobody_may_see_has_nothing_reconciled, |world| async move {
    let patient = world.citizen().await;
    discharge(&world, patient).await;
    world.consent(patient).await;
    assert_eq!(all(&world, patient).await, []);
});

on_both!(who_has_no_municipality_is_reconciled_by_the_practice, |world| async move {
    let patient = world.citizen().await;
    world.consent_to(patient, &[demo::HOSPITAL, demo::PRACTICE]).await;
    world.settle().await;
    discharge(&world, patient).await;
    let [reconciliation] = all(&world, patient).await.try_into().unwrap();
    assert_eq!(task(&world, &reconciliation).await.owner, format!("organisations/{}", demo::PRACTICE));
});

on_both!(a_death_ends_the_open_one, |world| async move {
    let patient = world.citizen_with_consent().await;
    let name = opened(&world, patient).await.name;
    world.care_plans("gp").put_medication_list(put(&world, &name, BeforeAdmission, &[furix(1)])).await.unwrap();
    let event = hospital_event(&world, patient);
    tell(&world, patient, changed(&world, Presence::Home, Presence::Deceased, &event)).await;
    let ended = get_reconciliation(&world, &name).await;
    assert_eq!(task(&world, &ended).await.state(), ActivityState::Cancelled);
    assert_eq!((ended.state(), ended.lists.len()), (ReconciliationState::Cancelled, 1));
    assert_eq!(told(&world, &name).await, ["ReconciliationOpened", "MedicationListPut", "ReconciliationCancelled"]);
});
