//! Referrals tie organisations to wounds, open wounds, and warn. The events are written into the log of `referral` as that
//! service writes them.

use samspil_kit::identity::demo;
use samspil_proto::{
    names::PatientName,
    referral::v1::{ReferralAccepted, ReferralDeclined, ReferralSent},
    wound::v1::*,
};
use samspil_testkit::{World, on_both};
use uuid::Uuid;

use crate::help::*;

/// The name of a referral of a patient.
fn referral(patient: PatientName) -> String {
    format!("{patient}/referrals/{}", Uuid::new_v4())
}

async fn sent(world: &World, referral: &str, wound: &str) {
    let event = ReferralSent {
        sender: organisation(demo::MUNICIPALITY),
        receiver: organisation(demo::HOSPITAL),
        wound: wound.to_owned(),
        due_time: None,
    };
    tells(world, "referral", referral, &event).await;
}

async fn accepted_from(world: &World, sender: &str, referral: &str, wound: &str, code: (&str, &str)) {
    let event = ReferralAccepted {
        sender: organisation(sender),
        receiver: organisation(demo::HOSPITAL),
        wound: wound.to_owned(),
        service_code: code.0.to_owned(),
        service_system: code.1.to_owned(),
    };
    tells(world, "referral", referral, &event).await;
}

const ASSESSMENT: (&str, &str) = ("225395003", "http://snomed.info/sct");

async fn accepted(world: &World, referral: &str, wound: &str) {
    accepted_from(world, demo::MUNICIPALITY, referral, wound, ASSESSMENT).await;
}

