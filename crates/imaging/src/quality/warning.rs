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
    /// The wound is out of focus: the camera took something else for the subject.
    WoundBlurred,
    /// The wound lies in the shade.
    WoundTooDark,
    /// The wound shines, or a lamp is on it.
    WoundTooBright,
    /// The wound fills little of the photo.
    WoundTooSmall,
}

impl Warning {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Blurred,
        Self::TooDark,
        Self::TooBright,
        Self::TooSmall,
        Self::WoundBlurred,
        Self::WoundTooDark,
        Self::WoundTooBright,
        Self::WoundTooSmall,
    ];

    /// What the same trouble is called where the whole photo has it: said of the photo, it need not be said of the wound.
    pub fn of_the_whole(self) -> Option<Self> {
        match self {
            Self::WoundBlurred => Some(Self::Blurred),
            Self::WoundTooDark => Some(Self::TooDark),
            Self::WoundTooBright => Some(Self::TooBright),
            // A photo with few pixels may be near enough, and one with many too far away.
            _ => None,
        }
    }

    /// The name in the contract and in what is stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Blurred => "BLURRED",
            Self::TooDark => "TOO_DARK",
            Self::TooBright => "TOO_BRIGHT",
            Self::TooSmall => "TOO_SMALL",
            Self::WoundBlurred => "WOUND_BLURRED",
            Self::WoundTooDark => "WOUND_TOO_DARK",
            Self::WoundTooBright => "WOUND_TOO_BRIGHT",
            Self::WoundTooSmall => "WOUND_TOO_SMALL",
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
            Self::WoundBlurred => {
                "Såret er uskarpt: tryk på såret på skærmen for at stille skarpt dér, og tag billedet igen."
            }
            Self::WoundTooDark => {
                "Såret ligger i mørke: sørg for lys på selve såret uden skygge, og tag billedet igen."
            }
            Self::WoundTooBright => {
                "Såret er overbelyst: sluk blitzen, eller hold lampen lidt til siden, og tag billedet igen."
            }
            Self::WoundTooSmall => "Såret fylder for lidt i billedet: gå tættere på, og tag det igen.",
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
            Self::WoundBlurred => {
                "The wound is blurred: tap on the wound on the screen to focus there, and take the photo again."
            }
            Self::WoundTooDark => "The wound is in the dark: put light on the wound itself, and take the photo again.",
            Self::WoundTooBright => {
                "The wound is overexposed: turn the flash off or hold the lamp to the side, and take the photo again."
            }
            Self::WoundTooSmall => "The wound fills too little of the photo: go closer, and take it again.",
        }
    }
}
