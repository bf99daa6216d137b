//! From stripped bytes to pixels, whatever the format.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::deadline::Deadline;
use crate::picture::Picture;
use crate::{Format, Inspected, Limits, Refusal, inspect, jpeg, png, strip, webp};

/// Decodes the picture as it is stored.
///
/// `clean` comes from [`strip`](crate::strip), so that the decoders, which are other people's code, never see a segment
/// that we did not let through. A panic in one of them is a bug that a hostile file has found; it is caught, and costs
/// that file alone. Nothing that the decoder touched is used afterwards, which makes the assertion true.
///
/// # Errors
///
/// [`Refusal::TooSlow`], [`Refusal::Damaged`], [`Refusal::Unsupported`].
pub(crate) fn decode(clean: &[u8], inspected: &Inspected, deadline: Deadline) -> Result<Picture, Refusal> {
    let decode = match inspected.format {
        Format::Jpeg => jpeg::decode,
        Format::Png => png::decode,
        Format::WebP => webp::decode,
    };
    catch_unwind(AssertUnwindSafe(|| decode(clean, inspected, deadline)))
        .unwrap_or_else(|_| Err(Refusal::damaged("its picture cannot be decoded")))
}

/// Decodes a whole file as it is seen, within `limits`.
///
/// # Errors
///
/// Those of [`inspect`] and [`decode`].
pub(crate) fn upright(photo: &[u8], limits: &Limits) -> Result<Picture, Refusal> {
    let deadline = Deadline::within(limits.max_decode);
    let inspected = inspect(photo, limits)?;
    let picture = decode(&strip(photo, &inspected)?, &inspected, deadline)?;
    Ok(inspected.orientation.apply(picture))
}
