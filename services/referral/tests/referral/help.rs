//! What the tests share: referrals to write, and the calls in a line each.

use std::{collections::HashMap, time::Duration};

use chrono::{DateTime, Utc};
use samspil_kit::identity::demo;
use samspil_proto::{
    common::v1::Coding,
    directory::v1::{Presence, PresenceChanged, WithdrawConsentRequest},
    names::PatientName,
    referral::v1::*,
    time,
    wound::v1::{Laterality, OpenWoundRequest, Wound, WoundType},
};
use samspil_store::{cursors, event_log, outbox, sql};
use samspil_testkit::{World, request_id};
use tonic::{Code, Status, Streaming};

/// The id of nothing.
pub(crate) const UNKNOWN: &str = "0198f3a0-0000-7000-8000-000000000001";

pub(crate) fn organisation(sor: &str) -> String {
    format!("organisations/{sor}")
}

pub(crate) fn snomed(code: &str, display: &str) -> Coding {
    Coding { system: "http://snomed.info/sct".to_owned(), code: code.to_owned(), display: display.to_owned() }
}

/// A referral to the hospital, as a nurse fills it in.
pub(crate) fn to_hospital() -> Referral {
    Referral {
        // Not an assessment: the wound service would open a wound for one, in its own time.
        service: Some(snomed("225358003", "wound care")),
        indications: vec![snomed("280137006", "diabetic foot")],
        note: "No healing in four weeks.".to_owned(),
        receiver: organisation(demo::HOSPITAL),
        ..Referral::default()
    }
}

pub(crate) fn to_practice() -> Referral {
    Referral { receiver: organisation(demo::PRACTICE), ..to_hospital() }
}

/// One that the general practice has to let go out.
pub(crate) fn through_practice() -> Referral {
    Referral { approver: organisation(demo::PRACTICE), ..to_hospital() }
}

pub(crate) fn create_request(patient: PatientName, referral: Referral) -> CreateReferralRequest {
    CreateReferralRequest { parent: patient.to_string(), referral: Some(referral), request_id: request_id() }
}

pub(crate) fn metadata(of: &[(&str, &str)]) -> HashMap<String, String> {
    of.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

pub(crate) fn wire(time: &str) -> Option<prost_types::Timestamp> {
    Some(time::to_wire(at(time)))
}

pub(crate) fn at(time: &str) -> DateTime<Utc> {
    time.parse().unwrap()
}

/// Somebody who makes one call after the other.
#[derive(Clone, Copy)]
pub(crate) struct By<'a>(pub(crate) &'a World, pub(crate) &'a str);

pub(crate) type Said<T> = Result<T, Status>;

macro_rules! verbs {
    ($($verb:ident = $rpc:ident($request:ident { $($field:ident: $type:ty),* });)*) => {
        impl By<'_> {
            $(pub(crate) async fn $verb(&self, name: &str, $($field: $type),*) -> Said<Referral> {
                let request = $request {
                    name: name.to_owned(),
                    $($field: $field.into(),)*
                    request_id: request_id(),
                    ..Default::default()
                };
                self.0.referrals(self.1).$rpc(request).await.map(tonic::Response::into_inner)
            })*
        }
    };
}

verbs! {
    sends = send_referral(SendReferralRequest {});
    approves = approve_referral(ApproveReferralRequest { note: &str });
    declines = decline_referral(DeclineReferralRequest { reason: &str });
    withdraws = withdraw_referral(WithdrawReferralRequest { reason: &str });
    replaces = replace_referral(ReplaceReferralRequest { referral: Referral, reason: &str });
    holds = hold_referral(HoldReferralRequest { reason: &str });
    resumes = resume_referral(ResumeReferralRequest {});
    receives = receive_referral(ReceiveReferralRequest {});
    accepts = accept_referral(AcceptReferralRequest { note: &str });
    rejects = reject_referral(RejectReferralRequest { rejection_reason: RejectionReason, reason: &str });
    forwards = forward_referral(ForwardReferralRequest { receiver: String, reason: &str });
    changes_priority = change_referral_priority(ChangeReferralPriorityRequest { priority: Priority, reason: &str });
    asks = ask_supplement(AskSupplementRequest { question: &str });
    answers = answer_supplement(AnswerSupplementRequest { answer: &str, attachments: Vec<String> });
    books = book_referral(BookReferralRequest { booking: Booking });
    cancels_booking = cancel_booking(CancelBookingRequest { reason: &str });
    completes = complete_referral(CompleteReferralRequest { letter: &str, attachments: Vec<String> });
}

