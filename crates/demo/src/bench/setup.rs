//! What has to be there before something can be measured: a patient, a wound, visits, questions.

use anyhow::Context as _;
use samspil_client::Connection;
use samspil_kit::identity::demo;
use samspil_proto::{
    common::v1::Coding,
    directory::v1::{Consent, GrantConsentRequest, RegisterCitizenRequest},
    names::{PhotoName, VisitName, WoundName},
    time,
    wound::v1 as pb,
};
use uuid::Uuid;

use super::photos::Picture;

pub(crate) fn request_id() -> String {
    Uuid::new_v4().to_string()
}

pub(crate) fn organisation(sor: &str) -> String {
    format!("organisations/{sor}")
}

/// A patient who has consented, and a wound.
pub(crate) async fn wound(nurse: &Connection) -> anyhow::Result<WoundName> {
    let now = nurse.clock().now();
    // A number that no person has.
    let serial = Uuid::new_v4().as_u128() % 10_000;
    let request = RegisterCitizenRequest {
        person_number: format!("{:02}{:02}45{serial:04}", 1 + serial % 28, 1 + serial % 12),
        display_name: "Inger Prøvesen".to_owned(),
        municipality_code: "0766".to_owned(),
        request_id: request_id(),
    };
    let citizen = nurse.call(request, |s, r| async move { s.directory().register_citizen(r).await }).await?;
    let consent = Consent {
        organisations: [demo::MUNICIPALITY, demo::HOSPITAL].map(organisation).into(),
        document: "case 26/0815".to_owned(),
        given_time: Some(time::to_wire(now)),
        ..Consent::default()
    };
    let request =
        GrantConsentRequest { parent: citizen.name.clone(), consent: Some(consent), request_id: request_id() };
    nurse.call(request, |s, r| async move { s.directory().grant_consent(r).await }).await?;
    let site =
        Coding { system: "http://snomed.info/sct".to_owned(), code: "84607009".to_owned(), display: "Heel".to_owned() };
    let wound = pb::Wound {
        r#type: pb::WoundType::Ts6Pressure as i32,
        body_site: Some(site),
        laterality: pb::Laterality::Left as i32,
        label: "heel".to_owned(),
        ..pb::Wound::default()
    };
    let request = pb::OpenWoundRequest { parent: citizen.name, wound: Some(wound), request_id: request_id() };
    let wound = nurse.call(request, |s, r| async move { s.wound().open_wound(r).await }).await?;
    Ok(wound.name.parse()?)
}

/// A visit that announces photos, and their names.
pub(crate) async fn visit(
    nurse: &Connection,
    wound: &WoundName,
    pictures: &[Picture],
) -> anyhow::Result<(pb::Visit, Vec<PhotoName>)> {
    let (now, visit_id) = (nurse.clock().now(), Uuid::new_v4());
    let ids: Vec<_> = pictures.iter().map(|_| nurse.clock().id()).collect();
    let photos = pictures.iter().zip(&ids).map(|(picture, id)| picture.digest.announce(*id, now)).collect();
    let visit = pb::Visit { visit_time: Some(time::to_wire(now)), photos, ..pb::Visit::default() };
    let request = pb::CreateVisitRequest {
        parent: wound.to_string(),
        visit_id: visit_id.to_string(),
        visit: Some(visit),
        request_id: request_id(),
    };
    let visit = nurse.call(request, |s, r| async move { s.wound().create_visit(r).await }).await?;
    let of: VisitName = visit.name.parse()?;
    let names =
        ids.iter().map(|photo| PhotoName { patient: of.patient, wound: of.wound, visit: of.visit, photo: *photo });
    Ok((visit, names.collect()))
}

/// A visit without photos, complete: something to ask about.
pub(crate) async fn complete_visit(nurse: &Connection, wound: &WoundName) -> anyhow::Result<pb::Visit> {
    let (visit, _) = visit(nurse, wound, &[]).await?;
    let request = pb::CompleteVisitRequest { name: visit.name, etag: visit.etag, request_id: request_id() };
    Ok(nurse.call(request, |s, r| async move { s.wound().complete_visit(r).await }).await?)
}

/// A question about a visit, asked by the nurse and claimed by the specialist.
pub(crate) async fn claimed(
    nurse: &Connection,
    specialist: &Connection,
    wound: &WoundName,
    visit: &pb::Visit,
) -> anyhow::Result<pb::Assessment> {
    let question = pb::Assessment {
        visits: vec![visit.name.clone()],
        question: "Is the present dressing right, and may we stop offloading at night?".to_owned(),
        receiver: organisation(demo::HOSPITAL),
        ..pb::Assessment::default()
    };
    let request = pb::RequestAssessmentRequest {
        parent: wound.to_string(),
        assessment: Some(question),
        request_id: request_id(),
    };
    let asked = nurse.call(request, |s, r| async move { s.wound().request_assessment(r).await }).await?;
    let request = pb::ClaimAssessmentRequest { name: asked.name, etag: asked.etag, request_id: request_id() };
    let claimed = specialist.call(request, |s, r| async move { s.wound().claim_assessment(r).await }).await;
    claimed.context("a claim")
}
