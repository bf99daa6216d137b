use chrono::TimeDelta;

use super::*;

fn at(hours: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap() + TimeDelta::hours(hours)
}

/// Soon after 10 hours, due that day from 20, due at 24, escalated at 30.
fn clock() -> DueClock {
    let times =
        Times { soon: at(10), due_day: at(20), due: at(24), escalate: at(30), escalate_to: "coordinator".to_owned() };
    DueClock::start(at(0), times)
}

fn shifted(stopped: DateTime<Utc>, resumed: DateTime<Utc>, time: DateTime<Utc>) -> Result<DateTime<Utc>, ()> {
    Ok(time + (resumed - stopped))
}

#[test]
fn each_stage_rings_once_in_order() {
    use ClockStage::{Due, Escalated, Overdue, Soon};
    let mut clock = clock();
    assert_eq!((clock.stage(), clock.alarm_time()), (ClockStage::OnTime, Some(at(10))));
    assert!(clock.ring(at(9)).is_empty());
    assert_eq!(clock.ring(at(10)), [Soon]);
    assert!(clock.ring(at(11)).is_empty());
    assert_eq!(clock.ring(at(25)), [Due, Overdue]);
    assert_eq!(clock.alarm_time(), Some(at(30)));
    assert_eq!(clock.ring(at(99)), [Escalated]);
    assert_eq!(clock.alarm_time(), None);
}

#[test]
fn a_clock_that_starts_on_its_last_day_does_not_ring_for_what_is_behind_it() {
    let times = Times { soon: at(-4), due_day: at(-2), due: at(3), escalate: at(9), escalate_to: String::new() };
    let clock = DueClock::start(at(0), times);
    assert_eq!((clock.stage(), clock.alarm_time()), (ClockStage::Due, Some(at(3))));
}

#[test]
fn a_pause_moves_what_was_not_reached_and_nothing_else() {
    let mut clock = clock();
    clock.ring(at(12));
    assert!(clock.pause("ADMITTED", at(14)));
    assert_eq!((clock.alarm_time(), clock.is_running(), clock.stop_reason()), (None, false, "ADMITTED"));
    assert!(clock.ring(at(500)).is_empty(), "a clock that stands still does not ring");
    assert_eq!(clock.resume("ADMITTED", at(114), shifted), Ok(true));
    let shown = clock.shown(at(114));
    let hour = |time: Option<prost_types::Timestamp>| (read(time.as_ref()) - at(0)).num_hours();
    let times = [shown.soon_time, shown.due_day_time, shown.due_time, shown.escalate_time].map(hour);
    assert_eq!(times, [10, 120, 124, 130]);
    let pause = &shown.pauses[0];
    assert_eq!((hour(pause.start_time), hour(pause.end_time), pause.reason.as_str()), (14, 114, "ADMITTED"));
    assert_eq!((shown.state(), shown.stop_time, shown.stop_reason.as_str()), (ClockState::Running, None, ""));
}

#[test]
fn two_pauses_that_overlap_are_one_time_of_standing_still() {
    let mut clock = clock();
    assert!(clock.pause("AWAITING_MORE", at(2)));
    assert!(clock.pause("ADMITTED", at(4)));
    assert!(!clock.pause("ADMITTED", at(5)), "it is paused for that already");
    assert_eq!(clock.resume("AWAITING_MORE", at(6), shifted), Ok(true));
    assert_eq!((clock.is_running(), clock.stop_reason()), (false, "ADMITTED"));
    assert_eq!(clock.resume("AWAITING_MORE", at(7), shifted), Ok(false), "that pause is over");
    assert_eq!(clock.resume("ADMITTED", at(12), shifted), Ok(true));
    assert_eq!(clock.due(), at(34), "from the first pause to the end of the last: ten hours");
}

#[test]
fn a_clock_that_stopped_stays_so_and_remembers_whether_it_was_late() {
    let mut late = clock();
    assert!(late.stop("ANSWERED", at(26)));
    assert!(late.is_late(at(26)));
    assert!(!late.stop("CLOSED", at(27)) && !late.pause("ADMITTED", at(27)));
    assert_eq!(late.resume("ADMITTED", at(28), shifted), Ok(false));
    assert_eq!((late.stop_reason(), late.alarm_time()), ("ANSWERED", None));

    let mut in_time = clock();
    in_time.pause("ADMITTED", at(20));
    in_time.stop("DECEASED", at(90));
    let shown = in_time.shown(at(100));
    assert!(!in_time.is_late(at(100)), "it stood still before it was due");
    assert_eq!((read(shown.stop_time.as_ref()), shown.stop_reason.as_str()), (at(20), "DECEASED"));
    assert!(shown.pauses[0].end_time.is_some());
}

#[test]
fn a_refusal_to_move_leaves_the_clock_as_it_was() {
    let mut clock = clock();
    clock.pause("ADMITTED", at(1));
    let before = clock.clone();
    assert_eq!(clock.resume("ADMITTED", at(5), |_, _, _| Err("no calendar")), Err("no calendar"));
    assert_eq!(clock, before);
}

#[test]
fn a_clock_reads_back_as_it_was_written() {
    let mut clock = clock();
    clock.pause("ADMITTED", at(1));
    assert_eq!(DueClock::decode(&clock.encode()), Ok(clock));
}
