//! The rules, without anything around them.

use samspil_kit::{Code, Error};

use super::*;

const STATES: [State; 7] = [
    State::Unspecified,
    State::Proposed,
    State::Sent,
    State::Received,
    State::Accepted,
    State::Rejected,
    State::Withdrawn,
];
const VERBS: [Verb; 5] = [Verb::Send, Verb::Withdraw, Verb::Receive, Verb::Accept, Verb::Reject];

const ALLOWED: [(State, Verb, State); 7] = [
    (State::Proposed, Verb::Send, State::Sent),
    (State::Sent, Verb::Receive, State::Received),
    (State::Received, Verb::Accept, State::Accepted),
    (State::Received, Verb::Reject, State::Rejected),
    (State::Proposed, Verb::Withdraw, State::Withdrawn),
    (State::Sent, Verb::Withdraw, State::Withdrawn),
    (State::Received, Verb::Withdraw, State::Withdrawn),
];

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
}

fn actor(sor: &str) -> Actor {
    Actor { person: format!("of-{sor}"), organisation: format!("organisations/{sor}"), ..Actor::default() }
}

fn patient() -> Uuid {
    Uuid::from_u128(1)
}

fn written() -> Referral {
    let name = ReferralName { patient: patient(), referral: Uuid::from_u128(2) };
    Referral::write(name, pb::Referral::default(), "222".to_owned(), actor("111"), at(0))
}

fn said(words: &str) -> Said {
    Said { words: words.to_owned(), ..Said::default() }
}

#[test]
fn every_verb_in_every_state_reaches_what_the_table_says_or_is_refused() {
    for state in STATES {
        for verb in VERBS {
            let mut referral = Referral { state, ..written() };
            let stepped = referral.step(verb, verb.side(), said("why"), actor("111"), at(1));
            match ALLOWED.iter().find(|(from, by, _)| (*from, *by) == (state, verb)) {
                Some((_, _, to)) => {
                    stepped.unwrap();
                    assert_eq!(referral.state, *to, "{state:?} {verb:?}");
                    assert_eq!(referral.history.last().unwrap().state(), *to, "{state:?} {verb:?}");
                }
                None => {
                    let Error::Refused(refused) = Error::from(stepped.unwrap_err()) else { panic!("not a refusal") };
                    assert_eq!((refused.code, refused.reason), (Code::FailedPrecondition, "REFERRAL_WRONG_STATE"));
                    assert_eq!(refused.metadata["state"], state.as_str_name());
                    assert_eq!(refused.metadata["verb"], verb.name());
                    assert_eq!((referral.state, referral.history.len()), (state, 1), "a refused step changes nothing");
                }
            }
        }
    }
}

#[test]
fn every_verb_is_refused_to_the_other_side_in_every_state() {
    for state in STATES {
        for verb in VERBS {
            let other = if verb.side() == Side::Sender { Side::Receiver } else { Side::Sender };
            let refused = Referral { state, ..written() }.step(verb, other, said(""), actor("222"), at(1)).unwrap_err();
            assert_eq!(refused, Refusal::NotYourSide { verb });
            assert_eq!(Error::from(refused).reason(), "NOT_YOUR_SIDE");
        }
    }
}

#[test]
fn the_receiver_knows_of_it_from_when_it_is_sent_and_nobody_else_ever() {
    let mut sent = written();
    assert_eq!((sent.side("111"), sent.side("222"), sent.side("333")), (Some(Side::Sender), None, None));
    assert_eq!(sent.watchers(), ["111"]);
    let mut never_sent = written();
    never_sent.step(Verb::Withdraw, Side::Sender, said("a mistake"), actor("111"), at(1)).unwrap();
    assert_eq!((never_sent.side("111"), never_sent.side("222")), (Some(Side::Sender), None));
    assert_eq!(never_sent.watchers(), ["111"]);
    for verb in [Verb::Send, Verb::Withdraw] {
        sent.step(verb, Side::Sender, said(""), actor("111"), at(2)).unwrap();
        assert_eq!((sent.side("222"), sent.side("333"), sent.side("")), (Some(Side::Receiver), None, None));
        assert_eq!(sent.watchers(), ["111", "222"]);
    }
}

#[test]
fn the_history_tells_every_step_with_who_when_and_why() {
    let mut referral = written();
    referral.step(Verb::Send, Side::Sender, said(""), actor("111"), at(1)).unwrap();
    referral.step(Verb::Receive, Side::Receiver, said(""), actor("222"), at(2)).unwrap();
    let no_room = Said { rejection_reason: RejectionReason::Capacity, words: "no room".to_owned() };
    referral.step(Verb::Reject, Side::Receiver, no_room, actor("222"), at(3)).unwrap();
    let told: Vec<_> = referral.history.iter().map(|step| (step.state(), step.time.unwrap().seconds)).collect();
    let second = |n| at(n).timestamp();
    assert_eq!(
        told,
        [
            (State::Proposed, second(0)),
            (State::Sent, second(1)),
            (State::Received, second(2)),
            (State::Rejected, second(3)),
        ]
    );
    let last = referral.history.last().unwrap();
    assert_eq!((last.rejection_reason(), last.reason.as_str()), (RejectionReason::Capacity, "no room"));
    assert_eq!(last.actor, Some(actor("222")));
    assert_eq!((referral.create_time, referral.update_time), (at(0), at(3)));
}

#[test]
fn a_referral_keeps_what_the_sender_fills_in_and_nothing_else() {
    let asked = pb::Referral {
        name: "patients/x".to_owned(),
        state: State::Accepted.into(),
        note: "words".to_owned(),
        sender: "organisations/333".to_owned(),
        history: vec![ReferralStep::default(); 3],
        etag: "v9".to_owned(),
        ..pb::Referral::default()
    };
    let name = ReferralName { patient: patient(), referral: Uuid::from_u128(2) };
    let referral = Referral::write(name, asked, "222".to_owned(), actor("111"), at(0));
    assert_eq!((referral.sender.as_str(), referral.state, referral.history.len()), ("111", State::Proposed, 1));
    let kept = pb::Referral {
        priority: Priority::Routine.into(),
        note: "words".to_owned(),
        referrer: Some(actor("111")),
        ..pb::Referral::default()
    };
    assert_eq!(referral.asked, kept);
}

#[test]
fn the_etag_of_an_older_version_is_refused() {
    let referral = Referral { version: 2, ..written() };
    referral.matches("").unwrap();
    referral.matches("v2").unwrap();
    for old in ["v1", "2", "v22"] {
        assert_eq!(referral.matches(old).unwrap_err().reason(), "ETAG_MISMATCH");
    }
}

#[test]
fn a_referral_to_oneself_about_another_patients_wound_has_two_faults() {
    let wound = |patient| WoundName { patient, wound: Uuid::from_u128(3) }.to_string();
    let asked = |receiver: &str, wound: String| pb::Referral {
        receiver: format!("organisations/{receiver}"),
        wound,
        ..pb::Referral::default()
    };
    let fields = |asked| faults(patient(), "111", &asked).into_iter().map(|fault| fault.field).collect::<Vec<_>>();
    assert!(fields(asked("222", String::new())).is_empty());
    assert!(fields(asked("222", wound(patient()))).is_empty());
    assert_eq!(fields(asked("111", wound(Uuid::from_u128(9)))), ["referral.receiver", "referral.wound"]);
    // The contract's pattern lets this one pass, but it is no name.
    assert_eq!(fields(asked("222", format!("patients/{0}/wounds/{0}", "-".repeat(36)))), ["referral.wound"]);
}
