//! Working days, public holidays and opening hours, from data that can be replaced.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;
use serde::Deserialize;

/// Public holidays and opening hours of one country.
#[derive(Debug, Clone)]
pub struct Calendar {
    zone: Tz,
    /// Opening and closing by weekday, from Monday, by the day from which they hold.
    hours: BTreeMap<NaiveDate, [Option<(NaiveTime, NaiveTime)>; 7]>,
    holidays: BTreeMap<NaiveDate, String>,
    years: (i32, i32),
}

#[derive(Deserialize)]
struct File {
    zone: String,
    from_year: i32,
    to_year: i32,
    hours: Vec<Hours>,
    holidays: Vec<Holiday>,
}

#[derive(Deserialize)]
struct Hours {
    from: NaiveDate,
    #[serde(flatten)]
    week: BTreeMap<String, (String, String)>,
}

#[derive(Deserialize)]
struct Holiday {
    date: NaiveDate,
    name: String,
}

/// From when until when it is open on a day.
type Open = (DateTime<Utc>, DateTime<Utc>);

const WEEK: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

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
    /// When the text is none, holds a holiday outside of its own years, or never opens.
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
        let hours = file.hours.iter().map(|hours| Ok((hours.from, read_week(hours)?)));
        let hours: BTreeMap<_, _> = hours.collect::<anyhow::Result<_>>()?;
        let first_day = NaiveDate::from_ymd_opt(years.0, 1, 1);
        anyhow::ensure!(
            hours.keys().next().copied() <= first_day && !hours.is_empty(),
            "the opening hours have to begin with the calendar's first year"
        );
        Ok(Calendar {
            zone: file.zone.parse().map_err(|_| anyhow::anyhow!("{} is no time zone", file.zone))?,
            hours,
            holidays: file.holidays.into_iter().map(|holiday| (holiday.date, holiday.name)).collect(),
            years,
        })
    }

    /// Whether people work on a day.
    ///
    /// # Errors
    /// For a year that the data does not reach: a guess could leave a patient waiting.
    pub fn is_working_day(&self, day: NaiveDate) -> Result<bool, NoSuchYear> {
        Ok(self.open_on(day)?.is_some())
    }

    /// The end of the n-th working day after the day of a time.
    ///
    /// # Errors
    /// For a year that the data does not reach.
    pub fn end_of_working_day_after(&self, from: DateTime<Utc>, days: u32) -> Result<DateTime<Utc>, NoSuchYear> {
        let mut day = self.day_of(from);
        let mut left = days;
        while left > 0 {
            day = day + Days::new(1);
            left -= u32::from(self.is_working_day(day)?);
        }
        self.end_of_working_day_from(day)
    }

    /// The end of the first working day after the day of a time.
    ///
    /// # Errors
    /// For a year that the data does not reach.
    pub fn end_of_next_working_day(&self, from: DateTime<Utc>) -> Result<DateTime<Utc>, NoSuchYear> {
        self.end_of_working_day_after(from, 1)
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

    /// When the day of a time opens, or its midnight when it does not.
    ///
    /// # Errors
    /// For a year that the data does not reach.
    pub fn opening_of(&self, time: DateTime<Utc>) -> Result<DateTime<Utc>, NoSuchYear> {
        let day = self.day_of(time);
        let opening = self.open_on(day)?.map(|(begin, _)| begin).filter(|begin| *begin <= time);
        Ok(opening.unwrap_or_else(|| self.at(day, NaiveTime::MIN)))
    }

    /// The same local time so many days later, also over the change to summer time.
    pub fn same_time_after(&self, time: DateTime<Utc>, days: u64) -> DateTime<Utc> {
        let local = time.with_timezone(&self.zone).naive_local();
        self.at(local.date() + Days::new(days), local.time())
    }

    /// How long it is open between two times.
    ///
    /// # Errors
    /// For a year that the data does not reach.
    pub fn open_between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<TimeDelta, NoSuchYear> {
        let mut open = TimeDelta::zero();
        let mut day = self.day_of(from);
        while day <= self.day_of(to) {
            if let Some((begin, end)) = self.open_on(day)? {
                open += (end.min(to) - begin.max(from)).max(TimeDelta::zero());
            }
            day = day + Days::new(1);
        }
        Ok(open)
    }

    /// The time by which it has been open for so long after a time.
    ///
    /// # Errors
    /// For a year that the data does not reach.
    pub fn after_open(&self, from: DateTime<Utc>, open: TimeDelta) -> Result<DateTime<Utc>, NoSuchYear> {
        let (mut day, mut left) = (self.day_of(from), open);
        loop {
            if let Some((begin, end)) = self.open_on(day)? {
                let begin = begin.max(from);
                if end > begin && left <= end - begin {
                    return Ok(begin + left);
                }
                left -= (end - begin).max(TimeDelta::zero());
            }
            day = day + Days::new(1);
        }
    }

    /// The time from which on it will be open for so long before a time.
    ///
    /// # Errors
    /// For a year that the data does not reach.
    pub fn before_open(&self, to: DateTime<Utc>, open: TimeDelta) -> Result<DateTime<Utc>, NoSuchYear> {
        let (mut day, mut left) = (self.day_of(to), open);
        loop {
            if let Some((begin, end)) = self.open_on(day)? {
                let end = end.min(to);
                if end > begin && left <= end - begin {
                    return Ok(end - left);
                }
                left -= (end - begin).max(TimeDelta::zero());
            }
            day = day - Days::new(1);
        }
    }

    /// The same local time on the first working day that is not before the day of a time.
    ///
    /// # Errors
    /// For a year that the data does not reach.
    pub fn on_working_day(&self, time: DateTime<Utc>) -> Result<DateTime<Utc>, NoSuchYear> {
        let mut days = 0;
        while !self.is_working_day(self.day_of(time) + Days::new(days))? {
            days += 1;
        }
        Ok(self.same_time_after(time, days))
    }

    /// What calendar and clock on the wall say at a time.
    pub fn local(&self, time: DateTime<Utc>) -> NaiveDateTime {
        time.with_timezone(&self.zone).naive_local()
    }

    /// The local day of a time.
    pub fn day_of(&self, time: DateTime<Utc>) -> NaiveDate {
        time.with_timezone(&self.zone).date_naive()
    }

    /// The local time of a day. Clocks change at night: a time that exists twice is the first of the two, one that does not
    /// exist is as long after midnight as it says.
    pub fn at(&self, day: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
        let local = day.and_time(time);
        let found = self.zone.from_local_datetime(&local).earliest();
        let found = found.or_else(|| {
            let before = self.zone.from_local_datetime(&(local - TimeDelta::hours(1))).earliest()?;
            Some(before + TimeDelta::hours(1))
        });
        found.unwrap_or_else(|| self.zone.from_utc_datetime(&local)).to_utc()
    }

    fn open_on(&self, day: NaiveDate) -> Result<Option<Open>, NoSuchYear> {
        if !(self.years.0..=self.years.1).contains(&day.year()) {
            return Err(NoSuchYear { year: day.year() });
        }
        if self.holidays.contains_key(&day) {
            return Ok(None);
        }
        let week = self.hours.range(..=day).next_back().map(|(_, week)| week);
        let hours = week.and_then(|week| week[day.weekday().num_days_from_monday() as usize]);
        Ok(hours.map(|(begin, end)| (self.at(day, begin), self.at(day, end))))
    }

    fn end_of_working_day_from(&self, mut day: NaiveDate) -> Result<DateTime<Utc>, NoSuchYear> {
        loop {
            if let Some((_, end)) = self.open_on(day)? {
                return Ok(end);
            }
            day = day + Days::new(1);
        }
    }
}

