//! Outlines that the network suggests. The weights are part of this repository, but the suite does without: so do the tests.

use std::{fs, io::ErrorKind, path::PathBuf};

use image::{Rgb, RgbImage};
use samspil_imaging::{
    Limits, Refusal,
    outline::{self, Point},
    suggest::{Failure, Model, Suggestion},
};
use samspil_phantom::{Metadata, Scene, Skin, photograph};

use crate::make::*;

fn weights() -> Option<Vec<u8>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("models/outline.onnx");
    match fs::read(&path) {
        Ok(weights) => Some(weights),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            println!("SKIPPED: there are no weights at {}", path.display());
            None
        }
        Err(error) => panic!("{}: {error}", path.display()),
    }
}

fn model() -> Option<Model> {
    weights().map(|weights| Model::read(weights).unwrap())
}

fn suggest(model: &Model, photo: &RgbImage) -> Vec<Suggestion> {
    let found = model.suggest(&png(photo), photo.dimensions(), &Limits::default()).unwrap();
    for one in &found {
        assert!(is_sound(one, photo.dimensions()), "{one:?}");
    }
    found
}

/// The polygon can be measured, so it is simple and on the photo, and has no more corners than a person drags.
fn is_sound(suggestion: &Suggestion, photo: (u32, u32)) -> bool {
    outline::area_px(&suggestion.points, photo) == Ok(suggestion.area_px)
        && suggestion.area_px > 0.0
        && (3..=Suggestion::MAX_CORNERS).contains(&suggestion.points.len())
        && (0.0..=1.0).contains(&suggestion.confidence)
}

/// A drawn leg with a wound, and the wound's own outline.
fn leg(seed: u64, (width, height): (u32, u32), skin: Skin) -> (RgbImage, Vec<Point>) {
    let scene = Scene { width, height, skin, ..Scene::visit(seed, 0) };
    let (jpeg, truth) = photograph(&scene, &Metadata { orientation: 1, ..Metadata::default() });
    let corner = |[x, y]: &[f32; 2]| Point { x: f64::from(*x), y: f64::from(*y) };
    (pixels(&jpeg), truth.outline_px.iter().map(corner).collect())
}

fn middle(outline: &[Point]) -> Point {
    let sum = |of: fn(&Point) -> f64| outline.iter().map(of).sum::<f64>() / outline.len() as f64;
    Point { x: sum(|point| point.x), y: sum(|point| point.y) }
}

/// How many times the true area was found, if the middles lie together.
fn found_part(found: &Suggestion, truth: &[Point], photo: (u32, u32)) -> Option<f64> {
    let (here, there) = (middle(&found.points), middle(truth));
    let area = outline::area_px(truth, photo).unwrap();
    ((here.x - there.x).hypot(here.y - there.y) < 0.3 * area.sqrt()).then(|| found.area_px / area)
}

#[test]
fn a_wound_gets_an_outline_around_it() {
    let Some(model) = model() else { return };
    let (photo, truth) = leg(7, (640, 480), Skin::Fair);
    let found = suggest(&model, &photo);
    let part = found.first().and_then(|it| found_part(it, &truth, photo.dimensions()));
    assert!(part.is_some_and(|part| (0.7..1.4).contains(&part)), "{part:?} of {found:?}");
    assert!(found[0].confidence > 0.5, "{found:?}");
}

#[test]
fn an_outline_is_in_the_pixels_of_the_original_whatever_picture_of_it_the_model_saw() {
    let Some(model) = model() else { return };
    let (small, truth) = leg(7, (640, 480), Skin::Fair);
    let truth: Vec<_> = truth.iter().map(|point| Point { x: point.x * 6.0, y: point.y * 6.0 }).collect();
    let found = model.suggest(&jpeg(&small), (3840, 2880), &Limits::default()).unwrap();
    assert!(is_sound(&found[0], (3840, 2880)));
    let part = found_part(&found[0], &truth, (3840, 2880));
    assert!(part.is_some_and(|part| (0.7..1.4).contains(&part)), "{part:?} of {found:?}");
}

/// Ten small wounds on one wide picture are more than this model was made for: it misses most, and what it gives is sound.
#[test]
fn of_ten_wounds_some_get_an_outline_and_each_is_sound() {
    let Some(model) = model() else { return };
    let mut photo = RgbImage::new(1600, 480);
    for seed in 0..10 {
        let (left, top) = (320 * (seed % 5) as u32, 240 * (seed / 5) as u32);
        image::imageops::replace(&mut photo, &leg(seed, (320, 240), Skin::Fair).0, i64::from(left), i64::from(top));
    }
    assert!((1..=10).contains(&suggest(&model, &photo).len()));
}

#[test]
fn where_there_is_no_wound_there_is_none_or_one_that_is_not_believed() {
    let Some(model) = model() else { return };
    for photo in [RgbImage::new(640, 480), RgbImage::from_pixel(640, 480, Rgb([255; 3]))] {
        let found = suggest(&model, &photo);
        assert!(found.iter().all(|it| it.confidence < 0.5), "{found:?}");
    }
}

#[test]
fn pictures_of_every_shape_are_looked_at() {
    let Some(model) = model() else { return };
    for (width, height) in [(1, 1), (2, 1), (1, 700), (3000, 2), (7, 5), (33, 31), (640, 641)] {
        suggest(&model, &textured(width, height));
    }
}

#[test]
fn what_is_no_photo_is_refused_like_everywhere() {
    let Some(model) = model() else { return };
    let refused = |bytes: &[u8]| model.suggest(bytes, (1, 1), &Limits::default()).unwrap_err();
    assert_eq!(refused(b""), Failure::Photo(Refusal::Empty));
    assert_eq!(refused(b"no photo"), Failure::Photo(Refusal::NotRecognised));
    let whole = jpeg(&scene(64, 48));
    assert_eq!(refused(&whole[..whole.len() / 2]), Failure::Photo(Refusal::Truncated));
}

#[test]
fn weights_that_are_cut_or_spoilt_are_no_model() {
    let Some(mut weights) = weights() else { return };
    assert!(Model::read(weights[..weights.len() / 2].to_vec()).is_err());
    // The last bytes say what the network is called and how it is calibrated.
    let end = weights.len();
    weights[end - 40..].fill(b'x');
    assert!(Model::read(weights).is_err());
}
