//! A site that is moved from a laptop to PostgreSQL and S3, and one that is restored from a backup.

use std::{path::Path, process::Command, time::Duration};

use samspil_client::{Connection, queue::Queue};
use samspil_proto::{names::WoundName, time, wound::v1 as pb};
use samspil_store::objects::{Objects, S3};
use samspil_testkit::{fresh_databases, needs_bucket};
use sha2::{Digest as _, Sha256};

use crate::{
    course,
    kills::{each_is_there_once, enqueue, is_clear},
    server::Server,
    site::{Variables, borrowed, copy_objects, in_bucket, samspil, verified},
};

const SERVICES: [&str; 5] = ["directory", "referral", "careplan", "wound", "review"];

/// The files that make another folder the same site: its keys.
const KEYS: [&str; 3] = ["master.key", "audit.key", "issuer.key"];

/// A place on PostgreSQL and S3 with empty tables, for a site with these keys.
async fn empty_site(place: &S3, keys_of: &Path, data: &Path) -> Variables {
    for key in KEYS.into_iter().filter(|_| keys_of != data) {
        std::fs::copy(keys_of.join(key), data.join(key)).unwrap();
    }
    let mut site = in_bucket(place, data);
    site.push(("SAMSPIL_DATABASE_URL", fresh_databases(&SERVICES).await));
    let (told, code) = samspil(data, &site, &["migrate"]);
    assert_eq!(code, 0, "{told}");
    site
}

async fn sends(
    nurse: &Connection,
    folder: &Path,
    wound: WoundName,
    photos: std::ops::Range<u64>,
) -> Vec<std::path::PathBuf> {
    let files = course::photographs(folder, photos.clone());
    let path = folder.join(format!("queue-{}", photos.start));
    enqueue(&path, wound, &files, nurse).await;
    let queue = Queue::open(&path).unwrap();
    while !is_clear(&path) {
        queue.sync(nurse, |_| {}).await.unwrap();
    }
    files
}

/// A photo that is announced: its name.
async fn announce(nurse: &Connection, wound: WoundName, bytes: &[u8]) -> String {
    let photo = pb::Photo {
        photo_id: course::request_id(),
        size_bytes: bytes.len() as i64,
        sha256: Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect(),
        capture_time: Some(time::to_wire(nurse.clock().now())),
        ..pb::Photo::default()
    };
    let visit = pb::Visit {
        visit_time: Some(time::to_wire(nurse.clock().now())),
        findings: Some(pb::Findings { length_mm: Some(31), ..pb::Findings::default() }),
        photos: vec![photo],
        ..pb::Visit::default()
    };
    let request = pb::CreateVisitRequest {
        parent: wound.to_string(),
        visit_id: course::request_id(),
        visit: Some(visit),
        request_id: course::request_id(),
    };
    let visit = nurse.call(request, |s, r| async move { s.wound().create_visit(r).await }).await.unwrap();
    visit.photos[0].name.clone()
}

async fn append(nurse: &Connection, name: &str, offset: usize, bytes: &[u8]) -> pb::AppendPhotoResponse {
    let data = bytes.to_vec().into();
    let request = pb::AppendPhotoRequest { name: name.to_owned(), offset: offset as i64, data };
    nurse.wound().append_photo(request).await.unwrap().into_inner()
}

