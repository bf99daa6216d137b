//! A site that comes back from a base backup and the archived log as of a time, beside objects of another time.

use std::collections::BTreeSet;

use samspil_client::Connection;
use samspil_store::objects::{Objects, S3};
use samspil_testkit::{Cluster, needs_bucket};

use super::{
    site::{Ground, SERVICES},
    work::{Round, answer, every_event_is_there_once},
};
use crate::site::copy_objects;

/// The ids of a round's photos.
async fn photos(round: &Round, nurse: &Connection) -> BTreeSet<String> {
    let photos = round.visits(nurse).await.into_iter().flat_map(|visit| visit.photos);
    photos.map(|photo| photo.name.rsplit('/').next().unwrap().to_owned()).collect()
}

/// How many objects there are of these photos.
async fn objects_of(photos: &BTreeSet<String>, place: &S3) -> usize {
    let place = S3 { prefix: format!("{}/photos", place.prefix), ..place.clone() };
    let found = Objects::s3(&place).unwrap().list("photos").await.unwrap();
    found.iter().filter(|found| photos.iter().any(|photo| found.key.contains(photo.as_str()))).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_site_restored_to_a_time_has_everything_up_to_it_and_takes_in_again_what_came_later() {
    let cluster = Cluster::start_archiving();
    let ground = Ground::on(Some(cluster.schemas("service", &SERVICES).await)).await;
    let mut server = ground.replica(0, &[]);
    let backup = cluster.back_up();
    let (nurse, specialist) = (server.connect("nurse"), server.connect("specialist"));
    let before = Round::prepare(1, 1, ground.folder.path(), &nurse).await;
    let after = Round::prepare(2, 1, ground.folder.path(), &nurse).await;
    before.send(&nurse).await;
    answer(specialist, 1, std::sync::Arc::default()).await;
    every_event_is_there_once(&ground, 1).await;
    // Both times lie between the first nurse's photos and the second's.
    let older_store = Ground { bucket: needs_bucket(), ..ground.clone() };
    copy_objects(&ground.bucket, &older_store.bucket).await;
    let time = cluster.time().await;
    let phone_that_heard_nothing = after.copy();
    after.send(&nurse).await;
    let later = photos(&after, &nurse).await;
    server.kill();
    cluster.archives().await;

    // Objects that are older than the rows: each that is missing is named.
    let (found, files, _) = older_store.verified(&[]);
    let missing = |wrong: &str| -> Vec<_> { found.iter().filter(|found| found.contains(wrong)).collect() };
    assert_eq!((files, missing("OBJECT_MISSING").len()), (4, later.len()), "{found:?}");
    assert_eq!(missing("_MISSING").len(), found.len(), "{found:?}");
    assert_eq!(found.len(), objects_of(&later, &ground.bucket).await, "{found:?}");
    assert!(found.iter().all(|found| later.iter().any(|photo| found.contains(photo.as_str()))), "{found:?}");

    // Rows that are older than the objects: what is too much is no loss.
    let restored = cluster.restored(backup, &time);
    let ground = Ground { database: ground.database.replace(&cluster.url(), &restored.url()), ..ground.clone() };
    let (found, files, _) = ground.verified(&[]);
    assert_eq!((found, files), (vec![], 2));
    assert!(objects_of(&later, &ground.bucket).await > later.len(), "what came later lies there, and no row names it");

    // It goes on from there. A phone that never heard of its receipts sends the same again.
    let server = ground.replica(0, &[]);
    let (nurse, specialist) = (server.connect("nurse"), server.connect("specialist"));
    before.is_whole(&nurse).await;
    assert_eq!(photos(&after, &nurse).await, BTreeSet::new());
    phone_that_heard_nothing.send(&nurse).await;
    answer(specialist, 1, std::sync::Arc::default()).await;
    after.is_whole(&nurse).await;
    assert_eq!(photos(&after, &nurse).await, later);
    every_event_is_there_once(&ground, 2).await;
    ground.verify();
}
