//! Checks on accesses.

use chrono::TimeDelta;
use samspil_proto::{
    directory::v1::{
        AccessCheck, AccessCheckCause, AccessCheckOutcome, AccessCheckState, ListAccessChecksRequest,
        RegisterCitizenRequest, SettleAccessCheckRequest,
    },
    time,
};
use samspil_testkit::on_both;

use super::*;
use crate::{nobody, person_number, register};

/// `directory`, called by the data protection officer of an organisation.
fn as_officer(world: &World, organisation: &str, person: &str) -> DirectoryServiceClient<As> {
    let officer = Caller {
        person: person.to_owned(),
        organisation: organisation.to_owned(),
        role: "data_protection_officer".to_owned(),
        ..Caller::default()
    };
    DirectoryServiceClient::new(world.with_token(world.issuer.sign(&officer, TimeDelta::days(400)).unwrap()))
}

fn all(state: AccessCheckState) -> ListAccessChecksRequest {
    ListAccessChecksRequest { parent: "patients/-".to_owned(), state: state.into(), ..Default::default() }
}

/// The open checks about the municipality's people.
async fn open(world: &World) -> Vec<AccessCheck> {
    let request = all(AccessCheckState::Unspecified);
    world.directory("dpo").list_access_checks(request).await.unwrap().into_inner().access_checks
}

fn settle(name: &str, outcome: AccessCheckOutcome) -> SettleAccessCheckRequest {
    SettleAccessCheckRequest {
        name: name.to_owned(),
        outcome: outcome.into(),
        note: "asked the nurse and her leader".to_owned(),
        etag: String::new(),
        request_id: request_id(),
    }
}

on_both!(to_register_somebody_again_is_a_look, |world| async move {
    let request = register(&person_number());
    world.directory("nurse").register_citizen(request.clone()).await.unwrap();
    assert_eq!(open(&world).await, []);
    for _ in 0..2 {
        let again = RegisterCitizenRequest { request_id: request_id(), ..request.clone() };
        world.directory("coordinator").register_citizen(again.clone()).await.unwrap_err();
        world.directory("nurse").register_citizen(again).await.unwrap();
    }
    let checks = open(&world).await;
    assert_eq!(checks.len(), 1);
    assert_eq!(checks[0].cause(), AccessCheckCause::WeakEvidence);
});

on_both!(a_look_on_weak_evidence_leaves_one_check_that_a_consent_settles, |world| async move {
    let patient = world.citizen().await;
    // To register is no look.
    assert_eq!(open(&world).await, []);
    for _ in 0..3 {
        gets(&world, "nurse", patient).await.unwrap();
    }
    gets(&world, "coordinator", patient).await.unwrap();
    let checks = open(&world).await;
    assert_eq!(checks.len(), 2);
    let first = checks.iter().find(|check| check.about == Some(world.person("nurse").actor())).unwrap();
    assert_eq!((first.cause(), first.state()), (AccessCheckCause::WeakEvidence, AccessCheckState::Open));
    assert!(first.name.starts_with(&format!("{patient}/accessChecks/")));
    assert_eq!(first.due_time, Some(time::to_wire(world.clock.now() + TimeDelta::days(14))));
    assert_eq!((first.emergency_access.as_str(), first.reason.as_str()), ("", ""));

    // A consent that does not cover the municipality settles nothing, one that does settles both.
    world.consent_to(patient, &[demo::HOSPITAL]).await;
    assert_eq!(open(&world).await.len(), 2);
    world.clock.advance(TimeDelta::hours(2));
    world.consent(patient).await;
    assert_eq!(open(&world).await, []);
    let settled = world.directory("dpo").list_access_checks(all(AccessCheckState::Settled)).await.unwrap().into_inner();
    assert_eq!(settled.access_checks.len(), 2);
    for check in settled.access_checks {
        assert_eq!((check.outcome(), check.settled_by), (AccessCheckOutcome::ConsentRecorded, None));
        assert_eq!(check.settle_time, Some(time::to_wire(world.clock.now())));
    }
    // From then on a look stands on the consent.
    gets(&world, "nurse", patient).await.unwrap();
    assert_eq!(open(&world).await, []);
    assert_eq!(newest(&world, "directory", patient, "demo-nurse").await.basis, "CONSENT");
});

on_both!(a_consent_does_not_settle_a_broken_glass, |world| async move {
    let patient = world.citizen().await;
    let access = breaks(&world, "nurse", patient, 0).await;
    world.consent(patient).await;
    let checks = open(&world).await;
    assert_eq!(checks.len(), 1);
    assert_eq!((checks[0].cause(), checks[0].reason.as_str()), (AccessCheckCause::BreakGlass, FOUND));
    assert_eq!((&checks[0].name, &checks[0].emergency_access), (&access.access_check, &access.name));
});

