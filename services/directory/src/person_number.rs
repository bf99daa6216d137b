//! Person numbers: CPR and the replacement numbers that stand in for one.
//!
//! A number is told by its form alone. CPR's check digit (modulus 11) is no condition: numbers that fail it have been issued
//! since 1 October 2007 (cpr.dk). The forms of replacement numbers are those of HL7 Denmark's dk-core.

use std::fmt;

use chrono::{Datelike as _, NaiveDate};

/// What kind of number it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Ten digits. Also the national replacement numbers whose first digit is six higher.
    Cpr,
    /// Six digits, 1 or 7, two letters, a digit.
    XeCpr,
    /// Six digits, 0, 5 or 6, two letters, a digit.
    DeCpr,
}

/// A person number in its one normal form: ten characters, no hyphen, capitals.
///
/// It has no `Display`, and its `Debug` does not tell it: the number goes to its table and nowhere else.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PersonNumber {
    number: String,
    kind: Kind,
    birth_date: Option<NaiveDate>,
}

/// A text that has none of the forms of a person number. It does not say which text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotAPersonNumber;

impl fmt::Debug for PersonNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonNumber(…)")
    }
}

impl PersonNumber {
    /// Reads a number, with or without the hyphen after the sixth digit.
    pub(crate) fn read(text: &str) -> Result<PersonNumber, NotAPersonNumber> {
        let number = normal(text).ok_or(NotAPersonNumber)?;
        let form: &[u8; 10] = number.as_bytes().try_into().map_err(|_| NotAPersonNumber)?;
        let kind = kind(form).ok_or(NotAPersonNumber)?;
        let (mut day, month, year) = (two(form, 0), two(form, 2), two(form, 4));
        if kind == Kind::Cpr && day > 60 {
            day -= 60;
        }
        let year = century(form[6] - b'0', year) + i32::from(year);
        let birth_date = NaiveDate::from_ymd_opt(year, u32::from(month), u32::from(day));
        // A replacement number's date may be guessed, and dk-core takes 29 February in any year: then it tells no date.
        let leap_day = kind != Kind::Cpr && (day, month) == (29, 2);
        if birth_date.is_none() && !leap_day {
            return Err(NotAPersonNumber);
        }
        Ok(PersonNumber { number, kind, birth_date })
    }

    /// The number itself, for the statements of its table.
    pub(crate) fn as_stored(&self) -> &str {
        &self.number
    }

    /// Its kind.
    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    /// The date of birth that it tells, `YYYY-MM-DD`, or empty.
    pub(crate) fn birth_date(&self) -> String {
        let written = |d: NaiveDate| format!("{:04}-{:02}-{:02}", d.year(), d.month(), d.day());
        self.birth_date.map(written).unwrap_or_default()
    }
}

fn normal(text: &str) -> Option<String> {
    if !text.is_ascii() {
        return None;
    }
    let without = match text.split_once('-') {
        Some((six, four)) if six.len() == 6 => format!("{six}{four}"),
        Some(_) => return None,
        None => text.to_owned(),
    };
    Some(without.to_ascii_uppercase())
}

fn kind(form: &[u8; 10]) -> Option<Kind> {
    let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    if digits(form) {
        return Some(Kind::Cpr);
    }
    let letters = form[7].is_ascii_uppercase() && form[8].is_ascii_uppercase();
    match form[6] {
        _ if !(digits(&form[..7]) && letters && digits(&form[9..])) => None,
        b'1' | b'7' => Some(Kind::XeCpr),
        b'0' | b'5' | b'6' => Some(Kind::DeCpr),
        _ => None,
    }
}

fn two(form: &[u8; 10], at: usize) -> u8 {
    (form[at] - b'0') * 10 + (form[at + 1] - b'0')
}

