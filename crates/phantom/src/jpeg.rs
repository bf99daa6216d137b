//! The file that a phone would make of a picture.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use crate::metadata::Metadata;
use crate::picture::draw_in;
use crate::scene::Scene;
use crate::truth::Truth;
use crate::{colour, exif, icc, orientation};

/// As phones compress: little for the picture, more for its thumbnail.
const QUALITY: u8 = 92;
const THUMBNAIL_QUALITY: u8 = 80;
/// The thumbnail's longer side.
const THUMBNAIL: usize = 160;

/// Takes a photograph: a JPEG with all that a phone puts into one, and the truth about the upright picture.
///
/// The pixels are stored so that applying the orientation gives the upright scene; for 5 to 8 the file's width is the
/// scene's height. The same scene and metadata give the same bytes on the same kind of processor (see the crate's page).
///
/// # Panics
///
/// If a side has more than 65,535 pixels, or the metadata's texts do not fit into one segment of 64 KB.
#[must_use]
pub fn photograph(scene: &Scene, metadata: &Metadata) -> (Vec<u8>, Truth) {
    let scene = &scene.drawable();
    let primaries = icc::primaries(metadata.icc);
    let (upright, truth) = draw_in(scene, colour::from_srgb(primaries));
    let (width, height) = (scene.width as usize, scene.height as usize);
    let pixels = orientation::stored(upright, width, height, metadata.orientation);
    let (width, height) = orientation::stored_size(width, height, metadata.orientation);

    let thumbnail = metadata.thumbnail.then(|| thumbnail(&pixels, width, height));
    let exif = exif::block(metadata, (width as u32, height as u32), thumbnail.as_deref());
    // About a quarter of a byte for each pixel is what comes out.
    let mut jpeg = Vec::with_capacity(width * height / 3);
    let mut encoder = Encoder::new(&mut jpeg, QUALITY);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.add_exif_metadata(&exif).expect("EXIF fits into a segment");
    if let Some(profile) = icc::profile(metadata.icc) {
        encoder.add_icc_profile(&profile).expect("the profile fits into a segment");
    }
    encode(encoder, &pixels, width, height);
    (jpeg, truth)
}

/// A small JPEG of the picture as it is stored.
fn thumbnail(pixels: &[u8], width: usize, height: usize) -> Vec<u8> {
    let scale = width.max(height).div_ceil(THUMBNAIL).max(1);
    let (small_width, small_height) = ((width / scale).max(1), (height / scale).max(1));
    let mut small = Vec::with_capacity(small_width * small_height * 3);
    for y in 0..small_height {
        for x in 0..small_width {
            small.extend(mean(pixels, width, height, x * scale, y * scale, scale));
        }
    }
    let mut jpeg = Vec::new();
    let mut encoder = Encoder::new(&mut jpeg, THUMBNAIL_QUALITY);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encode(encoder, &small, small_width, small_height);
    jpeg
}

/// The mean colour of a square of pixels.
fn mean(pixels: &[u8], width: usize, height: usize, left: usize, top: usize, side: usize) -> [u8; 3] {
    let (right, bottom) = ((left + side).min(width), (top + side).min(height));
    let mut sum = [0u32; 3];
    for y in top..bottom {
        for pixel in pixels[(y * width + left) * 3..(y * width + right) * 3].chunks_exact(3) {
            for (sum, byte) in sum.iter_mut().zip(pixel) {
                *sum += u32::from(*byte);
            }
        }
    }
    let count = ((right - left) * (bottom - top)) as u32;
    sum.map(|sum| (sum / count) as u8)
}

fn encode(encoder: Encoder<&mut Vec<u8>>, pixels: &[u8], width: usize, height: usize) {
    let side = |side: usize| u16::try_from(side).expect("a JPEG's side has at most 65,535 pixels");
    encoder.encode(pixels, side(width), side(height), ColorType::Rgb).expect("writing to memory cannot fail");
}
