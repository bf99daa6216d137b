//! Working days, from data that can be replaced.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveTime, TimeZone as _, Utc, Weekday};
use chrono_tz::Tz;
use serde::Deserialize;

/// Public holidays and hours of one country.
#[derive(Debug, Clone)]
pub struct Calendar {
    zone: Tz,
    closing: NaiveTime,
    holidays: BTreeMap<NaiveDate, String>,
    years: (i32, i32),
}

#[derive(Deserialize)]
struct File {
    zone: String,
    closing: String,
    from_year: i32,
    to_year: i32,
    holidays: Vec<Holiday>,
}

#[derive(Deserialize)]
struct Holiday {
    date: NaiveDate,
    name: String,
}

/// A day that the calendar's data does not reach.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the calendar has no data for {year}")]
pub struct NoSuchYear {
    /// The year that was asked for.
    pub year: i32,
}

impl Calendar {
    /// The Danish calendar that the program ships.
    ///
    /// # Panics
    /// Never in a build that passed its tests.
    pub fn danish() -> Calendar {
        Calendar::read(include_str!("../data/calendar-dk.json")).expect("the calendar is part of the build")
    }

    /// A calendar from a file's text.
    ///
    /// # Errors
    /// When the text is none, or holds a holiday outside of its own years.
    pub fn read(text: &str) -> anyhow::Result<Calendar> {
        let file: File = serde_json::from_str(text)?;
        let years = (file.from_year, file.to_year);
        for holiday in &file.holidays {
            anyhow::ensure!(
                (years.0..=years.1).contains(&holiday.date.year()),
                "{} is outside of the calendar's years",
                holiday.date
            );
        }
        Ok(Calendar {
            zone: file.zone.parse().map_err(|_| anyhow::anyhow!("{} is no time zone", file.zone))?,
            closing: NaiveTime::parse_from_str(&file.closing, "%H:%M")?,
            holidays: file.holidays.into_iter().map(|holiday| (holiday.date, holiday.name)).collect(),
            years,
        })
    }

    /// Whether people work on a day.
    ///
    /// # Errors
    /// For a year that the data does not reach: a guess could leave a patient waiting.
    pub fn is_working_day(&self, day: NaiveDate) -> Result<bool, NoSuchYear> {
        if !(self.years.0..=self.years.1).contains(&day.year()) {
            return Err(NoSuchYear { year: day.year() });
        }
        Ok(!matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !self.holidays.contains_key(&day))
    }

    /// The end of the first working day after the day of a time.
    ///
    /// # Errors
    /// For a year that the data does not reach.
    pub fn end_of_next_working_day(&self, from: DateTime<Utc>) -> Result<DateTime<Utc>, NoSuchYear> {
        self.end_of_working_day_from(self.day_of(from) + Days::new(1))
    }

    /// The end of the day of a time when that is a working day and not over, else of the next working day.
    ///
    /// # Errors
    /// For a year that the data does not reach.
    pub fn end_of_this_working_day(&self, from: DateTime<Utc>) -> Result<DateTime<Utc>, NoSuchYear> {
        let end = self.end_of_working_day_from(self.day_of(from))?;
        if end > from { Ok(end) } else { self.end_of_next_working_day(from) }
    }

    /// The end of the day that lies so many days after a time, or of the next working day when nobody works on it.
    ///
    /// # Errors
    /// For a year that the data does not reach.
    pub fn end_of_day_after(&self, from: DateTime<Utc>, days: u64) -> Result<DateTime<Utc>, NoSuchYear> {
        self.end_of_working_day_from(self.day_of(from) + Days::new(days))
    }

    fn day_of(&self, time: DateTime<Utc>) -> NaiveDate {
        time.with_timezone(&self.zone).date_naive()
    }

    fn end_of_working_day_from(&self, mut day: NaiveDate) -> Result<DateTime<Utc>, NoSuchYear> {
        while !self.is_working_day(day)? {
            day = day + Days::new(1);
        }
        let end = self.zone.from_local_datetime(&day.and_time(self.closing));
        // Clocks change at night; a closing hour that exists twice or not at all is taken as early as it can be.
        Ok(end.earliest().unwrap_or_else(|| self.zone.from_utc_datetime(&day.and_time(self.closing))).to_utc())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn an_answer_is_due_by_the_end_of_the_next_working_day() {
        let calendar = Calendar::danish();
        let cases = [
            ("2026-11-18T09:00:00Z", "2026-11-19T15:00:00Z", "a Wednesday, winter time"),
            ("2026-11-20T09:00:00Z", "2026-11-23T15:00:00Z", "a Friday"),
            ("2026-06-17T09:00:00Z", "2026-06-18T14:00:00Z", "summer time"),
            ("2026-04-01T09:00:00Z", "2026-04-07T14:00:00Z", "before Easter: Thursday, Friday and Monday are holidays"),
            ("2026-12-23T23:30:00Z", "2026-12-28T15:00:00Z", "the 24th in Denmark already: Christmas, then a weekend"),
            ("2026-05-13T09:00:00Z", "2026-05-15T14:00:00Z", "before Ascension Day"),
            ("2026-05-22T09:00:00Z", "2026-05-26T14:00:00Z", "before Whit Monday"),
            (
                "2027-03-26T12:00:00Z",
                "2027-03-30T14:00:00Z",
                "Good Friday itself, over Easter and the change of clocks",
            ),
        ];
        for (asked, due, why) in cases {
            assert_eq!(calendar.end_of_next_working_day(at(asked)).unwrap(), at(due), "{why}");
        }
    }

    #[test]
    fn an_urgent_answer_is_due_today_while_the_day_lasts() {
        let calendar = Calendar::danish();
        assert_eq!(calendar.end_of_this_working_day(at("2026-11-18T09:00:00Z")).unwrap(), at("2026-11-18T15:00:00Z"));
        assert_eq!(calendar.end_of_this_working_day(at("2026-11-18T15:00:00Z")).unwrap(), at("2026-11-19T15:00:00Z"));
        assert_eq!(calendar.end_of_this_working_day(at("2026-11-21T09:00:00Z")).unwrap(), at("2026-11-23T15:00:00Z"));
    }

    #[test]
    fn the_great_prayer_day_is_a_working_day_since_2024() {
        assert!(Calendar::danish().is_working_day(NaiveDate::from_ymd_opt(2026, 5, 1).unwrap()).unwrap());
    }

    #[test]
    fn a_year_without_data_is_refused() {
        let calendar = Calendar::danish();
        let day = NaiveDate::from_ymd_opt(2041, 1, 2).unwrap();
        assert_eq!(calendar.is_working_day(day), Err(NoSuchYear { year: 2041 }));
    }
}
