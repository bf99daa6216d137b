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
        wound_type: 2,
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

/// An assessment with what its row keeps whole.
type Case = (Assessment, Detail, DueClock);

fn ask((assessment, detail, clock): &mut Case, at: DateTime<Utc>) -> Result<(), Reason> {
    assessment.ask((detail, clock), "more".to_owned(), actor("a"), at)
}

fn answer((assessment, detail, clock): &mut Case, at: DateTime<Utc>) -> Result<(), Reason> {
    assessment.answer((detail, clock), pb::Answer::default(), actor("a"), at)
}

fn close((assessment, detail, clock): &mut Case, reason: &str, at: DateTime<Utc>) -> Result<(), Reason> {
    assessment.close((detail, clock), reason.to_owned(), at)
}

/// An assessment in each state, the claimed one held by `a`.
fn each() -> [Case; 5] {
    let new = (requested(), Detail::default(), running());
    let mut claimed = new.clone();
    claimed.0.claim(actor("a"), at(1), TimeDelta::minutes(30)).unwrap();
    let mut awaiting = claimed.clone();
    ask(&mut awaiting, at(2)).unwrap();
    let mut answered = claimed.clone();
    answer(&mut answered, at(2)).unwrap();
    let mut closed = answered.clone();
    close(&mut closed, "", at(3)).unwrap();
    [new, claimed, awaiting, answered, closed]
}

/// What becomes of it: the state that it reaches, or the reason of the refusal.
type Outcome = Result<State, Reason>;

#[test]
fn every_verb_in_every_state_reaches_its_state_or_is_refused_with_its_reason() {
    use Reason::*;
    type Verb = fn(&mut Case) -> Result<(), Reason>;
    let claim: Verb = |case| case.0.claim(actor("a"), at(5), TimeDelta::minutes(30));
    let release: Verb = |case| case.0.release("a");
    let ask: Verb = |case| ask(case, at(5));
    let supply: Verb = |(a, d, _)| a.supply(d, "here".to_owned(), String::new(), at(5));
    let answer: Verb = |case| answer(case, at(5));
    let amend: Verb = |(a, d, _)| a.amend(d, pb::Answer::default(), actor("a"), at(5), "typo".to_owned());
    let close: Verb = |case| close(case, "healed", at(5));
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
        for (mut case, expected) in each().into_iter().zip(outcomes) {
            let before = case.0.state();
            let outcome = act(&mut case).map(|()| case.0.state());
            assert_eq!(outcome, expected, "{verb} in {before:?}");
            let open = matches!(case.0.state(), State::Requested | State::Claimed | State::AwaitingMore);
            assert_eq!(case.0.is_open, open, "{verb} in {before:?}");
            // The clock stands still while the specialist waits, and has stopped once nobody does. An accepted reply lets it
            // go on by the calendar, which is not the model's to know.
            if outcome.is_ok() && verb != "supply" {
                let waits = case.0.state() == State::AwaitingMore;
                let runs = matches!(case.0.state(), State::Requested | State::Claimed);
                assert_eq!((case.2.is_running(), case.2.is_stopped()), (runs, !runs && !waits), "{verb} in {before:?}");
            }
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
    let mut case = (assessment, Detail::default(), running());
    assert_eq!(answer(&mut case, at(60)), Err(Reason::AssessmentNotClaimed));
}

#[test]
fn the_row_tells_the_clock_by_which_it_is_searched() {
    let mut clock = running();
    clock.ring(at(450));
    let dial = Dial::of(&clock);
    assert_eq!((dial.due_time, dial.alarm_time), (at(600), Some(at(600))));
    assert_eq!(dial.stage, ClockStage::Due as i32);
    assert_eq!([dial.soon_time, dial.due_day_time, dial.escalate_time], [300, 400, 700].map(|m| Some(at(m))));
    clock.pause("AWAITING_MORE", at(500));
    assert_eq!(Dial::of(&clock).alarm_time, None);
}

#[test]
fn a_row_from_before_is_wound_up_from_what_it_tells() {
    let deadlines = samspil_kit::deadlines::Deadlines::danish();
    let wound_up = |(mut assessment, detail, _): Case| {
        assessment.dial = Dial { due_time: at(600), ..Dial::default() };
        assessment.detail = detail.encode_to_vec();
        let clock = assessment.clock(&deadlines).unwrap().shown(at(0));
        assert_eq!(clock.due_time, Some(time::to_wire(at(600))));
        (clock.state(), clock.stop_reason, clock.stop_time.as_ref().and_then(time::from_wire))
    };
    let [new, claimed, awaiting, answered, closed] = each();
    let mut taken_back = new.clone();
    close(&mut taken_back, "healed", at(3)).unwrap();
    taken_back.0.update_time = at(3);
    let told = [new, claimed, awaiting, answered, closed, taken_back].map(wound_up);
    let expected = [
        (ClockState::Running, "", None),
        (ClockState::Running, "", None),
        (ClockState::Paused, "AWAITING_MORE", Some(at(2))),
        (ClockState::Stopped, "ANSWERED", Some(at(2))),
        (ClockState::Stopped, "ANSWERED", Some(at(2))),
        (ClockState::Stopped, "CLOSED", Some(at(3))),
    ];
    assert_eq!(told, expected.map(|(state, reason, at)| (state, reason.to_owned(), at)));
}

#[test]
fn an_amended_answer_keeps_the_old_version() {
    let [.., (mut assessment, mut detail, _), _] = each();
    let better = pb::Answer { findings: "better".to_owned(), version: 9, ..pb::Answer::default() };
    assessment.amend(&mut detail, better, actor("b"), at(9), "left for right".to_owned()).unwrap();
    let told: Vec<_> =
        detail.answers.iter().map(|a| (a.version, a.findings.as_str(), a.amend_reason.as_str())).collect();
    assert_eq!(told, [(1, "", ""), (2, "better", "left for right")]);
}
