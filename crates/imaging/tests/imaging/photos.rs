//! Real wound photos, where they are at hand. None of them is part of this repository.

use std::fs;
use std::path::PathBuf;

use image::{GenericImage, GenericImageView, RgbImage, imageops};
use samspil_imaging::{Limits, Orientation, Quality, Warning, inspect, process, strip};

use crate::make::{jpeg, pixels, png};

/// The forty dev photos by name, or `None` where the folder is absent.
fn photos() -> Option<Vec<(String, Vec<u8>)>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/wound-data/dev/images");
    let Ok(entries) = fs::read_dir(&folder) else {
        println!("skipped: there are no wound photos at {}", folder.display());
        return None;
    };
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let named = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    Some(paths.iter().map(|path| (named(path), fs::read(path).unwrap())).collect())
}

fn quality(photo: &RgbImage) -> Quality {
    process(&png(photo), &Limits::default()).unwrap().quality
}

/// The photo without the black that its publishers added on the right or below.
fn content(photo: &RgbImage) -> (u32, u32) {
    let lit = |pixel: &image::Rgb<u8>| pixel.0.iter().any(|value| *value > 0);
    let (mut width, mut height) = (0, 0);
    for (x, y, pixel) in photo.enumerate_pixels() {
        if lit(pixel) {
            (width, height) = (width.max(x + 1), height.max(y + 1));
        }
    }
    (width, height)
}

/// The photo with its content changed and its black border as it was.
fn changed(photo: &RgbImage, change: impl Fn(&RgbImage) -> RgbImage) -> RgbImage {
    let (width, height) = content(photo);
    let inner = change(&photo.view(0, 0, width, height).to_image());
    let mut out = RgbImage::new(photo.width(), photo.height());
    out.copy_from(&inner, 0, 0).unwrap();
    out
}

/// How many of `photos` get `warning` after `change`.
fn warned(photos: &[(String, Vec<u8>)], warning: Warning, change: impl Fn(&RgbImage) -> RgbImage) -> usize {
    let verdicts = photos.iter().map(|(_, bytes)| quality(&changed(&pixels(bytes), &change)));
    verdicts.filter(|quality| quality.warnings.contains(&warning)).count()
}

/// The photo with `times` its light: sRGB is taken for a power of 2.2.
fn lit(photo: &RgbImage, times: f32) -> RgbImage {
    let factor = times.powf(1.0 / 2.2);
    let mut photo = photo.clone();
    photo.iter_mut().for_each(|value| *value = (f32::from(*value) * factor).min(255.0) as u8);
    photo
}

#[test]
fn every_real_photo_is_inspected_stripped_and_processed_as_png_and_as_jpeg() {
    let Some(photos) = photos() else { return };
    for (name, original) in &photos {
        let picture = pixels(original);
        for bytes in [original.clone(), jpeg(&picture)] {
            let seen = inspect(&bytes, &Limits::default()).unwrap();
            assert_eq!((seen.width, seen.height), (512, 512), "{name}");
            assert_eq!(seen.orientation, Orientation::Upright);
            let clean = strip(&bytes, &seen).unwrap();
            assert_eq!(pixels(&clean), pixels(&bytes), "{name}");
            let made = process(&clean, &Limits::default()).unwrap();
            assert_eq!((made.display.width, made.display.height), (512, 512));
            assert_eq!((made.thumbnail.width, made.thumbnail.height), (320, 320));
            assert_eq!(pixels(&made.display.jpeg).dimensions(), (512, 512));
            assert_eq!(made.quality.warnings, [Warning::TooSmall], "{name}: {:?}", made.quality);
        }
    }
    println!("{} photos, none blurred, dark or bright", photos.len());
}

#[test]
fn real_photos_that_are_blurred_on_purpose_are_called_blurred() {
    let Some(photos) = photos() else { return };
    let blurred = warned(&photos, Warning::Blurred, |photo| imageops::blur(photo, 3.0));
    println!("{blurred} of {} blurred photos are called blurred", photos.len());
    assert_eq!(blurred, photos.len());
}

#[test]
fn real_photos_in_the_wrong_light_are_called_dark_or_bright() {
    let Some(photos) = photos() else { return };
    let dark = warned(&photos, Warning::TooDark, |photo| lit(photo, 1.0 / 8.0));
    let bright = warned(&photos, Warning::TooBright, |photo| lit(photo, 4.0));
    println!(
        "of {} photos, {dark} with an eighth of their light are called dark, {bright} with four times bright",
        photos.len()
    );
    assert!(dark * 10 >= photos.len() * 9 && bright * 10 >= photos.len() * 9);
}
