//! What stands in the way of measuring by a marker, and what only makes it less sure.

use super::Print;

/// Root mean square by which a marker's edges may lie beside those of a flat one, as a share of its sides. On drawn limbs of
/// a radius of 55 to 70 mm it is as much, and areas come out about 8 % too small.
pub(super) const BENT: f64 = 0.003;
/// A misfit of so many times what noise would give is a bend: flat markers stayed below 1.4, a limb with a radius of 200 mm
/// gave 1.7 and more.
pub(super) const BEND_OF_NOISE: f64 = 1.5;
/// From here on a person is told. On a limb with a radius of 200 mm areas come out about 2 % too small.
const CURVED: f64 = 0.0005;
/// By how much two markers of one size may differ, each measured by the other.
pub(super) const DISAGREE: f64 = 0.04;
/// Degrees of tilt from which a person is asked to hold the phone straighter.
const TILT_DEG: f64 = 30.0;
/// Pixels of a side below which a step nearer would make the measure surer.
const SMALL_PX: f64 = 80.0;

/// Why a photo cannot be measured by its marker. [`Trouble::reason`] is for programs; the texts are for people.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum Trouble {
    /// No marker can be seen; half a one is none.
    #[error("no marker can be seen; lay the card flat beside the wound, all of it in the photo")]
    None,
    /// The photo is mirrored, as some front cameras make them.
    #[error("the photo is mirrored; take it with the phone's main camera")]
    Mirrored,
    /// A tag of the family that is none of ours, whose size nobody knows.
    #[error("the marker with number {number} is none of Samspil's; use a card from `samspil marker`")]
    Foreign {
        /// Its number in the family.
        number: usize,
    },
    /// Something like a marker, too blurred, dark or dirty to measure by.
    #[error("the marker cannot be made out; wipe it, hold the phone still and take the photo again")]
    Unclear,
    /// The marker is so small on the photo that its edges run together.
    #[error("the marker is too small on the photo, {side_px:.0} pixels a side; go nearer")]
    TooSmall {
        /// Its sides' length in pixels.
        side_px: f64,
    },
    /// The marker lies on something round, or is crumpled.
    #[error("the marker is not flat, by {by_mm:.2} mm; lay it where the skin is flat, or on something stiff")]
    Bent {
        /// How far its edges lie beside those of a flat one, root mean square.
        by_mm: f64,
    },
    /// Two markers in the photo, of which one is not as large as it should be, or lies elsewhere.
    #[error(
        "two markers in the photo disagree: by the larger, the other is {:.0} % of its size; one is printed wrong or \
         does not lie beside the wound", ratio * 100.0
    )]
    Disagree {
        /// The other's size by the one's.
        ratio: f64,
    },
}

impl Trouble {
    /// Every reason that [`Trouble::reason`] can give, sorted.
    pub const REASONS: [&'static str; 7] = [
        "MARKERS_DISAGREE",
        "MARKER_BENT",
        "MARKER_FOREIGN",
        "MARKER_MIRRORED",
        "MARKER_NOT_FOUND",
        "MARKER_TOO_SMALL",
        "MARKER_UNCLEAR",
    ];

