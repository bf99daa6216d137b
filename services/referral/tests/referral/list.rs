//! Inbox, outbox, and a patient's referrals.

use chrono::TimeDelta;
use samspil_proto::referral::v1::{Box as Side, ListReferralsRequest, ListReferralsResponse, ReferralState};
use samspil_store::audit;
use samspil_testkit::{World, on_both, refusal};
use tonic::{Code, Status};

use crate::help::{By, UNKNOWN, to_hospital, to_practice, withdraw_consent};

fn all() -> ListReferralsRequest {
    of("patients/-")
}

fn of(parent: &str) -> ListReferralsRequest {
    ListReferralsRequest { parent: parent.to_owned(), ..ListReferralsRequest::default() }
}

async fn list(world: &World, person: &str, request: ListReferralsRequest) -> Result<ListReferralsResponse, Status> {
    world.referrals(person).list_referrals(request).await.map(tonic::Response::into_inner)
}

async fn names(world: &World, person: &str, request: ListReferralsRequest) -> Vec<String> {
    let page = list(world, person, request).await.unwrap();
    assert_eq!(page.next_page_token, "");
    page.referrals.into_iter().map(|referral| referral.name).collect()
}

on_both!(each_box_shows_one_side_of_the_desk_the_newest_first, |world| async move {
    let one = world.citizen_with_consent().await;
    let other = world.citizen_with_consent().await;
    world.settle().await;
    let (nurse, gp) = (By(&world, "nurse"), By(&world, "gp"));
    let to_gp = nurse.refers(one, to_practice()).await.name;
    world.clock.advance(TimeDelta::minutes(1));
    let from_gp = gp.refers(other, to_hospital()).await.name;
    // Not moved on: of two at one time the id decides.
    let proposed_to_gp = nurse.creates(other, to_practice()).await.unwrap().name;
    let proposed_by_gp = gp.creates(one, to_hospital()).await.unwrap().name;
    let withdrawn_unsent = nurse.creates(one, to_practice()).await.unwrap().name;
    nurse.withdraws(&withdrawn_unsent).await.unwrap();

    let boxed = |side: Side, parent: &str| ListReferralsRequest { r#box: side.into(), ..of(parent) };
    let both = [proposed_by_gp.clone(), from_gp.clone(), to_gp.clone()];
    assert_eq!(names(&world, "gp", all()).await, both);
    assert_eq!(names(&world, "gp", boxed(Side::Inbox, "patients/-")).await, [to_gp.as_str()]);
    assert_eq!(names(&world, "gp", boxed(Side::Outbox, "patients/-")).await, [proposed_by_gp.clone(), from_gp.clone()]);
    assert_eq!(names(&world, "specialist", all()).await, [from_gp.as_str()]);
    assert_eq!(names(&world, "nurse", all()).await, [withdrawn_unsent.clone(), proposed_to_gp.clone(), to_gp.clone()]);

    let parent = one.to_string();
    assert_eq!(names(&world, "gp", of(&parent)).await, [proposed_by_gp.clone(), to_gp.clone()]);
    assert_eq!(names(&world, "gp", boxed(Side::Inbox, &parent)).await, [to_gp.as_str()]);
    assert_eq!(names(&world, "gp", boxed(Side::Outbox, &parent)).await, [proposed_by_gp.as_str()]);
    assert!(names(&world, "specialist", of(&parent)).await.is_empty());

    let in_state = |state: ReferralState, parent: &str| ListReferralsRequest { state: state.into(), ..of(parent) };
    assert_eq!(names(&world, "gp", in_state(ReferralState::Sent, "patients/-")).await, [from_gp, to_gp.clone()]);
    assert_eq!(names(&world, "gp", in_state(ReferralState::Proposed, &parent)).await, [proposed_by_gp]);
    assert_eq!(names(&world, "nurse", in_state(ReferralState::Withdrawn, "patients/-")).await, [withdrawn_unsent]);
    assert!(names(&world, "gp", in_state(ReferralState::Withdrawn, "patients/-")).await.is_empty());
});

on_both!(the_pages_put_together_are_the_list, |world| async move {
    let patient = world.citizen_with_consent().await;
    world.settle().await;
    let mut written = Vec::new();
    for n in 0..7 {
        let (person, to) = if n % 2 == 0 { ("gp", to_hospital()) } else { ("nurse", to_practice()) };
        written.insert(0, By(&world, person).refers(patient, to).await.name);
        if n % 3 == 0 {
            world.clock.advance(TimeDelta::microseconds(1));
        }
    }
    for parent in ["patients/-", &patient.to_string()] {
        let mut request = ListReferralsRequest { page_size: 2, ..of(parent) };
        let mut read = Vec::new();
        loop {
            let page = list(&world, "gp", request.clone()).await.unwrap();
            assert!(page.referrals.len() <= 2);
            read.extend(page.referrals.into_iter().map(|referral| referral.name));
            if page.next_page_token.is_empty() {
                break;
            }
            request.page_token = page.next_page_token;
        }
        assert_eq!(read, written);
    }
});

on_both!(a_page_token_leads_on_in_its_own_list_alone, |world| async move {
    let patient = world.citizen_with_consent().await;
    world.settle().await;
    for _ in 0..2 {
        By(&world, "gp").refers(patient, to_hospital()).await;
    }
    let request = ListReferralsRequest { page_size: 1, ..all() };
    let page_token = list(&world, "gp", request.clone()).await.unwrap().next_page_token;
    let next = ListReferralsRequest { page_token: page_token.clone(), ..request.clone() };
    list(&world, "gp", next.clone()).await.unwrap();
    for (person, other) in [
        ("specialist", next.clone()),
        ("gp", ListReferralsRequest { parent: patient.to_string(), ..next.clone() }),
        ("gp", ListReferralsRequest { r#box: Side::Outbox.into(), ..next.clone() }),
        ("gp", ListReferralsRequest { state: ReferralState::Sent.into(), ..next.clone() }),
        ("gp", ListReferralsRequest { page_token: "nonsense".to_owned(), ..next }),
    ] {
        let refused = refusal(list(&world, person, other).await);
        assert_eq!((refused.code, refused.reason.as_str()), (Code::InvalidArgument, "PAGE_TOKEN_INVALID"));
    }
});

on_both!(a_list_leaves_out_patients_who_have_withdrawn_their_consent, |world| async move {
    let (stays, leaves) = (world.citizen().await, world.citizen().await);
    world.consent(stays).await;
    let consent = world.consent(leaves).await;
    let kept = By(&world, "nurse").refers(stays, to_hospital()).await.name;
    let gone = By(&world, "nurse").refers(leaves, to_hospital()).await.name;
    world.settle().await;
    assert_eq!(names(&world, "specialist", all()).await, [gone.clone(), kept.clone()]);
    withdraw_consent(&world, consent.name).await;
    assert_eq!(names(&world, "specialist", all()).await, [kept.as_str()]);
    assert_eq!(names(&world, "nurse", all()).await, [kept]);
    assert_eq!(refusal(list(&world, "nurse", of(&leaves.to_string())).await).reason, "NO_RELATION");
    // A new consent opens it again, whatever became of the old one.
    world.consent(leaves).await;
    world.settle().await;
    assert_eq!(names(&world, "specialist", all()).await.first(), Some(&gone));
});

on_both!(a_patients_list_is_for_those_who_care_for_the_patient, |world| async move {
    let patient = world.citizen_with_consent().await;
    By(&world, "nurse").refers(patient, to_hospital()).await;
    world.settle().await;
    for parent in [patient.to_string(), format!("patients/{UNKNOWN}")] {
        let refused = refusal(list(&world, "outsider", of(&parent)).await);
        assert_eq!((refused.code, refused.reason.as_str()), (Code::PermissionDenied, "NO_RELATION"));
    }
    assert!(names(&world, "outsider", all()).await.is_empty());
    assert_eq!(refusal(list(&world, "administrator", all()).await).reason, "NO_PERMISSION");
});

on_both!(everything_that_is_wrong_with_a_list_is_said_at_once, |world| async move {
    let request = ListReferralsRequest {
        parent: "patients/x".to_owned(),
        r#box: 9,
        state: 99,
        page_size: 1001,
        page_token: String::new(),
    };
    assert_eq!(refusal(list(&world, "nurse", request).await).fields, ["parent", "box", "state", "page_size"]);
    let no_id = of(&format!("patients/{}", "-".repeat(36)));
    assert_eq!(refusal(list(&world, "nurse", no_id).await).fields, ["parent"]);
});

on_both!(a_list_is_audited_once_for_each_patient_on_the_page, |world| async move {
    let (one, other) = (world.citizen_with_consent().await, world.citizen_with_consent().await);
    world.settle().await;
    for patient in [one, one, other] {
        By(&world, "nurse").refers(patient, to_hospital()).await;
    }
    names(&world, "specialist", all()).await;
    // Also an empty list tells something of its patient.
    names(&world, "gp", of(&one.to_string())).await;
    let mut tx = world.dbs["referral"].read().await.unwrap();
    for (patient, readers) in [(one, vec!["demo-gp", "demo-specialist"]), (other, vec!["demo-specialist"])] {
        let mut entries = audit::of_patient(&mut tx, patient.patient, 100).await.unwrap();
        entries.retain(|entry| entry.action.ends_with("/ListReferrals"));
        let seen: Vec<_> =
            entries.iter().map(|e| (e.person.as_str(), e.resource.clone(), e.outcome.as_str())).collect();
        let expected: Vec<_> = readers.into_iter().map(|reader| (reader, patient.to_string(), "OK")).collect();
        assert_eq!(seen, expected);
    }
});
