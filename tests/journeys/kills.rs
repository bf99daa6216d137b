//! Server and client killed at random, and every photo there exactly once.
//!
//! `SAMSPIL_KILLS_PHOTOS` sets how many photos (60 unless told), `SAMSPIL_KILLS_SEED` when the kills come.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use samspil_client::{
    Connection,
    queue::{Queue, Stage},
};
use samspil_proto::{
    names::{PhotoName, WoundName},
    wound::v1::{self as pb, Rendition},
};

use crate::{course, server::Server};

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().expect("a number"))
}

/// The nurse's client, as a process of its own.
fn sync(server: &Server, data: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_samspil"))
        .args(["nurse", "--json", "--endpoint", &server.endpoint(), "--data-dir"])
        .arg(data)
        .arg("sync")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_photo_is_there_exactly_once_however_often_server_and_client_are_killed() {
    let photos = setting("SAMSPIL_KILLS_PHOTOS", 60);
    let seed = setting("SAMSPIL_KILLS_SEED", 1);
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(folder.path(), &[]);
    let nurse = server.connect("nurse");
    let wound = course::open_wound(&nurse).await;

    let path = folder.path().join("nurse/queue");
    let files = course::photographs(folder.path(), 0..photos);
    enqueue(&path, wound, &files, &nurse).await;

    let (mut server_kills, mut client_kills) = (0, 0);
    let until = Instant::now() + Duration::from_secs(300);
    let mut client = sync(&server, folder.path());
    while !is_clear(&path) {
        assert!(Instant::now() < until, "not done; {server_kills} and {client_kills} kills, seed {seed}");
        tokio::time::sleep(Duration::from_millis(random.random_range(20..600))).await;
        if random.random_bool(0.5) {
            server.kill_and_restart();
            server_kills += 1;
        }
        let ended = client.try_wait().unwrap().is_some();
        if ended || random.random_bool(0.4) {
            client.kill().unwrap();
            client.wait().unwrap();
            client_kills += u32::from(!ended);
            client = sync(&server, folder.path());
        }
    }
    client.kill().unwrap();
    client.wait().unwrap();
    println!("{photos} photos, server killed {server_kills} times, client {client_kills} times, seed {seed}");
    each_is_there_once(&server.connect("nurse"), wound, &files).await;
    let originals = std::fs::read_dir(folder.path().join("photos/photos")).unwrap().count();
    assert_eq!(originals, files.len(), "as many photos on the disk as were sent");
}

/// Visits of ten.
pub(crate) async fn enqueue(path: &Path, wound: WoundName, files: &[PathBuf], nurse: &Connection) {
    let queue = Queue::open(path).unwrap();
    for files in files.chunks(10) {
        queue.enqueue(course::visit(wound, files, false, nurse.clock().now())).await.unwrap();
    }
}

pub(crate) fn is_clear(path: &Path) -> bool {
    let states = Queue::look(path).unwrap();
    assert!(states.broken.is_empty(), "a record cannot be read: {:?}", states.broken);
    states.visits.iter().all(|visit| visit.stage == Stage::Done)
}

pub(crate) async fn each_is_there_once(nurse: &Connection, wound: WoundName, files: &[PathBuf]) {
    let request = pb::ListVisitsRequest { parent: wound.to_string(), page_size: 1000, page_token: String::new() };
    let visits = nurse.call(request, |s, r| async move { s.wound().list_visits(r).await }).await.unwrap().visits;
    assert!(visits.iter().all(|visit| visit.state == pb::VisitState::Complete as i32));
    let stored: Vec<_> = visits.into_iter().flat_map(|visit| visit.photos).collect();
    assert!(stored.iter().all(|photo| photo.state == pb::PhotoState::Stored as i32));

    let mut sent: Vec<_> = files.iter().map(|file| stripped(&std::fs::read(file).unwrap())).collect();
    let mut got = Vec::new();
    for photo in &stored {
        let mut bytes = Vec::new();
        nurse.download(&photo.name.parse::<PhotoName>().unwrap(), Rendition::Original, &mut bytes).await.unwrap();
        got.push(bytes);
    }
    sent.sort();
    got.sort();
    assert_eq!(got.len(), sent.len());
    assert!(got == sent, "a photo differs from what was sent, beyond its metadata");
}

/// What is to be left of a file: its pixels as they were sent, without metadata.
pub(crate) fn stripped(file: &[u8]) -> Vec<u8> {
    let inspected = samspil_imaging::inspect(file, &samspil_imaging::Limits::default()).unwrap();
    samspil_imaging::strip(file, &inspected).unwrap()
}
