//! Small files to test with, built here byte by byte or by other people's encoders.

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use image::{ImageFormat, RgbImage};
use jpeg_encoder::{ColorType, Encoder};
use samspil_imaging::{Inspected, Limits, inspect};

/// What every piece of metadata in these files says. It must never come out again.
pub(crate) const SECRET: &[u8] = b"SECRET-0101011234";

/// The four corners of [`scene`]: top left, top right, bottom left, bottom right.
pub(crate) const CORNERS: [[u8; 3]; 4] = [[220, 40, 40], [40, 200, 60], [40, 60, 210], [230, 220, 60]];

/// A picture with four corners that cannot be taken for each other.
pub(crate) fn scene(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let corner = usize::from(x * 2 >= width) + 2 * usize::from(y * 2 >= height);
        image::Rgb(CORNERS[corner])
    })
}

/// A picture like a photo: smooth parts, edges, and noise that is the same every time.
pub(crate) fn textured(width: u32, height: u32) -> RgbImage {
    let mut seed = 0x2545_F491u32;
    RgbImage::from_fn(width, height, |x, y| {
        seed ^= seed << 13;
        seed ^= seed >> 17;
        seed ^= seed << 5;
        let noise = (seed >> 24) as i32 / 12 - 10;
        let (x, y) = (x as f32 / width as f32, y as f32 / height as f32);
        let wave = ((x * 40.0).sin() * (y * 30.0).cos() * 40.0) as i32;
        let edge = if (x - 0.5).hypot(y - 0.5) < 0.25 { 60 } else { 0 };
        let channel = |base: i32| (base + wave + noise - edge).clamp(0, 255) as u8;
        image::Rgb([channel(190), channel(140), channel(120)])
    })
}

pub(crate) fn jpeg(picture: &RgbImage) -> Vec<u8> {
    encoded(picture.as_raw(), picture.dimensions(), ColorType::Rgb, false)
}

pub(crate) fn encoded(samples: &[u8], (width, height): (u32, u32), colours: ColorType, progressive: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 92);
    encoder.set_progressive(progressive);
    encoder.encode(samples, width as u16, height as u16, colours).unwrap();
    bytes
}

pub(crate) fn png(picture: &RgbImage) -> Vec<u8> {
    written(picture, ImageFormat::Png)
}

/// Lossless: the only kind that a pure Rust encoder writes. See [`LOSSY_WEBP`].
pub(crate) fn webp(picture: &RgbImage) -> Vec<u8> {
    written(picture, ImageFormat::WebP)
}

