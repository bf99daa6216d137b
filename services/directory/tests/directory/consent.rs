//! Consents.

use samspil_kit::identity::demo;
use samspil_proto::{
    directory::v1::{
        Consent, ConsentGranted, ConsentState, ConsentWithdrawn, ListConsentsRequest, ListConsentsResponse,
        WithdrawConsentRequest,
    },
    time,
};
use samspil_testkit::{World, on_both, refusal, request_id};
use tonic::{Code, Status};

use crate::{audited, consent, entry, events, nobody};

fn withdraw(consent: &Consent, etag: &str) -> WithdrawConsentRequest {
    WithdrawConsentRequest { name: consent.name.clone(), etag: etag.to_owned(), request_id: request_id() }
}

async fn list(
    world: &World,
    person: &str,
    parent: &str,
    page_size: i32,
    page_token: &str,
) -> Result<ListConsentsResponse, Status> {
    let request = ListConsentsRequest { parent: parent.to_owned(), page_size, page_token: page_token.to_owned() };
    Ok(world.directory(person).list_consents(request).await?.into_inner())
}

on_both!(a_consent_is_recorded_and_withdrawn_and_stays_readable, |world| async move {
    let patient = world.citizen().await;
    let request = consent(&world, &patient.to_string(), &[demo::PRACTICE, demo::HOSPITAL]);
    let granted = world.directory("nurse").grant_consent(request).await.unwrap().into_inner();
    assert!(granted.name.starts_with(&format!("{patient}/consents/")));
    assert_eq!(granted.state(), ConsentState::Given);
    assert_eq!(granted.etag, "v1");
    assert_eq!(granted.withdraw_time, None);
    let organisations = [demo::PRACTICE, demo::HOSPITAL].map(|sor| format!("organisations/{sor}"));
    assert_eq!(granted.organisations, organisations);
    assert_eq!(granted.recorded_by, Some(world.person("nurse").actor()));
    assert_eq!(
        list(&world, "nurse", &patient.to_string(), 0, "").await.unwrap().consents,
        std::slice::from_ref(&granted)
    );

    world.clock.advance(chrono::TimeDelta::days(2));
    let withdrawn = world.directory("gp").withdraw_consent(withdraw(&granted, "v1")).await.unwrap().into_inner();
    let expected = Consent {
        state: ConsentState::Withdrawn.into(),
        withdraw_time: Some(time::to_wire(world.clock.now())),
        etag: "v2".to_owned(),
        ..granted.clone()
    };
    assert_eq!(withdrawn, expected);
    assert_eq!(list(&world, "nurse", &patient.to_string(), 0, "").await.unwrap().consents, [withdrawn]);

    let given = events(&world, "ConsentGranted").await;
    assert_eq!((given.len(), given[0].subject.as_str()), (1, granted.name.as_str()));
    assert!(given[0].concerns(demo::PRACTICE) && given[0].concerns(demo::HOSPITAL));
    assert!(!given[0].concerns(demo::MUNICIPALITY));
    let payload: ConsentGranted = prost::Message::decode(given[0].data.as_slice()).unwrap();
    assert_eq!((payload.patient, payload.organisations), (patient.to_string(), organisations.to_vec()));
    let gone = events(&world, "ConsentWithdrawn").await;
    assert_eq!((gone.len(), gone[0].subject.as_str()), (1, granted.name.as_str()));
    let payload: ConsentWithdrawn = prost::Message::decode(gone[0].data.as_slice()).unwrap();
    assert_eq!(payload.patient, patient.to_string());

    let entries = audited(&world, patient.patient).await;
    assert!(entries.contains(&entry("demo-nurse", "GrantConsent", &granted.name, "OK")));
    assert!(entries.contains(&entry("demo-gp", "WithdrawConsent", &granted.name, "OK")));
    assert!(entries.contains(&entry("demo-nurse", "ListConsents", &patient.to_string(), "OK")));
});

on_both!(every_unknown_organisation_and_a_bad_time_are_reported_at_once, |world| async move {
    let patient = world.citizen().await.to_string();
    let mut directory = world.directory("nurse");
    let mut request = consent(&world, &patient, &["99000000001", demo::HOSPITAL, "99000000002"]);
    let late = time::to_wire(world.clock.now() + chrono::TimeDelta::minutes(6));
    request.consent.as_mut().unwrap().given_time = Some(late);
    let refused = refusal(directory.grant_consent(request.clone()).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::InvalidArgument, "INVALID_REQUEST"));
    assert_eq!(refused.fields, ["consent.organisations[0]", "consent.organisations[2]", "consent.given_time"]);

    let before_1990 = prost_types::Timestamp { seconds: 631_151_999, nanos: 0 };
    for time in [before_1990, prost_types::Timestamp { seconds: 0, nanos: -1 }] {
        let mut request = consent(&world, &patient, &[demo::HOSPITAL]);
        request.consent.as_mut().unwrap().given_time = Some(time);
        assert_eq!(refusal(directory.grant_consent(request).await).fields, ["consent.given_time"]);
    }
    // A device that is a little ahead is no reason to refuse.
    let mut request = consent(&world, &patient, &[demo::HOSPITAL]);
    let ahead = time::to_wire(world.clock.now() + chrono::TimeDelta::minutes(5));
    request.consent.as_mut().unwrap().given_time = Some(ahead);
    directory.grant_consent(request).await.unwrap();
});

