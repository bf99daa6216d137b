//! The measures: sharpness and exposure of the photo proper, at a fixed scale.

use super::Thresholds;
use crate::picture::Picture;
use crate::resize;

/// Luma at about `pixels` pixels. Sharpness means nothing without a fixed scale: the same photo gives 63 at 12 million
/// pixels and 633 at three quarters of a million.
pub(super) fn at_working_scale(display: &Picture, pixels: u32) -> Picture {
    let luma = display.luma();
    let have = f64::from(luma.width) * f64::from(luma.height);
    shrunk(luma, (f64::from(pixels) / have).sqrt())
}

/// The picture at a scale; as it is at a scale of 1 or more.
pub(super) fn shrunk(picture: Picture, scale: f64) -> Picture {
    if scale >= 1.0 {
        return picture;
    }
    let side = |side: u32| ((f64::from(side) * scale).round() as u32).max(1);
    resize::averaged(&picture, (side(picture.width), side(picture.height)))
}

/// A part of a picture: columns `left..right`, rows `top..bottom`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) left: usize,
    pub(super) right: usize,
    pub(super) top: usize,
    pub(super) bottom: usize,
}

impl Part {
    /// All of a picture.
    pub(super) fn all(picture: &Picture) -> Self {
        Self { left: 0, right: picture.width as usize, top: 0, bottom: picture.height as usize }
    }

    /// How many pixels it has.
    pub(super) fn pixels(self) -> usize {
        (self.right - self.left) * (self.bottom - self.top)
    }
}

/// At and below this luma a pixel belongs to a black border: black, and what JPEG makes of it.
const BORDER: u8 = 12;
/// A row or column of which less than this share is lighter belongs to the border.
const BORDER_SHARE: f64 = 0.01;
/// Pixels that are left out inside a border: its edge is sharper than anything in the photo.
const MARGIN: usize = 4;

/// The photo without black borders, such as programs add to make it square. All of it if hardly anything would be left.
pub(super) fn content(luma: &Picture) -> Part {
    let (width, height) = (luma.width as usize, luma.height as usize);
    let mut rows = vec![0usize; height];
    let mut columns = vec![0usize; width];
    for (row, lit) in luma.samples.chunks_exact(width).zip(&mut rows) {
        for (value, column) in row.iter().zip(&mut columns) {
            let light = usize::from(*value > BORDER);
            *column += light;
            *lit += light;
        }
    }
    let span = |lit: &[usize], across: usize| {
        let enough = |count: &usize| *count as f64 > across as f64 * BORDER_SHARE;
        let first = lit.iter().position(enough)?;
        let last = lit.iter().rposition(enough)?;
        let start = if first == 0 { 0 } else { first + MARGIN };
        let end = if last + 1 == lit.len() { lit.len() } else { (last + 1).saturating_sub(MARGIN) };
        (end >= start + 8).then_some((start, end))
    };
    match (span(&columns, height), span(&rows, width)) {
        (Some((left, right)), Some((top, bottom))) => Part { left, right, top, bottom },
        _ => Part::all(luma),
    }
}

/// How light the pixels are.
pub(super) struct Light {
    /// Mean luma.
    pub(super) mean: f32,
    /// Share of pixels that are too dark to show anything.
    pub(super) dark: f32,
    /// Share of pixels that are too bright.
    pub(super) bright: f32,
}

impl Light {
    /// Of at least one pixel.
    pub(super) fn of(pixels: impl Iterator<Item = u8>, at: &Thresholds) -> Self {
        let mut counts = [0u64; 256];
        pixels.for_each(|value| counts[usize::from(value)] += 1);
        let total: u64 = counts.iter().sum();
        let share = |levels: &[u64]| (levels.iter().sum::<u64>() as f64 / total as f64) as f32;
        let sum: u64 = counts.iter().zip(0..).map(|(count, level)| count * level).sum();
        Self {
            mean: (sum as f64 / total as f64) as f32,
            dark: share(&counts[..=usize::from(at.dark_luma)]),
            bright: share(&counts[usize::from(at.bright_luma)..]),
        }
    }
}

/// The pixels of `part`.
pub(super) fn pixels(luma: &Picture, part: Part) -> impl Iterator<Item = u8> {
    rows(luma, part).flatten().copied()
}

fn rows(luma: &Picture, part: Part) -> impl Iterator<Item = &[u8]> {
    let rows = luma.samples.chunks_exact(luma.width as usize);
    rows.take(part.bottom).skip(part.top).map(move |row| &row[part.left..part.right])
}

/// Variance of the Laplacian (4 neighbours) of the smoothed luma inside `part`, at the pixels that `counts` has; 0 if there
/// are none.
///
/// Smoothed first, since a sensor's grain has a Laplacian of its own, which would pass a blurred photo off as a sharp one.
pub(super) fn laplacian_variance(luma: &Picture, part: Part, counts: impl Fn(usize, usize) -> bool) -> f32 {
    let rows: Vec<Vec<i32>> = smoothed(luma, part);
    let (mut sum, mut squares, mut count) = (0i64, 0i64, 0u32);
    for (y, triple) in rows.windows(3).enumerate() {
        let [above, row, below] = [&triple[0], &triple[1], &triple[2]];
        let columns = row.windows(3).zip(above.iter().skip(1)).zip(below.iter().skip(1)).enumerate();
        for (x, ((window, above), below)) in columns {
            if !counts(part.left + REACH + x, part.top + REACH + y) {
                continue;
            }
            let value = window[0] + window[2] + above + below - 4 * window[1];
            sum += i64::from(value);
            squares += i64::from(value * value);
            count += 1;
        }
    }
    if count == 0 {
        return 0.0;
    }
    let (mean, scale) = (sum as f64 / f64::from(count), f64::from(SMOOTH * SMOOTH));
    ((squares as f64 / f64::from(count) - mean * mean) / scale) as f32
}

/// How many pixels to each side the smoothing and the Laplacian look.
const REACH: usize = 2;
/// What the weights of the smoothing, 1 2 1 by 1 2 1, add up to.
const SMOOTH: i32 = 16;

/// The luma, smoothed and [`SMOOTH`] times as large, without its outermost pixels.
fn smoothed(luma: &Picture, part: Part) -> Vec<Vec<i32>> {
    let rows: Vec<&[u8]> = rows(luma, part).collect();
    let across = |row: &[u8]| -> Vec<i32> {
        row.windows(3).map(|w| i32::from(w[0]) + 2 * i32::from(w[1]) + i32::from(w[2])).collect()
    };
    let rows: Vec<Vec<i32>> = rows.into_iter().map(across).collect();
    let down = |rows: &[Vec<i32>]| -> Vec<i32> {
        rows[0].iter().zip(&rows[1]).zip(&rows[2]).map(|((above, row), below)| above + 2 * row + below).collect()
    };
    rows.windows(3).map(down).collect()
}
