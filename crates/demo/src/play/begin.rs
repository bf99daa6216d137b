//! Citizen, consent, wound, referral.

use chrono::{DateTime, TimeDelta, Utc};
use samspil_client::Connection;
use samspil_kit::identity::demo;
use samspil_proto::{
    common::v1::Coding,
    directory::v1::{Citizen, Consent, GrantConsentRequest, RegisterCitizenRequest},
    referral::v1::{
        AcceptReferralRequest, CreateReferralRequest, Priority, ReceiveReferralRequest, Referral, SendReferralRequest,
    },
    time,
    wound::v1 as pb,
};
use uuid::Uuid;

use super::{organisation, request_id};
use crate::tell::Teller;

pub(super) async fn register(nurse: &Connection) -> anyhow::Result<Citizen> {
    // A number that no person has: the day does not tell, and each run has its own.
    let serial = Uuid::new_v4().as_u128() % 10_000;
    let request = RegisterCitizenRequest {
        person_number: format!("{:02}{:02}45{serial:04}", 1 + serial % 28, 1 + serial % 12),
        display_name: "Inger Prøvesen".to_owned(),
        municipality_code: "0766".to_owned(),
        request_id: request_id(),
    };
    Ok(nurse.call(request, |s, r| async move { s.directory().register_citizen(r).await }).await?)
}

pub(super) async fn consent(nurse: &Connection, citizen: &Citizen, now: DateTime<Utc>) -> anyhow::Result<Consent> {
    let consent = Consent {
        organisations: [demo::MUNICIPALITY, demo::HOSPITAL, demo::PRACTICE].map(organisation).into(),
        document: "case 26/0815".to_owned(),
        given_time: Some(time::to_wire(now)),
        ..Consent::default()
    };
    let request =
        GrantConsentRequest { parent: citizen.name.clone(), consent: Some(consent), request_id: request_id() };
    Ok(nurse.call(request, |s, r| async move { s.directory().grant_consent(r).await }).await?)
}

pub(super) async fn open_wound(nurse: &Connection, citizen: &Citizen, now: DateTime<Utc>) -> anyhow::Result<pb::Wound> {
    let site =
        Coding { system: "http://snomed.info/sct".to_owned(), code: "84607009".to_owned(), display: "Heel".to_owned() };
    let wound = pb::Wound {
        r#type: pb::WoundType::Ts6Pressure as i32,
        body_site: Some(site),
        laterality: pb::Laterality::Left as i32,
        onset_date: (now - TimeDelta::days(35)).format("%Y-%m-%d").to_string(),
        label: "heel".to_owned(),
        ..pb::Wound::default()
    };
    let request = pb::OpenWoundRequest { parent: citizen.name.clone(), wound: Some(wound), request_id: request_id() };
    Ok(nurse.call(request, |s, r| async move { s.wound().open_wound(r).await }).await?)
}

/// The hospital takes the patient on.
pub(super) async fn refer(
    nurse: &Connection,
    specialist: &Connection,
    citizen: &Citizen,
    wound: &pb::Wound,
    teller: &Teller,
) -> anyhow::Result<()> {
    let snomed = |code: &str, display: &str| Coding {
        system: "http://snomed.info/sct".to_owned(),
        code: code.to_owned(),
        display: display.to_owned(),
    };
    let referral = Referral {
        priority: Priority::Routine as i32,
        service: Some(snomed("225395003", "Wound assessment")),
        indications: vec![snomed("399912005", "Pressure ulcer")],
        note: "Does not heal under the present plan.".to_owned(),
        receiver: organisation(demo::HOSPITAL),
        wound: wound.name.clone(),
        ..Referral::default()
    };
    let request =
        CreateReferralRequest { parent: citizen.name.clone(), referral: Some(referral), request_id: request_id() };
    let referral = nurse.call(request, |s, r| async move { s.referral().create_referral(r).await }).await?;
    let request = SendReferralRequest { name: referral.name.clone(), etag: referral.etag, request_id: request_id() };
    let referral = nurse.call(request, |s, r| async move { s.referral().send_referral(r).await }).await?;
    teller.step("nurse", "sends a referral to Regionshospitalet Horsens");
    let request = ReceiveReferralRequest { name: referral.name.clone(), etag: referral.etag, request_id: request_id() };
    let referral = specialist.call(request, |s, r| async move { s.referral().receive_referral(r).await }).await?;
    let request = AcceptReferralRequest {
        name: referral.name,
        etag: referral.etag,
        note: String::new(),
        request_id: request_id(),
    };
    specialist.call(request, |s, r| async move { s.referral().accept_referral(r).await }).await?;
    teller.step("specialist", "accepts it: the hospital takes part in the wound");
    Ok(())
}
