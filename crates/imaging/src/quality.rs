//! Whether a photo is good enough to judge a wound by.

use crate::picture::Picture;
use crate::resize;

/// What was measured, and what the nurse should know.
#[derive(Clone, Debug, PartialEq)]
pub struct Quality {
    /// Variance of the Laplacian of luma (0 to 255) at the working scale. More is sharper.
    pub sharpness: f32,
    /// Mean luma, 0 to 255.
    pub mean_luma: f32,
    /// Share of pixels, 0 to 1, too dark to show anything.
    pub clipped_dark: f32,
    /// Share of pixels, 0 to 1, too bright to show anything.
    pub clipped_bright: f32,
    /// The photo's own size, in millions of pixels.
    pub megapixels: f32,
    /// What to do about it; empty for a good photo.
    pub warnings: Vec<Warning>,
}

/// What is wrong with a photo that was accepted all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Warning {
    /// Out of focus, or shaken.
    Blurred,
    /// Too little light.
    TooDark,
    /// Too much light, or flash on a wet wound.
    TooBright,
    /// Too few pixels.
    TooSmall,
}

impl Warning {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Blurred, Self::TooDark, Self::TooBright, Self::TooSmall];

    /// The name in the contract and in what is stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Blurred => "BLURRED",
            Self::TooDark => "TOO_DARK",
            Self::TooBright => "TOO_BRIGHT",
            Self::TooSmall => "TOO_SMALL",
        }
    }

    /// What to do, in Danish.
    pub fn advice_da(self) -> &'static str {
        match self {
            Self::Blurred => {
                "Billedet er uskarpt: hold telefonen i ro, tryk på såret for at stille skarpt, og tag det igen."
            }
            Self::TooDark => "Billedet er for mørkt: tænd mere lys eller gå nærmere et vindue, og tag det igen.",
            Self::TooBright => "Billedet er for lyst: sluk blitzen eller undgå direkte lys på såret, og tag det igen.",
            Self::TooSmall => {
                "Billedet har for få pixels: tag det med telefonens eget kamera, og send det i fuld størrelse."
            }
        }
    }

    /// What to do, in English.
    pub fn advice_en(self) -> &'static str {
        match self {
            Self::Blurred => {
                "The photo is blurred: hold the phone still, tap on the wound to focus, and take it again."
            }
            Self::TooDark => "The photo is too dark: add light or move closer to a window, and take it again.",
            Self::TooBright => {
                "The photo is too bright: turn the flash off or avoid direct light on the wound, and take it again."
            }
            Self::TooSmall => {
                "The photo has too few pixels: take it with the phone's own camera, and send it in full size."
            }
        }
    }
}

/// Where a measure becomes a warning.
///
/// The defaults were set on the 40 dev photos of the FUSeg wound data (512 pixels, taken in a clinic), so that none of
/// them, as it is, is called blurred, dark or bright, and nearly all of them are once they have been spoilt on purpose.
/// A test repeats the comparison where those photos are at hand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// Pixels of the picture in which sharpness is measured; a smaller picture is taken as it is.
    pub working_pixels: u32,
    /// Below this sharpness, a photo is blurred. The photos give 23 to 266; blurred by a Gaussian of 2 pixels at most 7.1,
    /// of 3 pixels at most 3.4. The default is the geometric mean of 3.4 and 23.
    pub sharpness: f32,
    /// At and below this luma, a pixel is too dark to show anything.
    pub dark_luma: u8,
    /// At and above this luma, a pixel is too bright to show anything.
    pub bright_luma: u8,
    /// Below this mean luma, a photo is too dark. The photos give 91 to 162; with an eighth of their light, 35 to 62.
    pub dark_mean: f32,
    /// Above this mean luma, a photo is too bright. With six times their light, the photos give 153 to 248.
    pub bright_mean: f32,
    /// Above this share of pixels that are too dark, a photo is too dark. The photos give at most 0.07; the default leaves
    /// room for a dark cloth behind the wound.
    pub dark_share: f32,
    /// Above this share of pixels that are too bright, a photo is too bright. The photos give at most 0.05; with three
    /// times their light, 0.25 or more in three of four.
    pub bright_share: f32,
    /// Below this many million pixels, a photo is too small: it has less than the working scale. Every phone's camera gives
    /// more; a messenger's copy or a picture of a screen may not.
    pub megapixels: f32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            working_pixels: 1_000_000,
            sharpness: 9.0,
            dark_luma: 8,
            bright_luma: 250,
            dark_mean: 60.0,
            bright_mean: 215.0,
            dark_share: 0.4,
            bright_share: 0.25,
            megapixels: 1.0,
        }
    }
}

