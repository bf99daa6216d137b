//! Where a measure becomes a warning, and where each number comes from.

/// Where a measure becomes a warning.
///
/// The defaults were set on the 40 dev photos of the FUSeg wound data (512 pixels, taken in a clinic), so that none of
/// them, as it is, is called blurred, dark or bright, and nearly all of them are once they have been spoilt on purpose.
/// A test repeats the comparison where those photos are at hand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// Pixels of the picture in which sharpness is measured; a smaller picture is taken as it is.
    pub working_pixels: u32,
    /// Below this sharpness, a photo is blurred. The photos give 5.9 to 67; blurred by a Gaussian of 2 pixels 0.6 to 4.5 (three
    /// of four below 3), of 3 pixels at most 1.5. The default is the geometric mean of 1.5 and 5.9.
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
    /// Pixels of the wound's outline at the scale in which it is measured; a smaller wound is taken as it is. The photos give
    /// 44 to 26 thousand.
    pub wound_pixels: u32,
    /// How wide the margin of skin around the wound is, as a share of the side of a square as large as the wound.
    pub wound_margin: f32,
    /// Below this sharpness, the wound is blurred. The photos give 18 to 451; blurred by a Gaussian of 2 pixels 2.1 to 31 (three
    /// of four below 10), of 3 pixels at most 10.
    pub wound_sharpness: f32,
    /// Below this mean luma, the wound is too dark. The photos give 55 to 199, and a black necrosis is no fault of the light;
    /// with an eighth of their light, 21 to 76, with a sixteenth nine of ten below 50.
    pub wound_dark_mean: f32,
    /// Above this mean luma, the wound is too bright. The photos give at most 199.
    pub wound_bright_mean: f32,
    /// Above this share of pixels that are too dark, the wound is too dark. The photos give at most 0.07.
    pub wound_dark_share: f32,
    /// Above this share of pixels that are too bright, the wound is too bright. The photos give at most 0.03; with four times
    /// their light, more than 0.1 in nine of ten.
    pub wound_bright_share: f32,
    /// Below this share of the photo, the wound is too small. The photos give 0.0002 to 0.13; on three of them the wound is a
    /// speck, and they are below.
    pub wound_share: f32,
    /// Below this many pixels of the original from side to side, the wound is too small: it has then 32 in the picture that
    /// is looked at, if the photo has 12 million.
    pub wound_shorter_side_px: f32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            working_pixels: 1_000_000,
            sharpness: 3.0,
            dark_luma: 8,
            bright_luma: 250,
            dark_mean: 60.0,
            bright_mean: 215.0,
            dark_share: 0.4,
            bright_share: 0.25,
            megapixels: 1.0,
            wound_pixels: 10_000,
            wound_margin: 0.15,
            wound_sharpness: 12.0,
            wound_dark_mean: 50.0,
            wound_bright_mean: 210.0,
            wound_dark_share: 0.25,
            wound_bright_share: 0.1,
            wound_share: 0.0005,
            wound_shorter_side_px: 80.0,
        }
    }
}
