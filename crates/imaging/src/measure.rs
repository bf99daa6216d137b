//! What outlines on a photo measure in millimetres, and how sure that is.
//!
//! By a marker, the outline is laid back into the marker's plane with the marker's own perspective, so a photo that was taken
//! aslant measures right. By two points a known distance apart there is one scale for the whole photo, and a tilt is not
//! seen; the uncertainty says what that may cost. Depth is measured by neither: it stays the nurse's.
//!
//! # Uncertainty
//!
//! Every measure comes with its standard uncertainty, one standard deviation; two of them hold 95 of 100 measures. It is put
//! together of
//!
//! - the marker's corners: their covariance, which the fit found on this photo, carried through the map to each measure;
//! - the lens: straight lines that it may bend by a few thousandths, carried through in the same way;
//! - the print: how long the marker's sides really are;
//! - a bend of the marker, if it has one: by what areas on drawn round limbs were off;
//! - the outline: an edge drawn everywhere too far out or in by [`Edge::u_px`].
//!
//! Tilt is in the first: the more a plane is tilted, the more a corner's error moves. What is not in it, as nothing in a photo
//! tells, is a wound that does not lie in the marker's plane: see [`crate::marker::Marker::depth_bias_per_mm`].

mod calibration;
mod plane;

pub use calibration::{Calibration, CalibrationFlaw, TwoPoints};

use crate::outline::{Flaw, Point, area, check, perimeter};
use plane::Plane;

/// A measure and its standard uncertainty, in the same unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measure {
    /// The measure.
    pub value: f64,
    /// One standard deviation.
    pub u: f64,
}

/// What one outline measures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measures {
    /// The area, in square millimetres.
    pub area_mm2: Measure,
    /// The greatest distance between two corners, in millimetres.
    pub length_mm: Measure,
    /// The greatest extent at right angles to it, in millimetres.
    pub width_mm: Measure,
    /// The length of the edge, in millimetres.
    pub perimeter_mm: Measure,
}

/// How surely an outline follows the wound's edge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// Standard deviation, in pixels, by which it lies too far out or in all round.
    pub u_px: f64,
}

impl Edge {
    /// An outline that is known, as that of a drawn wound.
    pub const KNOWN: Self = Self { u_px: 0.0 };

    /// An outline that a network suggested, and that shares `overlap` with one that a person would draw, as
    /// [`crate::suggest::Suggestion::confidence`] counts it: its area is off by about what they do not share.
    pub fn suggested(outline: &[Point], overlap: f64) -> Self {
        let missed = 1.0 - overlap.clamp(0.0, 1.0);
        Self { u_px: missed * area(outline) / perimeter(outline).max(f64::MIN_POSITIVE) }
    }

    /// An outline that a person drew on a photo of a width and a height: they see about a thousandth of the photo's longer
    /// side on a screen.
    pub fn by_hand((width, height): (u32, u32)) -> Self {
        Self { u_px: f64::from(width.max(height)) / 1000.0 }
    }
}

/// Measures every outline on an upright photo of a width and a height, each a simple polygon whose last corner is joined to
/// its first. None gives none.
///
/// # Errors
///
/// The first outline with a [`Flaw`], counted from 0, and what it is: it lies off the photo or beyond the horizon of the
/// marker's plane, or its edges cross.
pub fn measure(
    outlines: &[Vec<Point>],
    calibration: &Calibration,
    edge: Edge,
    photo: (u32, u32),
) -> Result<Vec<Measures>, (usize, Flaw)> {
    let one = |outline: &Vec<Point>| {
        check(outline, photo)?;
        let (index, place) = match calibration {
            Calibration::Marker(marker) => outline.iter().enumerate().find(|(_, point)| !plane::sees(marker, **point)),
            Calibration::TwoPoints(_) => None,
        }
        .map_or((0, None), |(index, point)| (index, Some(point)));
        if place.is_some() {
            return Err(Flaw::Outside { place: format!("points[{index}]") });
        }
        Ok(measured(outline, calibration, edge, photo))
    };
    outlines.iter().enumerate().map(|(index, outline)| one(outline).map_err(|flaw| (index, flaw))).collect()
}

/// Area, length, width and perimeter, in this order wherever they stand in a row.
type Four = [f64; 4];

fn measured(outline: &[Point], calibration: &Calibration, edge: Edge, photo: (u32, u32)) -> Measures {
    let plane = Plane::of(calibration);
    let value = plane.measure(outline);
    let mut variance = plane.variance(outline, &value, photo);
    // Moved out by so much, an outline gains a ribbon of area, its width at both ends, and a circle's worth of edge.
    let by = edge.u_px * plane.mm_per_px(outline);
    for (variance, gain) in variance.iter_mut().zip([value[3] * by, 2.0 * by, 2.0 * by, std::f64::consts::TAU * by]) {
        *variance += gain * gain;
    }
    let [area_mm2, length_mm, width_mm, perimeter_mm] =
        std::array::from_fn(|n| Measure { value: value[n], u: variance[n].sqrt() });
    Measures { area_mm2, length_mm, width_mm, perimeter_mm }
}
