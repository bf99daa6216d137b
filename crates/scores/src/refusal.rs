//! Why nothing is scored.

use crate::pressure::Stage;

/// Why inputs are not scored.
///
/// [`Refusal::reason`] and [`Refusal::field`] are for programs and never change; the message is for people and may. A
/// message tells the field and its limits, never the value that was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The instrument needs this field. A score of the rest would look better than the wound is.
    #[error("{field} is missing; the score needs it")]
    Missing {
        /// The field.
        field: &'static str,
    },

    /// The table has no row for the value.
    #[error("{field} is out of range; it goes from {low} to {high}")]
    OutOfRange {
        /// The field.
        field: &'static str,
        /// The least value that is taken, in the field's unit.
        low: i32,
        /// The greatest value that is taken, in the field's unit.
        high: i32,
    },

    /// The value cannot stand beside the others: a length without a width, a grade that the measured pressure denies.
    #[error("{field} contradicts the other fields; correct one of them")]
    Contradictory {
        /// The field.
        field: &'static str,
    },

    /// The ankle-brachial index is too high to be true: the vessel is stiff, and the pressure of the ankle tells nothing.
    #[error("the vessels at the ankle cannot be compressed; measure the toe pressure")]
    NotCompressible {
        /// The field, always `abi_hundredths`.
        field: &'static str,
    },

    /// A pressure ulcer was deeper before. What has healed is scar, not the tissue that was lost.
    #[error("a pressure ulcer keeps its deepest stage; record {} as healing", record.code())]
    DownStaging {
        /// The field, always `stage`.
        field: &'static str,
        /// The stage to record, as healing.
        record: Stage,
    },
}

impl Refusal {
    /// Every reason that [`Refusal::reason`] can give, sorted.
    pub const REASONS: [&'static str; 5] = [
        "ABI_NOT_COMPRESSIBLE",
        "DOWN_STAGING",
        "SCORE_INPUT_CONTRADICTORY",
        "SCORE_INPUT_MISSING",
        "SCORE_INPUT_OUT_OF_RANGE",
    ];

    /// The reason as programs read it: the `reason` of an `ErrorInfo`.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::NotCompressible { .. } => "ABI_NOT_COMPRESSIBLE",
            Self::DownStaging { .. } => "DOWN_STAGING",
            Self::Contradictory { .. } => "SCORE_INPUT_CONTRADICTORY",
            Self::Missing { .. } => "SCORE_INPUT_MISSING",
            Self::OutOfRange { .. } => "SCORE_INPUT_OUT_OF_RANGE",
        }
    }

    /// The field that it is about, as the input's struct names it.
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self {
            Self::Missing { field }
            | Self::OutOfRange { field, .. }
            | Self::Contradictory { field }
            | Self::NotCompressible { field }
            | Self::DownStaging { field, .. } => field,
        }
    }
}
