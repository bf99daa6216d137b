//! A decoded picture.

/// What the samples of a pixel mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// One sample: luma.
    Luma,
    /// Three: full-range Y, Cb, Cr as in JPEG. A JPEG stays so from its decoder through the resize to the encoder: two
    /// conversions less, and the luma that the quality verdict needs lies ready.
    YCbCr,
    /// Three: red, green, blue.
    Rgb,
}

impl Layout {
    /// Samples, and bytes, of a pixel.
    pub(crate) fn channels(self) -> usize {
        match self {
            Self::Luma => 1,
            Self::YCbCr | Self::Rgb => 3,
        }
    }
}

/// A rectangle of a picture, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) left: u32,
    pub(crate) top: u32,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// A decoded picture: rows from the top, pixels from the left, samples interleaved, no padding.
#[derive(Clone, Debug)]
pub(crate) struct Picture {
    /// Pixels in a row.
    pub(crate) width: u32,
    /// Rows.
    pub(crate) height: u32,
    /// What the samples mean.
    pub(crate) layout: Layout,
    /// `width * height * layout.channels()` bytes.
    pub(crate) samples: Vec<u8>,
}

impl Picture {
    /// A black picture (for YCbCr: green, every sample zero) that a decoder fills.
    pub(crate) fn blank(width: u32, height: u32, layout: Layout) -> Self {
        let samples = vec![0; width as usize * height as usize * layout.channels()];
        Self { width, height, layout, samples }
    }

    /// A part of the picture, which it has.
    pub(crate) fn cropped(&self, Place { left, top, width, height }: Place) -> Self {
        let channels = self.layout.channels();
        let (row, from, len) = (self.width as usize * channels, left as usize * channels, width as usize * channels);
        let mut samples = Vec::with_capacity(len * height as usize);
        for row in self.samples.chunks_exact(row).skip(top as usize).take(height as usize) {
            samples.extend_from_slice(&row[from..from + len]);
        }
        Self { width, height, samples, ..*self }
    }

    /// The picture as a mirror shows it.
    pub(crate) fn mirrored(&self) -> Self {
        let mut samples = self.samples.clone();
        let channels = self.layout.channels();
        for row in samples.chunks_exact_mut(self.width as usize * channels) {
            row.reverse();
            row.chunks_exact_mut(channels).for_each(<[u8]>::reverse);
        }
        Self { samples, ..*self }
    }

    /// The luma of every pixel: a picture of one channel.
    pub(crate) fn luma(&self) -> Self {
        let samples = match self.layout {
            Layout::Luma => self.samples.clone(),
            Layout::YCbCr => self.samples.as_chunks::<3>().0.iter().map(|[y, _, _]| *y).collect(),
            // BT.601 in 256ths, as JPEG converts it.
            Layout::Rgb => self
                .samples
                .as_chunks::<3>()
                .0
                .iter()
                .map(|&[r, g, b]| {
                    let sum = 77 * u32::from(r) + 150 * u32::from(g) + 29 * u32::from(b);
                    (sum >> 8) as u8
                })
                .collect(),
        };
        Self { samples, layout: Layout::Luma, ..*self }
    }
}

/// One sample of colour `value` and opacity `alpha` (255 is opaque) in front of white.
pub(crate) fn over_white(value: u8, alpha: u8) -> u8 {
    let alpha = u32::from(alpha);
    let sum = u32::from(value) * alpha + 255 * (255 - alpha);
    // Divides by 255, rounded.
    ((sum + 127) / 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_transparent_is_white_and_what_is_opaque_stays() {
        for value in [0, 1, 127, 254, 255] {
            assert_eq!(over_white(value, 255), value);
            assert_eq!(over_white(value, 0), 255);
        }
        assert_eq!(over_white(0, 128), 127);
    }
}
