//! One small file of each variety that is read, or that is refused by name, with what could be its file's name. What is
//! tampered with starts here.

use image::RgbImage;
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use crate::make::*;

const SIZE: (u32, u32) = (24, 16);
const PIXELS: usize = (SIZE.0 * SIZE.1) as usize;

pub(crate) fn jpegs() -> Vec<(String, Vec<u8>)> {
    let picture = textured(SIZE.0, SIZE.1);
    let raw = picture.as_raw();
    let grey: Vec<u8> = raw.chunks(3).map(|pixel| pixel[0]).collect();
    let inks: Vec<u8> = raw.chunks(3).flat_map(|pixel| [pixel[0], pixel[1], pixel[2], 9]).collect();
    named([
        ("baseline.jpg", jpeg(&picture)),
        ("halved.jpg", with(&picture, |encoder| encoder.set_sampling_factor(SamplingFactor::R_4_2_0))),
        ("restarts.jpg", with(&picture, |encoder| encoder.set_restart_interval(1))),
        ("progressive.jpg", encoded(raw, SIZE, ColorType::Rgb, true)),
        ("grey.jpg", encoded(&grey, SIZE, ColorType::Luma, false)),
        ("inks.jpg", encoded(&inks, SIZE, ColorType::Cmyk, false)),
        ("ycck.jpg", encoded(&inks, SIZE, ColorType::CmykAsYcck, true)),
        ("laden.jpg", laden_jpeg(&picture, 6)),
    ])
}

fn with(picture: &RgbImage, setting: impl FnOnce(&mut Encoder<&mut Vec<u8>>)) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 60);
    setting(&mut encoder);
    encoder.encode(picture.as_raw(), SIZE.0 as u16, SIZE.1 as u16, ColorType::Rgb).unwrap();
    bytes
}

/// Colour type, depths that it can have.
const COLOUR_TYPES: [(u8, &[u8]); 5] =
    [(0, &[1, 2, 4, 8, 16]), (2, &[8, 16]), (3, &[1, 2, 4, 8]), (4, &[8, 16]), (6, &[8, 16])];

pub(crate) fn pngs() -> Vec<(String, Vec<u8>)> {
    let picture = textured(SIZE.0, SIZE.1);
    let mut files = named([
        ("interlaced.png", png_of(SIZE, 8, 2, true, &adam7(&picture))),
        ("animated.png", animated_png(&picture, &scene(SIZE.0, SIZE.1))),
        ("laden.png", laden_png(&picture, 6)),
    ]);
    for (colour, depths) in COLOUR_TYPES {
        files.extend(depths.iter().map(|depth| (format!("colour{colour}-{depth}.png"), png_of_kind(colour, *depth))));
    }
    files
}

/// A PNG of a colour type and a depth, with a palette and what is transparent of it.
pub(crate) fn png_of_kind(colour: u8, depth: u8) -> Vec<u8> {
    let samples = [1, 0, 3, 1, 2, 0, 4][usize::from(colour)];
    let row = (SIZE.0 as usize * samples * usize::from(depth)).div_ceil(8);
    let rows: Vec<u8> = (0..SIZE.1 as usize)
        .flat_map(|y| [vec![0], (0..row).map(|x| (x * 37 + y * 11) as u8).collect()].concat())
        .collect();
    let plain = png_of(SIZE, depth, colour, false, &rows);
    match colour {
        0 => with_chunks(&plain, &[(*b"tRNS", vec![0, 1])]),
        2 => with_chunks(&plain, &[(*b"tRNS", vec![0, 1, 0, 2, 0, 3])]),
        3 => {
            let palette = (0..3 << depth).map(|n: u32| (n * 41) as u8).collect();
            with_chunks(&plain, &[(*b"PLTE", palette), (*b"tRNS", vec![0, 128])])
        }
        _ => plain,
    }
}

pub(crate) fn webps() -> Vec<(String, Vec<u8>)> {
    let picture = textured(SIZE.0, SIZE.1);
    let clear: Vec<u8> =
        picture.as_raw().chunks(3).flat_map(|pixel| [pixel[0], pixel[1], pixel[2], pixel[0]]).collect();
    debug_assert_eq!(clear.len(), 4 * PIXELS);
    let mut with_alpha = std::io::Cursor::new(Vec::new());
    image::RgbaImage::from_raw(SIZE.0, SIZE.1, clear)
        .unwrap()
        .write_to(&mut with_alpha, image::ImageFormat::WebP)
        .unwrap();
    named([
        ("lossless.webp", webp(&scene(SIZE.0, SIZE.1))),
        ("lossless-alpha.webp", with_alpha.into_inner()),
        ("lossy.webp", LOSSY_WEBP.to_vec()),
        ("lossy-alpha.webp", lossy_webp_with_alpha()),
        ("laden.webp", laden_webp(&webp(&scene(SIZE.0, SIZE.1)), SIZE, 6)),
        ("laden-lossy.webp", laden_webp(LOSSY_WEBP, (48, 32), 3)),
        ("animated.webp", animated_webp(&[&scene(SIZE.0, SIZE.1), &picture])),
    ])
}

fn named<const N: usize>(files: [(&str, Vec<u8>); N]) -> Vec<(String, Vec<u8>)> {
    files.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect()
}
