//! A PNG's pixels, row by row, within a time limit.

use png::{BitDepth, ColorType, Decoder, InterlaceInfo, Transformations};

use crate::deadline::{Deadline, TimedReader};
use crate::picture::{Layout, Picture, over_white};
use crate::{Inspected, Refusal};

/// Decodes stripped bytes. Grey pictures come as luma, the rest as RGB; what is transparent lies on white.
///
/// Each row is brought to 8 bits without opacity before the next is decoded: a picture of 16-bit RGBA, eight bytes a
/// pixel, never lies in memory whole.
///
/// # Errors
///
/// [`Refusal::TooSlow`] once the deadline has passed; [`Refusal::Damaged`] if the data do not make a picture.
pub(crate) fn decode(clean: &[u8], inspected: &Inspected, deadline: Deadline) -> Result<Picture, Refusal> {
    let damaged = |_| deadline.or_damaged("its picture cannot be decoded");
    let mut decoder = Decoder::new(TimedReader::new(clean, deadline));
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    decoder.set_ignore_iccp_chunk(true);
    let mut reader = decoder.read_info().map_err(damaged)?;

    let (colour, depth) = reader.output_color_type();
    let (layout, flatten): (_, Flatten) = match (colour, depth) {
        (ColorType::Grayscale, BitDepth::Eight) => (Layout::Luma, copy),
        (ColorType::GrayscaleAlpha, BitDepth::Eight) => (Layout::Luma, over_white_row::<2, 1>),
        (ColorType::Rgb, BitDepth::Eight) => (Layout::Rgb, copy),
        (ColorType::Rgba, BitDepth::Eight) => (Layout::Rgb, over_white_row::<4, 3>),
        _ => return Err(Refusal::damaged("its colours are not described")),
    };
    let mut picture = Picture::blank(inspected.width, inspected.height, layout);
    if reader.info().size() != (inspected.width, inspected.height) {
        return Err(Refusal::damaged("it announces its size twice"));
    }

    let stride = inspected.width as usize * layout.channels();
    let mut flat = Vec::with_capacity(stride);
    let mut start = 0;
    while let Some(row) = reader.next_interlaced_row().map_err(damaged)? {
        deadline.check()?;
        flat.clear();
        flatten(row.data(), &mut flat);
        match row.interlace() {
            InterlaceInfo::Null(_) => {
                picture.samples[start..start + stride].copy_from_slice(&flat);
                start += stride;
            }
            InterlaceInfo::Adam7(place) => {
                let bits = 8 * layout.channels() as u8;
                png::expand_interlaced_row(&mut picture.samples, stride, &flat, place, bits);
            }
        }
    }
    Ok(picture)
}

/// Appends a decoded row to `flat`, without opacity.
type Flatten = fn(&[u8], &mut Vec<u8>);

fn copy(row: &[u8], flat: &mut Vec<u8>) {
    flat.extend_from_slice(row);
}

/// Puts pixels of `WITH` samples, opacity last, in front of white: pixels of `WITHOUT` samples.
fn over_white_row<const WITH: usize, const WITHOUT: usize>(row: &[u8], flat: &mut Vec<u8>) {
    for pixel in row.as_chunks::<WITH>().0 {
        let alpha = pixel[WITHOUT];
        flat.extend(pixel[..WITHOUT].iter().map(|value| over_white(*value, alpha)));
    }
}