fn written(picture: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub(crate) fn inspected(bytes: &[u8]) -> Inspected {
    inspect(bytes, &Limits::default()).unwrap()
}

/// RGB as someone else's decoder sees it, as stored.
pub(crate) fn pixels(bytes: &[u8]) -> RgbImage {
    image::load_from_memory(bytes).unwrap().into_rgb8()
}

pub(crate) fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

/// Puts segments behind a JPEG's start marker: marker, payload.
pub(crate) fn with_segments(jpeg: &[u8], segments: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = jpeg[..2].to_vec();
    for (marker, payload) in segments {
        bytes.extend_from_slice(&[0xFF, *marker]);
        bytes.extend_from_slice(&((payload.len() + 2) as u16).to_be_bytes());
        bytes.extend_from_slice(payload);
    }
    bytes.extend_from_slice(&jpeg[2..]);
    bytes
}

/// A JPEG with all that phones and programs hang on one, `orientation`, the profile of [`icc`] in two pieces in the wrong
/// order, and a second picture and a film behind the end.
pub(crate) fn laden_jpeg(picture: &RgbImage, orientation: u16) -> Vec<u8> {
    let plain = jpeg(picture);
    let secret = |start: &[u8]| [start, SECRET].concat();
    let profile = icc();
    let (first, second) = profile.split_at(100);
    let mut bytes = with_segments(
        &plain,
        &[
            (0xE0, [b"JFIF\0\x01\x02\0\0\x01\0\x01\x01\x01\x41\x42\x43", SECRET].concat()),
            (0xE0, secret(b"JFXX\0\x13")),
            (0xE1, [b"Exif\0\0", Tiff::full(orientation).build().as_slice()].concat()),
            (0xE1, secret(b"http://ns.adobe.com/xap/1.0/\0<x exif:GPSLatitude='55,40N'/>")),
            (0xE1, secret(&[b"http://ns.adobe.com/xmp/extension/\0".as_slice(), &[b'0'; 40]].concat())),
            (0xE2, [b"ICC_PROFILE\0\x02\x02", second].concat()),
            (0xE2, [b"ICC_PROFILE\0\x01\x02", first].concat()),
            (0xE2, secret(b"MPF\0MM\0*\0\0\0\x08")),
            (0xE4, secret(b"maker")),
            (0xEB, secret(b"JP\0\x01jumb")),
            (0xED, secret(b"Photoshop 3.0\x008BIM")),
            (0xFE, SECRET.to_vec()),
        ],
    );
    bytes.extend_from_slice(&plain);
    bytes.extend_from_slice(&secret(b"\0\0\0\x18ftypmp42"));
    bytes
}

/// A PNG with texts, times, EXIF, XMP, a profile, an unknown chunk, and bytes behind the end.
pub(crate) fn laden_png(picture: &RgbImage, orientation: u16) -> Vec<u8> {
    let secret = |start: &[u8]| [start, SECRET].concat();
    let mut bytes = with_chunks(
        &png(picture),
        &[
            (*b"iCCP", [b"name\0\0", deflated(&icc()).as_slice()].concat()),
            (*b"eXIf", Tiff::full(orientation).build()),
            (*b"tEXt", secret(b"Comment\0")),
            (*b"zTXt", [b"Raw profile type exif\0\0", deflated(SECRET).as_slice()].concat()),
            (*b"iTXt", secret(b"XML:com.adobe.xmp\0\0\0\0\0<x exif:GPSLatitude='55,40N'/>")),
            (*b"tIME", vec![7, 0xE8, 5, 1, 12, 0, 0]),
            (*b"pHYs", vec![0; 9]),
            (*b"gAMA", SECRET.to_vec()),
            (*b"vpAg", SECRET.to_vec()),
        ],
    );
    bytes.extend_from_slice(SECRET);
    bytes
}

/// A WebP with a profile, EXIF, XMP, an unknown chunk, and bytes behind the end.
pub(crate) fn laden_webp(simple: &[u8], size: (u32, u32), orientation: u16) -> Vec<u8> {
    let mut form = vec![0x20 | 0x08 | 0x04, 0, 0, 0];
    form.extend_from_slice(&(size.0 - 1).to_le_bytes()[..3]);
    form.extend_from_slice(&(size.1 - 1).to_le_bytes()[..3]);
    let mut bytes = b"RIFF\0\0\0\0WEBP".to_vec();
    webp_chunk(&mut bytes, b"VP8X", &form);
    webp_chunk(&mut bytes, b"ICCP", &icc());
    bytes.extend_from_slice(&simple[12..]);
    webp_chunk(&mut bytes, b"EXIF", &Tiff::full(orientation).build());
    webp_chunk(&mut bytes, b"XMP ", &[b"<x exif:GPSLatitude='55,40N'/>", SECRET].concat());
    webp_chunk(&mut bytes, b"NOTE", SECRET);
    let size = bytes.len() as u32 - 8;
    bytes[4..8].copy_from_slice(&size.to_le_bytes());
    bytes.extend_from_slice(SECRET);
    bytes
}

pub(crate) fn webp_chunk(bytes: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    bytes.extend_from_slice(kind);
    bytes.extend_from_slice(&(data.len() as u32).to_le_bytes());
    bytes.extend_from_slice(data);
    bytes.resize(bytes.len() + data.len() % 2, 0);
}

/// Puts chunks behind a PNG's IHDR.
pub(crate) fn with_chunks(png: &[u8], chunks: &[([u8; 4], Vec<u8>)]) -> Vec<u8> {
    let (head, rest) = png.split_at(33);
    let mut bytes = head.to_vec();
    for (kind, data) in chunks {
        bytes.extend_from_slice(&png_chunk(kind, data));
    }
    bytes.extend_from_slice(rest);
    bytes
}

pub(crate) fn png_chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(kind);
    hasher.update(data);
    let crc = hasher.finalize().to_be_bytes();
    [&(data.len() as u32).to_be_bytes(), kind.as_slice(), data, &crc].concat()
}

/// A PNG from its header's fields and its rows as they are before compression, filter bytes and all.
pub(crate) fn png_of(size: (u32, u32), depth: u8, colour: u8, interlaced: bool, raw: &[u8]) -> Vec<u8> {
    let mut header = [size.0.to_be_bytes(), size.1.to_be_bytes()].concat();
    header.extend_from_slice(&[depth, colour, 0, 0, u8::from(interlaced)]);
    [
        b"\x89PNG\r\n\x1a\n".as_slice(),
        &png_chunk(b"IHDR", &header),
        &png_chunk(b"IDAT", &deflated(raw)),
        &png_chunk(b"IEND", &[]),
    ]
    .concat()
}

