//! How much of everything one photo may take.

use std::time::Duration;

use crate::Refusal;

/// The bounds that one photo is held to, before and while it is decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The file's size in bytes. 40 MiB: twice the largest phone JPEG we know of (a 200 MP sensor's full picture is
    /// larger, and is refused for its pixels too).
    pub max_bytes: u64,
    /// Width times height, in pixels. 100 million: decoding holds three bytes for each, so 300 MB at the very worst.
    pub max_pixels: u64,
    /// Width, and height, in pixels. 20,000 lets a panorama through.
    pub max_side: u32,
    /// How long [`process`](crate::process) may take in all. 10 seconds: fifty times what a 12 MP photo needs.
    pub max_decode: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: 40 * 1024 * 1024,
            max_pixels: 100_000_000,
            max_side: 20_000,
            max_decode: Duration::from_secs(10),
        }
    }
}

impl Limits {
    /// Holds the number of bytes to the limit.
    pub(crate) fn check_bytes(&self, bytes: &[u8]) -> Result<(), Refusal> {
        let len = bytes.len() as u64;
        if len > self.max_bytes {
            return Err(Refusal::TooLarge { bytes: len, max: self.max_bytes });
        }
        Ok(())
    }

    /// Holds announced dimensions to the limits; a picture without extent is damaged.
    pub(crate) fn check_size(&self, width: u32, height: u32) -> Result<(), Refusal> {
        if width == 0 || height == 0 {
            return Err(Refusal::damaged("its size is missing"));
        }
        let pixels = u64::from(width) * u64::from(height);
        if width > self.max_side || height > self.max_side || pixels > self.max_pixels {
            return Err(Refusal::TooManyPixels { width, height, max_pixels: self.max_pixels, max_side: self.max_side });
        }
        Ok(())
    }
}
