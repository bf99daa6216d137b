//! How the camera was held.

use super::homography::Homography;
use crate::outline::Point;

/// A lens's focal length in pixels of a photo.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Focal {
    /// Its length in pixels.
    pub px: f64,
    /// Whether the camera told it. Otherwise it is that of a phone's main camera, and a tilt by it is right to about a fifth.
    pub told: bool,
}

/// The diagonal of 35 mm film, by which equal focal lengths are counted.
const FILM_MM: f64 = 43.27;
/// What main cameras of phones have: from 24 to 28.
const USUAL_MM: f64 = 26.0;

impl Focal {
    /// Of a photo of a width and a height, as its camera told it.
    pub(crate) fn of((width, height): (u32, u32), told_35mm: Option<u16>) -> Self {
        // Fish-eyes and telescopes are none that wounds are photographed with: then the tag was not what it should be.
        let told = told_35mm.map(f64::from).filter(|mm| (10.0..=200.0).contains(mm));
        let diagonal = f64::from(width).hypot(f64::from(height));
        Self { px: told.unwrap_or(USUAL_MM) / FILM_MM * diagonal, told: told.is_some() }
    }
}

/// How a flat marker lies before the camera. It takes the lens's axis to go through the photo's middle, so it is wrong for
/// a photo that was cropped.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pose {
    /// Degrees between the camera's axis and the marker's normal; 0 is straight above.
    pub tilt_deg: f64,
    /// From the camera to the marker's middle.
    pub distance_mm: f64,
}

impl Pose {
    pub(crate) fn of(map: &Homography, side_mm: f64, (width, height): (u32, u32), focal: Focal) -> Self {
        let middle = Point { x: f64::from(width) / 2.0, y: f64::from(height) / 2.0 };
        let [x, y, origin] = map.columns(middle, focal.px);
        // The first two are as long as the marker's sides, in the unit in which the third leads to its corner.
        let unit = (length(x) + length(y)) / 2.0 / side_mm;
        let normal = [x[1] * y[2] - x[2] * y[1], x[2] * y[0] - x[0] * y[2], x[0] * y[1] - x[1] * y[0]];
        let to_middle = std::array::from_fn(|n| origin[n] + (x[n] + y[n]) / 2.0);
        Self {
            tilt_deg: (normal[2].abs() / length(normal)).min(1.0).acos().to_degrees(),
            distance_mm: length(to_middle) / unit,
        }
    }
}

fn length(v: [f64; 3]) -> f64 {
    v[0].hypot(v[1]).hypot(v[2])
}
