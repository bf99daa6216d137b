//! A photo as the marker is looked for in it: upright, luma alone.

use crate::deadline::Deadline;
use crate::decode::decode;
use crate::outline::Point;
use crate::picture::{Layout, Picture};
use crate::{Inspected, Limits, Refusal, inspect, resize, strip};

/// The luma of an upright photo.
#[derive(Clone, Debug)]
pub struct Grey {
    picture: Picture,
    focal_35mm: Option<u16>,
}

impl Grey {
    /// Decodes a photo within `limits`, turns it upright, and says what was in its headers.
    ///
    /// # Errors
    ///
    /// As [`process`](crate::process()).
    pub fn decode(bytes: &[u8], limits: &Limits) -> Result<(Self, Inspected), Refusal> {
        let inspected = inspect(bytes, limits)?;
        let clean = strip(bytes, &inspected)?;
        let stored = decode(&clean, &inspected, Deadline::within(limits.max_decode))?;
        Ok((Self::of(&stored, &inspected), inspected))
    }

    /// Of a photo that is decoded already, as it is stored.
    pub(crate) fn of(stored: &Picture, inspected: &Inspected) -> Self {
        Self { picture: inspected.orientation.apply(stored.luma()), focal_35mm: inspected.focal_35mm }
    }

    /// From samples: rows from the top, a byte for each pixel. `None` unless there are as many as the size says, and one at
    /// least.
    pub fn new(width: u32, height: u32, samples: Vec<u8>) -> Option<Self> {
        let is_whole = samples.len() as u64 == u64::from(width) * u64::from(height) && !samples.is_empty();
        is_whole.then_some(Self { picture: Picture { width, height, layout: Layout::Luma, samples }, focal_35mm: None })
    }

    /// Width and height in pixels.
    pub fn size(&self) -> (u32, u32) {
        (self.picture.width, self.picture.height)
    }

    /// The focal length on 35 mm film that the camera told, if it did.
    pub fn focal_35mm(&self) -> Option<u16> {
        self.focal_35mm
    }

    /// The picture as it is, or smaller: of about `pixels` at most.
    pub(crate) fn within(&self, pixels: f64) -> Picture {
        within(&self.picture, pixels)
    }

    /// Light at a place, from 0 to 1, between the middles of pixels; `None` outside the picture. Light is what blur and
    /// perspective mix, so that an edge is where half the light is, not half the level.
    pub(crate) fn light(&self, at: Point) -> Option<f64> {
        let (x, y) = (at.x - 0.5, at.y - 0.5);
        let (width, height) = (self.picture.width as usize, self.picture.height as usize);
        if !(x >= 0.0 && y >= 0.0 && x < (width - 1) as f64 && y < (height - 1) as f64) {
            return None;
        }
        let (column, row) = (x as usize, y as usize);
        let (part, down) = (x - column as f64, y - row as f64);
        let light = |column: usize, row: usize| light_of(self.picture.samples[row * width + column]);
        let above = light(column, row) * (1.0 - part) + light(column + 1, row) * part;
        let below = light(column, row + 1) * (1.0 - part) + light(column + 1, row + 1) * part;
        Some(above * (1.0 - down) + below * down)
    }
}

/// A picture as it is, or smaller: of about `pixels` at most.
pub(super) fn within(picture: &Picture, pixels: f64) -> Picture {
    let (width, height) = (f64::from(picture.width), f64::from(picture.height));
    let share = (pixels / (width * height)).sqrt();
    if share >= 1.0 {
        return picture.clone();
    }
    let side = |side: f64| ((side * share).round() as u32).max(1);
    resize::averaged(picture, (side(width), side(height)))
}

/// The light of a level, by a square: near enough to sRGB's curve for an edge, as what is left of the difference moves all
/// edges from white to black alike and is found with them.
fn light_of(level: u8) -> f64 {
    let level = f64::from(level) / 255.0;
    level * level
}
