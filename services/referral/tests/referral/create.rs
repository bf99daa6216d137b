//! Writing a referral.

use samspil_kit::identity::demo;
use samspil_proto::referral::v1::{Priority, Referral, ReferralState, ReferralStep};
use samspil_store::{audit, sql};
use samspil_testkit::{on_both, refusal, request_id};
use tonic::Code;

use crate::help::{By, UNKNOWN, create_request, organisation, to_hospital, to_practice};

on_both!(a_referral_is_written_as_it_was_filled_in_and_not_yet_sent, |world| async move {
    let patient = world.citizen_with_consent().await;
    let wound = format!("{patient}/wounds/{UNKNOWN}");
    let asked = Referral { wound: wound.clone(), priority: Priority::Urgent.into(), ..to_hospital() };
    let written = By(&world, "nurse").creates(patient, asked.clone()).await.unwrap();
    assert!(written.name.starts_with(&format!("{patient}/referrals/")));
    assert_eq!((written.state(), written.priority()), (ReferralState::Proposed, Priority::Urgent));
    assert_eq!(
        (&written.service, &written.indications, &written.note),
        (&asked.service, &asked.indications, &asked.note)
    );
    assert_eq!((&written.sender, &written.receiver), (&organisation(demo::MUNICIPALITY), &asked.receiver));
    assert_eq!(written.wound, wound);
    assert_eq!(written.referrer, Some(world.person("nurse").actor()));
    assert_eq!((written.history.len(), written.history[0].state()), (1, ReferralState::Proposed));
    assert_eq!((&written.create_time, written.etag.as_str()), (&written.update_time, "v1"));
    assert_eq!(By(&world, "nurse").gets(&written.name).await.unwrap(), written);
    // The receiver does not know of it, and nobody hears of it.
    assert_eq!(refusal(By(&world, "specialist").gets(&written.name).await).reason, "RESOURCE_NOT_FOUND");
    let mut tx = world.dbs["referral"].read().await.unwrap();
    assert_eq!(sql!(&mut tx, fetch_one as (i64,), "SELECT COUNT(*) FROM event_log").unwrap(), (0,));
    let entries = audit::of_patient(&mut tx, patient.patient, 10).await.unwrap();
    let seen: Vec<_> = entries.iter().map(|e| (e.action.rsplit('/').next().unwrap(), e.resource.as_str())).collect();
    assert_eq!(seen, [("GetReferral", written.name.as_str()), ("CreateReferral", &written.name)]);
});

on_both!(what_only_the_service_says_is_not_taken_from_the_sender, |world| async move {
    let patient = world.citizen_with_consent().await;
    let boastful = Referral {
        state: ReferralState::Accepted.into(),
        sender: organisation(demo::PRACTICE),
        history: vec![ReferralStep::default()],
        etag: "v7".to_owned(),
        ..to_hospital()
    };
    let written = By(&world, "nurse").creates(patient, boastful).await.unwrap();
    assert_eq!((written.state(), written.history.len(), written.etag.as_str()), (ReferralState::Proposed, 1, "v1"));
    assert_eq!(written.sender, organisation(demo::MUNICIPALITY));
    assert_eq!(written.priority(), Priority::Routine);
});

on_both!(everything_that_is_wrong_with_a_referral_is_said_at_once, |world| async move {
    let patient = world.citizen_with_consent().await;
    let nurse = By(&world, "nurse");
    let elsewhere = format!("patients/{UNKNOWN}/wounds/{UNKNOWN}");
    let to = |receiver: &str, wound: &str| Referral {
        receiver: organisation(receiver),
        wound: wound.to_owned(),
        ..to_hospital()
    };
    for (asked, fields) in [
        (to(demo::MUNICIPALITY, &elsewhere), vec!["referral.receiver", "referral.wound"]),
        (to("99999999999999", &elsewhere), vec!["referral.wound", "referral.receiver"]),
        (to("99999999999999", ""), vec!["referral.receiver"]),
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
    let another = samspil_proto::referral::v1::CreateReferralRequest { referral: Some(to_practice()), ..request };
    let refused = refusal(world.referrals("nurse").create_referral(another).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::InvalidArgument, "REQUEST_ID_REUSED"));
});

on_both!(without_a_relation_to_the_patient_nobody_writes_or_reads, |world| async move {
    let patient = world.citizen_with_consent().await;
    let written = By(&world, "nurse").refers(patient, to_hospital()).await;
    let outsider = By(&world, "outsider");
    let unknown = format!("{patient}/referrals/{UNKNOWN}");
    let mut refused = vec![refusal(outsider.creates(patient, to_hospital()).await)];
    for name in [written.name.as_str(), &unknown] {
        refused.push(refusal(outsider.gets(name).await));
        refused.push(refusal(outsider.sends(name).await));
        refused.push(refusal(outsider.withdraws(name).await));
    }
    // Nobody's consent covers the hospital here.
    let stranger = format!("patients/{UNKNOWN}/referrals/{UNKNOWN}");
    let specialist = By(&world, "specialist");
    refused.push(refusal(specialist.receives(&stranger).await));
    refused.push(refusal(specialist.accepts(&stranger).await));
    refused.push(refusal(specialist.rejects(&stranger).await));
    for refused in refused {
        assert_eq!((refused.code, refused.reason.as_str()), (Code::PermissionDenied, "NO_RELATION"));
    }
});

on_both!(the_role_decides_who_may_send_and_who_may_triage, |world| async move {
    let patient = world.citizen_with_consent().await;
    let sent = By(&world, "nurse").refers(patient, to_practice()).await;
    let refused = [
        refusal(By(&world, "specialist").creates(patient, to_practice()).await),
        refusal(By(&world, "specialist").sends(&sent.name).await),
        refusal(By(&world, "specialist").withdraws(&sent.name).await),
        refusal(By(&world, "nurse").receives(&sent.name).await),
        refusal(By(&world, "nurse").accepts(&sent.name).await),
        refusal(By(&world, "nurse").rejects(&sent.name).await),
        refusal(By(&world, "administrator").gets(&sent.name).await),
    ];
    for refused in refused {
        assert_eq!((refused.code, refused.reason.as_str()), (Code::PermissionDenied, "NO_PERMISSION"));
    }
});

on_both!(a_request_id_that_is_no_uuid_is_a_violation, |world| async move {
    let patient = world.citizen_with_consent().await;
    let mut request = create_request(patient, to_hospital());
    request.request_id = request_id().replace('-', "");
    assert_eq!(refusal(world.referrals("nurse").create_referral(request).await).fields, ["request_id"]);
});
