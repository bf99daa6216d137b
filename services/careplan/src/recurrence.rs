//! How an activity comes again: at the same time on the clock on the wall, until its end.
//!
//! Every time is counted from the first one, never from the one before: the 31st of January is followed by the 28th of
//! February and then by the 31st of March. Summer time moves none of them. What is to be done every single hour is the
//! exception, for a night has an hour more or less than the others.

use chrono::{DateTime, Days, Months, NaiveDateTime, TimeDelta, Utc};
use samspil_kit::calendar::Calendar;
use samspil_proto::{
    careplan::v1::{self as pb, RecurrenceUnit, recurrence::End as WireEnd},
    time,
};

/// How many times an activity may come.
pub const MOST: u32 = 10_000;

/// How often, and until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recurrence {
    every: u32,
    unit: RecurrenceUnit,
    end: End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Count(u32),
    Until(DateTime<Utc>),
}

/// The times of a recurring activity: which one is next, and the one that the others are counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Series {
    /// How it comes again.
    pub recurrence: Recurrence,
    /// Which time is next, 1 for the first.
    pub number: u32,
    /// The number of the time that the others are counted from.
    pub anchor_number: u32,
    /// That time.
    pub anchor: DateTime<Utc>,
}

/// Why an activity cannot come again so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unusable {
    /// It names no end.
    Endless,
    /// It has more times than [`MOST`].
    TooOften,
    /// It ends before the time that is next.
    OverAlready,
    /// The contract's own rules were passed by: no unit, or no times.
    Nonsense,
}

impl Unusable {
    /// What is expected instead, for a person.
    pub fn expected(self) -> &'static str {
        match self {
            Unusable::Endless => "must have an end: a count or a last time",
            Unusable::TooOften => "must come at most 10,000 times",
            Unusable::OverAlready => "must not end before its next time",
            Unusable::Nonsense => "must have a unit and come every so many of it",
        }
    }
}

impl TryFrom<&pb::Recurrence> for Recurrence {
    type Error = Unusable;

    fn try_from(wire: &pb::Recurrence) -> Result<Recurrence, Unusable> {
        let positive = |number: i32| u32::try_from(number).ok().filter(|number| *number > 0).ok_or(Unusable::Nonsense);
        let end = match &wire.end {
            None => return Err(Unusable::Endless),
            Some(WireEnd::Count(count)) => End::Count(positive(*count)?),
            Some(WireEnd::Until(until)) => End::Until(time::from_wire(until).ok_or(Unusable::Endless)?),
        };
        let unit = wire.unit();
        if unit == RecurrenceUnit::Unspecified {
            return Err(Unusable::Nonsense);
        }
        Ok(Recurrence { every: positive(wire.every)?, unit, end })
    }
}

impl From<&Recurrence> for pb::Recurrence {
    fn from(recurrence: &Recurrence) -> pb::Recurrence {
        pb::Recurrence {
            every: i32::try_from(recurrence.every).unwrap_or(i32::MAX),
            unit: recurrence.unit.into(),
            end: Some(match recurrence.end {
                End::Count(count) => WireEnd::Count(i32::try_from(count).unwrap_or(i32::MAX)),
                End::Until(until) => WireEnd::Until(time::to_wire(until)),
            }),
        }
    }
}

impl Recurrence {
    /// The time that comes so many times after one. `None` outside of every calendar.
    fn after(&self, calendar: &Calendar, first: DateTime<Utc>, times: u32) -> Option<DateTime<Utc>> {
        let units = i64::from(self.every) * i64::from(times);
        let local: NaiveDateTime = calendar.local(first);
        let local = match self.unit {
            RecurrenceUnit::Unspecified => return None,
            RecurrenceUnit::Hour if self.every == 1 => return first.checked_add_signed(TimeDelta::try_hours(units)?),
            RecurrenceUnit::Hour => local.checked_add_signed(TimeDelta::try_hours(units)?)?,
            RecurrenceUnit::Day => local.checked_add_days(Days::new(units.try_into().ok()?))?,
            RecurrenceUnit::Week => local.checked_add_days(Days::new((units * 7).try_into().ok()?))?,
            RecurrenceUnit::Month => local.checked_add_months(Months::new(units.try_into().ok()?))?,
        };
        Some(calendar.at(local.date(), local.time()))
    }
}

impl Series {
    /// The times from `number` on, which is due at `due`.
    ///
    /// # Errors
    /// When there are too many of them, or not even that one.
    pub fn from(
        calendar: &Calendar,
        recurrence: Recurrence,
        number: u32,
        due: DateTime<Utc>,
    ) -> Result<Series, Unusable> {
        let series = Series { recurrence, number, anchor_number: number, anchor: due };
        if !series.has(calendar, number) {
            return Err(Unusable::OverAlready);
        }
        if series.has(calendar, MOST + 1) {
            return Err(Unusable::TooOften);
        }
        Ok(series)
    }

    /// When a time is due, which is not before the one that the others are counted from.
    fn due(&self, calendar: &Calendar, number: u32) -> Option<DateTime<Utc>> {
        self.recurrence.after(calendar, self.anchor, number.checked_sub(self.anchor_number)?)
    }

    fn has(&self, calendar: &Calendar, number: u32) -> bool {
        match self.recurrence.end {
            End::Count(count) => number <= count,
            End::Until(until) => self.due(calendar, number).is_some_and(|due| due <= until),
        }
    }

    /// The last time. `None` when no calendar has it.
    pub fn last(&self, calendar: &Calendar) -> Option<DateTime<Utc>> {
        let (mut there, mut gone) = (self.number, MOST + 1);
        while gone - there > 1 {
            let middle = there.midpoint(gone);
            if self.has(calendar, middle) { there = middle } else { gone = middle }
        }
        self.due(calendar, there)
    }

    /// Goes on to the next time and gives when it is due. `None`, and no change, after the last.
    pub fn go_on(&mut self, calendar: &Calendar) -> Option<DateTime<Utc>> {
        let due = self.has(calendar, self.number + 1).then(|| self.due(calendar, self.number + 1))??;
        self.number += 1;
        Some(due)
    }
}

#[cfg(test)]
mod tests;
