//! A photo's colours set right by the grey patches on the marker's card, in a rendition that says so.
//!
//! The light's colour and strength are read from the card's four greys and its paper, each channel by itself, and divided out.
//! The colour patches are not used to change anything: what a printer makes of red is not known, what it makes of grey nearly
//! is. They tell how well the result fits ([`Correction::residual`]), before and after.
//!
//! The original is never touched. A [`Corrected`] rendition is another type than a [`crate::Rendition`], and its file says in a
//! comment what was done. It keeps the photo's colour profile: a grey is as grey in each.

use samspil_marker::{PATCHES, SIDE_MM, TAG};

use crate::deadline::Deadline;
use crate::decode::decode;
use crate::encode;
use crate::marker::Marker;
use crate::marker::homography::Homography;
use crate::outline::Point;
use crate::picture::{Layout, Picture};
use crate::{Limits, Refusal, Rendition, inspect, resize, strip};

/// The longer side of a corrected picture in pixels, and its JPEG quality: those of the display.
const LONGEST: u32 = 1600;
const QUALITY: u8 = 80;
/// The share of light that paper gives back.
const PAPER: f64 = 0.86;
/// Light is made at most so much stronger: beyond, there is nothing but grain to be seen.
const STRONGEST: f64 = 4.0;

/// What is done to each channel's light.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Correction {
    /// What red, green and blue light is multiplied by.
    pub gains: [f64; 3],
    /// How far the card's patches are from what they should be, as a mean share of white: before, and after.
    pub residual: [f64; 2],
}

/// A picture whose colours were changed. Nothing is to be measured or archived by it alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Corrected {
    /// The picture: longer side 1600 pixels, or the photo's own size if that is smaller.
    pub rendition: Rendition,
    /// What was done.
    pub correction: Correction,
}

/// Why a photo's colours cannot be corrected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Uncorrectable {
    /// The photo is none.
    #[error(transparent)]
    Photo(#[from] Refusal),
    /// The card's patches are covered, off the photo, overexposed or in the dark; or the marker is not on one of our cards.
    #[error("the grey patches of the marker's card cannot be read; lay all of the card into even light")]
    Patches,
}

/// Makes a corrected picture of a photo by a marker that was found on it.
///
/// # Errors
///
/// What [`process`](crate::process()) refuses, and [`Uncorrectable::Patches`].
pub fn correct(bytes: &[u8], limits: &Limits, marker: &Marker) -> Result<Corrected, Uncorrectable> {
    let inspected = inspect(bytes, limits)?;
    let clean = strip(bytes, &inspected)?;
    let photo = decode(&clean, &inspected, Deadline::within(limits.max_decode))?;
    let stored_width = photo.width.max(photo.height);
    let size = resize::fit(photo.width, photo.height, LONGEST);
    let small = if size == (photo.width, photo.height) { photo } else { resize::sharp(&photo, size) };
    let mut picture = inspected.orientation.apply(small).rgb();
    let share = f64::from(picture.width.max(picture.height)) / f64::from(stored_width);
    let corners = marker.square.corners.map(|corner| Point { x: corner.x * share, y: corner.y * share });
    let map = Homography::onto(&corners).ok_or(Uncorrectable::Patches)?;

    let correction = Correction::by(&seen(&picture, &map)?).ok_or(Uncorrectable::Patches)?;
    let tables = correction.gains.map(table);
    for pixel in picture.samples.as_chunks_mut::<3>().0 {
        for (level, table) in pixel.iter_mut().zip(&tables) {
            *level = table[usize::from(*level)];
        }
    }
    let comment = format!("colours corrected by the grey patches of marker {:03}", marker.id.number());
    let jpeg = encode::jpeg(&picture, QUALITY, inspected.icc_profile.as_deref())
        .map_err(|_| Refusal::damaged("it cannot be made smaller"))?;
    let rendition = Rendition { jpeg: commented(jpeg, &comment), width: picture.width, height: picture.height };
    Ok(Corrected { rendition, correction })
}

/// The file with a comment after its first segment, which has to be JFIF's.
fn commented(mut jpeg: Vec<u8>, comment: &str) -> Vec<u8> {
    let first = usize::from(u16::from_be_bytes([jpeg[4], jpeg[5]]));
    let mut segment = vec![0xFF, 0xFE];
    segment.extend_from_slice(&(comment.len() as u16 + 2).to_be_bytes());
    segment.extend_from_slice(comment.as_bytes());
    jpeg.splice(4 + first..4 + first, segment);
    jpeg
}

/// What a place of the card gives back and what is seen of it, as light in red, green and blue.
struct Seen {
    wanted: [f64; 3],
    light: [f64; 3],
}

