//! What a file is, before anything is decoded.

use crate::exif::Exif;
use crate::format::{Format, sniff};
use crate::{Camera, Captured, Limits, Orientation, Refusal, jpeg, png, webp};

/// What a file's headers say of the photo in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspected {
    /// The format, told from the bytes.
    pub format: Format,
    /// Stored width in pixels, before the orientation is applied.
    pub width: u32,
    /// Stored height in pixels, before the orientation is applied.
    pub height: u32,
    /// Which way up it is.
    pub orientation: Orientation,
    /// When it was taken, if the camera said so.
    pub captured: Option<Captured>,
    /// What took it, if it said so.
    pub camera: Option<Camera>,
    /// The lens's focal length on 35 mm film, if the camera said so: by it a tilt is told.
    pub focal_35mm: Option<u16>,
    /// Whether the file told where it was taken. The position itself is never read.
    pub has_gps: bool,
    /// The colour profile, byte for byte (ICC.1); Adobe RGB's, where a JPEG without a profile says in EXIF that it is that.
    /// `None` too if it cannot be read.
    pub icc_profile: Option<Vec<u8>>,
}

impl Inspected {
    /// Puts together what the parsers of the three formats have found.
    pub(crate) fn new(format: Format, (width, height): (u32, u32), exif: Exif, icc_profile: Option<Vec<u8>>) -> Self {
        let Exif { orientation, captured, camera, focal_35mm, has_gps, .. } = exif;
        Self { format, width, height, orientation, captured, camera, focal_35mm, has_gps, icc_profile }
    }
}

/// Looks at a file's headers and structure alone.
///
/// Tells the format by its first bytes, holds the announced dimensions to `limits` before anything is allocated for
/// them, walks the file to the end of its picture, and reads what is kept of EXIF. Entropy-coded data is passed over,
/// not decoded: it takes about a millisecond for a phone's photo.
///
/// # Errors
///
/// [`Refusal::Empty`], [`Refusal::NotRecognised`], [`Refusal::Unsupported`], [`Refusal::TooLarge`],
/// [`Refusal::TooManyPixels`]; [`Refusal::Truncated`] if the file stops before its picture does;
/// [`Refusal::Damaged`] if its parts contradict each other. Never because of its metadata.
pub fn inspect(bytes: &[u8], limits: &Limits) -> Result<Inspected, Refusal> {
    limits.check_bytes(bytes)?;
    match sniff(bytes)? {
        Format::Jpeg => jpeg::inspect(bytes, limits),
        Format::Png => png::inspect(bytes, limits),
        Format::WebP => webp::inspect(bytes, limits),
    }
}

/// Whether an XMP packet tells a position. A phone writes it there too, so the flag would lie without this look.
pub(crate) fn xmp_has_position(packet: &[u8]) -> bool {
    memchr::memmem::find(packet, b"GPSLatitude").is_some()
}