impl Quality {
    /// Measures `display`, the rendition of a photo that is stored as `stored` pixels.
    pub(crate) fn of(display: &Picture, stored: (u32, u32), thresholds: &Thresholds) -> Self {
        let luma = at_working_scale(display, thresholds.working_pixels);
        let part = content(&luma);
        let histogram = histogram(&luma, part);
        let total: u64 = histogram.iter().sum();
        let share = |levels: &[u64]| (levels.iter().sum::<u64>() as f64 / total as f64) as f32;
        let sum: u64 = histogram.iter().zip(0..).map(|(count, level)| count * level).sum();

        let mut quality = Self {
            sharpness: laplacian_variance(&luma, part),
            mean_luma: (sum as f64 / total as f64) as f32,
            clipped_dark: share(&histogram[..=usize::from(thresholds.dark_luma)]),
            clipped_bright: share(&histogram[usize::from(thresholds.bright_luma)..]),
            megapixels: (f64::from(stored.0) * f64::from(stored.1) / 1e6) as f32,
            warnings: Vec::new(),
        };
        quality.warnings = quality.warn(thresholds);
        quality
    }

    fn warn(&self, at: &Thresholds) -> Vec<Warning> {
        let dark = self.mean_luma < at.dark_mean || self.clipped_dark > at.dark_share;
        let bright = self.mean_luma > at.bright_mean || self.clipped_bright > at.bright_share;
        let found = [
            (self.sharpness < at.sharpness, Warning::Blurred),
            (dark, Warning::TooDark),
            (bright, Warning::TooBright),
            (self.megapixels < at.megapixels, Warning::TooSmall),
        ];
        found.into_iter().filter(|(is, _)| *is).map(|(_, warning)| warning).collect()
    }
}

/// Luma at about `pixels` pixels. Sharpness means nothing without a fixed scale: the same photo gives 63 at 12 million
/// pixels and 633 at three quarters of a million.
fn at_working_scale(display: &Picture, pixels: u32) -> Picture {
    let luma = display.luma();
    let have = f64::from(luma.width) * f64::from(luma.height);
    let scale = (f64::from(pixels) / have).sqrt();
    if scale >= 1.0 {
        return luma;
    }
    let side = |side: u32| ((f64::from(side) * scale).round() as u32).max(1);
    resize::averaged(&luma, (side(luma.width), side(luma.height)))
}

/// A part of a picture: columns `left..right`, rows `top..bottom`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Part {
    left: usize,
    right: usize,
    top: usize,
    bottom: usize,
}

/// At and below this luma a pixel belongs to a black border: black, and what JPEG makes of it.
const BORDER: u8 = 12;
/// A row or column of which less than this share is lighter belongs to the border.
const BORDER_SHARE: f64 = 0.01;
/// Pixels that are left out inside a border: its edge is sharper than anything in the photo.
const MARGIN: usize = 4;

/// The photo without black borders, such as programs add to make it square. All of it if hardly anything would be left.
fn content(luma: &Picture) -> Part {
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
        _ => Part { left: 0, right: width, top: 0, bottom: height },
    }
}

/// How many pixels of `part` have each luma.
fn histogram(luma: &Picture, part: Part) -> [u64; 256] {
    let mut counts = [0; 256];
    for row in rows(luma, part) {
        for value in row {
            counts[usize::from(*value)] += 1;
        }
    }
    counts
}

fn rows(luma: &Picture, part: Part) -> impl Iterator<Item = &[u8]> {
    let rows = luma.samples.chunks_exact(luma.width as usize);
    rows.take(part.bottom).skip(part.top).map(move |row| &row[part.left..part.right])
}

