//! A wound's outline, suggested by a small network that a file of weights makes.
//!
//! What comes out is a suggestion and never more: it is kept apart from the outline that a person confirms, with the
//! [`Model::version`] that made it, and everything works without. What the network knows, and where it fails, is in the
//! model card beside the weights, `models/README.md`.
//!
//! ```text
//!  photo ──► whole: one look at all of it ──► finds ──► close: a look at each place with a find, zoomed
//!                                                           │
//!            polygon ◄── thinned ◄── edge between pixels ◄──┴── connected, holes filled
//! ```
//!
//! The second look is for small wounds: in the first they are a few pixels wide. `looks` holds both, `regions` and
//! `contour` make polygons of what they saw, `confidence` says how far to believe one.
//!
//! The network runs on one thread of its own, kept for the life of the [`Model`]: whoever asks meanwhile waits.

mod confidence;
mod contour;
mod looks;
mod map;
mod net;
mod regions;
mod thin;

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::outline::Point;
use crate::picture::Picture;
use crate::{Limits, Refusal, decode, outline};
use confidence::Calibration;
use looks::Look;
use net::Net;

/// Suggests outlines. Made once, from a file of weights; shared by all threads.
#[derive(Debug)]
pub struct Model {
    net: Net,
    calibration: Calibration,
    version: String,
}

/// What may be a wound.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// The corners of a simple polygon in order, on the upright photo, at most [`Suggestion::MAX_CORNERS`].
    pub points: Vec<Point>,
    /// The polygon's area in square pixels of that photo.
    pub area_px: f64,
    /// How far this outline and one that a trained person draws would overlap, as it is to be expected: twice what they
    /// share by the sum of both, 0 to 1. Under [`Suggestion::RATHER_A_WOUND`] it is rather none at all.
    pub confidence: f64,
}

impl Suggestion {
    /// A person can still drag so many.
    pub const MAX_CORNERS: usize = 200;
    /// From this confidence on it is rather a wound than none.
    pub const RATHER_A_WOUND: f64 = 0.4;
}

/// A photo has at most so many suggestions, the largest ones: a map that is torn into crumbs helps nobody.
const MOST: usize = 20;

/// What is believed less is not suggested: of twenty such, fourteen were no wound on the photos that this was selected on.
const LEAST_BELIEVED: f64 = 0.25;

/// Why a file is no model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is no ONNX file, or has operators that are not known here.
    #[error("the weights cannot be read: {0}")]
    Damaged(String),
    /// It is another network.
    #[error("the weights are for something else: {0}")]
    Other(String),
}

/// Why there is no suggestion for a photo.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The photo is none.
    #[error(transparent)]
    Photo(#[from] Refusal),
    /// The network gave up on it: a fault of ours.
    #[error("the outline network failed: {0}")]
    Net(String),
}

impl Model {
    /// From an ONNX file that `training/export.py` wrote.
    ///
    /// # Errors
    ///
    /// [`Unreadable::Damaged`] if it is none, [`Unreadable::Other`] if it holds no outline network of this kind; both are
    /// found here, by a look at a small grey picture, and not with the first photo.
    pub fn read(onnx: Vec<u8>) -> Result<Self, Unreadable> {
        let net = Net::read(onnx)?;
        let fact = |name: &str| net.fact(name).ok_or_else(|| Unreadable::Other(format!("it does not say its {name}")));
        let version = fact("version")?;
        let calibration = fact("confidence")?
            .parse()
            .map_err(|_| Unreadable::Other("its confidence is no calibration".to_owned()))?;
        Ok(Self { net, calibration, version })
    }

    /// Which weights these are; stored with every suggestion.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Suggests outlines for a photo, the largest first; none if no wound is seen.
    ///
    /// The photo is best given by its display rendition, which is small and upright already; the original will do.
    /// `upright` is the width and height of the upright original, in whose pixels the outlines are.
    ///
    /// # Errors
    ///
    /// What [`process`](crate::process) refuses, [`Failure::Net`].
    pub fn suggest(&self, photo: &[u8], upright: (u32, u32), limits: &Limits) -> Result<Vec<Suggestion>, Failure> {
        let picture = decode::upright(photo, limits)?;
        // The runtime is other people's code too; what it touched is not used afterwards.
        catch_unwind(AssertUnwindSafe(|| self.outlines(&picture, upright)))
            .unwrap_or_else(|_| Err(Failure::Net("it panicked".to_owned())))
    }

    fn outlines(&self, picture: &Picture, upright: (u32, u32)) -> Result<Vec<Suggestion>, Failure> {
        let scale = (f64::from(upright.0) / f64::from(picture.width), f64::from(upright.1) / f64::from(picture.height));
        let looks = looks::at(&self.net, picture)?;
        let mut found: Vec<_> = looks.iter().flat_map(|look| self.seen_in(look, scale)).collect();
        found.retain(|suggestion| suggestion.confidence >= LEAST_BELIEVED);
        found.sort_by(|a, b| b.area_px.total_cmp(&a.area_px));
        found.truncate(MOST);
        Ok(found)
    }

    fn seen_in(&self, look: &Look, scale: (f64, f64)) -> Vec<Suggestion> {
        let on_photo = |point: Point| {
            let Point { x, y } = look.on_picture(point);
            Point { x: x * scale.0, y: y * scale.1 }
        };
        look.regions()
            .iter()
            .map(|region| {
                let edge = contour::around(region, &look.map);
                let points: Vec<_> = thin::polygon(&edge).into_iter().map(on_photo).collect();
                let area_px = outline::area(&points);
                Suggestion { points, area_px, confidence: self.calibration.of(region, look) }
            })
            .collect()
    }
}