on_both!(the_contracts_rules_of_a_consent_are_reported_at_once, |world| async move {
    let patient = world.citizen().await.to_string();
    let mut request = consent(&world, &patient, &[demo::HOSPITAL, demo::HOSPITAL]);
    let wire = request.consent.as_mut().unwrap();
    wire.document = String::new();
    wire.given_time = None;
    let refused = refusal(world.directory("nurse").grant_consent(request).await);
    assert_eq!(refused.fields, ["consent.organisations", "consent.document", "consent.given_time"]);
    let mut nothing = consent(&world, &patient, &[]);
    nothing.consent = None;
    assert_eq!(refusal(world.directory("nurse").grant_consent(nothing).await).fields, ["consent"]);
});

on_both!(granting_twice_with_one_request_id_gives_one_consent, |world| async move {
    let patient = world.citizen().await.to_string();
    let request = consent(&world, &patient, &[demo::HOSPITAL]);
    let mut directory = world.directory("nurse");
    let first = directory.grant_consent(request.clone()).await.unwrap().into_inner();
    assert_eq!(directory.grant_consent(request.clone()).await.unwrap().into_inner(), first);
    assert_eq!(list(&world, "nurse", &patient, 0, "").await.unwrap().consents.len(), 1);
    assert_eq!(events(&world, "ConsentGranted").await.len(), 1);
    let mut other = request;
    other.consent.as_mut().unwrap().document = "case 26/9999".to_owned();
    assert_eq!(refusal(directory.grant_consent(other).await).reason, "REQUEST_ID_REUSED");
});

on_both!(one_request_sent_twice_at_once_gives_one_consent, |world| async move {
    let patient = world.citizen().await.to_string();
    let request = consent(&world, &patient, &[demo::HOSPITAL]);
    let (mut one, mut two) = (world.directory("nurse"), world.directory("nurse"));
    let (a, b) = tokio::join!(one.grant_consent(request.clone()), two.grant_consent(request));
    assert_eq!(a.unwrap().into_inner(), b.unwrap().into_inner());
    assert_eq!(list(&world, "nurse", &patient, 0, "").await.unwrap().consents.len(), 1);
});

on_both!(a_consent_is_withdrawn_once, |world| async move {
    let patient = world.citizen().await;
    let granted = world.consent(patient).await;
    let mut directory = world.directory("nurse");
    let request = withdraw(&granted, "");
    let withdrawn = directory.withdraw_consent(request.clone()).await.unwrap().into_inner();
    assert_eq!(directory.withdraw_consent(request).await.unwrap().into_inner(), withdrawn);
    for etag in ["", "v2"] {
        let refused = refusal(directory.withdraw_consent(withdraw(&granted, etag)).await);
        assert_eq!((refused.code, refused.reason.as_str()), (Code::FailedPrecondition, "CONSENT_ALREADY_WITHDRAWN"));
    }
    let refused = refusal(directory.withdraw_consent(withdraw(&granted, "v1")).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::Aborted, "ETAG_MISMATCH"));
    assert_eq!(events(&world, "ConsentWithdrawn").await.len(), 1);
});

on_both!(of_two_who_withdraw_at_once_one_wins, |world| async move {
    let granted = world.consent(world.citizen().await).await;
    for (etag, reason) in [("", "CONSENT_ALREADY_WITHDRAWN"), ("v1", "ETAG_MISMATCH")] {
        let granted = if etag.is_empty() { granted.clone() } else { world.consent(world.citizen().await).await };
        let (mut one, mut two) = (world.directory("nurse"), world.directory("gp"));
        let (a, b) = tokio::join!(
            one.withdraw_consent(withdraw(&granted, etag)),
            two.withdraw_consent(withdraw(&granted, etag)),
        );
        let (won, lost) = if a.is_ok() { (a, b) } else { (b, a) };
        assert_eq!(won.unwrap().into_inner().etag, "v2");
        assert_eq!(refusal(lost).reason, reason);
    }
});