/// An animated PNG of two frames, the first of which is the still picture too.
pub(crate) fn animated_png(first: &RgbImage, second: &RgbImage) -> Vec<u8> {
    let still = png(first);
    let control = |number: u32| {
        let [width, height] = [first.width(), first.height()].map(u32::to_be_bytes);
        png_chunk(b"fcTL", &[&number.to_be_bytes(), &width, &height, [0; 8].as_slice(), &[0, 1, 0, 1, 0, 0]].concat())
    };
    let rows: Vec<u8> = second.rows().flat_map(|row| [vec![0], row.flat_map(|p| p.0).collect()].concat()).collect();
    let animation = png_chunk(b"acTL", &[2u32.to_be_bytes(), 0u32.to_be_bytes()].concat());
    let more = png_chunk(b"fdAT", &[&2u32.to_be_bytes(), deflated(&rows).as_slice()].concat());
    let (header, picture, end) = (&still[..33], &still[33..still.len() - 12], &still[still.len() - 12..]);
    [header, &animation, &control(0), picture, &control(1), &more, end].concat()
}

/// An animated WebP of lossless frames of one size.
pub(crate) fn animated_webp(frames: &[&RgbImage]) -> Vec<u8> {
    let [width, height] = [frames[0].width(), frames[0].height()].map(|side| (side - 1).to_le_bytes());
    let size = [&width[..3], &height[..3]].concat();
    let mut bytes = b"RIFF\0\0\0\0WEBP".to_vec();
    webp_chunk(&mut bytes, b"VP8X", &[&[0x02, 0, 0, 0], size.as_slice()].concat());
    webp_chunk(&mut bytes, b"ANIM", &[0xFF, 0xFF, 0xFF, 0xFF, 0, 0]);
    for frame in frames {
        let at = [0; 6];
        let shown = [100, 0, 0, 0];
        webp_chunk(&mut bytes, b"ANMF", &[&at, size.as_slice(), &shown, &webp(frame)[12..]].concat());
    }
    let size = bytes.len() as u32 - 8;
    bytes[4..8].copy_from_slice(&size.to_le_bytes());
    bytes
}

/// Rows of an RGB picture in the seven passes of Adam7, each row with filter 0.
pub(crate) fn adam7(picture: &RgbImage) -> Vec<u8> {
    const PASSES: [(u32, u32, usize, usize); 7] =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];
    let mut raw = Vec::new();
    for (left, top, across, down) in PASSES {
        for y in (top..picture.height()).step_by(down) {
            if left < picture.width() {
                raw.push(0);
            }
            for x in (left..picture.width()).step_by(across) {
                raw.extend_from_slice(&picture.get_pixel(x, y).0);
            }
        }
    }
    raw
}

pub(crate) fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A colour profile as far as its header: an RGB display profile with a body of no meaning.
pub(crate) fn icc() -> Vec<u8> {
    let mut profile: Vec<u8> = (0..300u32).map(|n| (n * 7 % 256) as u8).collect();
    profile[..4].copy_from_slice(&300u32.to_be_bytes());
    profile[12..24].copy_from_slice(b"mntrRGB XYZ ");
    profile[36..40].copy_from_slice(b"acsp");
    profile
}

/// A directory entry: tag, type, count and value.
type Field = (u16, u16, u32, Vec<u8>);

/// An EXIF block, little-endian as most phones write it.
#[derive(Default)]
pub(crate) struct Tiff {
    /// Directories in the order first, EXIF, GPS, interoperability.
    pub(crate) directories: [Vec<Field>; 4],
}

impl Tiff {
    /// All that a phone writes.
    pub(crate) fn full(orientation: u16) -> Self {
        let mut tiff = Self::default();
        tiff.text(0, 0x010F, "Apple");
        tiff.text(0, 0x0110, "iPhone 15");
        tiff.short(0, 0x0112, orientation);
        tiff.text(0, 0x013B, "SECRET-0101011234");
        tiff.text(1, 0x9003, "2026:03:14 09:26:53");
        tiff.text(1, 0x9011, "+01:00");
        tiff.text(1, 0x927C, "SECRET-0101011234");
        tiff.text(1, 0xA431, "SECRET-0101011234");
        tiff.text(2, 1, "N");
        tiff.directories[2].push((2, 5, 3, [55u32, 1, 40, 1, 0, 1].map(u32::to_le_bytes).concat()));
        tiff
    }

    pub(crate) fn text(&mut self, directory: usize, tag: u16, text: &str) {
        let mut value = text.as_bytes().to_vec();
        value.push(0);
        self.directories[directory].push((tag, 2, value.len() as u32, value));
    }

    pub(crate) fn short(&mut self, directory: usize, tag: u16, value: u16) {
        self.directories[directory].push((tag, 3, 1, value.to_le_bytes().to_vec()));
    }

