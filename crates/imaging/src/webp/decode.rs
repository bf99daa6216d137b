//! A WebP's pixels.

use std::io::Cursor;

use image_webp::WebPDecoder;

use crate::deadline::Deadline;
use crate::picture::{Layout, Picture, over_white};
use crate::{Inspected, Refusal};

/// Decodes stripped bytes to RGB; what is transparent lies on white.
///
/// The decoder cannot be stopped in the middle, so a picture that could not be done in time is refused before it is begun:
/// [`PIXELS_PER_SECOND`] bounds what may be tried.
///
/// # Errors
///
/// [`Refusal::TooSlow`] as said; [`Refusal::Damaged`] if the data do not make a picture.
pub(crate) fn decode(clean: &[u8], inspected: &Inspected, deadline: Deadline) -> Result<Picture, Refusal> {
    let pixels = f64::from(inspected.width) * f64::from(inspected.height);
    if pixels > deadline.left().as_secs_f64() * PIXELS_PER_SECOND {
        return Err(deadline.refusal());
    }
    let damaged = |_| deadline.or_damaged("its picture cannot be decoded");
    let mut decoder = WebPDecoder::new(Cursor::new(clean)).map_err(damaged)?;
    if decoder.dimensions() != (inspected.width, inspected.height) {
        return Err(Refusal::damaged("it announces its size twice"));
    }
    let mut picture = Picture::blank(inspected.width, inspected.height, Layout::Rgb);
    if decoder.has_alpha() {
        let mut with_alpha = vec![0; picture.samples.len() / 3 * 4];
        decoder.read_image(&mut with_alpha).map_err(damaged)?;
        let pixels = with_alpha.as_chunks::<4>().0;
        for (to, &[r, g, b, alpha]) in picture.samples.as_chunks_mut::<3>().0.iter_mut().zip(pixels) {
            *to = [r, g, b].map(|value| over_white(value, alpha));
        }
    } else {
        decoder.read_image(&mut picture.samples).map_err(damaged)?;
    }
    Ok(picture)
}

/// A quarter of what the decoder was measured to do on one core of a server (48 million, lossy or lossless), so that a slow
/// and busy machine keeps the promise too.
const PIXELS_PER_SECOND: f64 = 12_000_000.0;