on_both!(an_unknown_consent_is_not_found_by_those_who_may_look, |world| async move {
    let (patient, other) = (world.citizen().await, world.citizen().await);
    let of_other = world.consent(other).await;
    let id = of_other.name.rsplit('/').next().unwrap().to_owned();
    // Another citizen's consent under this one's name is none of this one's.
    for id in [id, uuid::Uuid::new_v4().to_string()] {
        let request = WithdrawConsentRequest {
            name: format!("{patient}/consents/{id}"),
            etag: String::new(),
            request_id: request_id(),
        };
        let refused = refusal(world.directory("nurse").withdraw_consent(request.clone()).await);
        assert_eq!((refused.code, refused.reason.as_str()), (Code::NotFound, "CONSENT_NOT_FOUND"));
        assert_eq!(refusal(world.directory("outsider").withdraw_consent(request).await).reason, "NO_RELATION");
    }
});

on_both!(an_outsider_neither_grants_withdraws_nor_lists_and_cannot_tell_who_is_there, |world| async move {
    let patient = world.citizen().await;
    let granted = world.consent(patient).await;
    let mut outsider = world.directory("outsider");
    let unknown = nobody();
    for parent in [patient.to_string(), unknown.clone()] {
        let refused = refusal(outsider.grant_consent(consent(&world, &parent, &[demo::HOSPITAL])).await);
        assert_eq!((refused.code, refused.reason.as_str()), (Code::PermissionDenied, "NO_RELATION"));
        assert_eq!(refusal(list(&world, "outsider", &parent, 0, "").await).reason, "NO_RELATION");
    }
    assert_eq!(refusal(outsider.withdraw_consent(withdraw(&granted, "")).await).reason, "NO_RELATION");
    // A nurse of Hedensted learns no more of a patient who is not there.
    let refused = refusal(world.directory("nurse").grant_consent(consent(&world, &unknown, &[demo::HOSPITAL])).await);
    assert_eq!(refused.reason, "NO_RELATION");
    let entries = audited(&world, patient.patient).await;
    for method in ["GrantConsent", "ListConsents", "WithdrawConsent"] {
        assert!(entries.contains(&entry("demo-outsider", method, "", "NO_RELATION")), "{method}");
    }
});

on_both!(a_consent_that_covers_another_municipality_lets_it_read_but_not_record, |world| async move {
    let patient = world.citizen().await.to_string();
    let request = consent(&world, &patient, &[demo::OTHER_MUNICIPALITY]);
    let granted = world.directory("nurse").grant_consent(request).await.unwrap().into_inner();
    assert_eq!(list(&world, "outsider", &patient, 0, "").await.unwrap().consents, std::slice::from_ref(&granted));
    let mut outsider = world.directory("outsider");
    let refused = refusal(outsider.grant_consent(consent(&world, &patient, &[demo::OTHER_MUNICIPALITY])).await);
    assert_eq!(refused.reason, "NO_RELATION");
    assert_eq!(refusal(outsider.withdraw_consent(withdraw(&granted, "")).await).reason, "NO_RELATION");
});

on_both!(a_role_without_the_permission_neither_grants_nor_withdraws, |world| async move {
    let patient = world.citizen().await;
    let granted = world.consent(patient).await;
    let mut specialist = world.directory("specialist");
    let refused = refusal(specialist.grant_consent(consent(&world, &patient.to_string(), &[demo::HOSPITAL])).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::PermissionDenied, "NO_PERMISSION"));
    assert_eq!(refusal(specialist.withdraw_consent(withdraw(&granted, "")).await).reason, "NO_PERMISSION");
    // Covered by the consent, a specialist may see it.
    assert_eq!(list(&world, "specialist", &patient.to_string(), 0, "").await.unwrap().consents, [granted]);
});

on_both!(consents_are_listed_the_newest_first_page_by_page, |world| async move {
    let patient = world.citizen().await;
    let mut expected = Vec::new();
    for n in 0..5 {
        expected.push(world.consent(patient).await);
        // Two of them in the same microsecond: their ids decide.
        if n != 2 {
            world.clock.advance(chrono::TimeDelta::minutes(1));
        }
    }
    expected.reverse();
    let parent = patient.to_string();
    let (mut seen, mut token) = (Vec::new(), String::new());
    loop {
        let page = list(&world, "nurse", &parent, 2, &token).await.unwrap();
        seen.extend(page.consents);
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(seen, expected);

    // A token is bound to the patient, and to the organisation that asked.
    let token = list(&world, "nurse", &parent, 2, "").await.unwrap().next_page_token;
    let other = world.citizen().await.to_string();
    for (person, parent) in [("nurse", other.as_str()), ("gp", parent.as_str())] {
        let refused = refusal(list(&world, person, parent, 2, &token).await);
        assert_eq!((refused.code, refused.reason.as_str()), (Code::InvalidArgument, "PAGE_TOKEN_INVALID"));
    }
    assert_eq!(refusal(list(&world, "nurse", &parent, -1, "").await).fields, ["page_size"]);
    assert_eq!(list(&world, "nurse", &other, 0, "").await.unwrap(), ListConsentsResponse::default());
});