    pub(crate) fn build(mut self) -> Vec<u8> {
        // From which directory to which, and by which tag. Where each leads follows from how many entries there are.
        const LINKS: [(usize, usize, u16); 3] = [(1, 3, 0xA005), (0, 1, 0x8769), (0, 2, 0x8825)];
        for (from, to, tag) in LINKS {
            if !self.directories[to].is_empty() {
                self.directories[from].push((tag, 4, 1, Vec::new()));
            }
        }
        let mut at = 8;
        let starts = self.directories.each_ref().map(|directory| {
            let start = at as u32;
            at += if directory.is_empty() { 0 } else { 2 + 12 * directory.len() + 4 };
            start
        });
        for (from, to, tag) in LINKS {
            let link = self.directories[from].iter_mut().find(|field| field.0 == tag);
            link.into_iter().for_each(|link| link.3 = starts[to].to_le_bytes().to_vec());
        }
        let mut bytes = b"II*\0\x08\0\0\0".to_vec();
        let mut values = Vec::new();
        for directory in &mut self.directories {
            directory.sort_by_key(|(tag, ..)| *tag);
            if directory.is_empty() {
                continue;
            }
            bytes.extend_from_slice(&(directory.len() as u16).to_le_bytes());
            for (tag, kind, count, value) in directory {
                bytes.extend_from_slice(&[tag.to_le_bytes(), kind.to_le_bytes()].concat());
                bytes.extend_from_slice(&count.to_le_bytes());
                if value.len() <= 4 {
                    value.resize(4, 0);
                    bytes.extend_from_slice(value);
                } else {
                    bytes.extend_from_slice(&((at + values.len()) as u32).to_le_bytes());
                    values.extend_from_slice(value);
                }
            }
            bytes.extend_from_slice(&[0; 4]);
        }
        assert_eq!(bytes.len(), at);
        bytes.extend_from_slice(&values);
        bytes
    }
}

/// [`scene`] of 48 x 32 as a lossy WebP, written once by libwebp at quality 60.
pub(crate) const LOSSY_WEBP: &[u8] = &[
    0x52, 0x49, 0x46, 0x46, 0x72, 0x00, 0x00, 0x00, 0x57, 0x45, 0x42, 0x50, 0x56, 0x50, 0x38, 0x20, 0x66, 0x00, 0x00,
    0x00, 0x50, 0x05, 0x00, 0x9d, 0x01, 0x2a, 0x30, 0x00, 0x20, 0x00, 0x3e, 0x99, 0x42, 0x96, 0x49, 0xa5, 0xa4, 0x22,
    0x21, 0x3a, 0xbc, 0xc8, 0x00, 0xb0, 0x13, 0x09, 0x66, 0x00, 0x9d, 0x39, 0x41, 0x7e, 0x01, 0xab, 0x0b, 0xc5, 0x3f,
    0x20, 0x3f, 0x00, 0x39, 0x18, 0x8e, 0xfd, 0x05, 0xec, 0xd3, 0x9d, 0xa7, 0x5b, 0x00, 0x00, 0xfe, 0xe9, 0xe8, 0xdf,
    0x9f, 0xb1, 0x64, 0x37, 0x57, 0xcb, 0x56, 0x7b, 0x13, 0x7f, 0xf0, 0xc1, 0x58, 0x58, 0x4e, 0xfc, 0x04, 0xc2, 0xa9,
    0x27, 0x07, 0xf1, 0xea, 0xa6, 0x68, 0x5e, 0xdd, 0x60, 0x6e, 0x00, 0x46, 0x6b, 0xc9, 0xff, 0xf2, 0x1b, 0xe4, 0xfb,
    0x58, 0xef, 0xa7, 0xff, 0xe5, 0x55, 0x80, 0x00,
];

/// The same with an opacity: the bottom right quarter cannot be seen.
pub(crate) fn lossy_webp_with_alpha() -> Vec<u8> {
    let mut bytes = b"RIFF\x9e\0\0\0WEBP".to_vec();
    webp_chunk(&mut bytes, b"VP8X", &[0x10, 0, 0, 0, 47, 0, 0, 31, 0, 0]);
    let alpha =
        [1, 0x20, 0xd2, 0xb6, 0x99, 0x7f, 0xd3, 0xa3, 0xc3, 0x3f, 0x89, 0x88, 0x09, 0xf0, 0x16, 0xc9, 0xf7, 0x0c];
    webp_chunk(&mut bytes, b"ALPH", &alpha);
    bytes.extend_from_slice(&LOSSY_WEBP[12..]);
    bytes
}
