//! What gives a photo its scale.

use crate::marker::Square;
use crate::outline::{Calibration as Line, Flaw, Point};

/// What gives a photo its scale. Stored with every measure, so that one made by hand can be told from one by a marker.
#[derive(Clone, Debug, PartialEq)]
pub enum Calibration {
    /// A marker: a scale and a perspective.
    Marker(Box<Square>),
    /// Two points marked by hand: one scale, and no word about tilt.
    TwoPoints(TwoPoints),
}

/// Two points a known distance apart, as on a ruler in the photo.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TwoPoints {
    mm_per_px: f64,
    /// Relative standard uncertainty of that.
    u: f64,
}

/// Why something cannot give a photo its scale, or does not fit the one that it has.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CalibrationFlaw {
    /// The two points cannot be used.
    #[error(transparent)]
    Line(#[from] Flaw),
    /// A ruler in the photo says otherwise than the marker.
    #[error(
        "by the marker the ruler's {ruler_mm} mm are {marker_mm:.1} mm: the marker was not printed at 100 %, or lies elsewhere"
    )]
    Ruler {
        /// What the ruler says.
        ruler_mm: f64,
        /// What the marker says of it.
        marker_mm: f64,
    },
}

/// How well a person hits a tick of a ruler, as a share of the photo's longer side.
const HIT: f64 = 0.0007;
/// By how much a length on a ruler in the photo may differ from what the marker says: both have their errors, and they lie
/// in one plane only by a person's care.
const RULER: f64 = 0.04;

impl TwoPoints {
    /// Of two points on an upright photo of a width and a height.
    ///
    /// # Errors
    ///
    /// A [`Flaw`] for points off the photo or too near each other, and for a distance that is seen on no photo of a wound.
    pub fn new(start: Point, end: Point, distance_mm: f64, photo: (u32, u32)) -> Result<Self, Flaw> {
        let mm_per_px = Line { start, end, distance_mm }.mm_per_px(photo)?;
        let hit_px = HIT * f64::from(photo.0.max(photo.1));
        Ok(Self { mm_per_px, u: std::f64::consts::SQRT_2 * hit_px / start.distance(end) })
    }

    /// The size of a pixel.
    pub fn mm_per_px(&self) -> f64 {
        self.mm_per_px
    }

    pub(super) fn u(&self) -> f64 {
        self.u
    }
}

impl Calibration {
    /// How the scale was got, by name.
    pub fn method(&self) -> &'static str {
        match self {
            Self::Marker(_) => "MARKER",
            Self::TwoPoints(_) => "TWO_POINTS",
        }
    }

    /// Holds a marker against a ruler in the same photo: two of its ticks that a person marked. This is what finds a marker
    /// that was printed at 90 % on the photo itself. Of two points it says nothing.
    ///
    /// # Errors
    ///
    /// [`CalibrationFlaw::Ruler`] if they differ by more than 4 %; a [`Flaw`] of the two points.
    pub fn check_ruler(&self, start: Point, end: Point, mm: f64, photo: (u32, u32)) -> Result<(), CalibrationFlaw> {
        Line { start, end, distance_mm: mm }.mm_per_px(photo)?;
        let Self::Marker(marker) = self else { return Ok(()) };
        let [a, b] = super::plane::to_mm(marker, [start, end]);
        let marker_mm = a.distance(b);
        if (marker_mm / mm - 1.0).abs() > RULER {
            return Err(CalibrationFlaw::Ruler { ruler_mm: mm, marker_mm });
        }
        Ok(())
    }
}
