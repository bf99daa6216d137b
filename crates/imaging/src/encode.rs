//! A picture as JPEG.

use jpeg_encoder::{ColorType, Encoder, EncodingError};

use crate::icc;
use crate::picture::{Layout, Picture};

/// Writes a baseline JPEG: 4:2:0, standard Huffman tables, `quality` 1 to 100, and the profile if it fits the picture.
///
/// # Errors
///
/// None in practice: a rendition is at most 1600 pixels wide, and memory takes all bytes.
pub(crate) fn jpeg(picture: &Picture, quality: u8, profile: Option<&[u8]>) -> Result<Vec<u8>, EncodingError> {
    let colours = match picture.layout {
        Layout::Luma => ColorType::Luma,
        Layout::YCbCr => ColorType::Ycbcr,
        Layout::Rgb => ColorType::Rgb,
    };
    // A guess at the size that spares the buffer from growing more than once.
    let mut bytes = Vec::with_capacity(picture.samples.len() / 12);
    let mut encoder = Encoder::new(&mut bytes, quality);
    if let Some(profile) = profile.filter(|profile| icc::fits(profile, picture.layout)) {
        encoder.add_icc_profile(profile)?;
    }
    encoder.encode(&picture.samples, picture.width as u16, picture.height as u16, colours)?;
    Ok(bytes)
}