    /// The reason as programs read it.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::None => "MARKER_NOT_FOUND",
            Self::Mirrored => "MARKER_MIRRORED",
            Self::Foreign { .. } => "MARKER_FOREIGN",
            Self::Unclear => "MARKER_UNCLEAR",
            Self::TooSmall { .. } => "MARKER_TOO_SMALL",
            Self::Bent { .. } => "MARKER_BENT",
            Self::Disagree { .. } => "MARKERS_DISAGREE",
        }
    }

    /// What to do, in Danish.
    pub fn advice_da(&self) -> &'static str {
        match self {
            Self::None => "Der ses intet mærke: læg kortet fladt ved siden af såret, helt inde i billedet.",
            Self::Mirrored => "Billedet er spejlvendt: tag det med telefonens bageste kamera.",
            Self::Foreign { .. } => "Mærket er ikke et af Samspils: brug et kort fra `samspil marker`.",
            Self::Unclear => "Mærket kan ikke læses: tør det af, hold telefonen i ro, og tag billedet igen.",
            Self::TooSmall { .. } => "Mærket er for lille på billedet: gå tættere på.",
            Self::Bent { .. } => "Mærket er ikke fladt: læg det, hvor huden er plan, eller på noget stift.",
            Self::Disagree { .. } => {
                "To mærker i billedet passer ikke sammen: brug kun ét, og mål dets 50 mm lange streg efter."
            }
        }
    }

    /// What to do, in English.
    pub fn advice_en(&self) -> &'static str {
        match self {
            Self::None => "No marker can be seen: lay the card flat beside the wound, all of it in the photo.",
            Self::Mirrored => "The photo is mirrored: take it with the phone's main camera.",
            Self::Foreign { .. } => "The marker is none of Samspil's: use a card from `samspil marker`.",
            Self::Unclear => "The marker cannot be made out: wipe it, hold the phone still, and take the photo again.",
            Self::TooSmall { .. } => "The marker is too small on the photo: go nearer.",
            Self::Bent { .. } => "The marker is not flat: lay it where the skin is flat, or on something stiff.",
            Self::Disagree { .. } => "Two markers in the photo disagree: use one only, and check its 50 mm line.",
        }
    }
}

/// What a person should know before believing a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Caution {
    /// The camera was tilted by more than 30 degrees.
    Tilted,
    /// The marker is small on the photo.
    Small,
    /// The marker lies on something slightly round; the uncertainty allows for it.
    Curved,
    /// The print is off by more than a percent, which is allowed for.
    Rescaled,
}

impl Caution {
    pub(super) fn all_of(tilt_deg: f64, side_px: f64, bend: f64, print: Print) -> Vec<Self> {
        let found = [
            (tilt_deg > TILT_DEG, Self::Tilted),
            (side_px < SMALL_PX, Self::Small),
            (bend > CURVED, Self::Curved),
            (!print.is_good(), Self::Rescaled),
        ];
        found.into_iter().filter(|(is, _)| *is).map(|(_, caution)| caution).collect()
    }

    /// The name for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Tilted => "TILTED",
            Self::Small => "MARKER_SMALL",
            Self::Curved => "MARKER_CURVED",
            Self::Rescaled => "PRINT_RESCALED",
        }
    }

    /// What to do, in Danish.
    pub fn advice_da(self) -> &'static str {
        match self {
            Self::Tilted => "Telefonen holdes skråt: hold den lige over såret, og tag billedet igen.",
            Self::Small => "Mærket er lille på billedet: gå tættere på, og tag det igen.",
            Self::Curved => "Mærket ligger på noget rundt: målet er mindre sikkert, og arealet snarere for lille.",
            Self::Rescaled => "Kortet er ikke udskrevet i 100 %; der er regnet med den målte størrelse.",
        }
    }

    /// What to do, in English.
    pub fn advice_en(self) -> &'static str {
        match self {
            Self::Tilted => "The phone was held aslant: hold it straight above the wound, and take the photo again.",
            Self::Small => "The marker is small on the photo: go nearer, and take it again.",
            Self::Curved => {
                "The marker lies on something round: the measure is less sure, and the area rather too small."
            }
            Self::Rescaled => "The card was not printed at 100 %; the measured size has been used.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_reasons_is_what_the_variants_give() {
        let all = [
            Trouble::Disagree { ratio: 0.9 },
            Trouble::Bent { by_mm: 0.1 },
            Trouble::Foreign { number: 100 },
            Trouble::Mirrored,
            Trouble::None,
            Trouble::TooSmall { side_px: 20.0 },
            Trouble::Unclear,
        ];
        assert_eq!(all.map(|trouble| trouble.reason()), Trouble::REASONS);
        for trouble in all {
            let message = trouble.to_string();
            assert!(message.starts_with(char::is_lowercase) && !message.ends_with('.'), "{message}");
            assert!(trouble.advice_da().ends_with('.') && trouble.advice_en().ends_with('.'));
        }
    }
}
