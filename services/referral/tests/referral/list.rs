//! Inbox, outbox, and a patient's referrals.

use chrono::TimeDelta;
use samspil_kit::identity::demo;
use samspil_proto::referral::v1::{
    Box as Side, ListReferralsRequest, ListReferralsResponse, Priority, Referral, ReferralOrder, ReferralState,
    TriageState,
};
use samspil_store::audit;
use samspil_testkit::{World, on_both, refusal};
use tonic::{Code, Status};

use crate::help::*;

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
    settle(&world).await;
    let (nurse, gp) = (By(&world, "nurse"), By(&world, "gp"));
    let to_gp = nurse.refers(one, to_practice()).await.name;
    world.clock.advance(TimeDelta::minutes(1));
    let from_gp = gp.refers(other, to_hospital()).await.name;
    // Not moved on: of two at one time the id decides.
    let proposed_to_gp = nurse.creates(other, to_practice()).await.unwrap().name;
    let proposed_by_gp = gp.creates(one, to_hospital()).await.unwrap().name;
    let withdrawn_unsent = nurse.creates(one, to_practice()).await.unwrap().name;
    nurse.withdraws(&withdrawn_unsent, "a slip").await.unwrap();

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
    assert_eq!(names(&world, "gp", in_state(ReferralState::Active, "patients/-")).await, [from_gp, to_gp.clone()]);
    assert_eq!(names(&world, "gp", in_state(ReferralState::Proposed, &parent)).await, [proposed_by_gp]);
    assert_eq!(names(&world, "nurse", in_state(ReferralState::Revoked, "patients/-")).await, [withdrawn_unsent]);
    assert!(names(&world, "gp", in_state(ReferralState::Revoked, "patients/-")).await.is_empty());
});

on_both!(the_pages_put_together_are_the_list, |world| async move {
    let patient = world.citizen_with_consent().await;
    settle(&world).await;
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
    settle(&world).await;
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
        ("gp", ListReferralsRequest { state: ReferralState::Active.into(), ..next.clone() }),
        ("gp", ListReferralsRequest { triage_state: TriageState::Requested.into(), ..next.clone() }),
        ("gp", ListReferralsRequest { priority: Priority::Routine.into(), ..next.clone() }),
        ("gp", ListReferralsRequest { order: ReferralOrder::Changed.into(), ..next.clone() }),
        ("gp", ListReferralsRequest { due_before: wire("2027-01-01T00:00:00Z"), ..next.clone() }),
        ("gp", ListReferralsRequest { changed_since: wire("2026-01-01T00:00:00Z"), ..next.clone() }),
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
    settle(&world).await;
    assert_eq!(names(&world, "specialist", all()).await, [gone.clone(), kept.clone()]);
    withdraw_consent(&world, consent.name).await;
    assert_eq!(names(&world, "specialist", all()).await, [kept.as_str()]);
    assert_eq!(names(&world, "nurse", all()).await, [kept]);
    assert_eq!(refusal(list(&world, "nurse", of(&leaves.to_string())).await).reason, "NO_RELATION");
    // A new consent opens it again, whatever became of the old one.
    world.consent(leaves).await;
    settle(&world).await;
    assert_eq!(names(&world, "specialist", all()).await.first(), Some(&gone));
});

on_both!(a_patients_list_is_for_those_who_care_for_the_patient, |world| async move {
    let patient = world.citizen_with_consent().await;
    By(&world, "nurse").refers(patient, to_hospital()).await;
    settle(&world).await;
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
        triage_state: 99,
        priority: 99,
        order: 99,
        ..ListReferralsRequest::default()
    };
    assert_eq!(
        refusal(list(&world, "nurse", request).await).fields,
        ["parent", "box", "state", "page_size", "triage_state", "priority", "order"]
    );
    let no_id = of(&format!("patients/{}", "-".repeat(36)));
    assert_eq!(refusal(list(&world, "nurse", no_id).await).fields, ["parent"]);
});

