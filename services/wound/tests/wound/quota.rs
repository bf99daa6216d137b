//! No room: nothing is lost, and when there is room again it goes on.

use bytes::Bytes;
use samspil_proto::wound::v1::*;
use samspil_testkit::{Engine, World};
use tonic::Code;

use crate::help::*;

const BALLAST: &str = "ballast";

/// A full store refuses a photo that fits into memory, and takes it when there is room.
async fn a_small_photo(engine: Engine) {
    let world = World::start_with_quota(engine, Some(1 << 20)).await;
    let picture = Picture::phantom(1);
    let nurse = by(&world, "nurse");
    let visit = nurse.visits(&wound(&world).await.name, &[&picture]).await.unwrap().name;
    let name = picture.name(&visit);
    world.objects.put(BALLAST, Bytes::from(vec![0; (1 << 20) - 1000])).await.unwrap();
    for _ in 0..3 {
        let refusal = refused(nurse.uploads(&name, &picture.bytes, 64 << 10).await, "STORAGE_FULL");
        assert_eq!(refusal.code, Code::ResourceExhausted);
        let photo = nurse.gets_photo(&name).await.unwrap();
        assert_eq!((photo.state(), photo.store_time), (PhotoState::Announced, None));
        assert_eq!(nurse.gets_upload(&name).await.unwrap().committed_bytes, 0);
    }
    assert_eq!(objects(&world, "").await, [BALLAST]);
    refused(nurse.completes(&visit).await, "PHOTOS_MISSING");
    assert_eq!(events(&world, "PhotoStored").await.len(), 0);
    world.objects.delete([BALLAST.to_owned()]).await.unwrap();
    let (receipt, verdict) = nurse.uploads(&name, &picture.bytes, 64 << 10).await.unwrap();
    assert_eq!((receipt.state(), verdict.is_some()), (PhotoState::Stored, true));
    nurse.completes(&visit).await.unwrap();
}

/// What was written down before the store was full is not sent again.
async fn a_photo_in_parts(engine: Engine) {
    let picture = Picture::of_two_parts(2);
    let world = World::start_with_quota(engine, Some(16 << 20)).await;
    let nurse = by(&world, "nurse");
    let visit = nurse.visits(&wound(&world).await.name, &[&picture]).await.unwrap().name;
    let name = picture.name(&visit);
    // Room for the parts, not for the whole beside them.
    world.objects.put(BALLAST, Bytes::from(vec![0; 10 << 20])).await.unwrap();
    refused(nurse.uploads(&name, &picture.bytes, 1 << 20).await, "STORAGE_FULL");
    let upload = nurse.gets_upload(&name).await.unwrap();
    assert_eq!(upload.state(), PhotoState::Announced);
    assert!(upload.committed_bytes >= 4 << 20, "{}", upload.committed_bytes);
    world.objects.delete([BALLAST.to_owned()]).await.unwrap();
    let mut sending = nurse.begins(&name).await.unwrap();
    let stands = sending.stands_at().await;
    assert_eq!(stands, upload.committed_bytes);
    assert!(sending.sends(stands, &picture.bytes[stands as usize..]).await);
    assert_eq!(sending.ends().await.unwrap().0.state(), PhotoState::Stored);
    assert_eq!(objects(&world, "uploads").await, [""; 0]);
}

/// Room for the photo, none for its smaller pictures: the nurse has her receipt, and they are made when there is room.
async fn the_smaller_pictures(engine: Engine) {
    let picture = Picture::phantom(3);
    let world = World::start_with_quota(engine, Some(1 << 20)).await;
    let nurse = by(&world, "nurse");
    let visit = nurse.visits(&wound(&world).await.name, &[&picture]).await.unwrap().name;
    let name = picture.name(&visit);
    world.objects.put(BALLAST, Bytes::from(vec![0; (1 << 20) - picture.bytes.len()])).await.unwrap();
    let mut sending = nurse.begins(&name).await.unwrap();
    sending.stands_at().await;
    assert!(sending.sends(0, &picture.bytes).await);
    let Some(Heard::Receipt(receipt)) = sending.hears().await.unwrap() else { panic!("a receipt") };
    assert_eq!(receipt.state(), PhotoState::Stored);
    refused(sending.hears().await, "STORAGE_FULL");
    assert_eq!(nurse.completes(&visit).await.unwrap().state(), VisitState::Complete);
    world.objects.delete([BALLAST.to_owned()]).await.unwrap();
    world.clock.advance(chrono::TimeDelta::minutes(3));
    until(async || nurse.gets_photo(&name).await.unwrap().quality.is_some()).await;
    nurse.downloads(&name, Rendition::Thumbnail).await.unwrap();
}

macro_rules! on_both_with_quota {
    ($($name:ident = $test:ident;)*) => {$(
        mod $name {
            use super::*;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                $test(Engine::Sqlite).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                $test(Engine::Postgres).await;
            }
        }
    )*};
}

on_both_with_quota! {
    a_full_store_refuses_a_photo_and_takes_it_when_there_is_room = a_small_photo;
    a_full_store_keeps_the_parts_that_it_has = a_photo_in_parts;
    a_full_store_makes_the_smaller_pictures_when_there_is_room = the_smaller_pictures;
}
