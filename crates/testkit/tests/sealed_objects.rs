//! Photos and files in the store: sealed, and read in any part; what somebody did to them there is found.

use std::{ops::Range, sync::Arc};

use bytes::Bytes;
use futures::TryStreamExt as _;
use object_store::{ObjectStoreExt as _, memory::InMemory, path::Path};
use samspil_store::{
    Db,
    keyring::Keyring,
    objects::{Error, Objects},
    sealing,
};
use samspil_testkit::{World, on_both};

const CHUNK: usize = 64 << 10;
const HEADER: usize = 76;
const SEALED_CHUNK: usize = CHUNK + 16;

/// A store, what stands behind it, and the keys.
struct Site {
    behind: Arc<InMemory>,
    bare: Objects,
    objects: Objects,
    keys: Keyring,
}

async fn site(world: &World) -> Site {
    let behind = Arc::new(InMemory::new());
    let keys = world.base("wound").await.keys;
    let bare = Objects::of(behind.clone(), "memory");
    Site { behind, objects: bare.clone().sealed(keys.clone()), bare, keys }
}

impl Site {
    async fn stored(&self, key: &str) -> Vec<u8> {
        self.behind.get(&Path::from(key)).await.unwrap().bytes().await.unwrap().to_vec()
    }

    /// Lets somebody who has the store put bytes there.
    async fn plant(&self, key: &str, bytes: Vec<u8>) {
        self.behind.put(&Path::from(key), bytes.into()).await.unwrap();
    }

    /// The whole, once by itself and once as a stream; `None` when it does not open.
    async fn read(&self, key: &str) -> Option<Bytes> {
        let whole = self.objects.get(key).await.ok();
        let streamed = async {
            let (size, stream) = self.objects.stream(key).await.ok()?;
            let bytes = stream.try_collect::<Vec<_>>().await.ok()?.concat();
            assert_eq!(bytes.len() as u64, size);
            Some(Bytes::from(bytes))
        };
        assert_eq!(whole, streamed.await);
        whole
    }
}

/// Bytes of which no two places look alike.
fn bytes(count: usize) -> Bytes {
    (0..count).map(|at| (at * 31 + at / 251 + at / 65_536) as u8).collect()
}

on_both!(every_part_of_a_sealed_object_is_read_as_it_was_written, |world| async move {
    let site = site(&world).await;
    for size in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 5 * CHUNK + 7] {
        let (key, plain) = (format!("photos/{size}"), bytes(size));
        site.objects.put(&key, plain.clone()).await.unwrap();
        assert_eq!(site.read(&key).await, Some(plain.clone()));
        let listed = site.objects.list("photos").await.unwrap();
        assert!(listed.iter().any(|listed| listed.key == key && listed.size == size as u64), "{listed:?}");
        let edges = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, size / 2, size - size.min(1)];
        for begin in edges.into_iter().filter(|begin| *begin < size) {
            for length in [1, 2, CHUNK, 2 * CHUNK + 3, size] {
                let end = size.min(begin + length);
                let part: Range<u64> = begin as u64..end as u64;
                assert_eq!(
                    site.objects.range(&key, part).await.unwrap(),
                    plain[begin..end],
                    "{begin}..{end} of {size}"
                );
            }
        }
        assert!(site.objects.range(&key, size as u64..size as u64 + 1).await.is_err(), "behind its end");
    }
    assert!(matches!(site.objects.get("photos/none").await, Err(samspil_store::objects::Error::NotFound(_))));
});

on_both!(nothing_of_a_photo_is_in_the_store_and_equal_photos_look_different, |world| async move {
    let site = site(&world).await;
    let plain = bytes(2 * CHUNK);
    for key in ["one", "other"] {
        site.objects.put(key, plain.clone()).await.unwrap();
        let stored = site.stored(key).await;
        for part in plain.chunks_exact(CHUNK / 4).map(|part| &part[..16]) {
            assert!(!stored.windows(16).any(|window| window == part));
        }
        assert_eq!(stored.len(), HEADER + 2 * SEALED_CHUNK);
    }
    let (one, other) = (site.stored("one").await, site.stored("other").await);
    let alike = one[HEADER..].iter().zip(&other[HEADER..]).filter(|(one, other)| one == other).count();
    assert!(alike < one.len() / 100, "{alike} bytes are alike");
});

