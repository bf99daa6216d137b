//! What hospitals tell of a citizen.

use chrono::TimeDelta;
use prost::Message as _;
use samspil_proto::{
    directory::v1::{
        CancelHospitalEventRequest, Citizen, GetCitizenRequest, HospitalEvent, HospitalEventKind,
        ListHospitalEventsRequest, Presence, PresenceChanged, RecordHospitalEventRequest,
    },
    time,
};
use samspil_testkit::{World, on_both, refusal, request_id};
use tonic::{Code, Status};

use crate::{events, nobody};

/// An event of so many hours ago.
fn told(world: &World, parent: &str, kind: HospitalEventKind, hours_ago: i64) -> RecordHospitalEventRequest {
    let happened = world.clock.now() - TimeDelta::hours(hours_ago);
    let hospital_event =
        HospitalEvent { kind: kind.into(), event_time: Some(time::to_wire(happened)), ..HospitalEvent::default() };
    RecordHospitalEventRequest {
        parent: parent.to_owned(),
        hospital_event: Some(hospital_event),
        request_id: request_id(),
    }
}

async fn tell(
    world: &World,
    person: &str,
    parent: &str,
    kind: HospitalEventKind,
    hours_ago: i64,
) -> Result<HospitalEvent, Status> {
    let request = told(world, parent, kind, hours_ago);
    Ok(world.directory(person).record_hospital_event(request).await?.into_inner())
}

async fn cancel(world: &World, person: &str, name: &str) -> Result<HospitalEvent, Status> {
    let (name, reason) = (name.to_owned(), "another patient".to_owned());
    let request = CancelHospitalEventRequest { name, reason, request_id: request_id() };
    Ok(world.directory(person).cancel_hospital_event(request).await?.into_inner())
}

async fn citizen(world: &World, name: &str) -> Citizen {
    let request = GetCitizenRequest { name: name.to_owned() };
    world.directory("nurse").get_citizen(request).await.unwrap().into_inner()
}

/// What was told to the other services: presence, previous, whether it is a correction.
async fn changes(world: &World) -> Vec<(Presence, Presence, bool)> {
    let decoded = events(world, "PresenceChanged").await;
    let decoded = decoded.iter().map(|event| PresenceChanged::decode(event.data.as_slice()).unwrap());
    decoded.map(|event| (event.presence(), event.previous(), event.correction)).collect()
}

on_both!(an_admission_a_leave_and_a_discharge_tell_where_the_citizen_is, |world| async move {
    use HospitalEventKind::{AdmitEmergency, AdmitInpatient, DischargeHome, StartLeave};
    let patient = world.citizen().await.to_string();
    assert_eq!(citizen(&world, &patient).await.presence(), Presence::Unspecified);
    // The hospital reports without a consent.
    let admitted = tell(&world, "specialist", &patient, AdmitEmergency, 9).await.unwrap();
    tell(&world, "specialist", &patient, AdmitInpatient, 8).await.unwrap();
    let now = citizen(&world, &patient).await;
    assert_eq!(now.presence(), Presence::Admitted);
    tell(&world, "specialist", &patient, DischargeHome, 1).await.unwrap();
    // Told late, of the time between.
    tell(&world, "specialist", &patient, StartLeave, 4).await.unwrap();
    let now = citizen(&world, &patient).await;
    let discharged = world.clock.now() - TimeDelta::hours(1);
    assert_eq!((now.presence(), now.presence_time), (Presence::Home, Some(time::to_wire(discharged))));
    assert_eq!(
        changes(&world).await,
        [(Presence::Admitted, Presence::Unspecified, false), (Presence::Home, Presence::Admitted, false)],
        "what changes nothing is told to nobody"
    );
    let request =
        ListHospitalEventsRequest { parent: patient.clone(), page_size: 3, ..ListHospitalEventsRequest::default() };
    let page = world.directory("nurse").list_hospital_events(request.clone()).await.unwrap().into_inner();
    let kinds: Vec<_> = page.hospital_events.iter().map(HospitalEvent::kind).collect();
    assert_eq!(kinds, [DischargeHome, StartLeave, AdmitInpatient]);
    let next = ListHospitalEventsRequest { page_token: page.next_page_token, ..request };
    let page = world.directory("nurse").list_hospital_events(next).await.unwrap().into_inner();
    assert_eq!((page.hospital_events, page.next_page_token.as_str()), (vec![admitted], ""));
});

