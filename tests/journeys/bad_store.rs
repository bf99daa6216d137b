//! Bad days of S3, with real photos of the real client over a link that is really broken: every photo that was acknowledged is there
//! once and whole, nothing that was refused is half there, and the client gets through in the end.

use std::time::{Duration, Instant};

use samspil_client::queue::Queue;
use samspil_store::objects::{Objects, S3};
use samspil_testkit::{Link, Trouble, needs_bucket};

use crate::{
    course,
    kills::{each_is_there_once, enqueue, is_clear},
    server::Server,
    site,
};

/// Photos for each kind of trouble.
const PHOTOS: u64 = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn photos_come_through_whatever_is_wrong_with_the_store() {
    let place = needs_bucket();
    let link = Link::to(&place.endpoint).await;
    let folder = tempfile::tempdir().unwrap();
    let over_the_link = site::in_bucket(&S3 { endpoint: link.endpoint.clone(), ..place.clone() }, folder.path());
    let server = Server::start(folder.path(), &site::borrowed(&over_the_link));
    let nurse = server.connect("nurse");
    let wound = course::open_wound(&nurse).await;
    let mut files = Vec::new();
    for (n, trouble) in [
        Trouble::Errors,
        Trouble::CutsRequests,
        Trouble::CutsAnswers,
        Trouble::Slow(Duration::from_millis(400)),
        Trouble::Refuses,
    ]
    .into_iter()
    .enumerate()
    {
        let begin = n as u64 * PHOTOS;
        let new = course::photographs(folder.path(), begin..begin + PHOTOS);
        let path = folder.path().join(format!("queue{n}"));
        enqueue(&path, wound, &new, &nurse).await;
        link.has(trouble);
        let queue = Queue::open(&path).unwrap();
        let until = Instant::now() + Duration::from_secs(90);
        let sent = async {
            while !is_clear(&path) {
                assert!(Instant::now() < until, "{trouble:?}: not done");
                queue.sync(&nurse, |_| {}).await.unwrap();
            }
        };
        let back = async {
            while trouble == Trouble::Refuses && link.hurt() < 20 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            if trouble == Trouble::Refuses {
                assert!(!is_clear(&path), "nothing comes through, and all of it waits");
                link.has(Trouble::Errors);
            }
        };
        tokio::join!(sent, back);
        assert!(link.hurt() > 0, "{trouble:?} hurt nothing");
        link.has(Trouble::None);
        files.extend(new);
        assert_eq!(site::verified(folder.path(), &over_the_link).0, [""; 0], "{trouble:?}");
    }
    each_is_there_once(&nurse, wound, &files).await;
    let store = Objects::s3(&S3 { prefix: format!("{}/photos", place.prefix), ..place }).unwrap();
    let originals = store.list("photos").await.unwrap().into_iter().filter(|found| found.key.ends_with("/original"));
    assert_eq!(originals.count(), files.len(), "as many photos in the store as were sent");
}
