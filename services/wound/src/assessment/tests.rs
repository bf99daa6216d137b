use samspil_proto::common::v1::{ClockStage, ClockState};
use samspil_store::clock::Times;

use super::*;

fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + minutes * 60, 0).unwrap()
}

fn actor(person: &str) -> Actor {
    Actor { person: person.to_owned(), ..Actor::default() }
}

/// A clock that is due after ten hours.
fn running() -> DueClock {
    let due = at(600);
    let times =
        Times { soon: at(300), due_day: at(400), due, escalate: at(700), escalate_to: "coordinator".to_owned() };
    DueClock::start(at(0), times)
}

fn requested() -> Assessment {
    Assessment {
        assessment_id: Uuid::nil(),
        wound_id: Uuid::nil(),
        patient_id: Uuid::nil(),
        state: State::Requested as i32,
        is_open: true,
        requester: "1".to_owned(),
        receiver: "2".to_owned(),
        priority: 1,
        dial: Dial::of(&running()),
        holder: String::new(),
        claim_expire: None,
        detail: Vec::new(),
        request_traceparent: String::new(),
        create_time: at(0),
        update_time: at(0),
        version: 1,
    }
}

/// An assessment in each state, the claimed one held by `a`.
fn each() -> [(Assessment, Detail); 5] {
    let mut claimed = requested();
    claimed.claim(actor("a"), at(1), TimeDelta::minutes(30)).unwrap();
    let mut awaiting = (claimed.clone(), Detail::default());
    awaiting.0.ask(&mut awaiting.1, "more".to_owned(), actor("a"), at(2)).unwrap();
    let mut answered = (claimed.clone(), Detail::default());
    answered.0.answer(&mut answered.1, pb::Answer::default(), actor("a"), at(2)).unwrap();
    let mut closed = answered.clone();
    closed.0.close(&mut closed.1, String::new(), at(3)).unwrap();
    [(requested(), Detail::default()), (claimed, Detail::default()), awaiting, answered, closed]
}

/// What becomes of it: the state that it reaches, or the reason of the refusal.
type Outcome = Result<State, Reason>;

#[test]
fn every_verb_in_every_state_reaches_its_state_or_is_refused_with_its_reason() {
    use Reason::*;
    type Verb = fn(&mut Assessment, &mut Detail) -> Result<(), Reason>;
    let claim: Verb = |a, _| a.claim(actor("a"), at(5), TimeDelta::minutes(30));
    let release: Verb = |a, _| a.release("a");
    let ask: Verb = |a, d| a.ask(d, "more".to_owned(), actor("a"), at(5));
    let supply: Verb = |a, d| a.supply(d, "here".to_owned(), String::new(), at(5));
    let answer: Verb = |a, d| a.answer(d, pb::Answer::default(), actor("a"), at(5));
    let amend: Verb = |a, d| a.amend(d, pb::Answer::default(), actor("a"), at(5), "typo".to_owned());
    let close: Verb = |a, d| a.close(d, "healed".to_owned(), at(5));
    // REQUESTED, CLAIMED, AWAITING_MORE, ANSWERED, CLOSED
    let table: [(&str, Verb, [Outcome; 5]); 7] = [
        (
            "claim",
            claim,
            [
                Ok(State::Claimed),
                Ok(State::Claimed),
                Err(AssessmentAwaitsMore),
                Err(AssessmentAnswered),
                Err(AssessmentEnded),
            ],
        ),
        (
            "release",
            release,
            [
                Err(AssessmentNotClaimed),
                Ok(State::Requested),
                Err(AssessmentAwaitsMore),
                Err(AssessmentAnswered),
                Err(AssessmentEnded),
            ],
        ),
        (
            "ask",
            ask,
            [
                Err(AssessmentNotClaimed),
                Ok(State::AwaitingMore),
                Err(AssessmentAwaitsMore),
                Err(AssessmentAnswered),
                Err(AssessmentEnded),
            ],
        ),
        (
            "supply",
            supply,
            [
                Err(NothingAskedFor),
                Err(NothingAskedFor),
                Ok(State::Requested),
                Err(AssessmentAnswered),
                Err(AssessmentEnded),
            ],
        ),
        (
            "answer",
            answer,
            [
                Err(AssessmentNotClaimed),
                Ok(State::Answered),
                Err(AssessmentAwaitsMore),
                Err(AssessmentAnswered),
                Err(AssessmentEnded),
            ],
        ),
        (
            "amend",
            amend,
            [
                Err(AssessmentNotAnswered),
                Err(AssessmentNotAnswered),
                Err(AssessmentNotAnswered),
                Ok(State::Answered),
                Ok(State::Closed),
            ],
        ),
        (
            "close",
            close,
            [Ok(State::Closed), Ok(State::Closed), Ok(State::Closed), Ok(State::Closed), Err(AssessmentEnded)],
        ),
    ];
    for (verb, act, outcomes) in table {
        for ((mut assessment, mut detail), expected) in each().into_iter().zip(outcomes) {
            let before = assessment.state();
            let outcome = act(&mut assessment, &mut detail).map(|()| assessment.state());
            assert_eq!(outcome, expected, "{verb} in {before:?}");
            let open = matches!(assessment.state(), State::Requested | State::Claimed | State::AwaitingMore);
            assert_eq!(assessment.is_open, open, "{verb} in {before:?}");
        }
    }
}