/// The types of the updates after a cursor up to one, and the cursor behind it.
async fn updates(nurse: &Connection, cursor: &str, up_to: &str) -> (Vec<String>, String) {
    let request = pb::WatchWoundsRequest { name: "patients/-/wounds/-".to_owned(), cursor: cursor.to_owned() };
    let mut stream = nurse.wound().watch_wounds(request).await.unwrap().into_inner();
    let mut seen = Vec::new();
    loop {
        let update = tokio::time::timeout(Duration::from_secs(30), stream.message()).await.expect("an update");
        let update = update.unwrap().unwrap();
        if update.resource.is_some() {
            seen.push(update.r#type.rsplit('.').next().unwrap().to_owned());
        }
        if seen.last().is_some_and(|last| last == up_to) || up_to.is_empty() {
            return (seen, update.cursor);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_site_that_is_moved_goes_on_where_it_stood() {
    let (laptop, target) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let from = laptop.path().to_str().unwrap();
    let server = Server::start(laptop.path(), &[]);
    let nurse = server.connect("nurse");
    let wound = course::open_wound(&nurse).await;
    let (_, begin) = updates(&nurse, "", "").await;
    let files = sends(&nurse, laptop.path(), wound, 0..3).await;
    let scene = samspil_phantom::Scene { width: 640, height: 480, ..samspil_phantom::Scene::visit(99, 0) };
    let half = samspil_phantom::photograph(&scene, &samspil_phantom::Metadata::default()).0;
    let name = announce(&nurse, wound, &half).await;
    assert_eq!(append(&nurse, &name, 0, &half[..5000]).await.committed_bytes, 5000);
    let (seen, cursor) = updates(&nurse, &begin, "PhotoAssessed").await;
    assert!(seen.contains(&"VisitRecorded".to_owned()), "{seen:?}");

    let place = needs_bucket();
    let to = empty_site(&place, laptop.path(), target.path()).await;
    let copy = || samspil(target.path(), &to, &["copy", "--from", from]);
    let (told, code) = copy();
    assert!(code == 1 && told.contains("stop it first"), "{told}");
    assert!(server.terminate().success());

    // What is not of this site is not written over.
    let stranger = Objects::s3(&S3 { prefix: format!("{}/photos", place.prefix), ..place.clone() }).unwrap();
    stranger.put("photos/of-another", "whatever".into()).await.unwrap();
    let (told, code) = copy();
    assert!(code == 1 && told.contains("not empty"), "{told}");
    stranger.delete(["photos/of-another".to_owned()]).await.unwrap();
    // Neither is it a site without its keys.
    std::fs::rename(target.path().join("master.key"), target.path().join("away")).unwrap();
    assert_eq!(copy().1, 1);
    std::fs::rename(target.path().join("away"), target.path().join("master.key")).unwrap();

    let (told, code) = copy();
    assert_eq!(code, 0, "{told}");
    assert!(told.contains("wound: ") && told.contains("master.key"), "{told}");
    let (told, code) = copy();
    assert!(code == 0 && told.contains("copied before"), "{told}");
    let at_home = verified(laptop.path(), &Vec::new());
    assert_eq!(at_home, (Vec::new(), 3, at_home.2));
    assert_eq!(verified(target.path(), &to), at_home, "the same files and events, and nothing is wrong");

    let server = Server::start(target.path(), &borrowed(&to));
    let nurse = server.connect("nurse");
    let upload = pb::GetUploadRequest { name: name.clone() };
    let stands = nurse.call(upload, |s, r| async move { s.wound().get_upload(r).await }).await.unwrap();
    assert_eq!(stands.committed_bytes, 5000);
    let stored = append(&nurse, &name, 5000, &half[5000..]).await.photo.unwrap();
    assert_eq!(stored.state, pb::PhotoState::Stored as i32);
    let (all, _) = updates_until_stored(&nurse, &begin, &name).await;
    let (rest, _) = updates_until_stored(&nurse, &cursor, &name).await;
    assert!(all.ends_with(&rest) && all.len() > rest.len(), "{all:?} {rest:?}");
    let more = sends(&nurse, target.path(), wound, 10..12).await;
    let request = pb::CompleteVisitRequest {
        name: name.split("/photos/").next().unwrap().to_owned(),
        request_id: course::request_id(),
        ..pb::CompleteVisitRequest::default()
    };
    nurse.call(request, |s, r| async move { s.wound().complete_visit(r).await }).await.unwrap();
    let whole = laptop.path().join("half.jpg");
    std::fs::write(&whole, &half).unwrap();
    each_is_there_once(&nurse, wound, &[files, vec![whole], more].concat()).await;
    assert_eq!(verified(target.path(), &to).0, [""; 0], "while it serves");
    // A site that has gone on is not copied over.
    let (told, code) = copy();
    assert!(code == 1 && told.contains("not empty"), "{told}");
}

/// The subjects of the updates after a cursor, up to the one that tells that a photo is stored.
async fn updates_until_stored(nurse: &Connection, cursor: &str, photo: &str) -> (Vec<(String, String)>, String) {
    let request = pb::WatchWoundsRequest { name: "patients/-/wounds/-".to_owned(), cursor: cursor.to_owned() };
    let mut stream = nurse.wound().watch_wounds(request).await.unwrap().into_inner();
    let mut seen = Vec::new();
    loop {
        let update = tokio::time::timeout(Duration::from_secs(30), stream.message()).await.expect("an update");
        let update = update.unwrap().unwrap();
        let (kind, subject) = (update.r#type, update.subject);
        let ends = kind.ends_with(".PhotoStored") && subject == photo;
        seen.push((kind, subject));
        if ends {
            return (seen.split_off(1), update.cursor);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_that_was_made_under_writes_is_a_whole_site() {
    let (folder, restored) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (place, other_place) = (needs_bucket(), needs_bucket());
    // A site has its keys before it has anything else.
    drop(Server::start(folder.path(), &[]));
    let site = empty_site(&place, folder.path(), folder.path()).await;
    let server = Server::start(folder.path(), &borrowed(&site));
    let nurse = server.connect("nurse");
    let wound = course::open_wound(&nurse).await;
    sends(&nurse, folder.path(), wound, 0..2).await;

    let copy = empty_site(&other_place, folder.path(), restored.path()).await;
    let backup = async {
        // The rows first: what they name was written before them and stays, so it is among the objects that are copied afterwards.
        let urls = [&site, &copy].map(|site| site.last().unwrap().1.clone());
        let rows = tokio::task::spawn_blocking(move || SERVICES.map(|service| dump_and_restore(&urls, service)));
        rows.await.unwrap();
        copy_objects(&place, &other_place).await;
    };
    let (_, during) = tokio::join!(backup, sends(&nurse, folder.path(), wound, 10..16));
    assert_eq!(during.len(), 6);
    assert_eq!(verified(folder.path(), &site).0, [""; 0]);
    let (wrong, files, _) = verified(restored.path(), &copy);
    assert_eq!(wrong, [""; 0]);
    assert!(files >= 2, "what was there before the backup");
    drop(server);
    // It is served from, and takes in more.
    let server = Server::start(restored.path(), &borrowed(&copy));
    sends(&server.connect("nurse"), restored.path(), wound, 20..21).await;
    assert_eq!(verified(restored.path(), &copy).0, [""; 0]);
}

/// Moves a service's rows as `pg_dump` sees them at one moment into an empty database.
fn dump_and_restore(urls: &[String; 2], service: &str) {
    let [from, to] = urls.each_ref().map(|url| url.replace("{service}", service));
    let dumped = Command::new("pg_dump").args(["--format=custom", &from]).output().unwrap();
    assert!(dumped.status.success(), "{}", String::from_utf8_lossy(&dumped.stderr));
    let mut restore = Command::new("pg_restore");
    // The tables are there already, from `samspil migrate`: a restore to a bare database has no need of --clean.
    restore.args(["--clean", "--if-exists", "--no-owner", "--single-transaction", "--dbname", &to]);
    let mut child = restore.stdin(std::process::Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), &dumped.stdout).unwrap();
    assert!(child.wait().unwrap().success());
}