on_both!(a_referral_shows_when_it_is_sent_and_lets_the_hospital_in_when_it_is_accepted, |world| async move {
    let patient = world.citizen_with_consent().await;
    let (nurse, specialist) = (by(&world, "nurse"), by(&world, "specialist"));
    let wound = nurse.opens(patient).await.unwrap();
    world.settle().await;
    let (mut stream, _) = nurse.watches(&wound.name, "").await.unwrap();
    let name = referral(patient);
    sent(&world, &name, &wound.name).await;
    let seen = nurse.gets_wound(&wound.name).await.unwrap();
    assert_eq!((&seen.referral, &seen.participants, seen.etag.as_str()), (&name, &wound.participants, "v2"));
    refused(specialist.gets_wound(&wound.name).await, "RESOURCE_NOT_FOUND");
    // A second one that is sent leaves the first where it is.
    sent(&world, &referral(patient), &wound.name).await;
    assert_eq!(nurse.gets_wound(&wound.name).await.unwrap().referral, name);

    accepted(&world, &name, &wound.name).await;
    let seen = specialist.gets_wound(&wound.name).await.unwrap();
    assert_eq!(seen.participants, [demo::MUNICIPALITY, demo::HOSPITAL].map(organisation));
    assert_eq!(seen.referral, name);
    for kind in ["WoundUpdated", "WoundReferred"] {
        let update = soon(stream.message()).await.unwrap().unwrap();
        assert_eq!((update.r#type, update.subject), (format!("samspil.wound.v1.{kind}"), wound.name.clone()));
    }
    let logged = events_come(&world, "WoundReferred", 1).await;
    assert!(logged[0].concerns(demo::HOSPITAL) && logged[0].concerns(demo::MUNICIPALITY));
    specialist.says(&wound.name, "thank you for the referral").await.unwrap();
    assert_eq!(events(&world, "WoundOpened").await.len(), 1, "none was opened for it");
});

on_both!(only_somebody_who_takes_part_ties_others_to_a_wound, |world| async move {
    let patient = world.citizen_with_consent().await;
    let wound = by(&world, "nurse").opens(patient).await.unwrap();
    accepted_from(&world, demo::PRACTICE, &referral(patient), &wound.name, ASSESSMENT).await;
    accepted(&world, &referral(patient), &format!("{patient}/wounds/{UNKNOWN}")).await;
    sent(&world, &referral(patient), "").await;
    assert_eq!(by(&world, "nurse").gets_wound(&wound.name).await.unwrap(), wound);
    refused(by(&world, "specialist").gets_wound(&wound.name).await, "RESOURCE_NOT_FOUND");
});

on_both!(an_accepted_referral_without_a_wound_opens_one_exactly_once, |world| async move {
    let patient = world.citizen_with_consent().await;
    let (nurse, specialist) = (by(&world, "nurse"), by(&world, "specialist"));
    let other = world.replica().await;
    let name = referral(patient);
    accepted(&world, &name, "").await;
    // Told again, and by another replica: the wound is there.
    accepted(&other, &name, "").await;
    let list = ListWoundsRequest { parent: patient.to_string(), ..ListWoundsRequest::default() };
    let listed = specialist.0.clone().list_wounds(list.clone()).await.unwrap().into_inner().wounds;
    let [wound] = listed.as_slice() else { panic!("{listed:?}") };
    assert_eq!((wound.owner.as_str(), wound.referral.as_str()), (organisation(demo::HOSPITAL).as_str(), name.as_str()));
    assert_eq!(wound.participants, [demo::HOSPITAL, demo::MUNICIPALITY].map(organisation));
    assert_eq!((wound.r#type(), wound.state()), (WoundType::Unspecified, WoundState::Open));
    assert_eq!(wound.opened_by.as_ref().unwrap().person, "service:wound");
    assert_eq!(nurse.0.clone().list_wounds(list).await.unwrap().into_inner().wounds, listed);
    let logged = events_come(&world, "WoundOpened", 1).await;
    let opened: WoundOpened = prost::Message::decode(logged[0].data.as_slice()).unwrap();
    assert_eq!((opened.owner.as_str(), opened.referral.as_str()), (wound.owner.as_str(), name.as_str()));

    // Whoever takes part says what it is; from then on it is for the owner.
    let told = Wound { r#type: WoundType::Ts7Venous.into(), ..heel() };
    let told = nurse.updates(&wound.name, told, &["type", "body_site", "laterality"]).await.unwrap();
    assert_eq!((told.r#type(), told.laterality()), (WoundType::Ts7Venous, Laterality::Left));
    let label = Wound { label: "x".to_owned(), ..Wound::default() };
    refused(nurse.updates(&wound.name, label.clone(), &["label"]).await, "NOT_THE_OWNER");
    specialist.updates(&wound.name, label, &["label"]).await.unwrap();
    // The municipality visits, the hospital answers.
    let visit = nurse.visits_with(&wound.name, &[]).await.name;
    let asked = nurse.requests(&visit).await.unwrap();
    specialist.claims(&asked.name).await.unwrap();
});

on_both!(only_a_referral_to_wound_assessment_opens_a_wound, |world| async move {
    let patient = world.citizen_with_consent().await;
    accepted_from(&world, demo::MUNICIPALITY, &referral(patient), "", ("225358003", "http://snomed.info/sct")).await;
    assert!(events(&world, "WoundOpened").await.is_empty());
    accepted_from(&world, demo::MUNICIPALITY, &referral(patient), "", ("ZZ0150A", "urn:oid:1.2.208.176.2.4")).await;
    events_come(&world, "WoundOpened", 1).await;
});

on_both!(a_declined_referral_warns_until_another_is_accepted, |world| async move {
    let patient = world.citizen_with_consent().await;
    let nurse = by(&world, "nurse");
    let wound = nurse.opens(patient).await.unwrap().name;
    let name = referral(patient);
    let declined = ReferralDeclined { wound: wound.clone(), approver: organisation(demo::PRACTICE) };
    tells(&world, "referral", &name, &declined).await;
    let flag = nurse.flags(&wound, FlagState::Raised).await.unwrap().remove(0);
    assert_eq!((flag.kind(), flag.cause.as_str()), (FlagKind::ReferralDeclined, name.as_str()));
    assert_eq!(flag.reason, format!("declined by {}", organisation(demo::PRACTICE)));
    accepted(&world, &referral(patient), &wound).await;
    assert_eq!(nurse.warned(&wound).await, []);
    tells(&world, "referral", &name, &ReferralDeclined { wound: String::new(), ..declined }).await;
    assert_eq!(nurse.warned(&wound).await, []);
});
