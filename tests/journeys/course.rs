//! A course of treatment, step by step.

use chrono::{DateTime, Utc};
use samspil_client::{
    Connection,
    queue::{Ask, PhotoDraft, VisitDraft},
};
use samspil_kit::identity::demo;
use samspil_phantom::{Metadata, Scene};
use samspil_proto::{
    common::v1::Coding,
    directory::v1::{Consent, GrantConsentRequest, RegisterCitizenRequest},
    names::{OrganisationName, WoundName},
    time,
    wound::v1 as pb,
};
use std::path::{Path, PathBuf};

pub(crate) fn request_id() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// A citizen with consent and an open wound.
pub(crate) async fn open_wound(nurse: &Connection) -> WoundName {
    let serial = uuid::Uuid::new_v4().as_u128() % 10_000;
    let request = RegisterCitizenRequest {
        person_number: format!("{:02}{:02}45{serial:04}", 1 + serial % 28, 1 + serial % 12),
        display_name: "Inger Testsen".to_owned(),
        municipality_code: "0766".to_owned(),
        request_id: request_id(),
    };
    let citizen = nurse.call(request, |s, r| async move { s.directory().register_citizen(r).await }).await.unwrap();
    let consent = Consent {
        organisations: [demo::MUNICIPALITY, demo::HOSPITAL, demo::PRACTICE]
            .map(|sor| format!("organisations/{sor}"))
            .into(),
        document: "case 26/1".to_owned(),
        given_time: Some(time::to_wire(nurse.clock().now())),
        ..Consent::default()
    };
    let request =
        GrantConsentRequest { parent: citizen.name.clone(), consent: Some(consent), request_id: request_id() };
    nurse.call(request, |s, r| async move { s.directory().grant_consent(r).await }).await.unwrap();
    let site =
        Coding { system: "http://snomed.info/sct".to_owned(), code: "84607009".to_owned(), display: "Heel".to_owned() };
    let wound = pb::Wound {
        r#type: pb::WoundType::Ts6Pressure as i32,
        body_site: Some(site),
        laterality: pb::Laterality::Left as i32,
        ..pb::Wound::default()
    };
    let request = pb::OpenWoundRequest { parent: citizen.name, wound: Some(wound), request_id: request_id() };
    let wound = nurse.call(request, |s, r| async move { s.wound().open_wound(r).await }).await.unwrap();
    wound.name.parse().unwrap()
}

/// Small photographs, each another, in a folder.
pub(crate) fn photographs(folder: &Path, seeds: std::ops::Range<u64>) -> Vec<PathBuf> {
    seeds
        .map(|seed| {
            let scene = Scene { width: 640, height: 480, ..Scene::visit(seed, 0) };
            let file = folder.join(format!("{seed}.jpg"));
            std::fs::write(&file, samspil_phantom::photograph(&scene, &Metadata::default()).0).unwrap();
            file
        })
        .collect()
}

/// A visit with photos and, if wanted, a question to the hospital.
pub(crate) fn visit(wound: WoundName, files: &[PathBuf], asks: bool, now: DateTime<Utc>) -> VisitDraft {
    VisitDraft {
        wound,
        visit_time: now,
        findings: pb::Findings { length_mm: Some(31), pain: Some(2), ..pb::Findings::default() },
        photos: files.iter().map(|file| PhotoDraft { file: file.clone(), capture_time: now }).collect(),
        ask: asks.then(|| Ask {
            question: "Is the dressing right?".to_owned(),
            priority: pb::AssessmentPriority::Routine,
            receiver: OrganisationName { sor: demo::HOSPITAL.to_owned() },
        }),
    }
}

/// Claims a question and signs an answer with one line of plan.
pub(crate) async fn answer(specialist: &Connection, name: &str) -> pb::Assessment {
    let request = pb::ClaimAssessmentRequest { name: name.to_owned(), etag: String::new(), request_id: request_id() };
    specialist.call(request, |s, r| async move { s.wound().claim_assessment(r).await }).await.unwrap();
    let answer = pb::Answer {
        findings: "Clean.".to_owned(),
        plan: vec![pb::PlanLine { text: "Go on".to_owned(), due_days: 3 }],
        ..pb::Answer::default()
    };
    let request = pb::AnswerAssessmentRequest {
        name: name.to_owned(),
        answer: Some(answer),
        etag: String::new(),
        request_id: request_id(),
    };
    specialist.call(request, |s, r| async move { s.wound().answer_assessment(r).await }).await.unwrap()
}