/// The century, by the seventh digit and the year. CPR's rule; the seventh digits of replacement numbers are chosen to fit it.
fn century(seventh: u8, year: u8) -> i32 {
    match (seventh, year) {
        (0..=3, _) => 1900,
        (4 | 9, 0..=36) => 2000,
        (4 | 9, _) => 1900,
        (_, 0..=57) => 2000,
        (_, _) => 1800,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Kind, String) {
        let number = PersonNumber::read(text).unwrap_or_else(|_| panic!("{text} is a person number"));
        (number.kind(), number.birth_date())
    }

    #[test]
    fn a_number_is_one_with_or_without_hyphen_and_in_small_letters() {
        assert_eq!(PersonNumber::read("251248-9996"), PersonNumber::read("2512489996"));
        assert_eq!(PersonNumber::read("070392-1vj4"), PersonNumber::read("0703921VJ4"));
        assert_eq!(PersonNumber::read("251248-9996").unwrap().as_stored(), "2512489996");
    }

    #[test]
    fn the_kind_is_told_by_the_form() {
        // The replacement numbers are dk-core's own examples, as are their dates.
        assert_eq!(read("2512489996"), (Kind::Cpr, "1948-12-25".to_owned()));
        assert_eq!(read("0703921VJ4"), (Kind::XeCpr, "1992-03-07".to_owned()));
        assert_eq!(read("1206550VK9"), (Kind::DeCpr, "1955-06-12".to_owned()));
        assert_eq!(read("0101107AA1"), (Kind::XeCpr, "2010-01-01".to_owned()));
        assert_eq!(read("0101106AA1"), (Kind::DeCpr, "2010-01-01".to_owned()));
        assert_eq!(read("0101585AA1"), (Kind::DeCpr, "1858-01-01".to_owned()));
    }

    #[test]
    fn a_national_replacement_number_has_a_day_that_is_sixty_higher() {
        assert_eq!(read("6101450001"), (Kind::Cpr, "1945-01-01".to_owned()));
        assert_eq!(read("9112450001"), (Kind::Cpr, "1945-12-31".to_owned()));
        for bad in ["6001450001", "9212450001", "3201450001", "0001450001"] {
            assert!(PersonNumber::read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_seventh_digit_tells_the_century() {
        let cases = [
            ("0101000000", "1900"),
            ("0101993000", "1999"),
            ("0101004000", "2000"),
            ("0101364000", "2036"),
            ("0101374000", "1937"),
            ("0101005000", "2000"),
            ("0101575000", "2057"),
            ("0101585000", "1858"),
            ("0101998000", "1899"),
            ("0101578000", "2057"),
            ("0101369000", "2036"),
            ("0101379000", "1937"),
        ];
        for (number, year) in cases {
            assert_eq!(read(number).1, format!("{year}-01-01"), "{number}");
        }
    }

    #[test]
    fn the_check_digit_is_no_condition() {
        for last in 0..=9 {
            assert_eq!(read(&format!("010145000{last}")).0, Kind::Cpr);
        }
    }

    #[test]
    fn a_date_has_to_be_one() {
        assert_eq!(read("2902044000").1, "2004-02-29");
        // 1900 had no 29 February, 2000 had.
        assert!(PersonNumber::read("2902000000").is_err());
        assert_eq!(read("2902004000").1, "2000-02-29");
        for bad in ["2902054000", "3104450000", "0113450000", "0100450000", "3002921VJ4", "3106550VK9", "6103921VJ4"] {
            assert!(PersonNumber::read(bad).is_err(), "{bad}");
        }
        assert_eq!(read("2902931VJ4"), (Kind::XeCpr, String::new()));
    }

    #[test]
    fn anything_else_is_refused() {
        let bad = [
            "",
            "0101450",
            "01014500000",
            "0101-450000",
            "010145--000",
            "010145 0000",
            "01014500-00",
            "010145000A",
            "0101452VJ4",
            "0101451V44",
            "0101451VÆ",
            "0101451VJX",
            "A101451VJ4",
            "０101450000",
            "010145-000",
        ];
        for bad in bad {
            assert_eq!(PersonNumber::read(bad), Err(NotAPersonNumber), "{bad}");
        }
    }

    #[test]
    fn its_debug_does_not_tell_it() {
        assert_eq!(format!("{:?}", PersonNumber::read("2512489996").unwrap()), "PersonNumber(…)");
    }
}
