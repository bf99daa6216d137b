//! Which photos are drawn.

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use samspil_marker::MarkerId;
use samspil_phantom::{Card, Metadata, Scene, Skin, View};

/// How well a photo is lit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Light {
    /// By a window: paper is nearly white, or whiter.
    Bright,
    /// In a room.
    Room,
    /// In the evening, by a lamp: dark, warm, grainy, and less sharp.
    Dim,
}

/// One photo.
#[derive(serde::Serialize)]
pub(super) struct Case {
    pub(super) number: u32,
    pub(super) tilt_deg: f64,
    pub(super) distance_mm: f64,
    pub(super) light: Light,
    megapixels: u32,
    blur_px: f32,
    distortion: f32,
    print_scale: f32,
    #[serde(skip)]
    pub(super) scene: Scene,
    #[serde(skip)]
    pub(super) metadata: Metadata,
}

/// Tilts go to 45 degrees, distances from a hand's length to an arm's.
const TILT_DEG: f32 = 45.0;
const DISTANCE_MM: std::ops::Range<f32> = 150.0..330.0;
/// Standard deviations of what nobody controls: printers' sizes and lenses' bends.
const PRINT: f32 = 0.003;
const LENS: f32 = 0.002;

impl Case {
    /// The nth photo of a seed.
    pub(super) fn new(seed: u64, number: u32) -> Self {
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        chance.set_stream(u64::from(number));
        let chance = &mut chance;
        // One in eight is as large as a phone makes them; the rest have the size at which the bars are set.
        let megapixels = if number % 8 == 7 { 12 } else { 3 };
        let light = [Light::Bright, Light::Room, Light::Dim][chance.random_range(0..3)];
        let (exposure, grain, blur, cast) = match light {
            Light::Bright => (1.0..1.4, 0.7..1.2, 0.3..1.2, 0.04),
            Light::Room => (0.55..1.0, 0.8..1.6, 0.3..1.6, 0.12),
            Light::Dim => (0.15..0.4, 1.2..2.5, 0.6..2.4, 0.25),
        };
        let view = View {
            tilt_deg: chance.random_range(0.0..TILT_DEG),
            towards_deg: chance.random_range(0.0..360.0),
            roll_deg: chance.random_range(0.0..360.0),
            distance_mm: chance.random_range(DISTANCE_MM),
            focal_35mm: chance.random_range(24.0..28.0f32).round(),
            distortion: LENS * normal(chance),
            limb_mm: None,
        };
        let print_scale = 1.0 + PRINT * normal(chance);
        let id = MarkerId::new(chance.random_range(0..MarkerId::COUNT)).expect("a number of ours");
        // Larger pictures of the same scene are as sharp for the eye, not for each pixel.
        let finer = if megapixels == 12 { 2.0 } else { 1.0 };
        let warm = chance.random_range(-0.3..1.0) * cast;
        let scene = Scene {
            healing: chance.random_range(0.0..0.85),
            blur_px: chance.random_range(blur) * finer,
            exposure: chance.random_range(exposure),
            skin: Skin::ALL[chance.random_range(0..Skin::ALL.len())],
            card: Card::Printed { id, scale: print_scale },
            view: Some(view),
            cast: [1.0 + warm, 1.0, 1.0 - warm],
            grain: chance.random_range(grain),
            ..Scene::visit(chance.random(), 0).megapixels(megapixels)
        };
        // Every second camera tells its focal length.
        let focal_35mm = chance.random_bool(0.5).then_some(view.focal_35mm as u16);
        Self {
            number,
            tilt_deg: view.tilt_deg.into(),
            distance_mm: view.distance_mm.into(),
            light,
            megapixels,
            blur_px: scene.blur_px,
            distortion: view.distortion,
            print_scale,
            scene,
            metadata: Metadata { focal_35mm, orientation: [1, 6][chance.random_range(0..2)], ..Metadata::default() },
        }
    }
}

/// The normal distribution, by twelve even ones.
fn normal(chance: &mut ChaCha8Rng) -> f32 {
    (0..12).map(|_| chance.random_range(0.0..1.0f32)).sum::<f32>() - 6.0
}
