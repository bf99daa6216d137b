//! Photos spoilt on purpose, as nurses' photos may be.

use image::{GrayImage, Luma, RgbImage, imageops};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// What is done to a photo. Blur is in pixels of the photo without its border.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Spoil {
    Untouched,
    /// Out of focus: a Gaussian of a standard deviation.
    Blur(f32),
    /// Shaken: a line of so many pixels along.
    Motion(u32),
    /// So many times the light.
    Light(f32),
    /// A sensor's grain of a standard deviation, in levels of 255.
    Noise(f32),
    /// Out of focus in bad light: first the blur, then the grain.
    BlurNoise(f32, f32),
    /// Out of focus where the wound is.
    WoundBlur(f32),
    /// So many times the light where the wound is.
    WoundLight(f32),
}

impl Spoil {
    pub(super) const ALL: [Self; 23] = [
        Self::Untouched,
        Self::Noise(5.0),
        Self::Noise(10.0),
        Self::Blur(1.0),
        Self::Blur(2.0),
        Self::Blur(3.0),
        Self::Blur(4.0),
        Self::Motion(7),
        Self::Motion(15),
        Self::BlurNoise(3.0, 5.0),
        Self::WoundBlur(2.0),
        Self::WoundBlur(3.0),
        Self::WoundBlur(4.0),
        Self::Light(1.0 / 4.0),
        Self::Light(1.0 / 8.0),
        Self::Light(1.0 / 16.0),
        Self::WoundLight(1.0 / 8.0),
        Self::WoundLight(1.0 / 16.0),
        Self::Light(2.0),
        Self::Light(4.0),
        Self::Light(6.0),
        Self::WoundLight(4.0),
        Self::WoundLight(6.0),
    ];

    /// `wound` is where the wound is.
    pub(super) fn apply(self, photo: &RgbImage, wound: &GrayImage) -> RgbImage {
        match self {
            Self::Untouched => photo.clone(),
            Self::Blur(sigma) => imageops::blur(photo, sigma),
            Self::Motion(length) => shaken(photo, length),
            Self::Light(times) => lit(photo, times),
            Self::Noise(sigma) => grainy(photo, sigma),
            Self::BlurNoise(sigma, grain) => grainy(&imageops::blur(photo, sigma), grain),
            Self::WoundBlur(sigma) => within(wound, &imageops::blur(photo, sigma), photo),
            Self::WoundLight(times) => within(wound, &lit(photo, times), photo),
        }
    }
}

impl std::fmt::Display for Spoil {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let light =
            |times: f32| if times < 1.0 { format!("light 1/{}", 1.0 / times) } else { format!("light {times}") };
        match self {
            Self::Untouched => f.write_str("as it is"),
            Self::Blur(sigma) => write!(f, "blur {sigma}"),
            Self::Motion(length) => write!(f, "motion {length}"),
            Self::Light(times) => f.write_str(&light(*times)),
            Self::Noise(sigma) => write!(f, "noise {sigma}"),
            Self::BlurNoise(sigma, grain) => write!(f, "blur {sigma} noise {grain}"),
            Self::WoundBlur(sigma) => write!(f, "wound blur {sigma}"),
            Self::WoundLight(times) => write!(f, "wound {}", light(*times)),
        }
    }
}

/// Each pixel is the mean of those beside it.
fn shaken(photo: &RgbImage, length: u32) -> RgbImage {
    let (width, half) = (photo.width(), length / 2);
    RgbImage::from_fn(width, photo.height(), |x, y| {
        let beside = || (x.saturating_sub(half)..=(x + half).min(width - 1)).map(|x| photo.get_pixel(x, y).0);
        let count = beside().count() as u32;
        image::Rgb([0, 1, 2].map(|channel| (beside().map(|it| u32::from(it[channel])).sum::<u32>() / count) as u8))
    })
}

/// With `times` its light: sRGB is taken for a power of 2.2.
fn lit(photo: &RgbImage, times: f32) -> RgbImage {
    let factor = times.powf(1.0 / 2.2);
    let mut photo = photo.clone();
    photo.iter_mut().for_each(|value| *value = (f32::from(*value) * factor).min(255.0) as u8);
    photo
}

/// The same grain for the same photo.
fn grainy(photo: &RgbImage, sigma: f32) -> RgbImage {
    let mut chance = ChaCha8Rng::seed_from_u64(1);
    let mut photo = photo.clone();
    photo.iter_mut().for_each(|value| {
        // Twelve evenly spread ones add up to nearly a normal one, of variance 1.
        let normal = (0..12).map(|_| chance.random_range(0.0..1.0f32)).sum::<f32>() - 6.0;
        *value = (f32::from(*value) + sigma * normal).round().clamp(0.0, 255.0) as u8;
    });
    photo
}

/// `spoilt` in and near the wound, `photo` elsewhere, and both where the one passes into the other.
fn within(wound: &GrayImage, spoilt: &RgbImage, photo: &RgbImage) -> RgbImage {
    let near = imageops::blur(wound, NEAR);
    let near =
        GrayImage::from_fn(near.width(), near.height(), |x, y| Luma([near.get_pixel(x, y).0[0].saturating_mul(16)]));
    let share = imageops::blur(&near, NEAR / 2.0);
    RgbImage::from_fn(photo.width(), photo.height(), |x, y| {
        let share = u32::from(share.get_pixel(x, y).0[0]);
        let mixed = |a: u8, b: u8| ((u32::from(a) * share + u32::from(b) * (255 - share)) / 255) as u8;
        let (spoilt, photo) = (spoilt.get_pixel(x, y).0, photo.get_pixel(x, y).0);
        image::Rgb([0, 1, 2].map(|channel| mixed(spoilt[channel], photo[channel])))
    })
}

/// How far a spoilt place reaches beyond the wound, as a blur of its mask.
const NEAR: f32 = 8.0;
