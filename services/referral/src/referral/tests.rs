//! The rules of a referral, without a database.

use chrono::{DateTime, TimeDelta, Utc};
use samspil_kit::{Code, Error, deadlines::Deadlines};
use samspil_proto::{
    common::v1::{Actor, ClockState},
    names::WoundName,
    referral::v1::{Booking, Priority, ReferralState, RejectionReason, TriageDecision},
};
use uuid::Uuid;

use super::{asked::faults, sending::Glns, *};

fn at(hours: i64) -> DateTime<Utc> {
    "2026-11-18T08:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::hours(hours)
}

fn by(sor: &str, hours: i64) -> By {
    let actor = Actor { person: format!("of-{sor}"), organisation: format!("organisations/{sor}"), ..Actor::default() };
    By { actor, at: at(hours) }
}

fn patient() -> Uuid {
    Uuid::from_u128(1)
}

fn asked() -> pb::Referral {
    pb::Referral { receiver: "organisations/222".to_owned(), ..pb::Referral::default() }
}

fn written(asked: pb::Referral) -> Referral {
    Referral::write(ReferralName { patient: patient(), referral: Uuid::from_u128(2) }, asked, &by("111", 0))
}

fn received() -> Referral {
    let mut referral = written(asked());
    referral.send(Glns::default(), &by("111", 1), &Deadlines::danish()).unwrap();
    referral.receive(&by("222", 2)).unwrap();
    referral
}

#[test]
fn who_sees_it_grows_with_who_gets_it_and_never_shrinks() {
    let deadlines = Deadlines::danish();
    let mut referral = written(pb::Referral { approver: "organisations/444".to_owned(), ..asked() });
    assert_eq!(referral.seen_by(), ["111"]);
    referral.send_for_approval(Glns::default(), &by("111", 1), &deadlines).unwrap();
    assert_eq!(referral.seen_by(), ["111", "444"]);
    referral.approve(String::new(), Glns::default(), &by("444", 2), &deadlines).unwrap();
    assert_eq!(referral.seen_by(), ["111", "444", "222"]);
    referral.receive(&by("222", 3)).unwrap();
    // To the practice that approved it: it is a side twice, and sees it once.
    referral.forward("organisations/444", String::new(), "why".to_owned(), &by("222", 4), &deadlines).unwrap();
    assert_eq!(referral.seen_by(), ["111", "444", "222"]);
    referral.withdraw("over".to_owned(), &by("111", 5)).unwrap();
    assert_eq!(referral.seen_by(), ["111", "444", "222"]);
    assert!(referral.is_seen_by("222") && !referral.is_seen_by("333") && !referral.is_seen_by(""));
}

#[test]
fn a_step_is_sent_to_all_who_see_it_then_but_those_who_took_it() {
    let told: Vec<Vec<_>> = received()
        .body
        .history
        .iter()
        .map(|step| step.receipts.iter().map(|receipt| sor(&receipt.organisation).to_owned()).collect())
        .collect();
    assert_eq!(told, [vec![], vec!["222".to_owned()], vec!["111".to_owned()]]);
}

#[test]
fn a_refused_verb_says_where_the_referral_stands_and_changes_nothing() {
    let mut referral = received();
    let before = referral.body.clone();
    let Error::Refused(refused) = referral.complete(String::new(), vec![], &by("222", 3)).unwrap_err() else {
        panic!("not a refusal")
    };
    assert_eq!((refused.code, refused.reason), (Code::FailedPrecondition, "REFERRAL_WRONG_STATE"));
    assert_eq!(refused.metadata["state"], "REFERRAL_STATE_ACTIVE");
    assert_eq!(refused.metadata["triage_state"], "TRIAGE_STATE_RECEIVED");
    assert_eq!(refused.metadata["verb"], "complete");
    let other_side = referral.withdraw("over".to_owned(), &by("222", 3)).unwrap_err();
    assert_eq!(other_side.reason(), "NOT_YOUR_SIDE");
    assert_eq!((referral.stage, referral.body == before), (Stage::Received, true));
}