on_both!(a_death_that_was_told_by_mistake_is_taken_back_and_stays_readable, |world| async move {
    let patient = world.citizen().await.to_string();
    tell(&world, "specialist", &patient, HospitalEventKind::AdmitInpatient, 5).await.unwrap();
    let death = tell(&world, "specialist", &patient, HospitalEventKind::Death, 2).await.unwrap();
    assert_eq!(citizen(&world, &patient).await.presence(), Presence::Deceased);
    let after = tell(&world, "specialist", &patient, HospitalEventKind::DischargeHome, 1).await;
    assert_eq!(refusal(after).reason, "CITIZEN_DECEASED");
    tell(&world, "specialist", &patient, HospitalEventKind::StartLeave, 3).await.unwrap();

    assert_eq!(refusal(cancel(&world, "other_specialist", &death.name).await).reason, "NOT_THE_REPORTER");
    let cancelled = cancel(&world, "specialist", &death.name).await.unwrap();
    assert_eq!(cancelled.cancel_reason, "another patient");
    assert_eq!(cancelled.cancelled_by.unwrap().display_name, "Søren Holm");
    assert_eq!(refusal(cancel(&world, "specialist", &death.name).await).reason, "HOSPITAL_EVENT_CANCELLED");
    assert_eq!(citizen(&world, &patient).await.presence(), Presence::OnLeave);
    let last = changes(&world).await.pop();
    assert_eq!(last, Some((Presence::OnLeave, Presence::Deceased, true)));
});

on_both!(who_has_nothing_to_do_with_a_citizen_reports_nothing, |world| async move {
    let patient = world.citizen().await.to_string();
    let kind = HospitalEventKind::Death;
    assert_eq!(refusal(tell(&world, "outsider", &patient, kind, 1).await).reason, "NO_RELATION");
    assert_eq!(refusal(tell(&world, "outsider", &nobody(), kind, 1).await).reason, "NO_RELATION");
    assert_eq!(refusal(tell(&world, "administrator", &patient, kind, 1).await).reason, "NO_PERMISSION");
    assert_eq!(refusal(tell(&world, "specialist", &nobody(), kind, 1).await).reason, "CITIZEN_NOT_FOUND");
    let unknown = format!("{patient}/hospitalEvents/{}", uuid::Uuid::new_v4());
    assert_eq!(refusal(cancel(&world, "specialist", &unknown).await).reason, "HOSPITAL_EVENT_NOT_FOUND");
    let other = ListHospitalEventsRequest { parent: patient.clone(), ..ListHospitalEventsRequest::default() };
    assert_eq!(refusal(world.directory("specialist").list_hospital_events(other).await).reason, "NO_RELATION");
    // The municipality reports a death at home.
    tell(&world, "nurse", &patient, kind, 1).await.unwrap();
});

on_both!(an_event_of_no_kind_or_of_a_time_that_has_not_come_is_refused, |world| async move {
    let patient = world.citizen().await.to_string();
    let nothing = refusal(tell(&world, "specialist", &patient, HospitalEventKind::Unspecified, 1).await);
    assert_eq!((nothing.code, nothing.fields), (Code::InvalidArgument, vec!["hospital_event.kind".to_owned()]));
    for hours_ago in [-1, 24 * 365 * 60] {
        let refused = refusal(tell(&world, "specialist", &patient, HospitalEventKind::Death, hours_ago).await);
        assert_eq!(refused.fields, ["hospital_event.event_time"], "{hours_ago}");
    }
    assert!(changes(&world).await.is_empty());
});

on_both!(a_report_that_is_repeated_is_one_report, |world| async move {
    let patient = world.citizen().await.to_string();
    let request = told(&world, &patient, HospitalEventKind::AdmitInpatient, 1);
    let first = world.directory("specialist").record_hospital_event(request.clone()).await.unwrap().into_inner();
    let second = world.directory("specialist").record_hospital_event(request.clone()).await.unwrap().into_inner();
    assert_eq!(first, second);
    let other = RecordHospitalEventRequest { parent: world.citizen().await.to_string(), ..request };
    assert_eq!(refusal(world.directory("specialist").record_hospital_event(other).await).reason, "REQUEST_ID_REUSED");
    assert_eq!(changes(&world).await.len(), 1);
});

on_both!(two_reports_at_once_both_count, |world| async move {
    let patient = world.citizen().await.to_string();
    let (first, second) = tokio::join!(
        tell(&world, "specialist", &patient, HospitalEventKind::AdmitInpatient, 3),
        tell(&world, "specialist", &patient, HospitalEventKind::DischargeHome, 1),
    );
    first.unwrap();
    second.unwrap();
    assert_eq!(citizen(&world, &patient).await.presence(), Presence::Home);
    assert_eq!(changes(&world).await.last().unwrap().0, Presence::Home);
});
