//! An accepted referral ties its receiver to the wound.

use samspil_kit::identity::demo;
use samspil_proto::{
    common::v1::Coding,
    names::PatientName,
    referral::v1::{
        AcceptReferralRequest, CreateReferralRequest, ReceiveReferralRequest, Referral, SendReferralRequest,
    },
};
use samspil_testkit::{World, on_both, request_id};

use crate::help::*;

/// A referral to the hospital that the hospital has accepted.
async fn accepted(world: &World, patient: PatientName, wound: &str) -> String {
    let coding =
        |code: &str| Coding { system: "http://snomed.info/sct".to_owned(), code: code.to_owned(), ..Coding::default() };
    let referral = Referral {
        service: Some(coding("225395003")),
        indications: vec![coding("280137006")],
        receiver: organisation(demo::HOSPITAL),
        wound: wound.to_owned(),
        ..Referral::default()
    };
    let create =
        CreateReferralRequest { parent: patient.to_string(), referral: Some(referral), request_id: request_id() };
    let (mut nurse, mut specialist) = (world.referrals("nurse"), world.referrals("specialist"));
    let name = nurse.create_referral(create).await.unwrap().into_inner().name;
    let send = SendReferralRequest { name: name.clone(), request_id: request_id(), etag: String::new() };
    nurse.send_referral(send).await.unwrap();
    let receive = ReceiveReferralRequest { name: name.clone(), request_id: request_id(), etag: String::new() };
    specialist.receive_referral(receive).await.unwrap();
    let accept = AcceptReferralRequest { name: name.clone(), request_id: request_id(), ..Default::default() };
    specialist.accept_referral(accept).await.unwrap();
    world.settle().await;
    name
}

on_both!(an_accepted_referral_lets_the_hospital_take_part, |world| async move {
    let patient = world.citizen_with_consent().await;
    let (nurse, specialist) = (by(&world, "nurse"), by(&world, "specialist"));
    let wound = nurse.opens(patient).await.unwrap();
    world.settle().await;
    refused(specialist.gets_wound(&wound.name).await, "RESOURCE_NOT_FOUND");
    let (mut stream, _) = nurse.watches(&wound.name, "").await.unwrap();
    let referral = accepted(&world, patient, &wound.name).await;
    let seen = specialist.gets_wound(&wound.name).await.unwrap();
    assert_eq!(seen.participants, [demo::MUNICIPALITY, demo::HOSPITAL].map(organisation));
    assert_eq!(seen.referral, referral);
    assert_ne!(seen.etag, wound.etag);
    let update = soon(stream.message()).await.unwrap().unwrap();
    assert_eq!((update.r#type.as_str(), update.subject), ("samspil.wound.v1.WoundReferred", wound.name.clone()));
    let logged = events_come(&world, "WoundReferred", 1).await;
    assert!(logged[0].concerns(demo::HOSPITAL) && logged[0].concerns(demo::MUNICIPALITY));
    specialist.says(&wound.name, "thank you for the referral").await.unwrap();
});

on_both!(a_referral_without_a_wound_changes_none, |world| async move {
    let patient = world.citizen_with_consent().await;
    let wound = by(&world, "nurse").opens(patient).await.unwrap();
    accepted(&world, patient, "").await;
    assert_eq!(by(&world, "nurse").gets_wound(&wound.name).await.unwrap(), wound);
    refused(by(&world, "specialist").gets_wound(&wound.name).await, "RESOURCE_NOT_FOUND");
});