on_both!(somebody_else_of_the_own_organisation_settles_a_check, |world| async move {
    let patient = world.citizen().await;
    let check = breaks(&world, "nurse", patient, 0).await.access_check;
    let by_hospital = breaks(&world, "specialist", patient, 0).await.access_check;
    let justified = AccessCheckOutcome::Justified;
    let mut dpo = world.directory("dpo");
    // The hospital's is not the municipality's, and looks like none.
    let unknown = format!("{patient}/accessChecks/{}", uuid::Uuid::new_v4());
    for name in [&by_hospital, &unknown] {
        assert_eq!(refusal(dpo.settle_access_check(settle(name, justified)).await).reason, "RESOURCE_NOT_FOUND");
    }
    // Nor is it for whom it is about, in whatever role.
    let mut herself = as_officer(&world, demo::MUNICIPALITY, "demo-nurse");
    let refused = refusal(herself.settle_access_check(settle(&check, justified)).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::PermissionDenied, "ACCESS_CHECK_OF_ONESELF"));
    for outcome in [AccessCheckOutcome::Unspecified, AccessCheckOutcome::ConsentRecorded] {
        assert_eq!(refusal(dpo.settle_access_check(settle(&check, outcome)).await).fields, ["outcome"]);
    }
    let wordless = SettleAccessCheckRequest { note: String::new(), ..settle(&check, justified) };
    assert_eq!(refusal(dpo.settle_access_check(wordless).await).fields, ["note"]);
    let stale = SettleAccessCheckRequest { etag: "v7".to_owned(), ..settle(&check, justified) };
    assert_eq!(refusal(dpo.settle_access_check(stale).await).reason, "ETAG_MISMATCH");

    world.clock.advance(TimeDelta::days(3));
    let request =
        SettleAccessCheckRequest { etag: "v1".to_owned(), ..settle(&check, AccessCheckOutcome::NotJustified) };
    let settled = dpo.settle_access_check(request.clone()).await.unwrap().into_inner();
    assert_eq!((settled.state(), settled.outcome()), (AccessCheckState::Settled, AccessCheckOutcome::NotJustified));
    assert_eq!(settled.settled_by, Some(world.person("dpo").actor()));
    assert_eq!(settled.settle_time, Some(time::to_wire(world.clock.now())));
    assert_eq!((settled.note.as_str(), settled.etag.as_str()), ("asked the nurse and her leader", "v2"));
    assert_eq!(dpo.settle_access_check(request).await.unwrap().into_inner(), settled);
    let entry = newest(&world, "directory", patient, "demo-dpo").await;
    assert_eq!((entry.basis.as_str(), entry.resource.as_str()), ("ACCESS_REVIEW", check.as_str()));
    assert_eq!(refusal(dpo.settle_access_check(settle(&check, justified)).await).reason, "ACCESS_CHECK_SETTLED");
    let entry = newest(&world, "directory", patient, "demo-dpo").await;
    assert_eq!(entry.outcome, "ACCESS_CHECK_SETTLED");
    let mut hospital = as_officer(&world, demo::HOSPITAL, "officer");
    hospital.settle_access_check(settle(&by_hospital, justified)).await.unwrap();
});

on_both!(checks_are_for_those_who_review, |world| async move {
    let patient = world.citizen().await;
    let check = breaks(&world, "nurse", patient, 0).await.access_check;
    for person in ["nurse", "coordinator", "gp", "administrator"] {
        let request = all(AccessCheckState::Unspecified);
        assert_eq!(refusal(world.directory(person).list_access_checks(request).await).reason, "NO_PERMISSION");
        let request = settle(&check, AccessCheckOutcome::Justified);
        assert_eq!(refusal(world.directory(person).settle_access_check(request).await).reason, "NO_PERMISSION");
    }
    // Who reviews does not see the citizen by it.
    let request = GetCitizenRequest { name: patient.to_string() };
    assert_eq!(refusal(world.directory("dpo").get_citizen(request).await).reason, "NO_PERMISSION");
});

on_both!(checks_are_listed_the_soonest_due_first_and_the_overdue_apart, |world| async move {
    let patient = world.citizen().await;
    let mut expected = Vec::new();
    for _ in 0..3 {
        expected.push(breaks(&world, "nurse", patient, 0).await.access_check);
        world.clock.advance(TimeDelta::days(1));
    }
    breaks(&world, "specialist", patient, 0).await;
    let mut dpo = world.directory("dpo");
    let names = |checks: &[AccessCheck]| checks.iter().map(|check| check.name.clone()).collect::<Vec<_>>();
    let first = ListAccessChecksRequest { page_size: 2, ..all(AccessCheckState::Open) };
    let page = dpo.list_access_checks(first.clone()).await.unwrap().into_inner();
    assert_eq!(names(&page.access_checks), expected[..2]);
    let rest = ListAccessChecksRequest { page_token: page.next_page_token.clone(), ..first.clone() };
    let rest = dpo.list_access_checks(rest).await.unwrap().into_inner();
    assert_eq!((names(&rest.access_checks), rest.next_page_token.as_str()), (expected[2..].to_vec(), ""));
    let foreign = ListAccessChecksRequest { overdue: true, page_token: page.next_page_token, ..first };
    assert_eq!(refusal(dpo.list_access_checks(foreign).await).reason, "PAGE_TOKEN_INVALID");

    let overdue = || ListAccessChecksRequest { overdue: true, ..all(AccessCheckState::Open) };
    assert_eq!(dpo.list_access_checks(overdue()).await.unwrap().into_inner().access_checks, []);
    // The first is due to the microsecond: overdue it is after that.
    world.clock.advance(TimeDelta::days(11));
    assert_eq!(dpo.list_access_checks(overdue()).await.unwrap().into_inner().access_checks, []);
    world.clock.advance(TimeDelta::microseconds(1));
    let late = dpo.list_access_checks(overdue()).await.unwrap().into_inner().access_checks;
    assert_eq!(names(&late), expected[..1]);

    // Of one patient; and of one who does not exist it is an empty list, not a refusal that would tell.
    let of = |parent: String| ListAccessChecksRequest { parent, ..all(AccessCheckState::Open) };
    let listed = dpo.list_access_checks(of(patient.to_string())).await.unwrap().into_inner();
    assert_eq!(listed.access_checks.len(), 3);
    for parent in [nobody(), world.citizen().await.to_string()] {
        assert_eq!(dpo.list_access_checks(of(parent)).await.unwrap().into_inner().access_checks, []);
    }
});
