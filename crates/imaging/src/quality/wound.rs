//! The same measures of the wound itself: a photo may be sharp and the wound on it not.

use super::measure::{Light, Part, content, laplacian_variance, shrunk};
use super::region::Mask;
use super::{Thresholds, Warning};
use crate::outline::{self, Point};
use crate::picture::{Picture, Place};
use crate::{Limits, Refusal, decode};

/// What was measured of the wound on a photo and of a margin of skin around it, and what the nurse should know.
#[derive(Clone, Debug, PartialEq)]
pub struct WoundQuality {
    /// Variance of the Laplacian of the smoothed luma (0 to 255) at the wound's working scale. More is sharper.
    pub sharpness: f32,
    /// Mean luma, 0 to 255.
    pub mean_luma: f32,
    /// Share of pixels, 0 to 1, too dark to show anything.
    pub clipped_dark: f32,
    /// Share of pixels, 0 to 1, too bright to show anything.
    pub clipped_bright: f32,
    /// The outlines' share of the photo, 0 to 1. A black border is no photo.
    pub share: f32,
    /// The shorter side of the largest outline, in pixels of the original.
    pub shorter_side_px: f32,
    /// What to do about it; empty for a good photo of the wound.
    pub warnings: Vec<Warning>,
}

impl WoundQuality {
    /// Measures within `outlines`, which are on an upright original of `upright` width and height.
    ///
    /// The photo is best given by its display rendition; the original will do. `None` if the outlines hold no pixel of it.
    ///
    /// # Errors
    ///
    /// What [`process`](crate::process()) refuses.
    pub fn of(
        photo: &[u8],
        upright: (u32, u32),
        outlines: &[Vec<Point>],
        limits: &Limits,
        thresholds: &Thresholds,
    ) -> Result<Option<Self>, Refusal> {
        Ok(Self::on(&decode::upright(photo, limits)?, upright, outlines, thresholds))
    }

    fn on(picture: &Picture, upright: (u32, u32), outlines: &[Vec<Point>], at: &Thresholds) -> Option<Self> {
        let luma = picture.luma();
        let part = content(&luma);
        let scale = (f64::from(luma.width) / f64::from(upright.0), f64::from(luma.height) / f64::from(upright.1));
        let wounds = moved(outlines, |point| Point { x: point.x * scale.0, y: point.y * scale.1 });
        let area: f64 = wounds.iter().map(|wound| outline::area(wound)).sum();
        let place = around(&wounds, area.sqrt() * f64::from(at.wound_margin) + LEAST_MARGIN as f64, part)?;

        let cut = luma.cropped(place);
        let cut = shrunk(cut, (f64::from(at.wound_pixels) / area).sqrt());
        let scale = (f64::from(cut.width) / f64::from(place.width), f64::from(cut.height) / f64::from(place.height));
        let wounds = moved(&wounds, |point| Point {
            x: (point.x - f64::from(place.left)) * scale.0,
            y: (point.y - f64::from(place.top)) * scale.1,
        });
        let side = area.min(f64::from(at.wound_pixels)).sqrt();
        let margin = ((side * f64::from(at.wound_margin)) as usize).max(LEAST_MARGIN);
        let mask = Mask::of(&wounds, (cut.width, cut.height));
        if mask.is_empty() {
            return None;
        }
        let mask = mask.grown(margin);

        let light = Light::of(mask.of_samples(&cut.samples), at);
        let shorter_sides = outlines.iter().map(|wound| outline::extents(wound).1);
        let mut quality = Self {
            sharpness: laplacian_variance(&cut, Part::all(&cut), |x, y| mask.has(x, y)),
            mean_luma: light.mean,
            clipped_dark: light.dark,
            clipped_bright: light.bright,
            share: (area / part.pixels() as f64).min(1.0) as f32,
            shorter_side_px: shorter_sides.fold(0.0, f64::max) as f32,
            warnings: Vec::new(),
        };
        quality.warnings = quality.warn(at);
        Some(quality)
    }

    fn warn(&self, at: &Thresholds) -> Vec<Warning> {
        let dark = self.mean_luma < at.wound_dark_mean || self.clipped_dark > at.wound_dark_share;
        let bright = self.mean_luma > at.wound_bright_mean || self.clipped_bright > at.wound_bright_share;
        let small = self.share < at.wound_share || self.shorter_side_px < at.wound_shorter_side_px;
        let found = [
            (self.sharpness < at.wound_sharpness, Warning::WoundBlurred),
            (dark, Warning::WoundTooDark),
            (bright, Warning::WoundTooBright),
            (small, Warning::WoundTooSmall),
        ];
        found.into_iter().filter(|(is, _)| *is).map(|(_, warning)| warning).collect()
    }
}

/// Around the smallest wound too there is skin to see the edge against, in pixels at the working scale.
const LEAST_MARGIN: usize = 4;

fn moved(outlines: &[Vec<Point>], to: impl Fn(&Point) -> Point) -> Vec<Vec<Point>> {
    outlines.iter().map(|outline| outline.iter().map(&to).collect()).collect()
}

/// The rectangle around the wounds and a margin, as far as it lies in `part`: what is cut out there has no border in it.
fn around(wounds: &[Vec<Point>], margin: f64, part: Part) -> Option<Place> {
    let span = |of: fn(&Point) -> f64, from: usize, to: usize| {
        let values = || wounds.iter().flatten().map(of);
        let (least, most) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
        let first = ((least - margin).floor().max(0.0) as usize).max(from);
        let end = ((most + margin).ceil().max(0.0) as usize).min(to);
        (first < end).then(|| (first as u32, (end - first) as u32))
    };
    let (left, width) = span(|point| point.x, part.left, part.right)?;
    let (top, height) = span(|point| point.y, part.top, part.bottom)?;
    Some(Place { left, top, width, height })
}

#[cfg(test)]
mod tests;
