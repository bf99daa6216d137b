//! Which kind of file this is, told from its first bytes.

use std::fmt;

use crate::Refusal;

/// The kinds of file that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Baseline or progressive JPEG, 8 bits.
    Jpeg,
    /// PNG; of an animated one, the still picture.
    Png,
    /// Still WebP, lossy or lossless.
    WebP,
}

impl Format {
    /// The media type: `image/jpeg`, `image/png` or `image/webp`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
        }
    }

    /// The file name's ending, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::WebP => "webp",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A JPEG's first bytes: start of image, and the next marker.
const JPEG: &[u8] = &[0xFF, 0xD8, 0xFF];
/// A PNG's signature.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
/// A WebP's container, and the form that follows the container's size at offset 8.
const RIFF: &[u8] = b"RIFF";
const WEBP: &[u8] = b"WEBP";

/// Kinds that phones, scanners and people send and that are not read: offset, bytes there, what to call it.
const OTHERS: &[(usize, &[u8], &str)] = &[
    (0, b"GIF87a", "a GIF picture"),
    (0, b"GIF89a", "a GIF picture"),
    (0, b"II*\0", "a TIFF or raw photo"),
    (0, b"MM\0*", "a TIFF or raw photo"),
    (0, b"II+\0", "a TIFF or raw photo"),
    (0, b"MM\0+", "a TIFF or raw photo"),
    (0, b"BM", "a BMP picture"),
    (0, b"%PDF", "a PDF document"),
    (0, b"8BPS", "a Photoshop picture"),
    (0, b"\xFF\x0A", "a JPEG XL picture"),
    (0, b"\0\0\0\x0CJXL ", "a JPEG XL picture"),
    (0, b"\0\0\0\x0CjP  ", "a JPEG 2000 picture"),
    (0, b"\xFF\x4F\xFF\x51", "a JPEG 2000 picture"),
    (0, b"\0\0\x01\0", "an icon"),
    (0, b"<svg", "an SVG drawing"),
    (0, b"<?xml", "an XML document"),
    (128, b"DICM", "a DICOM file"),
];

/// Brands of ISO base media files (`ftyp` at offset 4), looked for in this order: an iPhone's HEIC lists `mif1` too.
const BRANDS: &[(&[u8], &str)] = &[
    (b"avif", "an AVIF photo"),
    (b"avis", "an AVIF photo"),
    (b"heic", "a HEIC photo"),
    (b"heix", "a HEIC photo"),
    (b"heim", "a HEIC photo"),
    (b"heis", "a HEIC photo"),
    (b"hevc", "a HEIC photo"),
    (b"hevx", "a HEIC photo"),
    (b"mif1", "a HEIC photo"),
    (b"msf1", "a HEIC photo"),
    (b"crx ", "a raw photo"),
];

/// Tells the format.
///
/// # Errors
///
/// [`Refusal::Empty`]; [`Refusal::Truncated`] for the mere beginning of a signature; [`Refusal::Unsupported`] with the
/// name of a kind that we know; [`Refusal::NotRecognised`] for the rest.
pub(crate) fn sniff(bytes: &[u8]) -> Result<Format, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::Empty);
    }
    if bytes.starts_with(JPEG) {
        return Ok(Format::Jpeg);
    }
    if bytes.starts_with(PNG) {
        return Ok(Format::Png);
    }
    if bytes.starts_with(RIFF) {
        return match bytes.get(8..12) {
            Some(form) if form == WEBP => Ok(Format::WebP),
            Some(_) => Err(Refusal::NotRecognised),
            None => Err(Refusal::Truncated),
        };
    }
    if let Some(what) = other(bytes) {
        return Err(Refusal::Unsupported { what });
    }
    if [JPEG, PNG, RIFF].iter().any(|magic| magic.starts_with(bytes)) {
        return Err(Refusal::Truncated);
    }
    Err(Refusal::NotRecognised)
}

/// The name of a kind that is known and not read.
fn other(bytes: &[u8]) -> Option<&'static str> {
    let here = |offset: usize, magic: &[u8]| bytes.get(offset..).is_some_and(|rest| rest.starts_with(magic));
    if here(4, b"ftyp") {
        // The list of brands is the box's content: major brand, version, compatible brands.
        let size = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize;
        let content = &bytes[8..size.clamp(8, 256).min(bytes.len())];
        let named = |brand: &[u8]| content.chunks_exact(4).any(|listed| listed == brand);
        let known = BRANDS.iter().find(|(brand, _)| named(brand));
        return Some(known.map_or("a video", |(_, what)| what));
    }
    OTHERS.iter().find(|(offset, magic, _)| here(*offset, magic)).map(|(_, _, what)| *what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(bytes: &[u8]) -> String {
        sniff(bytes).unwrap_err().to_string()
    }

    #[test]
    fn an_iphones_heic_is_named_and_the_way_out_is_told() {
        let message = refused(b"\0\0\0\x24ftypheic\0\0\0\0mif1MiHBMiHEheic");
        assert!(message.starts_with("a HEIC photo"), "{message}");
        assert!(message.contains("Most Compatible"), "{message}");
    }

    #[test]
    fn other_kinds_are_named() {
        let kinds: [(&[u8], &str); 8] = [
            (b"\0\0\0\x1cftypavif\0\0\0\0mif1avif", "an AVIF photo"),
            (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "a video"),
            (b"GIF89a\x01\0\x01\0", "a GIF picture"),
            (b"II*\0\x08\0\0\0", "a TIFF or raw photo"),
            (b"BM\x46\0\0\0", "a BMP picture"),
            (b"%PDF-1.7", "a PDF document"),
            (b"\0\0\0\x0cJXL \r\n\x87\n", "a JPEG XL picture"),
            (b"<?xml version", "an XML document"),
        ];
        for (bytes, name) in kinds {
            assert!(refused(bytes).starts_with(name), "{name}");
            assert_eq!(sniff(bytes).unwrap_err().reason(), "IMAGE_FORMAT_UNSUPPORTED");
        }
    }

    #[test]
    fn nothing_is_empty_and_noise_is_not_recognised() {
        assert_eq!(sniff(b""), Err(Refusal::Empty));
        assert_eq!(sniff(b"hello, nurse"), Err(Refusal::NotRecognised));
        assert_eq!(sniff(b"RIFF\x04\0\0\0WAVE"), Err(Refusal::NotRecognised));
        assert_eq!(sniff(b"\0\0\0\0ftyp"), Err(Refusal::Unsupported { what: "a video" }));
    }

    #[test]
    fn the_beginning_of_a_signature_is_a_cut_file() {
        for magic in [JPEG, PNG, RIFF] {
            for len in 1..magic.len() {
                assert_eq!(sniff(&magic[..len]), Err(Refusal::Truncated));
            }
        }
    }
}