#[test]
fn nobody_can_say_that_the_patient_has_died() {
    for organisation in ["111", "222", ""] {
        assert_eq!(received().may(Verb::Die, organisation).unwrap_err().reason(), "NOT_YOUR_SIDE");
    }
}

#[test]
fn a_referral_that_ends_leaves_no_decision_open_and_undoes_none() {
    let mut open = received();
    open.withdraw("over".to_owned(), &by("111", 3)).unwrap();
    assert_eq!((open.stage.state(), open.triage_state()), (ReferralState::Revoked, TriageState::Cancelled));
    let mut rejected = received();
    rejected.reject(RejectionReason::Capacity, "full".to_owned(), None, &by("222", 3)).unwrap();
    rejected.withdraw("over".to_owned(), &by("111", 4)).unwrap();
    assert_eq!((rejected.stage.state(), rejected.triage_state()), (ReferralState::Revoked, TriageState::Rejected));
    let mut unsent = written(asked());
    unsent.withdraw("a slip".to_owned(), &by("111", 1)).unwrap();
    assert_eq!((unsent.triage_state(), unsent.seen_by().len()), (TriageState::Unspecified, 1));
}

#[test]
fn each_receiver_of_the_chain_keeps_what_it_decided() {
    let deadlines = Deadlines::danish();
    let mut referral = received();
    referral
        .forward("organisations/333", "5790".to_owned(), "an artery".to_owned(), &by("222", 3), &deadlines)
        .unwrap();
    referral.receive(&by("333", 4)).unwrap();
    referral.accept("come".to_owned(), &by("333", 5)).unwrap();
    let decided: Vec<_> = referral
        .body
        .triages
        .iter()
        .map(|triage| (sor(&triage.receiver), triage.state(), triage.decision(), triage.reason.as_str()))
        .collect();
    assert_eq!(
        decided,
        [
            ("222", TriageState::Completed, TriageDecision::Forward, "an artery"),
            ("333", TriageState::Accepted, TriageDecision::Accept, "come"),
        ]
    );
    assert_eq!((referral.body.receiver_gln.as_str(), referral.clock.is_none()), ("5790", true));
}

#[test]
fn two_reasons_to_stand_still_both_have_to_end() {
    let deadlines = Deadlines::danish();
    let mut referral = received();
    referral.ask_supplement("which?".to_owned(), &by("222", 3)).unwrap();
    referral.hold("away".to_owned(), &by("111", 4)).unwrap();
    assert_eq!(referral.running_until(), None);
    referral.answer_supplement("this".to_owned(), vec![], &by("111", 5), &deadlines).unwrap();
    assert_eq!(referral.clock.as_ref().unwrap().stop_reason(), "ON_HOLD");
    referral.resume_from_hold(&by("111", 6), &deadlines).unwrap();
    assert!(referral.running_until().is_some());
}

#[test]
fn another_priority_starts_the_clock_where_it_began_and_keeps_its_pauses() {
    let deadlines = Deadlines::danish();
    let mut referral = received();
    referral.ask_supplement("which?".to_owned(), &by("222", 3)).unwrap();
    referral.answer_supplement("this".to_owned(), vec![], &by("111", 5), &deadlines).unwrap();
    referral.change_priority(Priority::Urgent, "worse".to_owned(), &by("222", 6), &deadlines).unwrap();
    let clock = referral.clock.as_ref().unwrap();
    // Two opening hours of the first day stood still: two more of the day after the second.
    assert_eq!(clock.due(), "2026-11-23T09:00:00Z".parse::<DateTime<Utc>>().unwrap());
    let shown = clock.shown(at(6));
    assert_eq!((shown.state(), shown.pauses.len()), (ClockState::Running, 1));
}

