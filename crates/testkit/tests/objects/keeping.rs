//! What both kinds of store promise.

use bytes::Bytes;
use samspil_store::objects::{Error, Objects};
use samspil_testkit::needs_bucket;
use tempfile::TempDir;

/// Runs a test on a folder and on S3.
macro_rules! on_both_stores {
    ($name:ident, |$objects:ident| $body:expr) => {
        mod $name {
            use super::*;

            async fn test($objects: Objects) {
                $body.await;
            }

            #[tokio::test]
            async fn folder() {
                let folder = TempDir::new().unwrap();
                test(Objects::folder(folder.path(), None).await.unwrap()).await;
            }

            #[tokio::test]
            async fn s3() {
                test(Objects::s3(&needs_bucket()).unwrap()).await;
            }
        }
    };
}

async fn keys(objects: &Objects, prefix: &str) -> Vec<(String, u64)> {
    let mut found: Vec<_> =
        objects.list(prefix).await.unwrap().into_iter().map(|found| (found.key, found.size)).collect();
    found.sort();
    found
}

async fn streamed(objects: &Objects, key: &str) -> (u64, Bytes) {
    use futures::TryStreamExt as _;
    let (size, pieces) = objects.stream(key).await.unwrap();
    let pieces: Vec<Bytes> = pieces.try_collect().await.unwrap();
    (size, pieces.concat().into())
}

on_both_stores!(what_is_put_is_there_whole_in_ranges_and_in_pieces, |objects| async move {
    let bytes: Bytes = (0..5 << 20).map(|n: u32| (n % 251) as u8).collect();
    objects.put("photos/a/original", bytes.clone()).await.unwrap();
    assert_eq!(objects.get("photos/a/original").await.unwrap(), bytes);
    assert_eq!(objects.range("photos/a/original", 1000..70_000).await.unwrap(), bytes.slice(1000..70_000));
    assert_eq!(streamed(&objects, "photos/a/original").await, (5 << 20, bytes));
    objects.put("photos/b/original", Bytes::new()).await.unwrap();
    assert_eq!(streamed(&objects, "photos/b/original").await, (0, Bytes::new()));
});

on_both_stores!(what_is_put_once_stays, |objects| async move {
    let (first, second) = (Bytes::from_static(b"first"), Bytes::from_static(b"second"));
    objects.put_once("a", first.clone()).await.unwrap();
    objects.put_once("a", first.clone()).await.unwrap();
    assert!(matches!(objects.put_once("a", second.clone()).await, Err(Error::Taken(key)) if key == "a"));
    objects.put_new("a", second.clone()).await.unwrap();
    assert_eq!(objects.get("a").await.unwrap(), first);
    objects.put("a", second.clone()).await.unwrap();
    assert_eq!(objects.get("a").await.unwrap(), second);
});

on_both_stores!(of_many_at_once_with_one_key_one_stands, |objects| async move {
    let tries = (0..8).map(|n| {
        let objects = objects.clone();
        async move { objects.put_once("a", Bytes::from(vec![n; 100_000])).await.map(|()| n).ok() }
    });
    let stood: Vec<u8> = futures::future::join_all(tries).await.into_iter().flatten().collect();
    assert_eq!(stood.len(), 1);
    assert_eq!(objects.get("a").await.unwrap(), vec![stood[0]; 100_000]);
});

on_both_stores!(what_is_not_there_is_said_to_be_not_there, |objects| async move {
    assert!(matches!(objects.get("a").await, Err(Error::NotFound(_))));
    assert!(matches!(objects.range("a", 0..1).await, Err(Error::NotFound(_))));
    assert!(matches!(objects.stream("a").await.map(|_| ()), Err(Error::NotFound(_))));
    objects.delete(["a".to_owned()]).await.unwrap();
});

on_both_stores!(objects_are_listed_by_the_prefix_and_removed, |objects| async move {
    for n in 0..20 {
        objects.put(&format!("parts/{n}/part"), Bytes::from(vec![0; n])).await.unwrap();
    }
    objects.put("parts-of-another/a", Bytes::new()).await.unwrap();
    let mut expected: Vec<_> = (0..20).map(|n| (format!("parts/{n}/part"), n as u64)).collect();
    expected.sort();
    assert_eq!(keys(&objects, "parts").await, expected);
    objects.delete((0..19).map(|n| format!("parts/{n}/part"))).await.unwrap();
    assert_eq!(keys(&objects, "parts").await, [("parts/19/part".to_owned(), 19)]);
    assert_eq!(keys(&objects, "").await.len(), 2);
});

on_both_stores!(a_good_store_passes_the_probe_and_keeps_nothing_of_it, |objects| async move {
    objects.probe().await.unwrap();
    assert!(keys(&objects, "").await.is_empty());
});
