//! Times by hand: the change to summer time is on 2027-03-28, back on 2027-10-31.

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn every(every: i32, unit: RecurrenceUnit, end: WireEnd) -> Recurrence {
    Recurrence::try_from(&pb::Recurrence { every, unit: unit.into(), end: Some(end) }).unwrap()
}

/// All the times of a series.
fn times(recurrence: Recurrence, first: &str) -> Vec<String> {
    let calendar = Calendar::danish();
    let mut series = Series::from(&calendar, recurrence, 1, at(first)).unwrap();
    let last = series.last(&calendar);
    let mut all = vec![at(first)];
    while let Some(next) = series.go_on(&calendar) {
        all.push(next);
    }
    assert_eq!(all.last().copied(), last);
    assert_eq!(series.number as usize, all.len());
    all.iter().map(|time| time.format("%m-%dT%H:%MZ").to_string()).collect()
}

#[test]
fn a_day_keeps_its_local_time_over_both_changes_of_the_clocks() {
    let daily = every(1, RecurrenceUnit::Day, WireEnd::Count(3));
    assert_eq!(times(daily, "2027-03-27T07:00:00Z"), ["03-27T07:00Z", "03-28T06:00Z", "03-29T06:00Z"]);
    assert_eq!(times(daily, "2027-10-30T06:00:00Z"), ["10-30T06:00Z", "10-31T07:00Z", "11-01T07:00Z"]);
}

#[test]
fn a_time_that_a_night_does_not_have_is_an_hour_later_in_it_alone() {
    let daily = every(1, RecurrenceUnit::Day, WireEnd::Count(3));
    // 02:30, 03:30 in summer time, 02:30 in summer time.
    assert_eq!(times(daily, "2027-03-27T01:30:00Z"), ["03-27T01:30Z", "03-28T01:30Z", "03-29T00:30Z"]);
}

#[test]
fn rounds_of_some_hours_stay_at_their_local_times() {
    let rounds = every(8, RecurrenceUnit::Hour, WireEnd::Count(5));
    // 08, 16 and 00 in Denmark, before and after.
    assert_eq!(
        times(rounds, "2027-03-27T07:00:00Z"),
        ["03-27T07:00Z", "03-27T15:00Z", "03-27T23:00Z", "03-28T06:00Z", "03-28T14:00Z"]
    );
}

#[test]
fn every_single_hour_is_an_hour_in_both_nights() {
    let hourly = every(1, RecurrenceUnit::Hour, WireEnd::Count(5));
    for first in ["2027-03-27T23:00:00Z", "2027-10-30T23:00:00Z"] {
        let calendar = Calendar::danish();
        let mut series = Series::from(&calendar, hourly, 1, at(first)).unwrap();
        let mut before = at(first);
        while let Some(next) = series.go_on(&calendar) {
            assert_eq!(next - before, TimeDelta::hours(1), "{first}");
            before = next;
        }
    }
}

#[test]
fn a_month_that_lacks_the_day_gives_its_last_and_the_next_the_day_again() {
    let monthly = every(1, RecurrenceUnit::Month, WireEnd::Count(4));
    assert_eq!(
        times(monthly, "2027-01-31T08:00:00Z"),
        ["01-31T08:00Z", "02-28T08:00Z", "03-31T07:00Z", "04-30T07:00Z"]
    );
    let leap = every(12, RecurrenceUnit::Month, WireEnd::Count(3));
    assert_eq!(times(leap, "2028-02-29T08:00:00Z"), ["02-29T08:00Z", "02-28T08:00Z", "02-28T08:00Z"]);
}

#[test]
fn it_ends_with_the_last_time_that_is_not_after_the_end() {
    let until = |end: &str| every(2, RecurrenceUnit::Week, WireEnd::Until(time::to_wire(at(end))));
    let first = "2026-11-18T08:00:00Z";
    assert_eq!(times(until("2026-12-16T08:00:00Z"), first), ["11-18T08:00Z", "12-02T08:00Z", "12-16T08:00Z"]);
    assert_eq!(times(until("2026-12-16T07:59:59Z"), first), ["11-18T08:00Z", "12-02T08:00Z"]);
    assert_eq!(times(until(first), first), ["11-18T08:00Z"]);
    let over = Series::from(&Calendar::danish(), until("2026-11-18T07:59:59Z"), 1, at(first));
    assert_eq!(over, Err(Unusable::OverAlready));
}

#[test]
fn ten_thousand_times_are_the_most() {
    let calendar = Calendar::danish();
    let first = at("2026-11-18T08:00:00Z");
    let hourly = |end| Series::from(&calendar, every(1, RecurrenceUnit::Hour, end), 1, first);
    assert!(hourly(WireEnd::Count(10_000)).is_ok());
    assert_eq!(hourly(WireEnd::Count(10_001)), Err(Unusable::TooOften));
    let last = first + TimeDelta::hours(9_999);
    let series = hourly(WireEnd::Until(time::to_wire(last))).unwrap();
    assert_eq!(series.last(&calendar), Some(last));
    assert_eq!(hourly(WireEnd::Until(time::to_wire(last + TimeDelta::hours(1)))), Err(Unusable::TooOften));
}

#[test]
fn what_is_changed_on_the_way_counts_on() {
    let calendar = Calendar::danish();
    let daily = every(1, RecurrenceUnit::Day, WireEnd::Count(5));
    let mut moved = Series::from(&calendar, daily, 4, at("2026-11-20T12:00:00Z")).unwrap();
    assert_eq!(moved.go_on(&calendar), Some(at("2026-11-21T12:00:00Z")));
    assert_eq!((moved.go_on(&calendar), moved.number), (None, 5));
    let over = Series::from(&calendar, daily, 6, at("2026-11-20T12:00:00Z"));
    assert_eq!(over, Err(Unusable::OverAlready), "five times are over");
}

#[test]
fn one_without_end_or_unit_is_refused() {
    let wire = |every, unit: RecurrenceUnit, end| pb::Recurrence { every, unit: unit.into(), end };
    let refused = |wire| Recurrence::try_from(&wire).unwrap_err();
    assert_eq!(refused(wire(1, RecurrenceUnit::Day, None)), Unusable::Endless);
    assert_eq!(refused(wire(1, RecurrenceUnit::Unspecified, Some(WireEnd::Count(2)))), Unusable::Nonsense);
    assert_eq!(refused(wire(0, RecurrenceUnit::Day, Some(WireEnd::Count(2)))), Unusable::Nonsense);
    let good = wire(3, RecurrenceUnit::Month, Some(WireEnd::Count(2)));
    assert_eq!(pb::Recurrence::from(&Recurrence::try_from(&good).unwrap()), good);
}

#[test]
fn one_that_leaves_every_calendar_has_no_last_time() {
    let calendar = Calendar::danish();
    let far = every(1000, RecurrenceUnit::Month, WireEnd::Count(10_000));
    let series = Series::from(&calendar, far, 1, at("2026-11-18T08:00:00Z")).unwrap();
    assert_eq!(series.last(&calendar), None);
}
