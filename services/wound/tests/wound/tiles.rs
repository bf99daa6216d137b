//! Photos looked at closely, a tile at a time.

use samspil_phantom::{Metadata, Scene, photograph};
use samspil_proto::wound::v1::*;
use samspil_testkit::{World, on_both};
use tonic::Code;

use crate::help::*;

/// A stored photo of 1280 × 960 px that lies on its side in the file: its name.
async fn photo(world: &World, seed: u64) -> String {
    let scene = Scene { width: 1280, height: 960, ..Scene::visit(seed, 0) };
    stored(world, &Picture::of(photograph(&scene, &Metadata::default()).0)).await
}

async fn stored(world: &World, picture: &Picture) -> String {
    let visit = by(world, "nurse").visits_with(&wound(world).await.name, &[picture]).await;
    picture.name(&visit.name)
}

fn size(jpeg: &[u8]) -> (u32, u32) {
    let picture = image::load_from_memory_with_format(jpeg, image::ImageFormat::Jpeg).unwrap();
    (picture.width(), picture.height())
}

async fn packed(world: &World) -> Vec<String> {
    let mut keys = objects(world, "photos").await;
    keys.retain(|key| key.ends_with("/tiles"));
    keys
}

on_both!(each_tile_of_each_level_is_there_upright_and_made_at_the_first_look, |world| async move {
    let name = photo(&world, 1).await;
    let nurse = by(&world, "nurse");
    assert_eq!(packed(&world).await, [""; 0], "nobody has looked yet");
    for (level, columns, rows, last) in
        [(11, 3, 2, (256, 448)), (10, 2, 1, (128, 480)), (9, 1, 1, (320, 240)), (0, 1, 1, (1, 1))]
    {
        for (column, row) in (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row))) {
            let tile = nurse.looks_at(&name, level, column, row).await.unwrap();
            let is_last = (column, row) == (columns - 1, rows - 1);
            assert!(!is_last || size(&tile) == last, "{level}: {:?}", size(&tile));
        }
        for (column, row) in [(columns, 0), (0, rows)] {
            let refusal = refused(nurse.looks_at(&name, level, column, row).await, "TILE_OUTSIDE");
            assert_eq!((refusal.code, refusal.metadata["top_level"].as_str()), (Code::OutOfRange, "11"));
            assert_eq!(refusal.metadata["columns"], columns.to_string());
        }
    }
    refused(nurse.looks_at(&name, 12, 0, 0).await, "TILE_OUTSIDE");
    for (level, column, row, field) in
        [(-1, 0, 0, "level"), (21, 0, 0, "level"), (0, -1, 0, "column"), (0, 0, -1, "row")]
    {
        assert_eq!(refused(nurse.looks_at(&name, level, column, row).await, "INVALID_REQUEST").fields, [field]);
    }
    assert_eq!(packed(&world).await, [format!("photos/{}/tiles", photo_id(&name))]);
    let seen = audited(&world, patient_of(&name)).await;
    let looks = seen.iter().filter(|entry| **entry == ("demo-nurse".into(), "GetPhotoTile".into(), "OK".into()));
    assert_eq!(looks.count(), 6 + 2 + 1 + 1, "each look");
});

