//! Streams and calls that bring the chunks of one file: in order, twice, with gaps, with other bytes, broken off, two at a time.
//!
//! The service is the one of the upload's own tests, on SQLite. What it says is held against a model after each step: nothing is
//! acknowledged that was not sent, and the file comes in whole in the end, whatever came before.

#![no_main]

use std::{cell::RefCell, collections::HashMap, sync::Arc, time::Duration};

use chrono::DateTime;
use libfuzzer_sys::fuzz_target;
use samspil_kit::{Base, Clock, deadlines::Deadlines, identity::Issuer, peers::Peers};
use samspil_store::{
    Db, Migrations, Settings as Database,
    keyring::{Keyring, MasterKey},
    objects::Objects,
    sqlx::migrate::Migrator,
};
use samspil_upload::Settings;
use tonic::Status;

#[path = "../../upload/tests/upload/client.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod client;
#[path = "../../upload/tests/upload/letters.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod letters;
mod model;
mod seeds;

use client::Sending;
use letters::{Letters, Told};
use model::{Model, Outcome, PART};

/// The streams of one file at a time.
const STREAMS: usize = 2;
/// The bytes of a file at most.
const LONGEST: u8 = 40;
/// Files that one service takes. Then there is a new one, so that a long run does not fill the disk.
const FILES: u32 = 500;

fuzz_target!(init: seeds::write(seeds()), |bytes: &[u8]| {
    let Some((size, steps)) = bytes.split_first() else { return };
    thread_local!(static HOUSE: RefCell<Option<House>> = const { RefCell::new(None) });
    HOUSE.with_borrow_mut(|house| {
        if house.as_ref().is_none_or(|house| house.served == FILES) {
            *house = Some(House::new());
        }
        let house = house.as_mut().expect("a house");
        house.served += 1;
        house.runtime.block_on(play(&house.letters, size % LONGEST + 1, steps));
    });
});

struct House {
    letters: Letters,
    served: u32,
    runtime: tokio::runtime::Runtime,
    _folder: tempfile::TempDir,
}

impl House {
    fn new() -> House {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let letters = runtime.block_on(letters(folder.path()));
        House { letters, served: 0, runtime, _folder: folder }
    }
}

async fn letters(folder: &std::path::Path) -> Letters {
    let clock = Clock::at(DateTime::UNIX_EPOCH);
    let db = Db::open(&Database::Sqlite(folder.join("letters.db"))).await.expect("a database");
    let none = Migrations { sqlite: Migrator::DEFAULT, postgres: Migrator::DEFAULT };
    db.migrate(&none).await.expect("the tables that every service has");
    let master = MasterKey::in_folder(folder).expect("a master key");
    let keys = Keyring::open(&db, master, clock.now()).await.expect("keys");
    let issuer = Issuer::fresh(clock.clone()).expect("an issuer");
    let peers = Peers::new("letters", &HashMap::new(), issuer, None).expect("no peers");
    let base = Base { db, clock, keys, peers, deadlines: Arc::new(Deadlines::danish()) };
    let objects = Objects::of(Arc::new(object_store::memory::InMemory::new()), "memory");
    let idle = Duration::from_secs(365 * 24 * 3600);
    let settings = Settings { streams: STREAMS, idle, part_bytes: PART, part_wait: Duration::MAX, memory: 64 << 10 };
    Letters::on(base, objects, settings).await
}

