//! The plane that outlines are measured in, and what its errors do to their measures.

use super::{Calibration, Four, TwoPoints};
use crate::marker::Square;
use crate::marker::homography::Homography;
use crate::outline::{Point, area, extents, perimeter};

/// Standard deviation of the share by which a phone's lens moves the photo's corners, beyond what the phone corrects.
const LENS: f64 = 0.002;
/// A person who holds a phone straight by eye is within some 25 degrees; what one scale makes of lengths and areas then has
/// about this standard deviation.
const UNSEEN_TILT: f64 = 0.06;
/// What a marker's bend does to an area: about so many times the bend, as a standard deviation. On drawn limbs with radii of
/// 55 to 200 mm areas were off by 18 to 39 times it.
const BEND: f64 = 25.0;
/// How far a corner is moved to see what follows, in pixels.
const NUDGE: f64 = 0.05;

/// The way from a photo to millimetres.
pub(super) enum Plane<'a> {
    Marker(&'a Square),
    TwoPoints(TwoPoints),
}

/// Whether a point is on this side of the horizon of a marker's plane.
pub(super) fn sees(marker: &Square, point: Point) -> bool {
    Homography::onto(&marker.corners).is_some_and(|map| map.sees(point))
}

/// Points in millimetres in a marker's plane.
pub(super) fn to_mm<const N: usize>(marker: &Square, points: [Point; N]) -> [Point; N] {
    let laid = laid(&points, &marker.corners, marker.print.side_mm());
    std::array::from_fn(|n| laid[n])
}

impl<'a> Plane<'a> {
    pub(super) fn of(calibration: &'a Calibration) -> Self {
        match calibration {
            Calibration::Marker(marker) => Self::Marker(marker),
            Calibration::TwoPoints(points) => Self::TwoPoints(*points),
        }
    }

    pub(super) fn measure(&self, outline: &[Point]) -> Four {
        match self {
            Self::Marker(marker) => four(&laid(outline, &marker.corners, marker.print.side_mm())),
            Self::TwoPoints(points) => {
                let mm = points.mm_per_px();
                let scaled: Vec<Point> = outline.iter().map(|p| Point { x: p.x * mm, y: p.y * mm }).collect();
                four(&scaled)
            }
        }
    }

    /// The size of a pixel about an outline: the root of what an area grows by.
    pub(super) fn mm_per_px(&self, outline: &[Point]) -> f64 {
        match self {
            Self::Marker(_) => (self.measure(outline)[0] / area(outline).max(f64::MIN_POSITIVE)).sqrt(),
            Self::TwoPoints(points) => points.mm_per_px(),
        }
    }

    /// The measures' variances by all that the calibration may be wrong by.
    pub(super) fn variance(&self, outline: &[Point], value: &Four, photo: (u32, u32)) -> Four {
        match self {
            Self::Marker(marker) => by_marker(marker, outline, value, photo),
            Self::TwoPoints(points) => {
                let (scale, tilt) = (points.u(), UNSEEN_TILT);
                let relative = (scale * scale + tilt * tilt).sqrt();
                let area = ((2.0 * scale).powi(2) + tilt * tilt).sqrt();
                let u = [area, relative, relative, relative];
                std::array::from_fn(|n| (u[n] * value[n]).powi(2))
            }
        }
    }
}

fn by_marker(marker: &Square, outline: &[Point], value: &Four, photo: (u32, u32)) -> Four {
    let side_mm = marker.print.side_mm();
    // What each coordinate of the corners does to each measure.
    let slopes: [Four; 8] = std::array::from_fn(|n| {
        let moved = |by: f64| {
            let mut corners = marker.corners;
            let corner = &mut corners[n / 2];
            if n % 2 == 0 {
                corner.x += by
            } else {
                corner.y += by
            }
            four(&laid(outline, &corners, side_mm))
        };
        let (more, less) = (moved(NUDGE), moved(-NUDGE));
        std::array::from_fn(|n| (more[n] - less[n]) / (2.0 * NUDGE))
    });
    let bent = |points: &[Point]| -> Vec<Point> { points.iter().map(|point| lens(*point, photo)).collect() };
    let corners = marker.corners.map(|corner| lens(corner, photo));
    let by_lens = four(&laid(&bent(outline), &corners, side_mm));
    let whole = |of_area: f64| [of_area, of_area / 2.0, of_area / 2.0, of_area / 2.0];
    let (print, bend) = (whole(2.0 * marker.print.u), whole(BEND * marker.bend));
    std::array::from_fn(|n| {
        let by_corners: f64 = (0..8)
            .flat_map(|i| (0..8).map(move |j| (i, j)))
            .map(|(i, j)| slopes[i][n] * marker.covariance[i][j] * slopes[j][n])
            .sum();
        by_corners.max(0.0)
            + (by_lens[n] - value[n]).powi(2)
            + ((print[n] * value[n]).powi(2) + (bend[n] * value[n]).powi(2))
    })
}

/// Where a point would be if the lens bent the picture by a standard deviation more than it does.
fn lens(point: Point, (width, height): (u32, u32)) -> Point {
    let middle = Point { x: f64::from(width) / 2.0, y: f64::from(height) / 2.0 };
    let (x, y) = (point.x - middle.x, point.y - middle.y);
    let bent = 1.0 + LENS * (x * x + y * y) / (middle.x * middle.x + middle.y * middle.y);
    Point { x: middle.x + x * bent, y: middle.y + y * bent }
}

/// Points of the photo in millimetres in the plane of a square with these corners. Corners of a [`Marker`] make a square, and
/// moved by a fraction of a pixel they still do.
fn laid(points: &[Point], corners: &[Point; 4], side_mm: f64) -> Vec<Point> {
    let Some(map) = Homography::onto(corners) else { return vec![Point { x: f64::NAN, y: f64::NAN }; points.len()] };
    let back = map.inverse();
    let laid = |point: &Point| {
        let at = back.map([point.x, point.y]);
        Point { x: at.x * side_mm, y: at.y * side_mm }
    };
    points.iter().map(laid).collect()
}

fn four(polygon: &[Point]) -> Four {
    let (length, width) = extents(polygon);
    [area(polygon), length, width, perimeter(polygon)]
}