#[test]
fn an_amendment_keeps_the_old_values_of_what_it_changed() {
    let deadlines = Deadlines::danish();
    let mask = |paths: &[&str]| prost_types::FieldMask { paths: paths.iter().map(|p| (*p).to_owned()).collect() };
    let mut referral = written(pb::Referral { note: "old".to_owned(), ..asked() });
    let to = pb::Referral { note: "new".to_owned(), receiver: "organisations/333".to_owned(), ..asked() };
    let event = referral.amend(&to, &mask(&["note", "receiver"]), String::new(), &by("111", 1), &deadlines).unwrap();
    assert_eq!(event.unwrap().fields, ["note", "receiver"]);
    let step = referral.body.history.last().unwrap();
    assert_eq!(step.before, Some(pb::Referral { note: "old".to_owned(), ..asked() }));
    let same = referral.amend(&to, &mask(&["note"]), String::new(), &by("111", 2), &deadlines).unwrap();
    assert_eq!((same, referral.body.history.len()), (None, 2));
}

#[test]
fn an_appointment_may_begin_now_and_not_before() {
    let mut referral = received();
    referral.accept(String::new(), &by("222", 3)).unwrap();
    let booking = |hours| Booking { start_time: Some(samspil_proto::time::to_wire(at(hours))), ..Booking::default() };
    referral.book(booking(4), &by("222", 4)).unwrap();
    assert!(matches!(referral.book(booking(4), &by("222", 5)), Err(Error::Invalid(_))));
    assert!(matches!(referral.book(Booking::default(), &by("222", 5)), Err(Error::Invalid(_))));
    assert_eq!(referral.body.booking.unwrap().booked_by, Some(by("222", 4).actor));
}

#[test]
fn a_wound_is_tied_once() {
    let mut referral = received();
    assert_eq!(referral.tie("patients/x/wounds/y", at(3)).unwrap().wound, "patients/x/wounds/y");
    assert!(referral.tie("patients/x/wounds/z", at(4)).is_none());
    assert_eq!((referral.body.wound.as_str(), referral.update_time), ("patients/x/wounds/y", at(3)));
}

#[test]
fn death_stops_the_clock_by_its_name_and_ends_nothing_twice() {
    let mut referral = written(pb::Referral { approver: "organisations/444".to_owned(), ..asked() });
    referral.send_for_approval(Glns::default(), &by("111", 1), &Deadlines::danish()).unwrap();
    let (stopped, withdrawn) = referral.die(at(2)).unwrap();
    assert_eq!((stopped.unwrap().clock.as_str(), withdrawn.cause.as_str()), ("approval", "DECEASED"));
    assert!(referral.die(at(3)).is_none());
    let (stopped, _) = written(asked()).die(at(2)).unwrap();
    assert_eq!(stopped, None, "nobody had to decide on a draft");
}

#[test]
fn the_etag_of_an_older_version_is_refused() {
    let referral = Referral { version: 2, ..received() };
    referral.matches("").unwrap();
    referral.matches("v2").unwrap();
    for old in ["v1", "2", "v22"] {
        assert_eq!(referral.matches(old).unwrap_err().reason(), "ETAG_MISMATCH");
    }
}

#[test]
fn what_is_wrong_with_a_referral_is_found_at_once() {
    let wound = |patient| WoundName { patient, wound: Uuid::from_u128(3) }.to_string();
    let asked = |receiver: &str, approver: &str, wound: String| pb::Referral {
        receiver: format!("organisations/{receiver}"),
        approver: approver.to_owned(),
        wound,
        ..pb::Referral::default()
    };
    let fields =
        |asked| faults(patient(), "organisations/111", &asked).into_iter().map(|fault| fault.field).collect::<Vec<_>>();
    assert!(fields(asked("222", "", String::new())).is_empty());
    assert!(fields(asked("222", "organisations/444", wound(patient()))).is_empty());
    assert_eq!(fields(asked("111", "", wound(Uuid::from_u128(9)))), ["referral.receiver", "referral.wound"]);
    assert_eq!(fields(asked("222", "organisations/222", String::new())), ["referral.approver"]);
    // The contract's pattern lets this one pass, but it is no name.
    assert_eq!(fields(asked("222", "", format!("patients/{0}/wounds/{0}", "-".repeat(36)))), ["referral.wound"]);
}
