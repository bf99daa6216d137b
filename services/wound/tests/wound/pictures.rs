//! What is kept of a photo, and what comes out.

use image::ImageDecoder as _;
use samspil_phantom::{Metadata, Scene, photograph};
use samspil_proto::wound::v1::*;
use samspil_testkit::{World, on_both};

use crate::help::*;

/// A stored photo of a fresh wound: its name, its verdict.
async fn stored(world: &World, picture: &Picture) -> (String, Photo) {
    let nurse = by(world, "nurse");
    let visit = nurse.visits(&wound(world).await.name, &[picture]).await.unwrap().name;
    let name = picture.name(&visit);
    let (_, verdict) = nurse.uploads(&name, &picture.bytes, 64 << 10).await.unwrap();
    (name, verdict.unwrap())
}

/// Pixels as they lie in the file.
fn pixels(bytes: &[u8]) -> image::RgbImage {
    image::load_from_memory(bytes).unwrap().to_rgb8()
}

fn orientation(jpeg: &[u8]) -> image::metadata::Orientation {
    image::codecs::jpeg::JpegDecoder::new(std::io::Cursor::new(jpeg)).unwrap().orientation().unwrap()
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// Whole by its structure: every piece is there, its check sum is right, and what it holds is no picture.
pub(crate) fn broken_png() -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in [
        (b"IHDR", [40u32.to_be_bytes().as_slice(), &30u32.to_be_bytes(), &[8, 2, 0, 0, 0]].concat()),
        (b"IDAT", noise(1, 4000)),
        (b"IEND", Vec::new()),
    ] {
        png.extend((data.len() as u32).to_be_bytes());
        let piece = [kind.as_slice(), &data].concat();
        png.extend(&piece);
        png.extend(crate::bad_bytes::crc32(&piece).to_be_bytes());
    }
    png
}

on_both!(the_stored_original_has_the_same_pixels_and_tells_no_place, |world| async move {
    let picture = Picture::phantom(3);
    let (name, photo) = stored(&world, &picture).await;
    let (content_type, size, original) = by(&world, "nurse").downloads(&name, Rendition::Original).await.unwrap();
    assert_eq!((content_type.as_str(), size), ("image/jpeg", original.len() as i64));
    assert_eq!(pixels(&original), pixels(&picture.bytes));
    // The phone lay on its side, and the profile says which colours these are.
    assert_eq!(orientation(&picture.bytes), image::metadata::Orientation::Rotate90);
    assert_eq!(orientation(&original), image::metadata::Orientation::Rotate90);
    assert!(holds(&original, "ICC_PROFILE"));
    for secret in ["SP1-000042", "Phantom 1", "2026:03:02"] {
        assert!(holds(&picture.bytes, secret) && !holds(&original, secret), "{secret}");
    }
    assert_eq!(photo.stored_size_bytes, original.len() as i64);
    assert_eq!(photo.stored_blake3, blake3::hash(&original).to_hex().to_string());
});

on_both!(the_row_tells_what_the_file_told_but_not_where, |world| async move {
    let picture = Picture::phantom(4);
    let (name, verdict) = stored(&world, &picture).await;
    let photo = by(&world, "nurse").gets_photo(&name).await.unwrap();
    assert_eq!(photo, verdict);
    assert_eq!((photo.camera.as_str(), photo.camera_time.as_str()), ("Samspil Phantom 1", "2026-03-02T10:15:00+01:00"));
    assert!(photo.location_removed);
    assert_eq!((photo.width_px, photo.height_px), (640, 480), "upright");
    assert_eq!((photo.content_type.as_str(), photo.size_bytes), ("image/jpeg", picture.len()));
    assert_eq!((photo.blake3, photo.sha256), (picture.announced.blake3.clone(), String::new()));
    assert_eq!(photo.capture_time, picture.announced.capture_time);
    assert_eq!(at(photo.receive_time), "2026-11-18T08:00:00Z");
    assert_eq!(at(photo.store_time), "2026-11-18T08:00:00Z");
    let quality = photo.quality.unwrap();
    assert_eq!(quality.steps_version, "imaging-3");
    assert!(quality.sharpness > 9.0 && quality.mean_luma > 60.0 && quality.megapixels > 0.3);
});

