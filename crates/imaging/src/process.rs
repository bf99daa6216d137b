//! From a photo to its renditions and its verdict.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use crate::deadline::Deadline;
use crate::decode::decode;
use crate::marker::{self, Grey, Marker, Print, Trouble};
use crate::picture::Picture;
use crate::quality::{Quality, Thresholds};
use crate::{Inspected, Limits, Refusal, encode, inspect, resize, strip};

/// The longer side of the picture that is looked at, in pixels.
const DISPLAY: u32 = 1600;
/// The longer side of the picture in lists, in pixels.
const THUMBNAIL: u32 = 320;
/// JPEG qualities of the two: at 80 a wound's texture shows no blocks; a thumbnail is looked at for its shape.
const DISPLAY_QUALITY: u8 = 80;
const THUMBNAIL_QUALITY: u8 = 75;

/// Which steps made a result; stored with it. Raised whenever the same photo would give other bytes or another verdict.
pub fn version() -> &'static str {
    "imaging-3"
}

/// A smaller picture for looking at: JPEG, upright, with the photo's colour profile and no other metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendition {
    /// The file.
    pub jpeg: Vec<u8>,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// What came of a photo.
#[derive(Clone, Debug)]
pub struct Processed {
    /// The photo's own width in pixels, upright.
    pub width: u32,
    /// The photo's own height in pixels, upright.
    pub height: u32,
    /// Longer side 1600 pixels; a smaller photo keeps its size.
    pub display: Rendition,
    /// Longer side 320 pixels; a smaller photo keeps its size.
    pub thumbnail: Rendition,
    /// Whether it is good enough to judge a wound by.
    pub quality: Quality,
    /// The marker card beside the wound, or what is the matter with it.
    pub marker: Result<Marker, Trouble>,
    /// What was done, in order, and how long each took.
    pub steps: Vec<Step>,
}

/// One step, for a span in the trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// `inspect`, `decode`, `marker`, `resize`, `quality`, `orient` or `encode`.
    pub name: &'static str,
    /// By the clock on the wall.
    pub duration: Duration,
}

/// Decodes a photo once, within `limits`, and makes its renditions and its verdict by the default [`Thresholds`].
///
/// Takes the original or the stripped file alike.
///
/// # Errors
///
/// Everything that [`inspect()`] gives; [`Refusal::Damaged`] if the picture's data cannot be decoded;
/// [`Refusal::TooSlow`] if it all takes longer than [`Limits::max_decode`]. The clock is read between the steps and, for
/// JPEG and PNG, all through the decoder; of a WebP, the size is held to what can be done in the time.
pub fn process(bytes: &[u8], limits: &Limits) -> Result<Processed, Refusal> {
    process_with(bytes, limits, &Thresholds::default())
}

/// [`process`] by other thresholds.
///
/// # Errors
///
/// As [`process`].
pub fn process_with(bytes: &[u8], limits: &Limits, thresholds: &Thresholds) -> Result<Processed, Refusal> {
    let deadline = Deadline::within(limits.max_decode);
    let mut steps = Steps { done: Vec::with_capacity(7), deadline };

    let (inspected, clean) = steps.take("inspect", || {
        let inspected = inspect(bytes, limits)?;
        let clean = strip(bytes, &inspected)?;
        Ok((inspected, clean))
    })?;
    let photo = steps.take("decode", || decode(&clean, &inspected, deadline))?;
    drop(clean);
    let marker = steps.take("marker", || Ok(marker_on(&photo, &inspected)))?;
    let (display, thumbnail) = steps.take("resize", || Ok(renditions(photo)))?;
    let stored = (inspected.width, inspected.height);
    let quality = steps.take("quality", || Ok(Quality::of(&display, stored, thresholds)))?;
    let (display, thumbnail) = steps.take("orient", || {
        let upright = |picture| inspected.orientation.apply(picture);
        Ok((upright(display), upright(thumbnail)))
    })?;
    let profile = inspected.icc_profile.as_deref();
    let (display, thumbnail) = steps.take("encode", || {
        let display = rendition(&display, DISPLAY_QUALITY, profile)?;
        let thumbnail = rendition(&thumbnail, THUMBNAIL_QUALITY, profile)?;
        Ok((display, thumbnail))
    })?;

    let (width, height) = inspected.orientation.upright_size(stored.0, stored.1);
    Ok(Processed { width, height, display, thumbnail, quality, marker, steps: steps.done })
}

/// Looks for a marker. The detector is other people's code: what it cannot bear costs the marker, and not the photo.
fn marker_on(photo: &Picture, inspected: &Inspected) -> Result<Marker, Trouble> {
    let look = || marker::find(&Grey::of(photo, inspected), Print::AS_SENT);
    catch_unwind(AssertUnwindSafe(look)).unwrap_or(Err(Trouble::Unclear))
}

/// The two smaller pictures, as stored. The thumbnail is made from the display: a tenth of the pixels to read.
fn renditions(photo: Picture) -> (Picture, Picture) {
    let size = resize::fit(photo.width, photo.height, DISPLAY);
    let display = if size == (photo.width, photo.height) { photo } else { resize::sharp(&photo, size) };
    let size = resize::fit(display.width, display.height, THUMBNAIL);
    let thumbnail = resize::sharp(&display, size);
    (display, thumbnail)
}

fn rendition(picture: &Picture, quality: u8, profile: Option<&[u8]>) -> Result<Rendition, Refusal> {
    let jpeg = encode::jpeg(picture, quality, profile).map_err(|_| Refusal::damaged("it cannot be made smaller"))?;
    Ok(Rendition { jpeg, width: picture.width, height: picture.height })
}

/// Takes the time of each step, and holds the whole to the deadline.
struct Steps {
    done: Vec<Step>,
    deadline: Deadline,
}

impl Steps {
    fn take<T>(&mut self, name: &'static str, step: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
        let started = Instant::now();
        let made = step()?;
        self.done.push(Step { name, duration: started.elapsed() });
        self.deadline.check()?;
        Ok(made)
    }
}