/// The patches, greys first, and the paper between tag and patches, last.
fn seen(picture: &Picture, map: &Homography) -> Result<Vec<Seen>, Uncorrectable> {
    // Places on the card in millimetres to those of the tag's square.
    let place = |x: f64, y: f64| map.map([(x - TAG.left) / SIDE_MM, (y - TAG.top) / SIDE_MM]);
    let patches = PATCHES.iter().map(|patch| {
        let light = mean_light(picture, |s, t| {
            // Clear of its edges.
            let part = |share: f64| 0.25 + 0.5 * share;
            place(patch.place.left + patch.place.width * part(s), patch.place.top + patch.place.height * part(t))
        })?;
        Some(Seen { wanted: patch.srgb.map(|level| PAPER * light_of(level)), light })
    });
    let paper = std::iter::once_with(|| {
        let light = mean_light(picture, |s, t| place(14.0 + 22.0 * s, 31.6 + 1.6 * t))?;
        Some(Seen { wanted: [PAPER; 3], light })
    });
    patches.chain(paper).collect::<Option<Vec<Seen>>>().ok_or(Uncorrectable::Patches)
}

/// The mean light over a patch, whose places are given by shares of its sides. `None` if it is not all in the picture, or so
/// bright somewhere that it says nothing.
fn mean_light(picture: &Picture, place: impl Fn(f64, f64) -> Point) -> Option<[f64; 3]> {
    const ALONG: usize = 9;
    let mut sum = [0.0; 3];
    for n in 0..ALONG * ALONG {
        let share = |n: usize| n as f64 / (ALONG - 1) as f64;
        let at = place(share(n % ALONG), share(n / ALONG));
        let within =
            (0.0..f64::from(picture.width)).contains(&at.x) && (0.0..f64::from(picture.height)).contains(&at.y);
        if !within {
            return None;
        }
        let pixel = at.y as usize * picture.width as usize + at.x as usize;
        for (sum, level) in sum.iter_mut().zip(&picture.samples[pixel * 3..]) {
            *sum += light_of(*level);
        }
    }
    Some(sum.map(|sum| sum / (ALONG * ALONG) as f64))
}

impl Correction {
    /// The gains that bring the greys nearest to what they should be; `None` where they are no greys of the card.
    fn by(seen: &[Seen]) -> Option<Self> {
        const GREYS: usize = 4;
        let greys = || seen[..GREYS].iter().chain(seen.last());
        // Clipped, they say nothing of a channel: then the brightest are left out.
        let gain = |c: usize| {
            let usable = || greys().filter(move |grey| grey.light[c] < 0.95);
            let (up, down) = usable().fold((0.0, 0.0), |(up, down), grey| {
                (up + grey.wanted[c] * grey.light[c], down + grey.light[c] * grey.light[c])
            });
            (usable().count() >= 3 && down > 1e-6).then(|| up / down)
        };
        let gains = [gain(0)?, gain(1)?, gain(2)?];
        let off = |gains: [f64; 3], seen: &Seen| {
            let square: f64 = (0..3).map(|c| (gains[c] * seen.light[c] - seen.wanted[c]).powi(2)).sum();
            (square / 3.0).sqrt()
        };
        let mean = |gains| seen.iter().map(|seen| off(gains, seen)).sum::<f64>() / seen.len() as f64;
        // On a card of ours each lighter grey is lighter, and all of them fall on one line.
        let is_card =
            greys().all(|grey| off(gains, grey) < 0.12) && gains.iter().all(|gain| (0.2..=STRONGEST).contains(gain));
        is_card.then(|| Self { gains, residual: [mean([1.0; 3]), mean(gains)] })
    }
}

/// sRGB's curve, and Display P3's. Adobe RGB's differs from it by a few levels in the dark.
fn light_of(level: u8) -> f64 {
    let level = f64::from(level) / 255.0;
    if level <= 0.040_45 { level / 12.92 } else { ((level + 0.055) / 1.055).powf(2.4) }
}

/// What becomes of each level.
fn table(gain: f64) -> [u8; 256] {
    std::array::from_fn(|level| {
        let light = (gain * light_of(level as u8)).min(1.0);
        let curved = if light <= 0.003_130_8 { 12.92 * light } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 };
        (255.0 * curved).round() as u8
    })
}

impl Picture {
    /// The same in red, green and blue.
    fn rgb(self) -> Self {
        let samples = match self.layout {
            Layout::Rgb => return self,
            Layout::Luma => self.samples.iter().flat_map(|level| [*level; 3]).collect(),
            // BT.601 at full range, as JPEG has it.
            Layout::YCbCr => {
                let to_rgb = |&[y, cb, cr]: &[u8; 3]| {
                    let (y, cb, cr) = (f32::from(y), f32::from(cb) - 128.0, f32::from(cr) - 128.0);
                    [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb]
                        .map(|level| (level + 0.5) as u8)
                };
                self.samples.as_chunks::<3>().0.iter().flat_map(to_rgb).collect()
            }
        };
        Self { samples, layout: Layout::Rgb, ..self }
    }
}
