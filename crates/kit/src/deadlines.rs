//! By when something is to be done, by rules that are data.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use samspil_store::clock::{DueClock, Times};
use serde::Deserialize;

use crate::{
    Error,
    calendar::{Calendar, NoSuchYear},
    common::Common,
};

/// A calendar and the rules of the clocks.
#[derive(Debug, Clone)]
pub struct Deadlines {
    /// Working days and opening hours.
    pub calendar: Calendar,
    /// By clock and variant, the oldest first.
    rules: HashMap<(String, String), Vec<Rule>>,
}

#[derive(Deserialize)]
struct File {
    rules: Vec<Rule>,
}

#[derive(Debug, Clone, Deserialize)]
struct Rule {
    clock: String,
    #[serde(default)]
    variant: String,
    from: NaiveDate,
    due_working_days: Option<u32>,
    soon_minutes: i64,
    escalate_minutes: i64,
    escalate_to: String,
    pause: Pause,
    source: String,
}

/// How a pause moves what is left of a clock.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Pause {
    /// As many opening hours are left as there were.
    OpenHours,
    /// By as many days as it took, counted up, at the same local time.
    Days,
    /// So, and on to a working day.
    WorkingDays,
}

impl Deadlines {
    /// The Danish calendar and rules that the program ships.
    ///
    /// # Panics
    /// Never in a build that passed its tests.
    pub fn danish() -> Deadlines {
        let rules = include_str!("../data/clocks-dk.json");
        Deadlines::read(Calendar::danish(), rules).expect("the rules are part of the build")
    }

    /// Rules from a file's text.
    ///
    /// # Errors
    /// When the text holds none, or one without its source.
    pub fn read(calendar: Calendar, text: &str) -> anyhow::Result<Deadlines> {
        let file: File = serde_json::from_str(text)?;
        let mut rules: HashMap<_, Vec<Rule>> = HashMap::new();
        for rule in file.rules {
            anyhow::ensure!(
                !rule.source.is_empty(),
                "a rule of the clock {} does not say where it comes from",
                rule.clock
            );
            anyhow::ensure!(
                rule.soon_minutes >= 0 && rule.escalate_minutes >= 0,
                "a rule of the clock {} counts below zero",
                rule.clock
            );
            rules.entry((rule.clock.clone(), rule.variant.clone())).or_default().push(rule);
        }
        for of_one in rules.values_mut() {
            of_one.sort_by_key(|rule| rule.from);
        }
        Ok(Deadlines { calendar, rules })
    }

    /// Starts a clock whose rule says by when: `answer` (`routine`, `urgent`), `decision` (`routine`, `urgent`, `asap`, `stat`),
    /// `approval`, `proposal`, `reconciliation`.
    ///
    /// # Errors
    /// `CALENDAR_ENDS`, or when there is no such rule.
    pub fn start(&self, clock: &str, variant: &str, at: DateTime<Utc>) -> Result<DueClock, Error> {
        let rule = self.rule(clock, variant, at)?;
        let days =
            rule.due_working_days.ok_or_else(|| Error::internal(format!("the clock {clock} is told its due time")))?;
        let due = match days {
            0 => self.calendar.end_of_this_working_day(at)?,
            days => self.calendar.end_of_working_day_after(at, days)?,
        };
        self.with_due(rule, at, due)
    }

    /// Starts a clock with a given due time: `next_photo`, `activity`, or one whose rule would say another.
    ///
    /// # Errors
    /// As [`Deadlines::start`].
    pub fn start_due(
        &self,
        clock: &str,
        variant: &str,
        at: DateTime<Utc>,
        due: DateTime<Utc>,
    ) -> Result<DueClock, Error> {
        self.with_due(self.rule(clock, variant, at)?, at, due)
    }

    /// Lets a clock go on after a pause, its times moved by the rule that it was started by. Tells whether anything changed.
    ///
    /// # Errors
    /// As [`Deadlines::start`].
    pub fn resume(
        &self,
        clock: &mut DueClock,
        rule: (&str, &str),
        reason: &str,
        at: DateTime<Utc>,
    ) -> Result<bool, Error> {
        let pause = self.rule(rule.0, rule.1, at)?.pause;
        let calendar = &self.calendar;
        let moved = |stopped: DateTime<Utc>, resumed: DateTime<Utc>, time: DateTime<Utc>| match pause {
            Pause::OpenHours => calendar.after_open(resumed, calendar.open_between(stopped, time)?),
            Pause::Days => Ok(calendar.same_time_after(time, days(resumed - stopped))),
            Pause::WorkingDays => calendar.on_working_day(calendar.same_time_after(time, days(resumed - stopped))),
        };
        Ok(clock.resume(reason, at, moved)?)
    }

    fn with_due(&self, rule: &Rule, at: DateTime<Utc>, due: DateTime<Utc>) -> Result<DueClock, Error> {
        let soon = self.calendar.before_open(due, TimeDelta::minutes(rule.soon_minutes))?;
        let times = Times {
            soon,
            due_day: self.calendar.opening_of(due)?.max(soon),
            due,
            escalate: self.calendar.after_open(due, TimeDelta::minutes(rule.escalate_minutes))?,
            escalate_to: rule.escalate_to.clone(),
        };
        Ok(DueClock::start(at, times))
    }

