//! Why a file is not accepted as a photo.

use std::time::Duration;

/// Why a file is not accepted. The message may be shown to the nurse who sent it.
///
/// [`Refusal::reason`] is for programs and never changes; the message is for people and may.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// There are no bytes at all.
    #[error("the file is empty; take the photo again")]
    Empty,

    /// The bytes are no kind of file that we know.
    #[error("the file is not a photo; send JPEG, PNG or WebP")]
    NotRecognised,

    /// The file is of a kind that we know and do not read.
    #[error("{what} cannot be read here; send an ordinary JPEG; on an iPhone set Camera > Formats > Most Compatible")]
    Unsupported {
        /// The kind, as the start of a sentence: "a HEIC photo".
        what: &'static str,
    },

    /// The file has more bytes than [`Limits::max_bytes`](crate::Limits::max_bytes).
    #[error("the file is too large: {bytes} bytes, at most {max} are taken; send a smaller photo")]
    TooLarge {
        /// The file's size in bytes.
        bytes: u64,
        /// The limit in bytes.
        max: u64,
    },

    /// The file announces more pixels, or a longer side, than [`Limits`](crate::Limits) allows.
    #[error(
        "the photo is too large: {width} x {height} pixels; at most {max_pixels} pixels and {max_side} on a side are taken"
    )]
    TooManyPixels {
        /// Stored width in pixels.
        width: u32,
        /// Stored height in pixels.
        height: u32,
        /// The limit on width times height.
        max_pixels: u64,
        /// The limit on each of them.
        max_side: u32,
    },

    /// The file stops before its picture does.
    #[error("the photo is cut short; send it again")]
    Truncated,

    /// The file contradicts itself, or its picture cannot be decoded.
    #[error("the photo is damaged: {what}; take it again")]
    Damaged {
        /// What is wrong with it, as a clause: "its size is missing".
        what: &'static str,
    },

    /// Decoding took, or would take, longer than [`Limits::max_decode`](crate::Limits::max_decode).
    #[error("the photo took too long to read, more than {} seconds; send a smaller photo", allowed.as_secs_f32())]
    TooSlow {
        /// The time that was allowed.
        allowed: Duration,
    },
}

impl Refusal {
    /// Every reason that [`Refusal::reason`] can give, sorted. The list of error reasons is compared with it.
    pub const REASONS: [&'static str; 8] = [
        "IMAGE_DAMAGED",
        "IMAGE_EMPTY",
        "IMAGE_FORMAT_UNSUPPORTED",
        "IMAGE_NOT_RECOGNISED",
        "IMAGE_TOO_LARGE",
        "IMAGE_TOO_MANY_PIXELS",
        "IMAGE_TOO_SLOW",
        "IMAGE_TRUNCATED",
    ];

    /// The reason as programs read it: the `reason` of an `ErrorInfo`.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Empty => "IMAGE_EMPTY",
            Self::NotRecognised => "IMAGE_NOT_RECOGNISED",
            Self::Unsupported { .. } => "IMAGE_FORMAT_UNSUPPORTED",
            Self::TooLarge { .. } => "IMAGE_TOO_LARGE",
            Self::TooManyPixels { .. } => "IMAGE_TOO_MANY_PIXELS",
            Self::Truncated => "IMAGE_TRUNCATED",
            Self::Damaged { .. } => "IMAGE_DAMAGED",
            Self::TooSlow { .. } => "IMAGE_TOO_SLOW",
        }
    }

    /// Shorthand for the commonest refusal of the parsers.
    pub(crate) fn damaged(what: &'static str) -> Self {
        Self::Damaged { what }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one_of_each() -> Vec<Refusal> {
        vec![
            Refusal::damaged("its size is missing"),
            Refusal::Empty,
            Refusal::Unsupported { what: "a HEIC photo" },
            Refusal::NotRecognised,
            Refusal::TooLarge { bytes: 2, max: 1 },
            Refusal::TooManyPixels { width: 2, height: 2, max_pixels: 1, max_side: 1 },
            Refusal::TooSlow { allowed: Duration::from_secs(10) },
            Refusal::Truncated,
        ]
    }

    #[test]
    fn the_list_of_reasons_is_what_the_variants_give() {
        let given: Vec<_> = one_of_each().iter().map(Refusal::reason).collect();
        assert_eq!(given, Refusal::REASONS);
    }

    #[test]
    fn every_message_is_lower_case_without_a_full_stop_and_says_something() {
        for refusal in one_of_each() {
            let message = refusal.to_string();
            assert!(message.starts_with(char::is_lowercase), "{message}");
            assert!(!message.ends_with('.') && message.len() > 20, "{message}");
        }
    }
}
