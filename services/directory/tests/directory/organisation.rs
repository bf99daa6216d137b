//! Organisations.

use samspil_kit::identity::demo;
use samspil_proto::directory::v1::{
    GetOrganisationRequest, ListOrganisationsRequest, Organisation, OrganisationKind, PutOrganisationRequest,
};
use samspil_testkit::{on_both, refusal, request_id};
use tonic::Code;

use crate::events;

fn practice(sor: &str) -> Organisation {
    Organisation {
        name: format!("organisations/{sor}"),
        display_name: "Lægerne i Juelsminde".to_owned(),
        gln: "5799900099999".to_owned(),
        kind: OrganisationKind::GeneralPractice.into(),
        municipality_code: "0766".to_owned(),
        update_time: None,
    }
}

fn put(organisation: Organisation) -> PutOrganisationRequest {
    PutOrganisationRequest { organisation: Some(organisation), request_id: request_id() }
}

fn get(sor: &str) -> GetOrganisationRequest {
    GetOrganisationRequest { name: format!("organisations/{sor}") }
}

on_both!(the_demo_organisations_are_there_and_stay_as_they_are_when_they_are_put_again, |world| async move {
    let mut directory = world.directory("nurse");
    let own = directory.get_organisation(get(demo::MUNICIPALITY)).await.unwrap().into_inner();
    assert_eq!(own.display_name, "Hedensted Kommune, Hjemmesygeplejen");
    assert_eq!((own.municipality_code.as_str(), own.kind()), ("0766", OrganisationKind::Municipality));
    assert_eq!(own.gln.len(), 13);
    let hospital = directory.get_organisation(get(demo::HOSPITAL)).await.unwrap().into_inner();
    assert_eq!((hospital.municipality_code.as_str(), hospital.kind()), ("", OrganisationKind::Hospital));

    let renamed = Organisation { display_name: "Hjemmesygeplejen".to_owned(), update_time: None, ..own };
    world.directory("administrator").put_organisation(put(renamed)).await.unwrap();
    samspil_directory::put_demo_organisations(&world.base("directory").await).await.unwrap();
    let own = directory.get_organisation(get(demo::MUNICIPALITY)).await.unwrap().into_inner();
    assert_eq!(own.display_name, "Hjemmesygeplejen");
    assert_eq!(events(&world, "OrganisationPut").await.len(), 6);
});

on_both!(an_organisation_is_added_and_then_changed_under_its_sor_code, |world| async move {
    let mut directory = world.directory("administrator");
    let sor = "99000000001";
    let added = directory.put_organisation(put(practice(sor))).await.unwrap().into_inner();
    assert_eq!(added.update_time.unwrap().seconds, world.clock.now().timestamp());
    world.clock.advance(chrono::TimeDelta::days(1));
    let changed = Organisation { display_name: "Lægehuset".to_owned(), gln: String::new(), ..practice(sor) };
    let changed = directory.put_organisation(put(changed)).await.unwrap().into_inner();
    assert_ne!(changed.update_time, added.update_time);
    let read = world.directory("outsider").get_organisation(get(sor)).await.unwrap().into_inner();
    assert_eq!(read, changed);
    assert_eq!((read.display_name.as_str(), read.gln.as_str()), ("Lægehuset", ""));

    let events = events(&world, "OrganisationPut").await;
    let of_it: Vec<_> = events.iter().filter(|event| event.subject == format!("organisations/{sor}")).collect();
    assert_eq!(of_it.len(), 2);
    assert!(of_it.iter().all(|event| event.organisations.trim().is_empty()));
});

on_both!(putting_twice_with_one_request_id_gives_one_answer, |world| async move {
    let mut directory = world.directory("administrator");
    let request = put(practice("99000000001"));
    let first = directory.put_organisation(request.clone()).await.unwrap().into_inner();
    world.clock.advance(chrono::TimeDelta::hours(1));
    assert_eq!(directory.put_organisation(request.clone()).await.unwrap().into_inner(), first);
    assert_eq!(events(&world, "OrganisationPut").await.len(), 6);

    let other = PutOrganisationRequest { organisation: Some(practice("99000000002")), ..request };
    assert_eq!(refusal(directory.put_organisation(other).await).reason, "REQUEST_ID_REUSED");
});

