//! What the nurse is told about a photo that is not good enough.

/// What is wrong with a photo that was accepted all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Warning {
    /// Out of focus, or shaken.
    Blurred,
    /// Too little light.
    TooDark,
    /// Too much light, or flash on a wet wound.
    TooBright,
    /// Too few pixels.
    TooSmall,
}

impl Warning {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Blurred, Self::TooDark, Self::TooBright, Self::TooSmall];

    /// The name in the contract and in what is stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Blurred => "BLURRED",
            Self::TooDark => "TOO_DARK",
            Self::TooBright => "TOO_BRIGHT",
            Self::TooSmall => "TOO_SMALL",
        }
    }

    /// What to do, in Danish.
    pub fn advice_da(self) -> &'static str {
        match self {
            Self::Blurred => {
                "Billedet er uskarpt: hold telefonen i ro, tryk på såret for at stille skarpt, og tag det igen."
            }
            Self::TooDark => "Billedet er for mørkt: tænd mere lys eller gå nærmere et vindue, og tag det igen.",
            Self::TooBright => "Billedet er for lyst: sluk blitzen eller undgå direkte lys på såret, og tag det igen.",
            Self::TooSmall => {
                "Billedet har for få pixels: tag det med telefonens eget kamera, og send det i fuld størrelse."
            }
        }
    }

    /// What to do, in English.
    pub fn advice_en(self) -> &'static str {
        match self {
            Self::Blurred => {
                "The photo is blurred: hold the phone still, tap on the wound to focus, and take it again."
            }
            Self::TooDark => "The photo is too dark: add light or move closer to a window, and take it again.",
            Self::TooBright => {
                "The photo is too bright: turn the flash off or avoid direct light on the wound, and take it again."
            }
            Self::TooSmall => {
                "The photo has too few pixels: take it with the phone's own camera, and send it in full size."
            }
        }
    }
}