on_both!(a_photo_that_was_changed_in_the_store_does_not_open, |world| async move {
    let site = site(&world).await;
    let plain = bytes(3 * CHUNK + 100);
    site.objects.put("photo", plain.clone()).await.unwrap();
    site.objects.put("other", bytes(3 * CHUNK + 100)).await.unwrap();
    let (stored, other) = (site.stored("photo").await, site.stored("other").await);
    let chunk = |index: usize| HEADER + index * SEALED_CHUNK..stored.len().min(HEADER + (index + 1) * SEALED_CHUNK);

    let mut wrong: Vec<(String, Vec<u8>)> = Vec::new();
    for at in
        (0..HEADER).chain((0..4).flat_map(|index| [chunk(index).start, chunk(index).start + 50, chunk(index).end - 1]))
    {
        let mut changed = stored.clone();
        changed[at] ^= 1;
        wrong.push((format!("byte {at} is another"), changed));
    }
    for length in [0, 1, HEADER, HEADER + 5, chunk(0).end, chunk(1).end, chunk(2).end, stored.len() - 1] {
        wrong.push((format!("cut to {length}"), stored[..length].to_vec()));
    }
    let mut swapped = stored.clone();
    swapped[chunk(0)].copy_from_slice(&stored[chunk(1)]);
    swapped[chunk(1)].copy_from_slice(&stored[chunk(0)]);
    wrong.push(("chunks are swapped".to_owned(), swapped));
    let left_out = [&stored[..chunk(0).end], &stored[chunk(2).start..]].concat();
    wrong.push(("a chunk is left out".to_owned(), left_out));
    wrong.push(("the end is there twice".to_owned(), [&stored[..], &stored[chunk(3)]].concat()));
    wrong.push(("of another object".to_owned(), other.clone()));
    wrong.push(("the header of another".to_owned(), [&other[..HEADER], &stored[HEADER..]].concat()));
    wrong.push(("not sealed".to_owned(), plain.to_vec()));
    for (what, bytes) in wrong {
        site.plant("photo", bytes).await;
        assert_eq!(site.read("photo").await, None, "{what}");
    }
    // Also where a part is asked for that is not the one that was changed, the end cannot be cut off.
    site.plant("photo", stored[..chunk(1).end].to_vec()).await;
    assert!(site.objects.range("photo", CHUNK as u64..CHUNK as u64 + 10).await.is_err());
    site.plant("photo", stored).await;
    assert_eq!(site.read("photo").await, Some(plain));
});

on_both!(photos_of_before_are_sealed_by_a_command_and_those_of_an_older_key_anew, |world| async move {
    let site = site(&world).await;
    for (key, size) in [("old/1", 0), ("old/2", 10), ("old/3", 2 * CHUNK)] {
        site.bare.put(key, bytes(size)).await.unwrap();
        let refused = site.objects.get(key).await.unwrap_err();
        let told = format!("{refused:?}");
        assert!(size == 0 || told.contains("samspil keys seal-objects"), "{told}");
    }
    site.objects.put("new", bytes(5)).await.unwrap();
    assert_eq!(sealing::seal_all(&site.bare, &site.keys).await.unwrap(), 3);
    assert_eq!(sealing::seal_all(&site.bare, &site.keys).await.unwrap(), 0);
    assert_eq!(site.read("old/3").await, Some(bytes(2 * CHUNK)));

    let before = site.stored("new").await;
    site.keys.rotate(world.clock.now()).await.unwrap();
    assert_eq!(site.read("new").await, Some(bytes(5)), "sealed with the old key, and open");
    assert_eq!(sealing::seal_all(&site.bare, &site.keys).await.unwrap(), 4);
    assert_ne!(site.stored("new").await[..16], before[..16]);
    for (key, size) in [("old/1", 0), ("old/2", 10), ("old/3", 2 * CHUNK), ("new", 5)] {
        assert_eq!(site.read(key).await, Some(bytes(size)));
    }
    // A process that has not met the new key yet.
    let slow = site.bare.clone().sealed(world.base("wound").await.keys);
    site.keys.rotate(world.clock.now()).await.unwrap();
    site.objects.put("newest", bytes(7)).await.unwrap();
    assert_eq!(slow.get("newest").await.unwrap(), bytes(7));
});

on_both!(a_database_that_is_gone_is_not_taken_for_a_photo_that_was_changed, |world| async move {
    let folder = tempfile::tempdir().unwrap();
    let store = Objects::folder(folder.path(), None).await.unwrap();
    let db = Db::open(&world.places["wound"]).await.unwrap();
    let slow = store.clone().sealed(Keyring::open(&db, world.master.clone(), world.clock.now()).await.unwrap());
    let keys = world.base("wound").await.keys;
    keys.rotate(world.clock.now()).await.unwrap();
    store.clone().sealed(keys).put("photo", bytes(7)).await.unwrap();
    db.close().await;
    // It has not met the new key yet, and can ask nobody.
    assert!(matches!(slow.get("photo").await, Err(Error::Store(_))));
    std::fs::write(folder.path().join("photo"), [0; 200]).unwrap();
    assert!(matches!(slow.get("photo").await, Err(Error::Damaged(_))));
});