/// Variance of the Laplacian (4 neighbours) inside `part`; 0 if it has no inside.
fn laplacian_variance(luma: &Picture, part: Part) -> f32 {
    let rows: Vec<&[u8]> = rows(luma, part).collect();
    let (mut sum, mut squares, mut count) = (0i64, 0i64, 0u32);
    for triple in rows.windows(3) {
        let [above, row, below] = [triple[0], triple[1], triple[2]];
        // A row's sums fit 32 bits up to 20,000 pixels of at most 1020 each, so that the compiler may use wide registers.
        let (mut row_sum, mut row_squares) = (0i32, 0u64);
        for ((window, above), below) in row.windows(3).zip(&above[1..]).zip(&below[1..]) {
            let around = i32::from(window[0]) + i32::from(window[2]) + i32::from(*above) + i32::from(*below);
            let value = around - 4 * i32::from(window[1]);
            row_sum += value;
            row_squares += (value * value) as u64;
            count += 1;
        }
        sum += i64::from(row_sum);
        squares += row_squares as i64;
    }
    if count == 0 {
        return 0.0;
    }
    let mean = sum as f64 / f64::from(count);
    (squares as f64 / f64::from(count) - mean * mean) as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Layout;

    fn luma(width: u32, height: u32, value: impl Fn(u32, u32) -> u8) -> Picture {
        let samples = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let samples = samples.map(|(x, y)| value(x, y)).collect();
        Picture { width, height, layout: Layout::Luma, samples }
    }

    fn verdict(picture: &Picture) -> Quality {
        Quality::of(picture, (4000, 3000), &Thresholds::default())
    }

    /// A pattern of squares of four pixels.
    fn squares(x: u32, y: u32) -> u8 {
        if (x / 4 + y / 4).is_multiple_of(2) { 90 } else { 150 }
    }

    #[test]
    fn a_sharp_pattern_gives_no_warning() {
        let quality = verdict(&luma(400, 300, squares));
        assert_eq!(quality.warnings, []);
        assert_eq!(quality.megapixels, 12.0);
        assert!((quality.mean_luma - 120.0).abs() < 1.0);
    }

    #[test]
    fn a_smooth_picture_is_blurred() {
        let quality = verdict(&luma(400, 300, |x, _| (60 + x / 3) as u8));
        assert_eq!(quality.warnings, [Warning::Blurred]);
    }

    #[test]
    fn black_and_white_pictures_are_too_dark_and_too_bright() {
        let black = verdict(&luma(400, 300, |_, _| 0));
        assert_eq!(black.warnings, [Warning::Blurred, Warning::TooDark]);
        assert_eq!((black.clipped_dark, black.clipped_bright), (1.0, 0.0));
        let white = verdict(&luma(400, 300, |_, _| 255));
        assert_eq!(white.warnings, [Warning::Blurred, Warning::TooBright]);
        assert_eq!((white.clipped_dark, white.clipped_bright), (0.0, 1.0));
    }

    #[test]
    fn a_small_picture_is_too_small() {
        let quality = Quality::of(&luma(400, 300, squares), (400, 300), &Thresholds::default());
        assert_eq!(quality.warnings, [Warning::TooSmall]);
    }

    #[test]
    fn a_black_border_changes_nothing() {
        let bare = verdict(&luma(384, 512, squares));
        let padded = verdict(&luma(512, 512, |x, y| if x < 384 { squares(x, y) } else { 0 }));
        assert!((bare.sharpness / padded.sharpness - 1.0).abs() < 0.02);
        assert!((bare.mean_luma - padded.mean_luma).abs() < 1.0);
        assert_eq!(padded.clipped_dark, 0.0);
        assert_eq!(padded.warnings, []);
    }

    #[test]
    fn pictures_of_few_pixels_have_a_verdict_too() {
        for (width, height) in [(1, 1), (1, 9), (9, 1), (2, 2), (3, 3), (8, 8)] {
            let quality = verdict(&luma(width, height, squares));
            assert!(quality.sharpness.is_finite() && quality.mean_luma.is_finite());
        }
    }

    #[test]
    fn each_warning_has_a_code_and_advice_of_one_sentence_in_both_languages() {
        for warning in Warning::ALL {
            assert!(warning.code().chars().all(|c| c.is_ascii_uppercase() || c == '_'));
            for advice in [warning.advice_da(), warning.advice_en()] {
                assert!(advice.ends_with('.') && advice.matches('.').count() == 1, "{advice}");
            }
            assert_ne!(warning.advice_da(), warning.advice_en());
        }
    }
}