    fn rule(&self, clock: &str, variant: &str, at: DateTime<Utc>) -> Result<&Rule, Error> {
        let day = self.calendar.day_of(at);
        let rules = self.rules.get(&(clock.to_owned(), variant.to_owned()));
        let rule = rules.and_then(|rules| rules.iter().rfind(|rule| rule.from <= day));
        rule.ok_or_else(|| Error::internal(format!("no rule for the clock {clock} {variant} on {day}")))
    }
}

/// Whole days, counted up.
fn days(time: TimeDelta) -> u64 {
    let whole = time.num_days() + i64::from(time > TimeDelta::days(time.num_days()));
    u64::try_from(whole).unwrap_or(0)
}

impl From<NoSuchYear> for Error {
    fn from(ends: NoSuchYear) -> Error {
        Error::from(Common::CalendarEnds).with("year", ends.year)
    }
}

#[cfg(test)]
mod tests {
    use samspil_proto::common::v1::ClockStage;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn every_clock_of_the_house_has_a_rule() {
        let deadlines = Deadlines::danish();
        let now = at("2026-11-18T09:00:00Z");
        for (clock, variants) in [
            ("answer", &["routine", "urgent"][..]),
            ("decision", &["routine", "urgent", "asap", "stat"]),
            ("approval", &[""]),
            ("proposal", &[""]),
            ("reconciliation", &[""]),
        ] {
            for variant in variants {
                assert!(deadlines.start(clock, variant, now).unwrap().due() > now, "{clock} {variant}");
            }
        }
        for clock in ["next_photo", "activity"] {
            assert_eq!(
                deadlines.start_due(clock, "", now, at("2026-12-02T15:00:00Z")).unwrap().due(),
                at("2026-12-02T15:00:00Z")
            );
            assert!(deadlines.start(clock, "", now).is_err(), "{clock} is told its due time");
        }
        assert!(deadlines.start("tea", "", now).is_err());
    }

    #[test]
    fn an_answer_over_a_weekend_rings_at_its_hours() {
        let mut clock = Deadlines::danish().start("answer", "routine", at("2026-11-20T09:00:00Z")).unwrap();
        let mut rung = Vec::new();
        while let Some(next) = clock.alarm_time() {
            rung.extend(clock.ring(next).into_iter().map(|stage| (stage, next)));
        }
        assert_eq!(
            rung,
            [
                (ClockStage::Soon, at("2026-11-20T13:00:00Z")),
                (ClockStage::Due, at("2026-11-23T07:00:00Z")),
                (ClockStage::Overdue, at("2026-11-23T15:00:00Z")),
                (ClockStage::Escalated, at("2026-11-24T11:00:00Z")),
            ]
        );
    }

    #[test]
    fn an_answer_that_waited_has_as_many_opening_hours_left_as_before() {
        let deadlines = Deadlines::danish();
        let mut clock = deadlines.start("answer", "routine", at("2026-11-18T09:00:00Z")).unwrap();
        clock.pause("AWAITING_MORE", at("2026-11-18T14:00:00Z")); // an hour of this day is left, and the next day
        let resumed = deadlines.resume(&mut clock, ("answer", "routine"), "AWAITING_MORE", at("2026-11-21T10:00:00Z"));
        assert!(resumed.unwrap());
        assert_eq!(clock.due(), at("2026-11-24T08:00:00Z"), "eight hours of Monday, one of Tuesday");
    }

    #[test]
    fn photos_and_activities_wait_for_whole_days() {
        let deadlines = Deadlines::danish();
        let (asked, due) = (at("2026-11-18T09:00:00Z"), at("2026-11-25T15:00:00Z"));
        let after = |clock: &str, back: &str| {
            let mut started = deadlines.start_due(clock, "", asked, due).unwrap();
            started.pause("ADMITTED", at("2026-11-19T09:00:00Z"));
            deadlines.resume(&mut started, (clock, ""), "ADMITTED", at(back)).unwrap();
            started.due()
        };
        assert_eq!(
            after("activity", "2026-11-21T10:00:00Z"),
            at("2026-11-28T15:00:00Z"),
            "two days and an hour: three"
        );
        assert_eq!(
            after("next_photo", "2026-11-21T10:00:00Z"),
            at("2026-11-30T15:00:00Z"),
            "and from Saturday to Monday"
        );
    }

    #[test]
    fn a_clock_that_leaves_the_calendar_is_refused() {
        let refused = Deadlines::danish().start("answer", "routine", at("2040-12-31T09:00:00Z")).unwrap_err();
        assert_eq!(refused.reason(), "CALENDAR_ENDS");
    }

    #[test]
    fn a_rule_holds_from_its_day_on() {
        let rule = |from: &str, days: u32| {
            format!(
                r#"{{"clock": "answer", "from": "{from}", "due_working_days": {days}, "soon_minutes": 0, "escalate_minutes": 0,
                     "escalate_to": "coordinator", "pause": "DAYS", "source": "an agreement"}}"#
            )
        };
        let text = format!(r#"{{"rules": [{}, {}]}}"#, rule("2027-01-01", 2), rule("2024-01-01", 1));
        let deadlines = Deadlines::read(Calendar::danish(), &text).unwrap();
        let due = |asked: &str| deadlines.start("answer", "", at(asked)).unwrap().due();
        assert_eq!(due("2026-11-18T09:00:00Z"), at("2026-11-19T15:00:00Z"));
        assert_eq!(due("2027-01-04T09:00:00Z"), at("2027-01-06T15:00:00Z"));
        let nameless = text.replace("an agreement", "");
        assert!(Deadlines::read(Calendar::danish(), &nameless).is_err());
    }
}
