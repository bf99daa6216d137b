//! The audit as those read it whom it is kept for.

use samspil_proto::{
    audit::v1::{
        AuditEvent, ListAuditEventsRequest, ListAuditEventsResponse, audit_service_client::AuditServiceClient,
    },
    names::PatientName,
};
use samspil_testkit::{As, on_both, refusal};

use super::*;

fn of(patient: PatientName) -> ListAuditEventsRequest {
    ListAuditEventsRequest { parent: patient.to_string(), source: SERVICE.to_owned(), ..Default::default() }
}

async fn list(mut client: AuditServiceClient<As>, request: ListAuditEventsRequest) -> ListAuditEventsResponse {
    client.list_audit_events(request).await.unwrap().into_inner()
}

/// Who did what.
pub(super) fn told(event: &AuditEvent) -> (&str, &str, &str) {
    (&event.who.as_ref().unwrap().display_name, &event.action_text, &event.organisation_display_name)
}

/// A citizen whose consent the nurse recorded and whom the specialist read.
pub(super) async fn read_by_two(world: &World) -> PatientName {
    let patient = world.citizen_with_consent().await;
    let request = GetCitizenRequest { name: patient.to_string() };
    world.clock.advance(chrono::TimeDelta::seconds(1));
    world.directory("specialist").get_citizen(request).await.unwrap();
    patient
}

on_both!(a_citizen_sees_who_looked_at_her_record, |world| async move {
    let patient = read_by_two(&world).await;
    let events = list(world.audits_as_citizen(patient), of(patient)).await.audit_events;
    let (municipality, hospital) = (demo::organisation(demo::MUNICIPALITY), demo::organisation(demo::HOSPITAL));
    let expected = [
        ("Søren Holm", "get citizen", hospital),
        ("Anna Nørgaard", "grant consent", municipality),
        ("Anna Nørgaard", "register citizen", municipality),
    ];
    assert_eq!(events.iter().map(told).collect::<Vec<_>>(), expected);
    let stood_on: Vec<_> = events.iter().map(|event| event.basis.as_str()).collect();
    assert_eq!(stood_on, ["CONSENT", "MUNICIPALITY", "MUNICIPALITY"]);
    let seen = &events[0];
    assert_eq!((seen.source.as_str(), seen.role.as_str(), seen.outcome.as_str()), (SERVICE, "specialist", "OK"));
    assert_eq!(seen.action, "samspil.directory.v1.DirectoryService/GetCitizen");
    assert_eq!(seen.resource, patient.to_string());
    assert_eq!(seen.who.as_ref().unwrap().organisation, format!("organisations/{}", demo::HOSPITAL));
    // And that she looked herself.
    let events = list(world.audits_as_citizen(patient), of(patient)).await.audit_events;
    assert_eq!(told(&events[0]), ("Inger Testsen", "list audit events", ""));
});

on_both!(a_citizen_sees_nobody_elses, |world| async move {
    let (own, other) = (read_by_two(&world).await, read_by_two(&world).await);
    let answer = world.audits_as_citizen(own).list_audit_events(of(other)).await;
    assert_eq!(refusal(answer).reason, "NO_RELATION");
    let events = list(world.audits_as_citizen(other), of(other)).await.audit_events;
    assert_eq!((told(&events[0]).0, events[0].outcome.as_str()), ("Inger Testsen", "NO_RELATION"));
});

on_both!(an_officer_sees_what_the_own_people_did_and_no_more, |world| async move {
    let patient = read_by_two(&world).await;
    let events = list(world.audits("dpo"), of(patient)).await.audit_events;
    assert_eq!(events.iter().map(|event| told(event).1).collect::<Vec<_>>(), ["grant consent", "register citizen"]);
});

on_both!(nobody_else_reads_the_audit, |world| async move {
    let patient = read_by_two(&world).await;
    for person in ["nurse", "specialist", "gp", "coordinator", "outsider", "administrator"] {
        let answer = world.audits(person).list_audit_events(of(patient)).await;
        assert_eq!(refusal(answer).reason, "NO_PERMISSION", "{person}");
    }
    // An officer of nobody would see what stands there of nobody.
    let nobody = samspil_kit::Caller { organisation: String::new(), ..world.person("dpo") };
    let token = world.issuer.sign(&nobody, chrono::TimeDelta::hours(1)).unwrap();
    let answer = AuditServiceClient::new(world.with_token(token)).list_audit_events(of(patient)).await;
    assert_eq!(refusal(answer).reason, "NO_RELATION");
});

on_both!(pages_go_on_where_the_last_one_ended_whatever_is_written_meanwhile, |world| async move {
    let patient = read_by_two(&world).await;
    let mut request = ListAuditEventsRequest { page_size: 1, ..of(patient) };
    let mut seen = Vec::new();
    loop {
        let page = list(world.audits_as_citizen(patient), request.clone()).await;
        seen.extend(page.audit_events.iter().map(|event| event.action_text.clone()));
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    assert_eq!(seen, ["get citizen", "grant consent", "register citizen"]);
    let first = list(world.audits_as_citizen(patient), ListAuditEventsRequest { page_size: 1, ..of(patient) }).await;
    let of_another = ListAuditEventsRequest { page_token: first.next_page_token, ..of(patient) };
    let answer = world.audits("dpo").list_audit_events(of_another.clone()).await;
    assert_eq!(refusal(answer).reason, "PAGE_TOKEN_INVALID");
    let elsewhere = ListAuditEventsRequest { source: "wound".to_owned(), ..of_another };
    let answer = world.audits_as_citizen(patient).list_audit_events(elsewhere).await;
    assert_eq!(refusal(answer).reason, "PAGE_TOKEN_INVALID");
});

on_both!(a_service_that_is_not_here_and_a_name_that_is_none_are_refused, |world| async move {
    let patient = read_by_two(&world).await;
    let elsewhere = ListAuditEventsRequest { source: "agreement".to_owned(), ..of(patient) };
    let answer = refusal(world.audits_as_citizen(patient).list_audit_events(elsewhere).await);
    assert_eq!((answer.reason.as_str(), answer.metadata["source"].as_str()), ("RESOURCE_NOT_FOUND", "agreement"));
    let nobody = ListAuditEventsRequest { parent: "patients/-".to_owned(), ..of(patient) };
    assert_eq!(refusal(world.audits("dpo").list_audit_events(nobody).await).fields, ["parent"]);
});