on_both!(two_who_put_the_same_organisation_at_once_both_succeed_one_after_the_other, |world| async move {
    let (mut one, mut two) = (world.directory("administrator"), world.directory("administrator"));
    let sor = "99000000001";
    let (a, b) = tokio::join!(one.put_organisation(put(practice(sor))), two.put_organisation(put(practice(sor))));
    assert_eq!(a.unwrap().into_inner(), b.unwrap().into_inner());
});

on_both!(every_violation_of_an_organisation_is_reported_at_once, |world| async move {
    let mut directory = world.directory("administrator");
    let bad = Organisation {
        name: "organisations/12".to_owned(),
        display_name: String::new(),
        gln: "12".to_owned(),
        kind: 77,
        municipality_code: "7".to_owned(),
        update_time: None,
    };
    let refused = refusal(directory.put_organisation(put(bad)).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::InvalidArgument, "INVALID_REQUEST"));
    let of = ["name", "display_name", "gln", "kind", "municipality_code"].map(|field| format!("organisation.{field}"));
    assert_eq!(refused.fields, of);
    let nothing = PutOrganisationRequest { organisation: None, request_id: "x".to_owned() };
    assert_eq!(refusal(directory.put_organisation(nothing).await).fields, ["organisation", "request_id"]);
});

on_both!(a_hospital_lies_in_no_municipality, |world| async move {
    let mut directory = world.directory("administrator");
    for (kind, code) in [(OrganisationKind::Hospital, "0766"), (OrganisationKind::Municipality, "")] {
        let bad = Organisation { kind: kind.into(), municipality_code: code.to_owned(), ..practice("99000000001") };
        let refused = refusal(directory.put_organisation(put(bad)).await);
        assert_eq!(refused.fields, ["organisation.municipality_code"]);
    }
    assert_eq!(refusal(directory.get_organisation(get("99000000001")).await).reason, "ORGANISATION_NOT_FOUND");
});

on_both!(only_an_administrator_puts_organisations, |world| async move {
    for person in ["nurse", "specialist", "gp", "outsider"] {
        let refused = refusal(world.directory(person).put_organisation(put(practice("99000000001"))).await);
        assert_eq!((refused.code, refused.reason.as_str()), (Code::PermissionDenied, "NO_PERMISSION"), "{person}");
    }
});

on_both!(an_unknown_organisation_is_not_found, |world| async move {
    let refused = refusal(world.directory("nurse").get_organisation(get("99000000009")).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::NotFound, "ORGANISATION_NOT_FOUND"));
});

on_both!(organisations_are_listed_by_sor_code_page_by_page, |world| async move {
    let mut administrator = world.directory("administrator");
    // The order is that of text, on both engines: the longest code is not the last by its length.
    for sor in ["10000000000", "00000000000", "999999999999999999", "100000000000"] {
        administrator.put_organisation(put(practice(sor))).await.unwrap();
    }
    let mut directory = world.directory("nurse");
    let mut seen = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = ListOrganisationsRequest { page_size: 3, page_token };
        let page = directory.list_organisations(request).await.unwrap().into_inner();
        assert!(page.organisations.len() <= 3);
        seen.extend(page.organisations.into_iter().map(|organisation| organisation.name));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    let all = [
        "00000000000",
        "10000000000",
        "100000000000",
        demo::OTHER_MUNICIPALITY,
        demo::MUNICIPALITY,
        demo::HOSPITAL,
        demo::OTHER_HOSPITAL,
        demo::PRACTICE,
        "999999999999999999",
    ];
    assert_eq!(seen, all.map(|sor| format!("organisations/{sor}")));
    let whole = directory.list_organisations(ListOrganisationsRequest::default()).await.unwrap().into_inner();
    assert_eq!((whole.organisations.len(), whole.next_page_token.as_str()), (9, ""));
});

on_both!(a_page_token_of_another_list_is_refused, |world| async move {
    let patient = world.citizen().await;
    for _ in 0..2 {
        world.consent(patient).await;
    }
    let request = samspil_proto::directory::v1::ListConsentsRequest {
        parent: patient.to_string(),
        page_size: 1,
        ..Default::default()
    };
    let mut directory = world.directory("nurse");
    let page_token = directory.list_consents(request).await.unwrap().into_inner().next_page_token;
    assert_ne!(page_token, "");
    for page_token in [page_token, "nonsense".to_owned()] {
        let request = ListOrganisationsRequest { page_size: 3, page_token };
        let refused = refusal(directory.list_organisations(request).await);
        assert_eq!((refused.code, refused.reason.as_str()), (Code::InvalidArgument, "PAGE_TOKEN_INVALID"));
    }
});
