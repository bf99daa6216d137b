//! The audits of services that run in other processes, asked at one.

use std::collections::HashMap;

use samspil_kit::{
    assemble,
    audit::Sealing,
    peers::Peers,
    serve::{Running, Settings},
};
use samspil_proto::{
    audit::v1::{ListAuditEventsRequest, audit_service_client::AuditServiceClient},
    names::PatientName,
};
use samspil_testkit::{As, on_both, refusal};
use tonic::transport::Endpoint;

use super::{reading, *};

const SERVICES: [&str; 5] = ["directory", "referral", "careplan", "wound", "review"];

/// `review` in a process of its own, beside a world that stands for the others. It takes them to be at an address.
async fn review_alone(world: &World, others: &str) -> (String, Running) {
    let endpoints: HashMap<_, _> = SERVICES[..4].iter().map(|name| ((*name).to_owned(), others.to_owned())).collect();
    let mut base = world.base("review").await;
    base.peers = Peers::new("review", &endpoints, world.issuer.clone(), None).unwrap();
    let review = samspil_review::Review::new(base, world.issuer.clone(), samspil_review::Settings::default());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let sealing = Sealing::with(world.audit_key.clone());
    let (verifier, parts) = (world.issuer.verifier(), vec![Box::new(review) as Box<dyn assemble::Part>]);
    (endpoint, assemble::start(listener, parts, verifier, sealing, None, Settings::default()).await.unwrap())
}

/// The audit at an address, as a citizen asks for it.
fn at(world: &World, endpoint: &str, citizen: PatientName) -> AuditServiceClient<As> {
    let token = world.issuer.sign(&demo::citizen(citizen), chrono::TimeDelta::hours(1)).unwrap();
    let channel = Endpoint::from_shared(endpoint.to_owned()).unwrap().connect_lazy();
    AuditServiceClient::new(World::over(channel, token))
}

fn of(patient: PatientName, source: &str) -> ListAuditEventsRequest {
    ListAuditEventsRequest { parent: patient.to_string(), source: source.to_owned(), ..Default::default() }
}

on_both!(review_alone_tells_what_every_service_knows, |world| async move {
    let patient = reading::read_by_two(&world).await;
    let (review, _running) = review_alone(&world, &world.endpoint).await;
    let mut audits = at(&world, &review, patient);
    let mut request = ListAuditEventsRequest { page_size: 2, ..of(patient, "directory") };
    let first = audits.list_audit_events(request.clone()).await.unwrap().into_inner();
    request.page_token = first.next_page_token;
    let second = audits.list_audit_events(request).await.unwrap().into_inner();
    let told: Vec<_> = first.audit_events.iter().chain(&second.audit_events).map(reading::told).collect();
    let (municipality, hospital) = (demo::organisation(demo::MUNICIPALITY), demo::organisation(demo::HOSPITAL));
    let expected = [
        ("Søren Holm", "get citizen", hospital),
        ("Anna Nørgaard", "grant consent", municipality),
        ("Anna Nørgaard", "register citizen", municipality),
    ];
    assert_eq!((told, second.next_page_token.as_str()), (expected.to_vec(), ""));
    for service in SERVICES {
        audits.list_audit_events(of(patient, service)).await.unwrap();
    }
    // That she looked stands with the service that she asked: once for each call, and nowhere else.
    let own = audits.list_audit_events(of(patient, "review")).await.unwrap().into_inner().audit_events;
    assert_eq!(own.iter().map(|event| event.action_text.as_str()).collect::<Vec<_>>(), ["list audit events"; 7]);
    let directory = audits.list_audit_events(of(patient, "directory")).await.unwrap().into_inner().audit_events;
    assert_eq!(directory.len(), 3);
});

on_both!(what_is_passed_on_is_no_more_than_what_is_asked_for_at_the_place_itself, |world| async move {
    let (own, other) = (reading::read_by_two(&world).await, reading::read_by_two(&world).await);
    let (review, _running) = review_alone(&world, &world.endpoint).await;
    for service in SERVICES {
        let answer = at(&world, &review, own).list_audit_events(of(other, service)).await;
        assert_eq!(refusal(answer).reason, "NO_RELATION", "{service}");
    }
    let seen = at(&world, &review, other).list_audit_events(of(other, "review")).await.unwrap().into_inner();
    assert_eq!(seen.audit_events.iter().map(|event| event.outcome.as_str()).collect::<Vec<_>>(), ["NO_RELATION"; 5]);
    let answer = at(&world, &review, own).list_audit_events(of(own, "agreement")).await;
    assert_eq!(refusal(answer).reason, "RESOURCE_NOT_FOUND");
    let request = ListAuditEventsRequest { page_token: "x".to_owned(), ..of(own, "directory") };
    let answer = at(&world, &review, own).list_audit_events(request).await;
    assert_eq!(refusal(answer).reason, "PAGE_TOKEN_INVALID");
});

on_both!(a_service_that_is_away_is_said_to_be_and_what_leads_in_a_circle_ends, |world| async move {
    let patient = reading::read_by_two(&world).await;
    let (nowhere, _running) = review_alone(&world, "http://127.0.0.1:1").await;
    let answer = at(&world, &nowhere, patient).list_audit_events(of(patient, "wound")).await;
    assert_eq!(refusal(answer).reason, "PEER_UNAVAILABLE");
    // What is here is told whoever else is away.
    at(&world, &nowhere, patient).list_audit_events(of(patient, "review")).await.unwrap();

    let (astray, _running) = review_alone(&world, &nowhere).await;
    let answer = at(&world, &astray, patient).list_audit_events(of(patient, "wound")).await;
    assert_eq!(refusal(answer).reason, "RESOURCE_NOT_FOUND");
});
