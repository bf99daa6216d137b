//! The instruments, and what each is given.

use crate::{Bwat, PressureUlcer, Push, Refusal, Scored, Sinbad, Texas, Wagner, Wifi, table};

/// An instrument that this crate knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Instrument {
    /// PUSH 3.0: how a pressure ulcer heals, 0 to 17.
    Push,
    /// BWAT: a wound's condition, 13 to 65.
    Bwat,
    /// WIfI: how threatened a leg is, stage 1 to 4.
    Wifi,
    /// SINBAD: a foot ulcer in diabetes, 0 to 6.
    Sinbad,
    /// Wagner: a foot in diabetes, grade 0 to 5.
    Wagner,
    /// University of Texas: a foot ulcer in diabetes, grade 0 to 3 and stage A to D.
    Texas,
    /// EPUAP/NPIAP: the stage of a pressure ulcer.
    PressureStage,
}

impl Instrument {
    /// Every instrument.
    pub const ALL: [Self; 7] =
        [Self::Push, Self::Bwat, Self::Wifi, Self::Sinbad, Self::Wagner, Self::Texas, Self::PressureStage];

    /// Where its table comes from.
    #[must_use]
    pub fn about(self) -> &'static table::About {
        self.table().0
    }

    /// The items that a person picks a row of, for a form on a screen. Areas and pressures are measured, not picked.
    #[must_use]
    pub fn items(self) -> &'static [table::Rows] {
        self.table().1
    }

    fn table(self) -> (&'static table::About, &'static [table::Rows]) {
        match self {
            Self::Push => crate::push::table(),
            Self::Bwat => crate::bwat::table(),
            Self::Wifi => crate::wifi::table(),
            Self::Sinbad => crate::sinbad::table(),
            Self::Wagner => crate::wagner::table(),
            Self::Texas => crate::texas::table(),
            Self::PressureStage => crate::pressure::table(),
        }
    }
}

/// What any instrument is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inputs {
    /// For PUSH.
    Push(Push),
    /// For BWAT.
    Bwat(Bwat),
    /// For WIfI.
    Wifi(Wifi),
    /// For SINBAD.
    Sinbad(Sinbad),
    /// For Wagner.
    Wagner(Wagner),
    /// For the University of Texas classification.
    Texas(Texas),
    /// For the stage of a pressure ulcer.
    PressureStage(PressureUlcer),
}

impl Inputs {
    /// Scores them.
    ///
    /// # Errors
    ///
    /// The [`Refusal`] of the instrument: its `score` tells which.
    pub fn score(&self) -> Result<Scored, Refusal> {
        match self {
            Self::Push(inputs) => inputs.score(),
            Self::Bwat(inputs) => inputs.score(),
            Self::Wifi(inputs) => inputs.score(),
            Self::Sinbad(inputs) => inputs.score(),
            Self::Wagner(inputs) => inputs.score(),
            Self::Texas(inputs) => inputs.score(),
            Self::PressureStage(inputs) => inputs.score(),
        }
    }

    /// The instrument that they are for.
    #[must_use]
    pub fn instrument(&self) -> Instrument {
        match self {
            Self::Push(_) => Instrument::Push,
            Self::Bwat(_) => Instrument::Bwat,
            Self::Wifi(_) => Instrument::Wifi,
            Self::Sinbad(_) => Instrument::Sinbad,
            Self::Wagner(_) => Instrument::Wagner,
            Self::Texas(_) => Instrument::Texas,
            Self::PressureStage(_) => Instrument::PressureStage,
        }
    }
}

macro_rules! into_inputs {
    ($($inputs:ident => $variant:ident),* $(,)?) => {
        $(impl From<$inputs> for Inputs {
            fn from(inputs: $inputs) -> Self {
                Self::$variant(inputs)
            }
        })*
    };
}

into_inputs! {
    Push => Push,
    Bwat => Bwat,
    Wifi => Wifi,
    Sinbad => Sinbad,
    Wagner => Wagner,
    Texas => Texas,
    PressureUlcer => PressureStage,
}