impl By<'_> {
    pub(crate) async fn creates(&self, patient: PatientName, referral: Referral) -> Said<Referral> {
        let request = create_request(patient, referral);
        self.0.referrals(self.1).create_referral(request).await.map(tonic::Response::into_inner)
    }

    pub(crate) async fn gets(&self, name: &str) -> Said<Referral> {
        let request = GetReferralRequest { name: name.to_owned() };
        self.0.referrals(self.1).get_referral(request).await.map(tonic::Response::into_inner)
    }

    pub(crate) async fn amends(&self, name: &str, fields: &[&str], to: Referral, reason: &str) -> Said<Referral> {
        let request = AmendReferralRequest {
            name: name.to_owned(),
            referral: Some(to),
            update_mask: Some(prost_types::FieldMask { paths: fields.iter().map(|f| (*f).to_owned()).collect() }),
            reason: reason.to_owned(),
            request_id: request_id(),
            ..AmendReferralRequest::default()
        };
        self.0.referrals(self.1).amend_referral(request).await.map(tonic::Response::into_inner)
    }

    /// Writes one and sends it.
    pub(crate) async fn refers(&self, patient: PatientName, referral: Referral) -> Referral {
        let written = self.creates(patient, referral).await.unwrap();
        self.sends(&written.name).await.unwrap()
    }

    pub(crate) async fn lists(&self, request: ListReferralsRequest) -> Said<ListReferralsResponse> {
        self.0.referrals(self.1).list_referrals(request).await.map(tonic::Response::into_inner)
    }

    /// Watches from a cursor, and gives the cursor that the stream begins at.
    pub(crate) async fn watches(&self, cursor: &str) -> (Streaming<ReferralUpdate>, String) {
        let request = WatchReferralsRequest { cursor: cursor.to_owned() };
        let mut updates = self.0.referrals(self.1).watch_referrals(request).await.unwrap().into_inner();
        let first = next(&mut updates).await;
        assert_eq!((first.r#type.as_str(), first.referral), ("", None));
        (updates, first.cursor)
    }

    pub(crate) async fn opens_wound(&self, patient: PatientName) -> String {
        let wound = Wound {
            r#type: WoundType::Ts2DiabeticFoot.into(),
            body_site: Some(snomed("84607009", "heel")),
            laterality: Laterality::Left.into(),
            ..Wound::default()
        };
        let request = OpenWoundRequest { parent: patient.to_string(), wound: Some(wound), request_id: request_id() };
        self.0.wounds(self.1).open_wound(request).await.unwrap().into_inner().name
    }
}

/// A referral that the hospital has confirmed.
pub(crate) async fn received(world: &World, patient: PatientName) -> String {
    let name = By(world, "nurse").refers(patient, to_hospital()).await.name;
    By(world, "specialist").receives(&name).await.unwrap();
    name
}

/// A referral that the hospital has accepted.
pub(crate) async fn accepted(world: &World, patient: PatientName) -> String {
    let name = received(world, patient).await;
    By(world, "specialist").accepts(&name, "").await.unwrap();
    name
}

/// What ought to come soon. A test that waits in vain fails, it does not hang.
pub(crate) async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), what).await.expect("this ought to have come by now")
}

pub(crate) async fn next(updates: &mut Streaming<ReferralUpdate>) -> ReferralUpdate {
    soon(updates.message()).await.unwrap().expect("an update before the end")
}

