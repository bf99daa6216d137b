//! The marker on a photo: whether one is there, which, and where to a fraction of a pixel.
//!
//! ```text
//!  Grey ──► detect (AprilTag, 3 MP) ──► fit (every edge of the pattern, full size) ──► Marker: corners, and how sure
//!    │                                                                                    │
//!    └─► Trouble: none, mirrored, a stranger's, bent …                                    └─► measure::Calibration
//! ```
//!
//! # What cannot be told
//!
//! - **A marker on a screen**, or copied at another size: it looks like one on a card, and its size is not 25 mm.
//! - **A print that was scaled**: see `samspil_marker`.
//! - **Another plane**: a marker that lies nearer to the camera than the wound by d at a distance D makes its area too small
//!   by 2d/D. [`Marker::depth_bias_per_mm`] says how much that is.
//!
//! A photo of a photo measures like the first one, if marker and wound are in that both: a map of a map is a map.

mod detect;
mod fit;
mod grey;
pub(crate) mod homography;
pub(crate) mod linear;
mod pose;
mod trouble;

pub use grey::Grey;
pub use pose::{Focal, Pose};
pub use samspil_marker::{MarkerId, Print};
pub use trouble::{Caution, Trouble};

use crate::outline::Point;
use detect::Tag;
use fit::Fit;
use homography::Homography;

/// What is looked at for tags, in pixels: more costs time, and blur hides a tag's edges from the detector.
const LOOK_AT: f64 = 3_200_000.0;
/// The same for tags in a mirrored photo, which are not measured by: one that is large enough to be is seen in less.
const LOOK_FOR_MIRRORED: f64 = 800_000.0;
/// Below this a tag was guessed at. Clear photos have 50 and more.
const MARGIN: f32 = 15.0;
/// A side shorter than this has modules of four pixels, which blur joins.
const LEAST_SIDE_PX: f64 = 32.0;

/// A square of known size as it lies on a photo, and how surely it is known: enough to measure by, now or after it was stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Square {
    /// Its corners on the upright photo: clockwise, from the tag's own upper left.
    pub corners: [Point; 4],
    /// How the corners' coordinates x, y, x, y and so on vary together, in square pixels.
    pub covariance: [[f64; 8]; 8],
    /// The print that it comes from.
    pub print: Print,
    /// How far its edges lie beside those of a flat one, root mean square, as a share of its sides; 0 where noise alone
    /// explains it.
    pub bend: f64,
}

/// One of our markers, flat and whole, on a photo.
#[derive(Clone, Debug, PartialEq)]
pub struct Marker {
    /// Which.
    pub id: MarkerId,
    /// Its square on the upright photo: what measures are made by.
    pub square: Square,
    /// How the camera was held over it.
    pub pose: Pose,
    /// By which focal length that was told.
    pub focal: Focal,
    /// Standard deviation of a place on an edge, in pixels: sharp and well lit photos have less than 0.2.
    pub noise_px: f64,
    /// By how many pixels white has eaten into black, by blur, overexposure or the printer. It is allowed for.
    pub bleed_px: f64,
    /// What a person should know before believing its measures.
    pub cautions: Vec<Caution>,
}

impl Marker {
    /// The mean length of its sides, in pixels.
    pub fn side_px(&self) -> f64 {
        side(&self.square.corners)
    }

    /// The share by which an area comes out too small for each millimetre that the wound lies deeper than the marker.
    pub fn depth_bias_per_mm(&self) -> f64 {
        2.0 / self.pose.distance_mm
    }
}

/// Finds the marker to measure by: the largest of ours, if the photo has several that agree.
///
/// # Errors
///
/// Every [`Trouble`].
pub fn find(grey: &Grey, print: Print) -> Result<Marker, Trouble> {
    let mut markers = find_all(grey, print)?;
    markers.sort_by(|a, b| b.side_px().total_cmp(&a.side_px()));
    let first = markers.swap_remove(0);
    for other in &markers {
        agree(&first, other)?;
    }
    Ok(first)
}

/// Finds every marker of ours, at least one, each good to measure by.
///
/// # Errors
///
/// Every [`Trouble`] but [`Trouble::Disagree`]. With several markers, that of one which is no good.
pub fn find_all(grey: &Grey, print: Print) -> Result<Vec<Marker>, Trouble> {
    let small = grey.within(LOOK_AT);
    let tags = detect::tags(&small);
    let ours = |tag: &Tag| u16::try_from(tag.number).ok().and_then(MarkerId::new);
    if tags.is_empty() {
        let mirrored = detect::tags(&grey::within(&small, LOOK_FOR_MIRRORED).mirrored());
        return Err(match mirrored.iter().any(|tag| ours(tag).is_some()) {
            true => Trouble::Mirrored,
            false => Trouble::None,
        });
    }
    let (width, height) = grey.size();
    let (right, down) = (f64::from(width) / f64::from(small.width), f64::from(height) / f64::from(small.height));
    let mut markers = Vec::new();
    for tag in &tags {
        let Some(id) = ours(tag) else { continue };
        if tag.margin < MARGIN || tag.wrong > 1 {
            return Err(Trouble::Unclear);
        }
        let corners = tag.corners.map(|corner| Point { x: corner.x * right, y: corner.y * down });
        markers.push(judged(grey, id, &corners, print)?);
    }
    if markers.is_empty() {
        return Err(Trouble::Foreign { number: tags[0].number });
    }
    Ok(markers)
}

/// Fits one marker and holds it to what can be measured by.
fn judged(grey: &Grey, id: MarkerId, corners: &[Point; 4], print: Print) -> Result<Marker, Trouble> {
    if side(corners) < LEAST_SIDE_PX {
        return Err(Trouble::TooSmall { side_px: side(corners) });
    }
    let fit = fit::fit(grey, id, corners).ok_or(Trouble::Unclear)?;
    let map = Homography::onto(&fit.corners).ok_or(Trouble::Unclear)?;
    let side_px = side(&fit.corners);
    let Fit { corners, covariance, bleed_px, noise_px, misfit_px, misfit_by_noise_px } = fit;
    // What noise alone makes of a flat one is no bend.
    let is_noise = misfit_px < trouble::BEND_OF_NOISE * misfit_by_noise_px;
    let bend = if is_noise { 0.0 } else { (misfit_px.powi(2) - misfit_by_noise_px.powi(2)).sqrt() / side_px };
    if bend > trouble::BENT {
        return Err(Trouble::Bent { by_mm: bend * print.side_mm() });
    }
    let focal = Focal::of(grey.size(), grey.focal_35mm());
    let pose = Pose::of(&map, print.side_mm(), grey.size(), focal);
    let cautions = Caution::all_of(pose.tilt_deg, side_px, bend, print);
    let square = Square { corners, covariance, print, bend };
    Ok(Marker { id, square, pose, focal, noise_px, bleed_px, cautions })
}

/// Holds one marker's size, measured by another, to what it should be. They need not lie in one plane, but a person laid
/// both beside one wound.
fn agree(first: &Marker, other: &Marker) -> Result<(), Trouble> {
    let back = Homography::onto(&first.square.corners).ok_or(Trouble::Unclear)?.inverse();
    let corners = other.square.corners.map(|corner| back.map([corner.x, corner.y]));
    let ratio = side(&corners);
    if (ratio - 1.0).abs() > trouble::DISAGREE { Err(Trouble::Disagree { ratio }) } else { Ok(()) }
}

fn side(corners: &[Point; 4]) -> f64 {
    (0..4).map(|n| corners[n].distance(corners[(n + 1) % 4])).sum::<f64>() / 4.0
}
