//! What the camera sees before any light falls on it: the leg with its wound, and the cloth that it rests on.

use crate::bed::Bed;
use crate::hair::Hair;
use crate::noise::{Noise, blend, step};
use crate::outline::Outline;
use crate::scene::Scene;
use crate::skin::LegSkin;
use crate::truth::Tissue;

/// A point of a surface.
#[derive(Clone, Copy, Default)]
pub(crate) struct Surface {
    /// The share of red, green and blue light that it gives back, linear.
    pub(crate) albedo: [f32; 3],
    /// How strongly it mirrors a lamp in a sharp spot.
    pub(crate) wet: f32,
    /// How strongly it mirrors the room in a wide one.
    pub(crate) sheen: f32,
    /// Contrast of the texture that is finer than what is drawn here.
    pub(crate) fine: f32,
    /// Height in millimetres.
    pub(crate) height: f32,
}

impl Surface {
    /// Lets another surface cover a share of this one.
    pub(crate) fn blend(&mut self, other: &Self, share: f32) {
        let mix = |a: f32, b: f32| a + (b - a) * share;
        *self = Self {
            albedo: blend(self.albedo, other.albedo, share),
            wet: mix(self.wet, other.wet),
            sheen: mix(self.sheen, other.sheen),
            fine: mix(self.fine, other.fine),
            height: mix(self.height, other.height),
        };
    }
}

/// Everything in view but the card.
pub(crate) struct Leg {
    skin: LegSkin,
    bed: Bed,
    hair: Hair,
    cloth: Noise,
    pub(crate) outline: Outline,
}

/// The leg's axis across the picture, half its width where the picture's middle is, and how it tapers.
const AXIS: f32 = 5.0;
const HALF: f32 = 56.0;
const TAPER: f32 = -0.045;

impl Leg {
    pub(crate) fn new(scene: &Scene) -> Self {
        let outline = Outline::new(scene.seed, scene.healing);
        Self {
            skin: LegSkin::new(scene),
            bed: Bed::new(scene),
            hair: Hair::new(scene, &outline),
            cloth: Noise::new(scene.seed, 50),
            outline,
        }
    }

    /// How far round the leg a point is: 0 is the top, 1 and -1 are its sides, and more is beside it.
    pub(crate) fn round(&self, u: f32, v: f32) -> f32 {
        (v - AXIS) / (HALF + TAPER * u)
    }

    /// The surface at a point, and what covers the open wound if the point is in it.
    pub(crate) fn at(&self, u: f32, v: f32) -> (Surface, Option<Tissue>) {
        let beside = step(0.996, 1.004, self.round(u, v).abs());
        if beside >= 1.0 {
            return (self.cloth(u, v), None);
        }
        let place = self.outline.place(u, v);
        let mut tissue = None;
        let mut surface = if place.edge > -0.5 { self.skin.at(u, v, place) } else { Surface::default() };
        if place.edge < 0.25 {
            let (bed, covered) = self.bed.at(u, v, place);
            surface.blend(&bed, step(0.25, -0.30, place.edge));
            tissue = (place.edge < 0.0).then_some(covered);
        }
        let hair = self.hair.at(u, v);
        if hair > 0.0 {
            surface.albedo = blend(surface.albedo, [0.045, 0.030, 0.022], hair);
        }
        if beside > 0.0 {
            surface.blend(&self.cloth(u, v), beside);
        }
        (surface, tissue)
    }

    /// A green cloth in wide folds, dark where the leg lies on it.
    fn cloth(&self, u: f32, v: f32) -> Surface {
        let folds = self.cloth.layers(u / 34.0, v / 20.0, 3);
        let contact = step(1.0, 1.16, self.round(u, v).abs());
        let shade = (0.42 + 0.58 * contact) * (1.0 + 0.10 * folds);
        Surface {
            albedo: [0.075, 0.215, 0.215].map(|c| c * shade),
            wet: 0.0,
            sheen: 0.0,
            fine: 0.055,
            height: -4.0 + 2.2 * folds + 0.05 * self.cloth.at(u / 0.7, v / 0.7),
        }
    }
}