on_both!(a_tile_shows_what_the_photo_shows_there, |world| async move {
    let name = photo(&world, 2).await;
    let nurse = by(&world, "nurse");
    // At its own size, a photo is its own display picture here.
    let (_, _, display) = nurse.downloads(&name, Rendition::Display).await.unwrap();
    let display = image::load_from_memory(&display).unwrap().to_rgb8();
    assert_eq!(display.dimensions(), (1280, 960));
    let tile = image::load_from_memory(&nurse.looks_at(&name, 11, 1, 1).await.unwrap()).unwrap().to_rgb8();
    let same_place = image::imageops::crop_imm(&display, 512, 512, 512, 448).to_image();
    let apart: u64 = tile.as_raw().iter().zip(same_place.as_raw()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    let mean = apart as f64 / tile.as_raw().len() as f64;
    assert!(mean < 3.0, "{mean}");
});

on_both!(many_who_look_first_at_once_see_the_same_tiles_from_two_replicas, |world| async move {
    let name = photo(&world, 3).await;
    let viewers = [by(&world, "nurse"), by(&world.replica().await, "nurse")];
    let places = (0..2).flat_map(|row| (0..3).map(move |column| (column, row)));
    let looks = places.flat_map(|place| viewers.iter().map(move |viewer| (viewer, place)));
    let seen =
        futures::future::join_all(looks.map(async |(viewer, (column, row))| {
            ((column, row), viewer.looks_at(&name, 11, column, row).await.unwrap())
        }))
        .await;
    for pair in seen.chunks(2) {
        assert_eq!(pair[0], pair[1]);
    }
    assert_eq!(packed(&world).await.len(), 1);
});

on_both!(tiles_that_were_cleared_away_are_made_again, |world| async move {
    let name = photo(&world, 4).await;
    let nurse = by(&world, "nurse");
    let before = nurse.looks_at(&name, 11, 0, 0).await.unwrap();
    world.objects.delete(packed(&world).await).await.unwrap();
    assert_eq!(nurse.looks_at(&name, 11, 0, 0).await.unwrap(), before);
});

on_both!(small_photos_and_other_kinds_have_tiles_too, |world| async move {
    let nurse = by(&world, "nurse");
    let name = stored(&world, &Picture::png(1, 40, 30)).await;
    assert_eq!(size(&nurse.looks_at(&name, 6, 0, 0).await.unwrap()), (40, 30));
    assert_eq!(size(&nurse.looks_at(&name, 5, 0, 0).await.unwrap()), (20, 15));
    refused(nurse.looks_at(&name, 7, 0, 0).await, "TILE_OUTSIDE");
});

on_both!(a_photo_that_is_not_stored_or_is_not_seen_has_no_tiles, |world| async move {
    let picture = Picture::phantom(5);
    let nurse = by(&world, "nurse");
    let visit = nurse.visits(&wound(&world).await.name, &[&picture]).await.unwrap().name;
    let name = picture.name(&visit);
    let refusal = refused(nurse.looks_at(&name, 0, 0, 0).await, "PHOTO_NOT_STORED");
    assert_eq!(refusal.code, Code::FailedPrecondition);
    refused(nurse.looks_at(&format!("{visit}/photos/{UNKNOWN}"), 0, 0, 0).await, "RESOURCE_NOT_FOUND");
    nurse.uploads(&name, &picture.bytes, 64 << 10).await.unwrap();
    world.settle().await;
    refused(by(&world, "specialist").looks_at(&name, 0, 0, 0).await, "RESOURCE_NOT_FOUND");
    refused(by(&world, "outsider").looks_at(&name, 0, 0, 0).await, "NO_RELATION");
    assert_eq!(packed(&world).await, [""; 0], "nothing is made for those who may not see it");
});

on_both!(a_photo_that_cannot_be_decoded_says_so_at_each_look, |world| async move {
    let name = stored(&world, &Picture::of(crate::pictures::broken_png())).await;
    let nurse = by(&world, "nurse");
    for _ in 0..2 {
        let refusal = refused(nurse.looks_at(&name, 0, 0, 0).await, "RENDITION_NOT_READY");
        assert_eq!(refusal.code, Code::FailedPrecondition);
    }
    assert_eq!(packed(&world).await, [""; 0]);
});

/// `cargo test --release -p samspil-wound --test wound -- --ignored --nocapture cost_of_tiles`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "measures; says nothing of right and wrong"]
async fn cost_of_tiles() {
    let world = World::start(samspil_testkit::Engine::Sqlite).await;
    let nurse = by(&world, "nurse");
    let (mut first, mut later) = (Vec::new(), Vec::new());
    for seed in 0..7 {
        let scene = Scene { width: 4000, height: 3000, ..Scene::visit(seed, 0) };
        let picture = Picture::of(photograph(&scene, &Metadata::default()).0);
        let name = stored(&world, &picture).await;
        for column in 0..8 {
            let begun = std::time::Instant::now();
            nurse.looks_at(&name, 12, column, 2).await.unwrap();
            if column == 0 { &mut first } else { &mut later }.push(begun.elapsed());
        }
        let key = format!("photos/{}/tiles", photo_id(&name));
        let packed = world.objects.get(&key).await.unwrap().len();
        println!("{} bytes of photo, {packed} of tiles", picture.len());
    }
    for (kind, times) in [("first look", &mut first), ("later tile", &mut later)] {
        times.sort_unstable();
        println!("{kind}: median {:?}, least {:?}", times[times.len() / 2], times[0]);
    }
}
