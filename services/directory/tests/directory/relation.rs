//! Relations.

use samspil_kit::identity::demo;
use samspil_proto::directory::v1::{
    CheckRelationRequest, CheckRelationResponse, WithdrawConsentRequest,
    directory_service_client::DirectoryServiceClient,
};
use samspil_testkit::{As, World, on_both, refusal, request_id};
use tonic::Code;

use crate::{audited, consent, entry, nobody};

fn question(patient: &str, sor: &str) -> CheckRelationRequest {
    let organisation = format!("organisations/{sor}");
    CheckRelationRequest { patient: patient.to_owned(), organisation, person: String::new() }
}

fn as_service(world: &World) -> DirectoryServiceClient<As> {
    let token = world.issuer.sign_for_service("wound", chrono::TimeDelta::hours(1)).unwrap();
    DirectoryServiceClient::new(world.with_token(token))
}

on_both!(a_relation_stands_by_a_consent_that_covers_the_organisation_and_by_nothing_else, |world| async move {
    let patient = world.citizen().await;
    let name = patient.to_string();
    let mut service = as_service(&world);
    // The own municipality has none without a consent either.
    for sor in [demo::MUNICIPALITY, demo::HOSPITAL, demo::OTHER_MUNICIPALITY, "99000000001"] {
        let answer = service.check_relation(question(&name, sor)).await.unwrap().into_inner();
        assert_eq!(answer, CheckRelationResponse::default(), "{sor}");
    }
    let first = world.consent(patient).await;
    world.clock.advance(chrono::TimeDelta::minutes(1));
    let second = consent(&world, &name, &[demo::HOSPITAL]);
    let second = world.directory("nurse").grant_consent(second).await.unwrap().into_inner();
    let stands = |consents: &[&str]| CheckRelationResponse {
        stands: true,
        consents: consents.iter().map(|name| (*name).to_owned()).collect(),
        ..CheckRelationResponse::default()
    };
    let expected = [
        (demo::MUNICIPALITY, stands(&[&first.name])),
        (demo::HOSPITAL, stands(&[&first.name, &second.name])),
        (demo::OTHER_MUNICIPALITY, CheckRelationResponse::default()),
    ];
    for (sor, expected) in expected {
        assert_eq!(service.check_relation(question(&name, sor)).await.unwrap().into_inner(), expected, "{sor}");
    }
    let withdraw = WithdrawConsentRequest { name: first.name.clone(), etag: String::new(), request_id: request_id() };
    world.directory("nurse").withdraw_consent(withdraw).await.unwrap();
    let answer = service.check_relation(question(&name, demo::MUNICIPALITY)).await.unwrap().into_inner();
    assert_eq!(answer, CheckRelationResponse::default());
    let answer = service.check_relation(question(&name, demo::HOSPITAL)).await.unwrap().into_inner();
    assert_eq!(answer, stands(&[&second.name]));
    // A service asks on behalf of a call that has its own entry.
    let entries = audited(&world, patient.patient).await;
    assert!(!entries.iter().any(|(_, method, _, _)| method == "CheckRelation"));
});

on_both!(nobody_has_a_relation_to_an_unknown_patient, |world| async move {
    let answer = as_service(&world).check_relation(question(&nobody(), demo::HOSPITAL)).await.unwrap().into_inner();
    assert_eq!(answer, CheckRelationResponse::default());
});

on_both!(a_person_asks_for_the_own_organisation_alone, |world| async move {
    let patient = world.citizen().await;
    let name = patient.to_string();
    let granted = world.consent(patient).await;
    let answer = world.directory("specialist").check_relation(question(&name, demo::HOSPITAL)).await.unwrap();
    assert_eq!(answer.into_inner().consents, [granted.name]);
    let answer = world.directory("outsider").check_relation(question(&name, demo::OTHER_MUNICIPALITY)).await.unwrap();
    assert!(!answer.into_inner().stands);
    for person in ["outsider", "nurse", "administrator"] {
        let refused = refusal(world.directory(person).check_relation(question(&name, demo::HOSPITAL)).await);
        assert_eq!((refused.code, refused.reason.as_str()), (Code::PermissionDenied, "NO_RELATION"), "{person}");
    }
    let entries = audited(&world, patient.patient).await;
    assert!(entries.contains(&entry("demo-specialist", "CheckRelation", &name, "OK")));
    assert!(entries.contains(&entry("demo-nurse", "CheckRelation", "", "NO_RELATION")));
});

on_both!(a_service_neither_registers_nor_reads_citizens, |world| async move {
    let name = world.citizen().await.to_string();
    let request = samspil_proto::directory::v1::GetCitizenRequest { name };
    assert_eq!(refusal(as_service(&world).get_citizen(request).await).reason, "NO_PERMISSION");
});

on_both!(every_violation_of_a_question_is_reported_at_once, |world| async move {
    let refused = refusal(world.directory("nurse").check_relation(question("patients/1", "12")).await);
    assert_eq!(refused.fields, ["patient", "organisation"]);
    let spelled = question(&format!("patients/{}", "-".repeat(36)), demo::MUNICIPALITY);
    assert_eq!(refusal(world.directory("nurse").check_relation(spelled).await).fields, ["patient"]);
});
