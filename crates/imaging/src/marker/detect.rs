//! The detector: AprilTag's own, a C library.

use std::cell::OnceCell;

use apriltag::{Detector, Family, Image};

use crate::outline::Point;
use crate::picture::Picture;

/// A tag of the family, ours or not.
#[derive(Clone, Debug)]
pub(super) struct Tag {
    pub(super) number: usize,
    /// Modules that are not as they should be.
    pub(super) wrong: usize,
    /// How clearly black and white were told apart.
    pub(super) margin: f32,
    /// From the tag's upper left, clockwise.
    pub(super) corners: [Point; 4],
}

/// Pictures with a shorter side than this hold no tag that could be measured by.
const LEAST: u32 = 16;

thread_local! {
    /// Making a detector costs a table of all the family's words, and a few kilobytes that the library never gives back. So
    /// a thread makes one.
    static DETECTOR: OnceCell<Option<std::cell::RefCell<Detector>>> = const { OnceCell::new() };
}

/// All tags in a picture of luma, which the caller has made no larger than a few megapixels. Corners are in its pixels.
pub(super) fn tags(luma: &Picture) -> Vec<Tag> {
    let (width, height) = (luma.width as usize, luma.height as usize);
    if luma.width < LEAST || luma.height < LEAST {
        return Vec::new();
    }
    let Ok(mut image) = Image::zeros_with_stride(width, height, width.next_multiple_of(96)) else {
        return Vec::new();
    };
    let stride = image.stride();
    for (to, from) in image.as_slice_mut().chunks_mut(stride).zip(luma.samples.chunks(width)) {
        to[..width].copy_from_slice(from);
    }
    DETECTOR.with(|detector| {
        let Some(detector) = detector.get_or_init(detector_of_our_family) else { return Vec::new() };
        detector.borrow_mut().detect(&image).iter().map(Tag::of).collect()
    })
}

fn detector_of_our_family() -> Option<std::cell::RefCell<Detector>> {
    // With one wrong module put right, words of the family stay five modules apart from each other at least.
    let mut detector = Detector::builder().add_family_bits(Family::tag_36h11(), 1).build().ok()?;
    detector.set_thread_number(1);
    // Quads are looked for in every second pixel, which costs a quarter; the corners are fitted on the whole photo afterwards.
    detector.set_decimation(2.0);
    // Grain makes thousands of blobs, each followed round: smoothed away first, a grainy photo costs a third.
    detector.set_sigma(0.8);
    detector.set_refine_edges(true);
    Some(std::cell::RefCell::new(detector))
}

impl Tag {
    fn of(found: &apriltag::Detection) -> Self {
        // The library begins at the lower left and goes the other way round.
        let [d, c, b, a] = found.corners().map(|[x, y]| Point { x, y });
        Self { number: found.id(), wrong: found.hamming(), margin: found.decision_margin(), corners: [a, b, c, d] }
    }
}
