//! What the tests share: a referral to write, and the calls in a line each.

use std::collections::HashMap;

use samspil_kit::identity::demo;
use samspil_proto::{
    common::v1::Coding,
    directory::v1::WithdrawConsentRequest,
    names::PatientName,
    referral::v1::{
        AcceptReferralRequest, CreateReferralRequest, GetReferralRequest, ReceiveReferralRequest, Referral,
        RejectReferralRequest, RejectionReason, SendReferralRequest, WithdrawReferralRequest,
    },
};
use samspil_testkit::{World, request_id};
use tonic::Status;

pub(crate) const UNKNOWN: &str = "0198f3a0-0000-7000-8000-000000000001";

pub(crate) fn organisation(sor: &str) -> String {
    format!("organisations/{sor}")
}

/// A referral to the hospital, as a nurse fills it in.
pub(crate) fn to_hospital() -> Referral {
    let coding = |code: &str, display: &str| Coding {
        system: "http://snomed.info/sct".to_owned(),
        code: code.to_owned(),
        display: display.to_owned(),
    };
    Referral {
        service: Some(coding("225395003", "wound assessment")),
        indications: vec![coding("280137006", "diabetic foot")],
        note: "No healing in four weeks.".to_owned(),
        receiver: organisation(demo::HOSPITAL),
        ..Referral::default()
    }
}

pub(crate) fn to_practice() -> Referral {
    Referral { receiver: organisation(demo::PRACTICE), ..to_hospital() }
}

pub(crate) fn create_request(patient: PatientName, referral: Referral) -> CreateReferralRequest {
    CreateReferralRequest { parent: patient.to_string(), referral: Some(referral), request_id: request_id() }
}

pub(crate) fn metadata(of: &[(&str, &str)]) -> HashMap<String, String> {
    of.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// Somebody who makes one call after the other.
pub(crate) struct By<'a>(pub(crate) &'a World, pub(crate) &'a str);

type Answer = Result<Referral, Status>;

impl By<'_> {
    pub(crate) async fn creates(&self, patient: PatientName, referral: Referral) -> Answer {
        let request = create_request(patient, referral);
        self.0.referrals(self.1).create_referral(request).await.map(tonic::Response::into_inner)
    }

    pub(crate) async fn gets(&self, name: &str) -> Answer {
        let request = GetReferralRequest { name: name.to_owned() };
        self.0.referrals(self.1).get_referral(request).await.map(tonic::Response::into_inner)
    }

    pub(crate) async fn sends(&self, name: &str) -> Answer {
        let request = SendReferralRequest { name: name.to_owned(), etag: String::new(), request_id: request_id() };
        self.0.referrals(self.1).send_referral(request).await.map(tonic::Response::into_inner)
    }

    pub(crate) async fn withdraws(&self, name: &str) -> Answer {
        let request = WithdrawReferralRequest {
            name: name.to_owned(),
            reason: "the wound has closed".to_owned(),
            etag: String::new(),
            request_id: request_id(),
        };
        self.0.referrals(self.1).withdraw_referral(request).await.map(tonic::Response::into_inner)
    }

    pub(crate) async fn receives(&self, name: &str) -> Answer {
        let request = ReceiveReferralRequest { name: name.to_owned(), etag: String::new(), request_id: request_id() };
        self.0.referrals(self.1).receive_referral(request).await.map(tonic::Response::into_inner)
    }

    pub(crate) async fn accepts(&self, name: &str) -> Answer {
        let request = AcceptReferralRequest {
            name: name.to_owned(),
            note: "Thursday at ten".to_owned(),
            etag: String::new(),
            request_id: request_id(),
        };
        self.0.referrals(self.1).accept_referral(request).await.map(tonic::Response::into_inner)
    }

    pub(crate) async fn rejects(&self, name: &str) -> Answer {
        let request = RejectReferralRequest {
            name: name.to_owned(),
            rejection_reason: RejectionReason::Capacity.into(),
            reason: "no room before May".to_owned(),
            etag: String::new(),
            request_id: request_id(),
        };
        self.0.referrals(self.1).reject_referral(request).await.map(tonic::Response::into_inner)
    }

    /// Writes one and sends it.
    pub(crate) async fn refers(&self, patient: PatientName, referral: Referral) -> Referral {
        let written = self.creates(patient, referral).await.unwrap();
        self.sends(&written.name).await.unwrap()
    }
}

/// Withdraws a consent, and waits until everybody knows.
pub(crate) async fn withdraw_consent(world: &World, consent: String) {
    let request = WithdrawConsentRequest { name: consent, etag: String::new(), request_id: request_id() };
    world.directory("nurse").withdraw_consent(request).await.unwrap();
    world.settle().await;
}
