//! The original without its metadata.

use crate::{Format, Inspected, Refusal, jpeg, png, webp};

/// Copies a file without its metadata. The picture's own data is copied bit for bit and never decoded.
///
/// Kept are the picture, what a decoder needs to read it (for a JPEG the JFIF and Adobe segments, cut to their standard
/// content), and the ICC profile; a JPEG that says in EXIF alone that it is Adobe RGB gets that one. If the picture does
/// not lie upright, one EXIF block with the one Orientation tag is written back. All else goes: EXIF, GPS, XMP, IPTC,
/// multi-picture indexes, maker notes, thumbnails, comments, texts, times, animation frames, unknown segments, and whatever
/// follows the picture's end (a motion photo's film).
///
/// Stripping what was stripped gives the same bytes again.
///
/// `inspected` is what [`inspect`](crate::inspect) said of the same `bytes`.
///
/// # Errors
///
/// What [`inspect`](crate::inspect) gives for a file that is cut or damaged; never for one that it has accepted.
pub fn strip(bytes: &[u8], inspected: &Inspected) -> Result<Vec<u8>, Refusal> {
    match inspected.format {
        Format::Jpeg => jpeg::strip(bytes, inspected),
        Format::Png => png::strip(bytes, inspected),
        Format::WebP => webp::strip(bytes, inspected),
    }
}