/// An update's type, short, and its referral's name.
pub(crate) fn told(update: &ReferralUpdate) -> (&str, &str) {
    (update.r#type.rsplit('.').next().unwrap(), update.referral.as_ref().map_or("", |referral| referral.name.as_str()))
}

/// An event as the log has it: its type, short; its subject; who may watch it; its payload.
#[derive(Debug)]
pub(crate) struct Logged {
    pub(crate) r#type: String,
    pub(crate) subject: String,
    pub(crate) organisations: Vec<String>,
    data: Vec<u8>,
}

impl Logged {
    pub(crate) fn payload<M: prost::Message + Default>(&self) -> M {
        M::decode(self.data.as_slice()).unwrap()
    }
}

/// What this service follows of others.
const FOLLOWED: [(&str, &[&str]); 2] = [
    ("directory", &[".ConsentGranted", ".ConsentWithdrawn", ".BlockPlaced", ".PresenceChanged"]),
    ("wound", &[".WoundOpened"]),
];

/// Waits until this service has told all that it has done, and has heard all that others have told. What others make of
/// what it tells is theirs to test.
pub(crate) async fn settle(world: &World) {
    soon(async {
        while !is_settled(world).await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}

async fn is_settled(world: &World) -> bool {
    for service in ["directory", "wound", "referral"] {
        let mut tx = world.dbs[service].read().await.unwrap();
        let (waiting,) = sql!(&mut tx, fetch_one as (i64,), "SELECT COUNT(*) FROM outbox").unwrap();
        if waiting > 0 {
            return false;
        }
    }
    for (source, types) in FOLLOWED {
        let logged = event_log::read(&world.dbs[source], 0, 1_000_000).await.unwrap();
        let wanted = logged.iter().rfind(|event| types.iter().any(|followed| event.r#type.ends_with(followed)));
        let mut tx = world.dbs["referral"].read().await.unwrap();
        let heard = cursors::get(&mut tx, &format!("referral<{source}")).await.unwrap();
        if wanted.is_some_and(|event| event.sequence > heard) {
            return false;
        }
    }
    true
}

/// The events so far.
pub(crate) async fn events(world: &World) -> Vec<Logged> {
    settle(world).await;
    let logged = event_log::read(&world.dbs["referral"], 0, 1000).await.unwrap();
    let logged = logged.into_iter().map(|event| Logged {
        r#type: event.r#type.rsplit('.').next().unwrap().to_owned(),
        subject: event.subject,
        organisations: event.organisations.split_whitespace().map(str::to_owned).collect(),
        data: event.data,
    });
    logged.collect()
}

/// The types of the events so far.
pub(crate) async fn event_types(world: &World) -> Vec<String> {
    events(world).await.into_iter().map(|event| event.r#type).collect()
}

/// Waits until the log holds so many events of a type, and gives them.
pub(crate) async fn events_come(world: &World, r#type: &str, count: usize) -> Vec<Logged> {
    soon(async {
        loop {
            let mut found = events(world).await;
            found.retain(|event| event.r#type == r#type);
            if found.len() >= count {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await
}

/// Withdraws a consent, and waits until everybody knows.
pub(crate) async fn withdraw_consent(world: &World, consent: String) {
    let request = WithdrawConsentRequest { name: consent, etag: String::new(), request_id: request_id() };
    world.directory("nurse").withdraw_consent(request).await.unwrap();
    settle(world).await;
}

/// Has another service tell something, as its own use case would.
pub(crate) async fn tell<E: prost::Message + prost::Name>(world: &World, service: &str, subject: &str, event: &E) {
    let mut tx = world.dbs[service].begin().await.unwrap();
    let new = outbox::NewEvent {
        id: world.clock.id(),
        r#type: &E::full_name(),
        subject,
        organisations: &[],
        time: world.clock.now(),
        traceparent: "",
        data: event.encode_to_vec(),
    };
    outbox::put(&mut tx, new).await.unwrap();
    tx.commit().await.unwrap();
    settle(world).await;
}

/// Has `directory` tell where a patient is.
pub(crate) async fn is_now(world: &World, patient: PatientName, presence: Presence) {
    let event = PresenceChanged {
        presence: presence.into(),
        time: Some(time::to_wire(world.clock.now())),
        ..PresenceChanged::default()
    };
    tell(world, "directory", &patient.to_string(), &event).await;
}

/// What a refusal was about.
#[track_caller]
pub(crate) fn refused<T: std::fmt::Debug>(answer: Said<T>, code: Code, reason: &str) -> HashMap<String, String> {
    let refusal = samspil_testkit::refusal(answer);
    assert_eq!((refusal.code, refusal.reason.as_str()), (code, reason));
    refusal.metadata
}