fn read_week(hours: &Hours) -> anyhow::Result<[Option<(NaiveTime, NaiveTime)>; 7]> {
    let mut week = [None; 7];
    for (name, (begin, end)) in &hours.week {
        let day = WEEK.iter().position(|day| day == name);
        let day = day.ok_or_else(|| anyhow::anyhow!("{name} is no weekday: they are {}", WEEK.join(", ")))?;
        let (begin, end) = (NaiveTime::parse_from_str(begin, "%H:%M")?, NaiveTime::parse_from_str(end, "%H:%M")?);
        anyhow::ensure!(begin < end, "{name} closes before it opens");
        week[day] = Some((begin, end));
    }
    anyhow::ensure!(week.iter().any(Option::is_some), "the hours from {} on never open", hours.from);
    Ok(week)
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

    #[test]
    fn open_time_skips_nights_weekends_and_holidays() {
        let calendar = Calendar::danish();
        let friday = at("2026-11-20T13:00:00Z"); // 14:00 in Denmark: two hours are left
        let three = TimeDelta::hours(3);
        assert_eq!(calendar.after_open(friday, three).unwrap(), at("2026-11-23T08:00:00Z"));
        assert_eq!(calendar.before_open(at("2026-11-23T08:00:00Z"), three).unwrap(), friday);
        assert_eq!(calendar.open_between(friday, at("2026-11-23T08:00:00Z")).unwrap(), three);
        assert_eq!(calendar.open_between(friday, friday).unwrap(), TimeDelta::zero());
        let christmas = calendar.after_open(at("2026-12-23T14:00:00Z"), three).unwrap();
        assert_eq!(christmas, at("2026-12-28T09:00:00Z"));
    }

    #[test]
    fn a_local_time_stays_what_it_is_over_the_change_of_clocks() {
        let calendar = Calendar::danish();
        let winter = at("2027-03-27T07:00:00Z"); // 08:00
        assert_eq!(calendar.same_time_after(winter, 1), at("2027-03-28T06:00:00Z"), "still 08:00, in summer time");
        let night = at("2027-03-27T01:30:00Z"); // 02:30, which the next night does not have
        assert_eq!(calendar.same_time_after(night, 1), at("2027-03-28T01:30:00Z"));
        let autumn = at("2027-10-30T00:30:00Z"); // 02:30, which the next night has twice
        assert_eq!(calendar.same_time_after(autumn, 1), at("2027-10-31T00:30:00Z"));
        let sunday = calendar.open_between(at("2027-03-26T23:00:00Z"), at("2027-03-30T23:00:00Z")).unwrap();
        assert_eq!(sunday, TimeDelta::hours(8), "of Easter, only the Tuesday after it");
    }

    #[test]
    fn opening_hours_hold_from_their_day_on() {
        let text = r#"{"zone": "Europe/Copenhagen", "from_year": 2026, "to_year": 2027, "holidays": [], "hours": [
            {"from": "2026-01-01", "mon": ["08:00", "16:00"]},
            {"from": "2027-01-01", "mon": ["10:00", "12:00"], "sat": ["09:00", "10:00"]}]}"#;
        let calendar = Calendar::read(text).unwrap();
        assert_eq!(calendar.end_of_next_working_day(at("2026-12-01T09:00:00Z")).unwrap(), at("2026-12-07T15:00:00Z"));
        assert_eq!(calendar.end_of_next_working_day(at("2026-12-30T09:00:00Z")).unwrap(), at("2027-01-02T09:00:00Z"));
        for bad in [
            text.replace("mon", "monday"),
            text.replace("08:00", "17:00"),
            text.replace("2026-01-01", "2026-02-01"),
            text.replace(r#", "sat": ["09:00", "10:00"]"#, "").replace(r#", "mon": ["10:00", "12:00"]"#, ""),
        ] {
            assert!(Calendar::read(&bad).is_err(), "{bad}");
        }
    }
}