#[test]
fn a_claim_keeps_others_out_until_it_runs_out() {
    let lease = TimeDelta::minutes(30);
    let mut assessment = requested();
    assessment.claim(actor("a"), at(0), lease).unwrap();
    assert_eq!(assessment.claim(actor("b"), at(29), lease), Err(Reason::AssessmentClaimed));
    assert_eq!(assessment.release("b"), Err(Reason::AssessmentNotClaimed));
    assessment.claim(actor("a"), at(29), lease).unwrap();
    assert_eq!(assessment.claim(actor("b"), at(58), lease), Err(Reason::AssessmentClaimed));
    assessment.claim(actor("b"), at(59), lease).unwrap();
    let answered = assessment.answer(&mut Detail::default(), pb::Answer::default(), actor("a"), at(60));
    assert_eq!(answered, Err(Reason::AssessmentNotClaimed));
}

#[test]
fn the_clock_stands_still_while_the_specialist_waits_for_more() {
    let (mut assessment, mut detail) = (requested(), Detail::default());
    assessment.claim(actor("a"), at(100), TimeDelta::minutes(30)).unwrap();
    assessment.ask(&mut detail, "the heel".to_owned(), actor("a"), at(110)).unwrap();
    assert!(!assessment.to_wire(at(10_000)).unwrap().clock.unwrap().overdue);
    assessment.supply(&mut detail, "here".to_owned(), "visit".to_owned(), at(1110)).unwrap();
    assert_eq!(assessment.due_time, at(1600));
    assert!(!assessment.to_wire(at(1600)).unwrap().clock.unwrap().overdue);
    assert!(assessment.to_wire(at(1601)).unwrap().clock.unwrap().overdue);
    assert_eq!(
        (detail.more_requests[0].reply.as_str(), detail.visits.as_slice()),
        ("here", ["visit".to_owned()].as_slice())
    );
}

#[test]
fn an_amended_answer_keeps_the_old_version() {
    let [.., (mut assessment, mut detail), _] = each();
    let better = pb::Answer { findings: "better".to_owned(), version: 9, ..pb::Answer::default() };
    assessment.amend(&mut detail, better, actor("b"), at(9), "left for right".to_owned()).unwrap();
    let told: Vec<_> =
        detail.answers.iter().map(|a| (a.version, a.findings.as_str(), a.amend_reason.as_str())).collect();
    assert_eq!(told, [(1, "", ""), (2, "better", "left for right")]);
}
