//! A JPEG without its metadata.

use super::pieces::{Piece, Pieces};
use super::{APP0, APP1, APP2, APP14, DHT, DQT, DRI, EOI, SOI, SOS};
use crate::{Inspected, Orientation, Refusal, exif, icc};

/// Copies what a decoder needs, in its order. See [`crate::strip`].
///
/// JFIF comes first, where readers expect it; then the orientation, if any; then the profile; then the rest as it came.
pub(crate) fn strip(bytes: &[u8], inspected: &Inspected) -> Result<Vec<u8>, Refusal> {
    let mut out = Vec::with_capacity(bytes.len());
    out.extend_from_slice(&[0xFF, SOI]);
    if let Some(bare) = jfif(bytes)? {
        segment(&mut out, APP0, &bare);
    }
    if inspected.orientation != Orientation::Upright {
        let block = [exif::PREFIX, &exif::only(inspected.orientation)].concat();
        segment(&mut out, APP1, &block);
    }
    for payload in inspected.icc_profile.iter().flat_map(|profile| icc::to_jpeg(profile)) {
        segment(&mut out, APP2, &payload);
    }

    let mut pieces = Pieces::new(bytes)?;
    while let Some(piece) = pieces.next()? {
        match piece {
            Piece::Segment { marker: marker @ (DQT | DHT | DRI | 0xC0..=0xC2), payload } => {
                segment(&mut out, marker, payload);
            }
            // The standard's twelve bytes. What some programs add behind them is not needed.
            Piece::Segment { marker: APP14, payload } => {
                if let Some(adobe) = payload.get(..12).filter(|adobe| adobe.starts_with(b"Adobe")) {
                    segment(&mut out, APP14, adobe);
                }
            }
            Piece::Segment { .. } => {}
            Piece::Scan { header, entropy } => {
                segment(&mut out, SOS, header);
                out.extend_from_slice(entropy);
            }
        }
    }
    out.extend_from_slice(&[0xFF, EOI]);
    Ok(out)
}

/// The JFIF segment, which stands before any table: its own fourteen bytes, with the thumbnail that may follow them said
/// to be of no size.
fn jfif(bytes: &[u8]) -> Result<Option<[u8; 14]>, Refusal> {
    let mut pieces = Pieces::new(bytes)?;
    while let Some(Piece::Segment { marker: marker @ 0xE0.., payload }) = pieces.next()? {
        let bare = payload.first_chunk().filter(|bare| bare.starts_with(b"JFIF\0"));
        if let Some(bare) = bare.filter(|_| marker == APP0) {
            let mut bare: [u8; 14] = *bare;
            bare[12..].fill(0);
            return Ok(Some(bare));
        }
    }
    Ok(None)
}

/// Writes a segment. Payloads are at most 65,533 bytes: they come from segments, or are cut to fit one.
fn segment(out: &mut Vec<u8>, marker: u8, payload: &[u8]) {
    debug_assert!(payload.len() <= 65_533);
    let length = (payload.len() + 2) as u16;
    out.extend_from_slice(&[0xFF, marker]);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(payload);
}
