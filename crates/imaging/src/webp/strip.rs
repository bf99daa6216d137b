//! A WebP without its metadata.

use super::chunks::{Chunk, Chunks, write};
use super::inspect::{ALPHA, extended};
use crate::{Inspected, Orientation, Refusal, exif};

/// VP8X's flags for the chunks that may be written back.
const PROFILE: u8 = 0x20;
const EXIF: u8 = 0x08;

/// Copies the picture, its opacity and its profile. See [`crate::strip`].
///
/// A simple file stays simple, an extended one extended: whether a lossless picture's opacity counts depends on it.
pub(crate) fn strip(bytes: &[u8], inspected: &Inspected) -> Result<Vec<u8>, Refusal> {
    let (mut form, mut picture, mut opacity): (Option<Chunk<'_>>, Option<Chunk<'_>>, _) = (None, None, None);
    let mut chunks = Chunks::new(bytes)?;
    while let Some(chunk) = chunks.next()? {
        let place = match &chunk.kind {
            b"VP8X" => &mut form,
            b"VP8 " | b"VP8L" => &mut picture,
            b"ALPH" => &mut opacity,
            _ => continue,
        };
        place.get_or_insert(chunk);
    }
    let picture = picture.ok_or(Refusal::damaged("its picture is missing"))?;

    // The size is set at the end.
    let mut out = b"RIFF\0\0\0\0WEBP".to_vec();
    out.reserve(bytes.len());
    let form = form.map(|form| extended(&form)).transpose()?;
    let turned = inspected.orientation != Orientation::Upright;
    let profile = inspected.icc_profile.as_deref();
    if let Some((given, _)) = form {
        let lossless = &picture.kind == b"VP8L";
        opacity = opacity.filter(|_| given & ALPHA != 0 && !lossless);
        let mut flags = if lossless || opacity.is_some() { given & ALPHA } else { 0 };
        flags |= if profile.is_some() { PROFILE } else { 0 };
        flags |= if turned { EXIF } else { 0 };
        let [w0, w1, w2, _] = (inspected.width.saturating_sub(1)).to_le_bytes();
        let [h0, h1, h2, _] = (inspected.height.saturating_sub(1)).to_le_bytes();
        write(&mut out, b"VP8X", &[flags, 0, 0, 0, w0, w1, w2, h0, h1, h2]);
        if let Some(profile) = profile {
            write(&mut out, b"ICCP", profile);
        }
        if let Some(opacity) = opacity {
            write(&mut out, b"ALPH", opacity.data);
        }
    }
    write(&mut out, &picture.kind, picture.data);
    if turned && form.is_some() {
        write(&mut out, b"EXIF", &exif::only(inspected.orientation));
    }
    let size = (out.len() - 8) as u32;
    out[4..8].copy_from_slice(&size.to_le_bytes());
    Ok(out)
}
