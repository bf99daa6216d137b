//! What a JPEG's segments say.

use super::pieces::{Piece, Pieces};
use super::{APP1, APP2};
use crate::exif::{self, Exif};
use crate::inspect::xmp_has_position;
use crate::{Format, Inspected, Limits, Refusal, adobe_rgb, icc};

/// What starts an APP1 segment with an XMP packet.
const XMP: &[u8] = b"http://ns.adobe.com/";

/// More scans than any encoder writes (about ten). Each costs a pass over the whole picture, and a few bytes.
const MAX_SCANS: usize = 100;

/// Start of frame of ITU-T T.87, another way of coding in the same container.
const JPEG_LS: u8 = 0xF7;

/// Walks the file to its end marker. See [`crate::inspect`].
pub(crate) fn inspect(bytes: &[u8], limits: &Limits) -> Result<Inspected, Refusal> {
    let mut frame = None;
    let mut exif: Option<Exif> = None;
    let mut xmp_position = false;
    let mut profile: Vec<&[u8]> = Vec::new();
    let (mut scans, mut entropy_bytes) = (0, 0);

    let mut pieces = Pieces::new(bytes)?;
    while let Some(piece) = pieces.next()? {
        match piece {
            Piece::Segment { marker: marker @ (0xC0..=0xC3 | 0xC5..=0xCF | 0xDC | 0xDE | 0xDF | JPEG_LS), payload } => {
                let announced = Frame::read(marker, payload)?;
                limits.check_size(announced.width, announced.height)?;
                // Two frames could announce two sizes: one to us, one to the decoder.
                if frame.replace(announced).is_some() {
                    return Err(Refusal::damaged("it announces its size twice"));
                }
            }
            Piece::Segment { marker: APP1, payload } => {
                if payload.starts_with(exif::PREFIX) {
                    exif.get_or_insert_with(|| exif::read(payload));
                } else if payload.starts_with(XMP) {
                    xmp_position |= xmp_has_position(payload);
                }
            }
            // A profile has at most 255 pieces; one more already proves it wrong.
            Piece::Segment { marker: APP2, payload } if profile.len() <= 255 => {
                profile.extend(payload.strip_prefix(icc::JPEG_PREFIX));
            }
            Piece::Segment { .. } => {}
            Piece::Scan { entropy, .. } => {
                if frame.is_none() {
                    return Err(Refusal::damaged("its size is missing"));
                }
                scans += 1;
                entropy_bytes += entropy.len() as u64;
            }
        }
    }

    let Frame { width, height, components } = frame.ok_or(Refusal::damaged("its size is missing"))?;
    if scans > MAX_SCANS {
        return Err(Refusal::damaged("it has too many layers"));
    }
    if entropy_bytes < fewest_bytes(width, height) {
        return Err(Refusal::damaged("most of its picture is missing"));
    }
    let mut exif = exif.unwrap_or_default();
    exif.has_gps |= xmp_position;
    let only_exif_tells = || (exif.adobe_rgb && components == 3).then(adobe_rgb::profile);
    let profile = icc::from_jpeg(&profile).or_else(only_exif_tells);
    Ok(Inspected::new(Format::Jpeg, (width, height), exif, profile))
}

/// The fewest bytes in which a picture of this size can be coded: every block of 8 x 8 pixels takes one bit at least,
/// halved because the component with the most columns need not be the one with the most rows.
fn fewest_bytes(width: u32, height: u32) -> u64 {
    u64::from(width) * u64::from(height) / (64 * 8 * 2)
}

/// What a start-of-frame segment announces.
struct Frame {
    width: u32,
    height: u32,
    components: u8,
}

impl Frame {
    /// Reads the segment (T.81, B.2.2), if it is of a kind that is decoded here.
    fn read(marker: u8, payload: &[u8]) -> Result<Self, Refusal> {
        match marker {
            0xC0..=0xC2 => {}
            0xC3 | JPEG_LS => return Err(Refusal::Unsupported { what: "a lossless JPEG" }),
            0xDC => return Err(Refusal::Unsupported { what: "a JPEG that tells its height late" }),
            0xC9..=0xCC => return Err(Refusal::Unsupported { what: "an arithmetic-coded JPEG" }),
            _ => return Err(Refusal::Unsupported { what: "a hierarchical JPEG" }),
        }
        let Some((&[precision, h1, h0, w1, w0, count], components)) = payload.split_first_chunk() else {
            return Err(Refusal::damaged("its size is missing"));
        };
        if precision != 8 {
            return Err(Refusal::Unsupported { what: "a JPEG of more than 8 bits" });
        }
        if !matches!(count, 1 | 3 | 4) || components.len() != 3 * usize::from(count) {
            return Err(Refusal::damaged("its colours are not described"));
        }
        let sampling = |component: &[u8; 3]| {
            let (across, down) = (component[1] >> 4, component[1] & 15);
            (1..=4).contains(&across) && (1..=4).contains(&down)
        };
        if !components.as_chunks().0.iter().all(sampling) {
            return Err(Refusal::damaged("its colours are not described"));
        }
        let (width, height) = (u16::from_be_bytes([w1, w0]), u16::from_be_bytes([h1, h0]));
        Ok(Self { width: width.into(), height: height.into(), components: count })
    }
}
