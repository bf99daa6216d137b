//! What only a store far away can do wrong.

use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt as _;
use samspil_store::objects::{Error, Objects, S3, Unfit};
use samspil_testkit::needs_bucket;

#[tokio::test]
async fn more_objects_than_a_page_of_the_list_has_are_all_listed() {
    let objects = Objects::s3(&needs_bucket()).unwrap();
    let put = |n: u32| {
        let objects = objects.clone();
        async move { objects.put(&format!("many/{n:04}"), Bytes::new()).await.unwrap() }
    };
    futures::stream::iter((0..1100).map(put)).buffer_unordered(16).collect::<()>().await;
    assert_eq!(objects.list("many").await.unwrap().len(), 1100);
    objects.delete((0..1100).map(|n| format!("many/{n:04}"))).await.unwrap();
    assert!(objects.list("many").await.unwrap().is_empty());
}

#[tokio::test]
async fn a_wrong_key_is_named_by_the_probe_and_refused_as_passing() {
    let key = Some(("nobody".to_owned(), "nothing".to_owned()));
    let objects = Objects::s3(&S3 { access_key: key, ..needs_bucket() }).unwrap();
    assert!(matches!(objects.get("a").await, Err(Error::Unavailable(_))));
    assert!(matches!(objects.put("a", Bytes::new()).await, Err(Error::Unavailable(_))));
    assert!(matches!(objects.probe().await, Err(Unfit::Cannot("written to", Error::Unavailable(_)))));
}

#[tokio::test]
async fn a_store_that_is_not_there_is_named_by_the_probe() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let objects = Objects::s3(&S3 { endpoint: format!("http://{closed}"), ..needs_bucket() }).unwrap();
    let begin = std::time::Instant::now();
    assert!(matches!(objects.probe().await, Err(Unfit::Cannot("written to", Error::Unavailable(_)))));
    assert!(begin.elapsed() < Duration::from_secs(15), "{:?}", begin.elapsed());
}
