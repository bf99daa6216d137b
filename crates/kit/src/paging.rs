//! Page tokens: where the next page begins, bound to the list that they are of.

use std::ops::RangeInclusive;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Datelike as _, Utc};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{Error, common::Common};

/// Where a page begins: after the row with this key, in the order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The time that the list is ordered by.
    pub time: DateTime<Utc>,
    /// The id that decides between equal times.
    pub id: Uuid,
}

/// One list: its size of page, and the arguments that a token is bound to.
#[derive(Debug, Clone)]
pub struct Page {
    /// At most this many rows.
    pub size: i64,
    /// After this row. `None` for the first page.
    pub after: Option<Position>,
    list: [u8; 8],
}

impl Page {
    /// Reads a request's page. `list` is whatever else the list was asked with: the method, the parent, the filters, the
    /// caller's organisation.
    ///
    /// # Errors
    /// `PAGE_TOKEN_INVALID` for a token of another list, or none of ours.
    pub fn of(size: i32, token: &str, list: &[&str]) -> Result<Page, Error> {
        let mut hash = Sha256::new();
        for part in list {
            hash.update(part.len().to_le_bytes());
            hash.update(part);
        }
        let list: [u8; 8] = hash.finalize()[..8].try_into().expect("eight of thirty-two bytes");
        let after = match token {
            "" => None,
            token => Some(read(token, list).ok_or(Common::PageTokenInvalid)?),
        };
        Ok(Page { size: if size <= 0 { 50 } else { i64::from(size.min(1000)) }, after, list })
    }

    /// How many rows to ask for: one more than the page, to know whether there is a next one.
    pub fn limit(&self) -> i64 {
        self.size + 1
    }

    /// Cuts what was read to the page and gives the next page's token, empty on the last.
    pub fn cut<T>(&self, rows: &mut Vec<T>, key: impl Fn(&T) -> Position) -> String {
        if rows.len() as i64 <= self.size {
            return String::new();
        }
        rows.truncate(self.size as usize);
        rows.last().map(|last| self.write(key(last))).unwrap_or_default()
    }

    fn write(&self, position: Position) -> String {
        let mut token = Vec::with_capacity(32);
        token.extend(self.list);
        token.extend(position.time.timestamp_micros().to_be_bytes());
        token.extend(position.id.as_bytes());
        URL_SAFE_NO_PAD.encode(token)
    }
}

/// The years of a row's time, as those of the contract's timestamps. PostgreSQL has none for much of what 64 bits can say, and
/// fails at it.
const YEARS: RangeInclusive<i32> = 1..=9999;

fn read(token: &str, list: [u8; 8]) -> Option<Position> {
    let bytes: [u8; 32] = URL_SAFE_NO_PAD.decode(token).ok()?.try_into().ok()?;
    let (of, rest) = bytes.split_at(8);
    let (time, id) = rest.split_at(8);
    let time = DateTime::from_timestamp_micros(i64::from_be_bytes(time.try_into().ok()?))?;
    if !YEARS.contains(&time.year()) {
        return None;
    }
    (of == list).then(|| Some(Position { time, id: Uuid::from_slice(id).ok()? }))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_leads_to_the_next_page_of_its_own_list_alone() {
        let page = Page::of(2, "", &["a", "bc"]).unwrap();
        let key =
            |n: &u128| Position { time: DateTime::from_timestamp(*n as i64, 0).unwrap(), id: Uuid::from_u128(*n) };
        let mut rows = vec![1, 2, 3];
        let token = page.cut(&mut rows, key);
        assert_eq!(rows, [1, 2]);
        assert_eq!(Page::of(2, &token, &["a", "bc"]).unwrap().after, Some(key(&2)));
        for other in [["ab", "c"], ["a", "bd"]] {
            assert_eq!(Page::of(2, &token, &other).unwrap_err().reason(), "PAGE_TOKEN_INVALID");
        }
        assert_eq!(Page::of(2, "nonsense", &["a", "bc"]).unwrap_err().reason(), "PAGE_TOKEN_INVALID");
        assert_eq!(page.cut(&mut vec![1, 2], key), "");
    }

    #[test]
    fn a_token_with_any_byte_changed_is_of_this_list_or_refused() {
        let page = Page::of(1, "", &["list"]).unwrap();
        let position = Position { time: DateTime::from_timestamp(1_800_000_000, 0).unwrap(), id: Uuid::max() };
        let token = page.write(position);
        for at in 0..token.len() {
            assert!(at == 0 || Page::of(1, &token[..at], &["list"]).is_err(), "cut at {at}");
            for byte in *b"A_-z0=/" {
                let mut changed = token.clone().into_bytes();
                changed[at] = byte;
                // A position is no secret and may be anywhere; the list that it is of may not.
                let read = Page::of(1, &String::from_utf8(changed).unwrap(), &["list"]);
                assert!(read.is_err() || at >= 10 || token.as_bytes()[at] == byte, "{byte} at {at}");
            }
        }
    }

    #[test]
    fn a_token_of_a_time_that_no_row_has_is_refused() {
        let page = Page::of(1, "", &["list"]).unwrap();
        let read = |micros| {
            let time = DateTime::from_timestamp_micros(micros).unwrap();
            Page::of(1, &page.write(Position { time, id: Uuid::nil() }), &["list"]).map_err(|error| error.reason())
        };
        // The first microsecond of the year 1, and the last of the year 9999.
        let (first, last) = (-62_135_596_800_000_000, 253_402_300_799_999_999);
        for micros in [first, 0, last] {
            assert_eq!(read(micros).unwrap().after.map(|after| after.time.timestamp_micros()), Some(micros));
        }
        for micros in [DateTime::<Utc>::MIN_UTC.timestamp_micros(), first - 1, last + 1] {
            assert_eq!(read(micros).unwrap_err(), "PAGE_TOKEN_INVALID", "{micros}");
        }
    }
}