on_both!(a_list_is_audited_once_for_each_patient_on_the_page, |world| async move {
    let (one, other) = (world.citizen_with_consent().await, world.citizen_with_consent().await);
    settle(&world).await;
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

/// The names of a list, read in pages of two.
async fn paged(world: &World, person: &str, request: ListReferralsRequest) -> Vec<String> {
    let mut request = ListReferralsRequest { page_size: 2, ..request };
    let mut read = Vec::new();
    loop {
        let page = list(world, person, request.clone()).await.unwrap();
        assert!(page.referrals.len() <= 2);
        read.extend(page.referrals.into_iter().map(|referral| referral.name));
        if page.next_page_token.is_empty() {
            return read;
        }
        request.page_token = page.next_page_token;
    }
}

on_both!(every_order_is_kept_from_page_to_page, |world| async move {
    let patient = world.citizen_with_consent().await;
    settle(&world).await;
    let (nurse, specialist) = (By(&world, "nurse"), By(&world, "specialist"));
    let mut sent = Vec::new();
    for priority in [Priority::Routine, Priority::Stat, Priority::Routine, Priority::Urgent, Priority::Asap] {
        let asked = Referral { priority: priority.into(), ..to_hospital() };
        sent.push(nurse.refers(patient, asked).await.name);
        world.clock.advance(TimeDelta::seconds(1));
    }
    // One that stands still and one that is decided have no running clock, and come last.
    nurse.holds(&sent[1], "the patient travels").await.unwrap();
    world.clock.advance(TimeDelta::seconds(1));
    specialist.receives(&sent[4]).await.unwrap();
    world.clock.advance(TimeDelta::seconds(1));
    specialist.accepts(&sent[4], "").await.unwrap();
    let ordered = |order: ReferralOrder| ListReferralsRequest { order: order.into(), ..all() };
    let pick = |places: [usize; 5]| places.map(|place| sent[place].clone());
    assert_eq!(paged(&world, "specialist", ordered(ReferralOrder::Unspecified)).await, pick([4, 3, 2, 1, 0]));
    assert_eq!(paged(&world, "specialist", ordered(ReferralOrder::Changed)).await, pick([0, 2, 3, 1, 4]));
    let due = paged(&world, "specialist", ordered(ReferralOrder::Due)).await;
    assert_eq!(due[0], sent[3], "urgent, and the only one of its day");
    assert_eq!(due[3..], [sent[1].clone(), sent[4].clone()], "equal times are decided by the id");
    let of_patient = ListReferralsRequest { parent: patient.to_string(), ..ordered(ReferralOrder::Due) };
    assert_eq!(paged(&world, "nurse", of_patient).await, due);
    for far in ["2100-01-01T00:00:00Z", "9999-12-31T23:59:59Z"] {
        let with_a_clock = ListReferralsRequest { due_before: wire(far), ..ordered(ReferralOrder::Due) };
        assert_eq!(paged(&world, "specialist", with_a_clock).await, due[..3], "what stands still is never due");
    }
});

on_both!(an_approver_and_a_former_receiver_keep_it_in_their_inbox, |world| async move {
    let patient = world.citizen().await;
    let all_of_them = [demo::MUNICIPALITY, demo::HOSPITAL, demo::OTHER_HOSPITAL, demo::PRACTICE];
    world.consent_to(patient, &all_of_them).await;
    settle(&world).await;
    let (nurse, specialist) = (By(&world, "nurse"), By(&world, "specialist"));
    let inbox = || ListReferralsRequest { r#box: Side::Inbox.into(), ..all() };
    let name = nurse.refers(patient, through_practice()).await.name;
    assert_eq!(names(&world, "gp", inbox()).await, [name.as_str()]);
    assert!(names(&world, "specialist", inbox()).await.is_empty());
    By(&world, "gp").approves(&name, "").await.unwrap();
    specialist.receives(&name).await.unwrap();
    specialist.forwards(&name, organisation(demo::OTHER_HOSPITAL), "there").await.unwrap();
    for person in ["gp", "specialist", "other_specialist"] {
        assert_eq!(names(&world, person, inbox()).await, [name.as_str()], "{person}");
    }
    assert!(names(&world, "nurse", inbox()).await.is_empty());
    let waiting = ListReferralsRequest { triage_state: TriageState::Requested.into(), ..inbox() };
    assert_eq!(names(&world, "specialist", waiting).await, [name.as_str()], "the present receiver's state counts");
});
