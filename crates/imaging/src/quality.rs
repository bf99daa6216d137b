//! Whether a photo is good enough to judge a wound by: all of it, and once its outline is known, the wound itself.

mod measure;
mod region;
mod thresholds;
mod warning;
mod wound;

pub use thresholds::Thresholds;
pub use warning::Warning;
pub use wound::WoundQuality;

use crate::picture::Picture;
use measure::{Light, at_working_scale, content, laplacian_variance, pixels};

/// What was measured, and what the nurse should know.
#[derive(Clone, Debug, PartialEq)]
pub struct Quality {
    /// Variance of the Laplacian of the smoothed luma (0 to 255) at the working scale. More is sharper.
    pub sharpness: f32,
    /// Mean luma, 0 to 255.
    pub mean_luma: f32,
    /// Share of pixels, 0 to 1, too dark to show anything.
    pub clipped_dark: f32,
    /// Share of pixels, 0 to 1, too bright to show anything.
    pub clipped_bright: f32,
    /// The photo's own size, in millions of pixels.
    pub megapixels: f32,
    /// What to do about it; empty for a good photo.
    pub warnings: Vec<Warning>,
}

impl Quality {
    /// Measures `display`, the rendition of a photo that is stored as `stored` pixels.
    pub(crate) fn of(display: &Picture, stored: (u32, u32), thresholds: &Thresholds) -> Self {
        let luma = at_working_scale(display, thresholds.working_pixels);
        let part = content(&luma);
        let light = Light::of(pixels(&luma, part), thresholds);
        let mut quality = Self {
            sharpness: laplacian_variance(&luma, part, |_, _| true),
            mean_luma: light.mean,
            clipped_dark: light.dark,
            clipped_bright: light.bright,
            megapixels: (f64::from(stored.0) * f64::from(stored.1) / 1e6) as f32,
            warnings: Vec::new(),
        };
        quality.warnings = quality.warn(thresholds);
        quality
    }

    fn warn(&self, at: &Thresholds) -> Vec<Warning> {
        let dark = self.mean_luma < at.dark_mean || self.clipped_dark > at.dark_share;
        let bright = self.mean_luma > at.bright_mean || self.clipped_bright > at.bright_share;
        let found = [
            (self.sharpness < at.sharpness, Warning::Blurred),
            (dark, Warning::TooDark),
            (bright, Warning::TooBright),
            (self.megapixels < at.megapixels, Warning::TooSmall),
        ];
        found.into_iter().filter(|(is, _)| *is).map(|(_, warning)| warning).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Layout;

    fn luma(width: u32, height: u32, value: impl Fn(u32, u32) -> u8) -> Picture {
        let samples = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let samples = samples.map(|(x, y)| value(x, y)).collect();
        Picture { width, height, layout: Layout::Luma, samples }
    }

    fn verdict(picture: &Picture) -> Quality {
        Quality::of(picture, (4000, 3000), &Thresholds::default())
    }

    /// A pattern of squares of four pixels.
    fn squares(x: u32, y: u32) -> u8 {
        if (x / 4 + y / 4).is_multiple_of(2) { 90 } else { 150 }
    }

    #[test]
    fn a_sharp_pattern_gives_no_warning() {
        let quality = verdict(&luma(400, 300, squares));
        assert_eq!(quality.warnings, []);
        assert_eq!(quality.megapixels, 12.0);
        assert!((quality.mean_luma - 120.0).abs() < 1.0);
    }

    #[test]
    fn a_smooth_picture_is_blurred() {
        let quality = verdict(&luma(400, 300, |x, _| (60 + x / 3) as u8));
        assert_eq!(quality.warnings, [Warning::Blurred]);
    }

    #[test]
    fn black_and_white_pictures_are_too_dark_and_too_bright() {
        let black = verdict(&luma(400, 300, |_, _| 0));
        assert_eq!(black.warnings, [Warning::Blurred, Warning::TooDark]);
        assert_eq!((black.clipped_dark, black.clipped_bright), (1.0, 0.0));
        let white = verdict(&luma(400, 300, |_, _| 255));
        assert_eq!(white.warnings, [Warning::Blurred, Warning::TooBright]);
        assert_eq!((white.clipped_dark, white.clipped_bright), (0.0, 1.0));
    }

    #[test]
    fn a_small_picture_is_too_small() {
        let quality = Quality::of(&luma(400, 300, squares), (400, 300), &Thresholds::default());
        assert_eq!(quality.warnings, [Warning::TooSmall]);
    }

    #[test]
    fn a_black_border_changes_nothing() {
        let bare = verdict(&luma(384, 512, squares));
        let padded = verdict(&luma(512, 512, |x, y| if x < 384 { squares(x, y) } else { 0 }));
        assert!((bare.sharpness / padded.sharpness - 1.0).abs() < 0.02);
        assert!((bare.mean_luma - padded.mean_luma).abs() < 1.0);
        assert_eq!(padded.clipped_dark, 0.0);
        assert_eq!(padded.warnings, []);
    }

    #[test]
    fn pictures_of_few_pixels_have_a_verdict_too() {
        for (width, height) in [(1, 1), (1, 9), (9, 1), (2, 2), (3, 3), (8, 8)] {
            let quality = verdict(&luma(width, height, squares));
            assert!(quality.sharpness.is_finite() && quality.mean_luma.is_finite());
        }
    }

    #[test]
    fn each_warning_has_a_code_and_advice_of_one_sentence_in_both_languages() {
        for warning in Warning::ALL {
            assert!(warning.code().chars().all(|c| c.is_ascii_uppercase() || c == '_'));
            for advice in [warning.advice_da(), warning.advice_en()] {
                assert!(advice.ends_with('.') && advice.matches('.').count() == 1, "{advice}");
            }
            assert_ne!(warning.advice_da(), warning.advice_en());
        }
    }
}