/// Each step is three bytes: what is done, and what with.
async fn play(letters: &Letters, size: u8, steps: &[u8]) {
    let text: Vec<u8> = (0..size).collect();
    let letter = letters.announces(&text).await;
    let mut model = Model::new(&text, STREAMS);
    let mut streams: [Option<Sending>; STREAMS] = [None, None];
    for step in steps.chunks_exact(3) {
        let (what, a, b) = (step[0], step[1], step[2]);
        let at = usize::from(a) % STREAMS;
        let stream = &mut streams[at];
        match (what % 6, stream.is_some()) {
            (0, false) => {
                *stream = Some(letters.opens([Ok(letters::Asked::Start(letter))]).await.expect("a stream"));
                let outcome = model.open(at);
                hears(stream, outcome).await;
            }
            (1..=3, true) => {
                let stands = model.stands(at);
                let (offset, other) = match what % 6 {
                    1 => (stands, 0),
                    2 => (stands + i64::from(b as i8), 0),
                    _ => (stands, 1),
                };
                let data = bytes_at(&text, offset, usize::from(a >> 1) % 16, other);
                stream.as_mut().expect("it is open").sends(offset, &data).await;
                let outcome = model.chunk(at, offset, &data);
                hears(stream, outcome).await;
            }
            (0 | 4, true) => {
                let sending = stream.as_mut().expect("it is open");
                if b % 2 == 0 {
                    sending.hangs_up()
                } else {
                    sending.breaks()
                }
                let outcome = model.end(at);
                hears(stream, outcome).await;
            }
            (5, _) => {
                let offset = model.committed() + i64::from(b as i8) / 2;
                let data = bytes_at(&text, offset, usize::from(a) % 24, b & 1);
                let answer = letters.append(letter, offset, data.clone().into()).await;
                let answer = answer.map_err(|error| error.reason());
                assert_eq!(answer, model.append(offset, &data));
            }
            _ => {}
        }
        assert_eq!(letters.committed(letter).await, model.committed());
    }
    for (at, stream) in streams.iter_mut().enumerate() {
        if let Some(sending) = stream {
            sending.hangs_up();
            let outcome = model.end(at);
            hears(stream, outcome).await;
        }
    }
    // Other bytes may have been taken for a part of it: then it begins anew, once.
    for _ in 0..2 {
        let from = model.committed();
        let data = bytes_at(&text, from, text.len() - from as usize, 0);
        let answer = letters.append(letter, from, data.clone().into()).await.map_err(|error| error.reason());
        assert_eq!(answer, model.append(from, &data));
    }
    assert_eq!(letters.text(letter).await, text);
    assert_eq!(letters.committed(letter).await, 0);
}

/// What the client has to hear next.
async fn hears(stream: &mut Option<Sending>, outcome: Outcome) {
    match outcome {
        Outcome::Nothing => {}
        Outcome::Progress(committed) => {
            assert_eq!(
                stream.as_mut().expect("it is open").hears().await.map_err(reason),
                Ok(Told::Progress(committed))
            );
        }
        Outcome::Ends(end) => assert_eq!(stream.take().expect("it is open").ends().await.map_err(reason), end),
    }
}

fn reason(status: Status) -> &'static str {
    use tonic_types::StatusExt as _;
    let told = status.get_details_error_info().map(|info| info.reason).unwrap_or_default();
    let known = ["UPLOAD_OFFSET", "UPLOAD_TOO_LONG", "UPLOAD_INCOMPLETE", "UPLOAD_TAKEN_OVER", "DIGEST_MISMATCH"];
    known.into_iter().chain(["INVALID_REQUEST"]).find(|known| *known == told).unwrap_or_else(|| panic!("{status:?}"))
}

/// The bytes of the text from an offset on, or as many others.
fn bytes_at(text: &[u8], offset: i64, length: usize, other: u8) -> Vec<u8> {
    let from = usize::try_from(offset).unwrap_or(0).min(text.len());
    let data = text[from..].iter().copied().chain(std::iter::repeat(0xff)).take(length);
    data.map(|byte| byte ^ (other << 7)).collect()
}

/// A file in one stream; in two; in calls; both, with a gap, with other bytes.
fn seeds() -> Vec<Vec<u8>> {
    [
        &[39, 0, 0, 0, 1, 30, 0, 1, 30, 0, 1, 20, 0][..],
        &[19, 0, 0, 0, 1, 10, 0, 4, 0, 1, 0, 0, 0, 1, 30, 0, 4, 0, 0, 0, 0, 0, 1, 30, 0],
        &[29, 5, 10, 0, 5, 10, 0, 5, 10, 0],
        &[29, 5, 10, 0, 5, 20, 248, 5, 9, 0, 5, 9, 12],
        &[19, 0, 0, 0, 0, 1, 0, 1, 18, 0, 1, 19, 0, 1, 30, 0, 1, 31, 0],
        &[19, 0, 0, 0, 3, 30, 0, 1, 30, 0, 0, 0, 0, 2, 30, 5],
        &[9, 0, 0, 0, 1, 8, 0, 5, 10, 0, 1, 30, 0],
    ]
    .map(<[u8]>::to_vec)
    .to_vec()
}
