//! Photographs of real wounds, where they are at hand.

use std::path::Path;

use samspil_proto::wound::v1::*;
use samspil_testkit::{Engine, World};

use crate::help::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_real_photograph_is_stored_and_comes_back_pixel_for_pixel() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/wound-data/dev/images");
    let Ok(files) = std::fs::read_dir(&folder) else {
        println!("SKIPPED: there are no real photographs in {}", folder.display());
        return;
    };
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "a folder of photographs without one");
    let world = World::start(Engine::Sqlite).await;
    let nurse = by(&world, "nurse");
    let wound = wound(&world).await.name;
    for paths in paths.chunks(20) {
        let pictures: Vec<_> = paths.iter().map(|path| Picture::of(std::fs::read(path).unwrap())).collect();
        let visit = nurse.visits(&wound, &pictures.iter().collect::<Vec<_>>()).await.unwrap().name;
        for (picture, path) in pictures.iter().zip(paths) {
            let name = picture.name(&visit);
            let (receipt, verdict) = nurse.uploads(&name, &picture.bytes, 256 << 10).await.unwrap();
            assert_eq!(receipt.state(), PhotoState::Stored, "{}", path.display());
            // 512 pixels wide: small, and every one can be shown. What is sharp enough is for the imaging crate to say.
            let verdict = verdict.unwrap();
            assert!(warnings(&verdict).contains(&"TOO_SMALL"), "{}", path.display());
            assert!(!warnings(&verdict).contains(&"DAMAGED"), "{}", path.display());
            let (_, _, original) = nurse.downloads(&name, Rendition::Original).await.unwrap();
            let pixels = |bytes: &[u8]| image::load_from_memory(bytes).unwrap().to_rgb8();
            assert_eq!(pixels(&original), pixels(&picture.bytes), "{}", path.display());
        }
        assert_eq!(nurse.completes(&visit).await.unwrap().missing_photos, [""; 0]);
    }
    events_come(&world, "PhotoAssessed", paths.len()).await;
    println!("{} real photographs went through", paths.len());
}
