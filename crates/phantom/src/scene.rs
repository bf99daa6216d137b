//! What is in front of the camera, and how well it is taken.

use samspil_marker::MarkerId;

use crate::noise::Dice;
use crate::view::View;

/// A wound phantom, one visit, one photograph.
///
/// The seed makes the leg, the wound's shape and the skin's marks. The seed and `healing` together make what differs
/// from visit to visit: how the camera is held, where the card lies, the light. `blur_px` and `exposure` change
/// neither, so that a bad photograph can be compared with the good one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scene {
    /// The patient, so to speak: the same seed is the same leg.
    pub seed: u64,
    /// Width of the upright picture.
    pub width: u32,
    /// Height of the upright picture.
    pub height: u32,
    /// From 0.0, fresh, to 1.0, nearly closed.
    pub healing: f32,
    /// Standard deviation of the lens blur in pixels of this picture; 0 is sharp.
    pub blur_px: f32,
    /// 1.0 is right, 0.1 is dark, 3.0 is too bright.
    pub exposure: f32,
    /// The skin's tone.
    pub skin: Skin,
    /// The card beside the wound.
    pub card: Card,
    /// A second card, on the wound's other side. A [`View`] from far enough shows it.
    pub second: Card,
    /// How the camera is held; `None` is straight above, near, without perspective, as nobody can.
    pub view: Option<View>,
    /// The light's colour beyond what the camera has balanced: shares of red, green and blue, 1.0 each for white.
    pub cast: [f32; 3],
    /// Grain as a multiple of a good sensor's.
    pub grain: f32,
}

/// A card to measure by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Card {
    /// There is none.
    None,
    /// A black square of 25 mm, which no detector knows.
    Square,
    /// The card that Samspil prints.
    Printed {
        /// Which one.
        id: MarkerId,
        /// How large it came out of the printer: 1.0 is right, 0.9 is 90 %.
        scale: f32,
    },
}

/// A few tones of skin, since a measure that works on one may fail on another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Skin {
    /// Fair.
    Fair,
    /// Olive or tanned.
    Medium,
    /// Brown.
    Brown,
    /// Dark brown.
    Dark,
}

impl Skin {
    /// Every tone, fairest first.
    pub const ALL: [Self; 4] = [Self::Fair, Self::Medium, Self::Brown, Self::Dark];

    /// The share of red, green and blue light that the skin gives back.
    pub(crate) fn albedo(self) -> [f32; 3] {
        match self {
            Self::Fair => [0.66, 0.415, 0.305],
            Self::Medium => [0.54, 0.30, 0.19],
            Self::Brown => [0.31, 0.15, 0.088],
            Self::Dark => [0.145, 0.068, 0.041],
        }
    }

    /// How far redness shows, as melanin covers it.
    pub(crate) fn blush(self) -> f32 {
        match self {
            Self::Fair => 1.0,
            Self::Medium => 0.85,
            Self::Brown => 0.6,
            Self::Dark => 0.45,
        }
    }
}

impl Scene {
    /// The seed's wound at its nth visit (0 is the first), well taken with 12 megapixels. Each visit finds it a
    /// quarter closer to closed than the one before; about half of all seeds have fair skin.
    #[must_use]
    pub fn visit(seed: u64, visit: u32) -> Self {
        let mut open = 1.0;
        for _ in 0..visit.min(64) {
            open *= 0.74;
        }
        let tone = Dice::new(seed, 1).between(0.0, 7.0);
        let skin = Skin::ALL[(tone as usize).saturating_sub(3)];
        Self {
            seed,
            width: 4032,
            height: 3024,
            healing: 1.0 - open,
            blur_px: 0.0,
            exposure: 1.0,
            skin,
            card: Card::Square,
            second: Card::None,
            view: None,
            cast: [1.0; 3],
            grain: 1.0,
        }
    }

    /// The same scene with this many megapixels in 4:3: 3 gives 2048x1536 and 12 gives 4032x3024, as phones do.
    #[must_use]
    pub fn megapixels(self, mp: u32) -> Self {
        let (width, height) = match mp {
            3 => (2048, 1536),
            12 => (4032, 3024),
            _ => {
                // Sixteenths, so that neither side is odd in the encoder's blocks.
                let sixteenths = (f64::from(mp.max(1)) * 1e6 / 12.0).sqrt() as u32 / 16;
                (sixteenths * 64, sixteenths * 48)
            }
        };
        Self { width, height, ..self }
    }

    /// The nearest scene that can be drawn: at least one pixel, and numbers within their ranges.
    pub(crate) fn drawable(&self) -> Self {
        let within = |x: f32, low: f32, high: f32| if x.is_nan() { low } else { x.clamp(low, high) };
        let (width, height) = (self.width.max(1), self.height.max(1));
        Self {
            width,
            height,
            // Adding 0 makes a 0 of -0, whose bits are others.
            healing: within(self.healing, 0.0, 1.0) + 0.0,
            blur_px: within(self.blur_px, 0.0, width.max(height) as f32),
            exposure: within(self.exposure, 0.0, 100.0),
            view: self.view.map(|view| view.drawable()),
            cast: self.cast.map(|share| within(share, 0.0, 4.0)),
            grain: within(self.grain, 0.0, 20.0),
            card: self.card.drawable(),
            second: self.second.drawable(),
            ..*self
        }
    }
}

impl Card {
    fn drawable(self) -> Self {
        match self {
            Self::Printed { id, scale } => {
                Self::Printed { id, scale: if scale.is_nan() { 1.0 } else { scale.clamp(0.1, 4.0) } }
            }
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn megapixels_gives_the_sizes_of_phones() {
        let scene = Scene::visit(1, 0);
        assert_eq!((scene.width, scene.height), (4032, 3024));
        let size = |mp| {
            let scaled = scene.megapixels(mp);
            (scaled.width, scaled.height)
        };
        assert_eq!(size(3), (2048, 1536));
        assert_eq!(size(12), (4032, 3024));
        assert_eq!(size(1), (1152, 864));
        assert_eq!(size(48), (8000, 6000));
    }

    #[test]
    fn visits_heal_and_keep_the_skin() {
        let visits: Vec<Scene> = (0..6).map(|n| Scene::visit(42, n)).collect();
        assert_eq!(visits[0].healing, 0.0);
        assert!(visits.windows(2).all(|pair| pair[0].healing < pair[1].healing));
        assert!(visits.iter().all(|visit| visit.skin == visits[0].skin && visit.healing <= 1.0));
        let tones: std::collections::HashSet<_> = (0..50).map(|seed| Scene::visit(seed, 0).skin).collect();
        assert_eq!(tones.len(), 4);
    }
}