on_both!(a_photo_without_a_place_says_so_and_a_png_is_kept_as_a_png, |world| async move {
    let picture = Picture::png(1, 64, 48);
    let (name, photo) = stored(&world, &picture).await;
    assert_eq!((photo.content_type.as_str(), photo.location_removed), ("image/png", false));
    assert_eq!((photo.camera.as_str(), photo.camera_time.as_str()), ("", ""));
    let (content_type, _, original) = by(&world, "nurse").downloads(&name, Rendition::Original).await.unwrap();
    assert_eq!(content_type, "image/png");
    assert_eq!(pixels(&original), pixels(&picture.bytes));
});

on_both!(the_smaller_pictures_are_upright_and_small, |world| async move {
    let scene = Scene { width: 2048, height: 1536, ..Scene::visit(5, 0) };
    let (bytes, _) = photograph(&scene, &Metadata::default());
    assert!(bytes.len() > 256 << 10, "more than one message");
    let (name, _) = stored(&world, &Picture::of(bytes)).await;
    let nurse = by(&world, "nurse");
    for (rendition, size) in
        [(Rendition::Unspecified, (1600, 1200)), (Rendition::Display, (1600, 1200)), (Rendition::Thumbnail, (320, 240))]
    {
        let (content_type, told, bytes) = nurse.downloads(&name, rendition).await.unwrap();
        assert_eq!((content_type.as_str(), told), ("image/jpeg", bytes.len() as i64));
        assert_eq!(orientation(&bytes), image::metadata::Orientation::NoTransforms);
        assert_eq!(pixels(&bytes).dimensions(), size, "{rendition:?}");
        assert!(holds(&bytes, "ICC_PROFILE") && !holds(&bytes, "SP1-000042"));
    }
});

on_both!(a_blurred_photo_is_stored_and_the_nurse_is_told, |world| async move {
    let scene = Scene { width: 1600, height: 1200, ..Scene::visit(6, 0) };
    // Blurred after the sensor, whose grain would else be as sharp as ever.
    let sharp = pixels(&photograph(&scene, &Metadata::default()).0);
    let mut file = std::io::Cursor::new(Vec::new());
    image::imageops::fast_blur(&sharp, 4.0).write_to(&mut file, image::ImageFormat::Jpeg).unwrap();
    let bytes = file.into_inner();
    let (name, photo) = stored(&world, &Picture::of(bytes)).await;
    assert_eq!((photo.state(), warnings(&photo)), (PhotoState::Stored, vec!["BLURRED"]));
    let warning = &photo.quality.as_ref().unwrap().warnings[0];
    assert!(!warning.advice_da.is_empty() && !warning.advice_en.is_empty());
    let visit = name.split("/photos/").next().unwrap();
    assert_eq!(by(&world, "nurse").completes(visit).await.unwrap().state(), VisitState::Complete);
    let assessed = events_come(&world, "PhotoAssessed", 1).await;
    let assessed: PhotoAssessed = prost::Message::decode(assessed[0].data.as_slice()).unwrap();
    assert_eq!(assessed.warnings, ["BLURRED"]);
});

on_both!(a_photo_whose_picture_is_broken_inside_is_kept_and_called_damaged, |world| async move {
    let picture = Picture::of(broken_png());
    let (name, photo) = stored(&world, &picture).await;
    assert_eq!((photo.state(), warnings(&photo)), (PhotoState::Stored, vec!["DAMAGED"]));
    let nurse = by(&world, "nurse");
    assert_eq!(nurse.downloads(&name, Rendition::Original).await.unwrap().0, "image/png");
    let refusal = refused(nurse.downloads(&name, Rendition::Display).await, "RENDITION_NOT_READY");
    assert_eq!(refusal.code, tonic::Code::FailedPrecondition);
});

on_both!(nothing_comes_out_before_it_is_stored, |world| async move {
    let picture = Picture::phantom(7);
    let nurse = by(&world, "nurse");
    let visit = nurse.visits(&wound(&world).await.name, &[&picture]).await.unwrap().name;
    for rendition in [Rendition::Original, Rendition::Thumbnail] {
        let refusal = refused(nurse.downloads(&picture.name(&visit), rendition).await, "PHOTO_NOT_STORED");
        assert_eq!(refusal.code, tonic::Code::FailedPrecondition);
    }
    let unknown = format!("{visit}/photos/{UNKNOWN}");
    refused(nurse.downloads(&unknown, Rendition::Original).await, "RESOURCE_NOT_FOUND");
});
