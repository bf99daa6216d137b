//! Writing a referral.

use samspil_kit::identity::demo;
use samspil_proto::referral::v1::*;
use samspil_store::{audit, sql};
use samspil_testkit::{on_both, refusal, request_id};
use tonic::Code;

use crate::help::*;

on_both!(what_only_the_service_says_is_not_taken_from_the_sender, |world| async move {
    let patient = world.citizen_with_consent().await;
    let boastful = Referral {
        state: ReferralState::Completed.into(),
        sender: organisation(demo::PRACTICE),
        history: vec![ReferralStep::default()],
        triages: vec![Triage { receiver: organisation(demo::HOSPITAL), ..Triage::default() }],
        replaces: "patients/x".to_owned(),
        etag: "v7".to_owned(),
        ..to_hospital()
    };
    let written = By(&world, "nurse").creates(patient, boastful).await.unwrap();
    assert_eq!((written.state(), written.history.len(), written.etag.as_str()), (ReferralState::Proposed, 1, "v1"));
    assert_eq!((written.triages, written.replaces.as_str()), (vec![], ""));
    assert_eq!((written.sender, written.priority), (organisation(demo::MUNICIPALITY), Priority::Routine.into()));
});

on_both!(a_draft_is_its_senders_alone_and_no_event_tells_of_it, |world| async move {
    let patient = world.citizen_with_consent().await;
    let nurse = By(&world, "nurse");
    let written = nurse.creates(patient, through_practice()).await.unwrap();
    assert_eq!(nurse.gets(&written.name).await.unwrap(), written);
    for person in ["specialist", "gp"] {
        refused(By(&world, person).gets(&written.name).await, Code::NotFound, "RESOURCE_NOT_FOUND");
    }
    assert!(event_types(&world).await.is_empty());
    let mut tx = world.dbs["referral"].read().await.unwrap();
    let entries = audit::of_patient(&mut tx, patient.patient, 10).await.unwrap();
    let told = |entry: &audit::Entry| {
        let method = entry.action.rsplit('/').next().unwrap().to_owned();
        (entry.person.clone(), method, entry.resource.clone(), entry.outcome.clone())
    };
    let told: Vec<_> = entries.iter().map(told).collect();
    let expected = [
        ("demo-gp", "GetReferral", patient.to_string(), "RESOURCE_NOT_FOUND"),
        ("demo-specialist", "GetReferral", patient.to_string(), "RESOURCE_NOT_FOUND"),
        ("demo-nurse", "GetReferral", written.name.clone(), "OK"),
        ("demo-nurse", "CreateReferral", written.name.clone(), "OK"),
    ];
    assert_eq!(told, expected.map(|(who, what, on, how)| (who.to_owned(), what.to_owned(), on, how.to_owned())));
});

on_both!(everything_that_is_wrong_with_a_referral_is_said_at_once, |world| async move {
    let patient = world.citizen_with_consent().await;
    let nurse = By(&world, "nurse");
    let elsewhere = format!("patients/{UNKNOWN}/wounds/{UNKNOWN}");
    let to = |receiver: &str, approver: &str, wound: &str| Referral {
        receiver: organisation(receiver),
        approver: if approver.is_empty() { String::new() } else { organisation(approver) },
        wound: wound.to_owned(),
        ..to_hospital()
    };
    let nobody = "99999999999999";
    for (asked, fields) in [
        (to(demo::MUNICIPALITY, "", &elsewhere), vec!["referral.receiver", "referral.wound"]),
        (to(nobody, "", &elsewhere), vec!["referral.wound", "referral.receiver"]),
        (to(nobody, nobody, ""), vec!["referral.approver", "referral.receiver", "referral.approver"]),
        (to(demo::HOSPITAL, demo::HOSPITAL, ""), vec!["referral.approver"]),
        (to(demo::HOSPITAL, demo::MUNICIPALITY, ""), vec!["referral.approver"]),
        (to(demo::HOSPITAL, nobody, ""), vec!["referral.approver"]),
        (
            Referral { service: None, indications: vec![], receiver: String::new(), priority: 9, ..to_hospital() },
            vec!["referral.priority", "referral.service", "referral.indications", "referral.receiver"],
        ),
    ] {
        let refused = refusal(nurse.creates(patient, asked).await);
        assert_eq!((refused.code, refused.reason.as_str()), (Code::InvalidArgument, "INVALID_REQUEST"));
        assert_eq!(refused.fields, fields);
    }
    let mut request = create_request(patient, to_hospital());
    request.parent = format!("patients/{}", "-".repeat(36));
    assert_eq!(refusal(world.referrals("nurse").create_referral(request).await).fields, ["parent"]);
});

on_both!(a_repeated_request_writes_one_referral, |world| async move {
    let patient = world.citizen_with_consent().await;
    let request = create_request(patient, to_hospital());
    let mut one = world.referrals("nurse");
    let mut other = world.referrals("nurse");
    let (first, second) = tokio::join!(one.create_referral(request.clone()), other.create_referral(request.clone()));
    assert_eq!(first.unwrap().into_inner(), second.unwrap().into_inner());
    let mut tx = world.dbs["referral"].read().await.unwrap();
    assert_eq!(sql!(&mut tx, fetch_one as (i64,), "SELECT COUNT(*) FROM referrals").unwrap(), (1,));
    drop(tx);
    let another = CreateReferralRequest { referral: Some(to_practice()), ..request };
    refused(world.referrals("nurse").create_referral(another).await, Code::InvalidArgument, "REQUEST_ID_REUSED");
});

on_both!(the_consent_has_to_cover_whoever_is_to_get_it, |world| async move {
    let patient = world.citizen_with_consent().await;
    let nurse = By(&world, "nurse");
    let away = Referral { receiver: organisation(demo::OTHER_HOSPITAL), ..to_hospital() };
    let written = nurse.creates(patient, away).await.unwrap();
    let told = refused(nurse.sends(&written.name).await, Code::FailedPrecondition, "RECEIVER_NOT_COVERED");
    assert_eq!(told, metadata(&[("organisation", &organisation(demo::OTHER_HOSPITAL))]));
    assert_eq!(nurse.gets(&written.name).await.unwrap(), written);
    // While it is not sent, it can be readdressed.
    let readdressed = nurse.amends(&written.name, &["receiver"], to_hospital(), "").await.unwrap();
    assert_eq!(readdressed.receiver, organisation(demo::HOSPITAL));
    let nobody = Referral { receiver: organisation("99999999999999"), ..to_hospital() };
    assert_eq!(refusal(nurse.amends(&written.name, &["receiver"], nobody, "").await).fields, ["referral.receiver"]);
    nurse.sends(&written.name).await.unwrap();
    // A consent that came a moment ago counts, whether or not its copy is here.
    let away = Referral { receiver: organisation(demo::OTHER_HOSPITAL), ..to_hospital() };
    let written = nurse.creates(patient, away).await.unwrap();
    world.consent_to(patient, &[demo::OTHER_HOSPITAL]).await;
    nurse.sends(&written.name).await.unwrap();
});

on_both!(a_request_id_that_is_no_uuid_is_a_violation, |world| async move {
    let patient = world.citizen_with_consent().await;
    let mut request = create_request(patient, to_hospital());
    request.request_id = request_id().replace('-', "");
    assert_eq!(refusal(world.referrals("nurse").create_referral(request).await).fields, ["request_id"]);
});
