//! A page token, of any bytes: it is one of its list, to the letter as the list would write it, or it is refused.

#![no_main]

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Datelike as _};
use libfuzzer_sys::fuzz_target;
use samspil_kit::paging::{Page, Position};
use uuid::Uuid;

mod seeds;

/// As a service has it: the method, the parent, the organisation.
const LIST: [&str; 3] = ["/samspil.wound.v1.WoundService/ListWounds", "patients/-", "990000000000727"];

fuzz_target!(init: seeds::write(seeds()), |bytes: &[u8]| {
    if let Ok(token) = std::str::from_utf8(bytes) {
        keep(token);
    }
    // Where a page begins is no secret: anybody can put any place behind what marks the list.
    if let Some(place) = bytes.first_chunk::<24>() {
        let token = token_of(place);
        let micros = i64::from_be_bytes(*place.first_chunk().expect("eight of twenty-four"));
        let is_time_of_a_row = DateTime::from_timestamp_micros(micros).is_some_and(|time| (1..=9999).contains(&time.year()));
        assert_eq!(keep(&token), is_time_of_a_row, "{token}");
    }
});

/// Whether a token is taken, and then for no other.
fn keep(token: &str) -> bool {
    let page = match Page::of(1, token, &LIST) {
        Ok(page) => page,
        Err(error) => {
            assert_eq!(error.reason(), "PAGE_TOKEN_INVALID");
            return false;
        }
    };
    let Some(after) = page.after else {
        assert_eq!(token, "", "the first page");
        return true;
    };
    assert_eq!(page.cut(&mut vec![after; 2], |place| *place), token);
    for (at, other) in [(0, "/samspil.wound.v1.WoundService/ListVisits"), (1, "patients/"), (2, "990000000000728")] {
        let mut list = LIST;
        list[at] = other;
        assert!(Page::of(1, token, &list).is_err(), "{token} leads into a list of {other}");
    }
    true
}

fn token(place: Position) -> String {
    Page::of(1, "", &LIST).expect("a first page").cut(&mut vec![place; 2], |place| *place)
}

fn token_of(place: &[u8; 24]) -> String {
    let mut bytes =
        URL_SAFE_NO_PAD.decode(token(Position { time: DateTime::UNIX_EPOCH, id: Uuid::nil() })).expect("ours");
    bytes[8..].copy_from_slice(place);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Good tokens, and the same places without what marks the list.
fn seeds() -> Vec<Vec<u8>> {
    let times = [-62_135_596_800_000_000, 0, 1_800_000_000_000_000, 253_402_300_799_999_999];
    let places = times.map(|micros| Position {
        time: DateTime::from_timestamp_micros(micros).expect("a time"),
        id: Uuid::from_u128(0x0198_f3a0_0000_7000_8000_0000_0000_0001),
    });
    let tokens = places.map(|place| token(place).into_bytes());
    let bare = tokens.iter().map(|token| URL_SAFE_NO_PAD.decode(token).expect("ours")[8..].to_vec());
    bare.chain(tokens.clone()).chain([Vec::new()]).collect()
}
