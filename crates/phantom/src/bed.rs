//! The open wound's bed: red grains, yellow slough, black necrosis, all of it moist.

use crate::noise::{Noise, blend, step};
use crate::outline::Place;
use crate::scene::Scene;
use crate::surface::Surface;
use crate::truth::Tissue;

/// The bed of one wound at one visit.
pub(crate) struct Bed {
    healing: f32,
    colour: Noise,
    grains: Noise,
    patches: Noise,
    fibres: Noise,
    dead: Noise,
    film: Noise,
}

impl Bed {
    pub(crate) fn new(scene: &Scene) -> Self {
        let noise = |stream| Noise::new(scene.seed, stream);
        Self {
            healing: scene.healing,
            colour: noise(41),
            grains: noise(42),
            patches: noise(43),
            fibres: noise(44),
            dead: noise(45),
            film: noise(46),
        }
    }

    /// The bed at a point, and what covers it there.
    pub(crate) fn at(&self, u: f32, v: f32, place: Place) -> (Surface, Tissue) {
        let depth = -place.edge;
        let colour = self.colour.layers(u / 7.0, v / 6.0, 3);
        let mut surface = self.granulation(u, v, colour);

        // Slough keeps to the middle of the bed, is thin at its patches' rims, and melts away from there.
        let patch = self.patches.layers(u / 9.0, v / 7.5, 5) + 0.12 * colour;
        let inner = 0.35 * step(0.5, 6.0, depth);
        let melt = 0.28 + 1.25 * self.healing;
        let slough = step(melt - 0.12, melt + 0.26, patch + inner);
        if slough > 0.0 {
            surface.blend(&self.slough(u, v, colour), slough);
        }
        // Necrosis sits in the thickest of it, with a brown border.
        let island = self.dead.layers(u / 12.0, v / 10.0, 4) + 0.25 * (patch + inner) + 0.1 * step(1.0, 5.0, depth);
        let dry = 0.74 + 1.7 * self.healing;
        let necrosis = step(dry - 0.10, dry + 0.13, island);
        if necrosis > 0.0 {
            surface.albedo = blend(surface.albedo, [0.17, 0.085, 0.035], step(0.0, 0.5, necrosis) * 0.8);
            surface.blend(&self.necrosis(u, v), step(0.15, 0.9, necrosis));
        }

        // The wall of the crater, and the shadow that gathers at its foot.
        let deep = 1.7 * (1.0 - 0.8 * self.healing);
        surface.height -= deep * step(-0.3, 2.8, depth) + 0.35;
        let foot = step(0.0, 0.9, depth) * step(4.5, 0.9, depth);
        let shade = 1.0 - (0.10 + 0.16 * (1.0 - self.healing)) * foot;
        surface.albedo = surface.albedo.map(|c| c * shade);
        let tissue =
            Tissue { granulation: (1.0 - slough) * (1.0 - necrosis), slough: slough * (1.0 - necrosis), necrosis };
        (surface, tissue)
    }

    /// Red, domed grains of two sizes under a film of moisture.
    fn granulation(&self, u: f32, v: f32, colour: f32) -> Surface {
        let bend = 0.55 * self.colour.at(u / 1.3, v / 1.3);
        let grain = self.grains.among(u / 1.7 + bend, v / 1.7 - bend);
        let little = self.grains.among(u / 0.62 - bend, v / 0.62 + bend);
        let dome = 1.0 - grain.nearest * grain.nearest;
        let bead = 1.0 - little.nearest * little.nearest;
        let furrow = step(0.35, 0.0, grain.second - grain.nearest) * (0.5 + grain.chance);
        let mottled = self.film.layers(u / 1.9, v / 1.9, 2);
        let tone = (0.42 + 0.40 * colour + 0.20 * mottled + 0.12 * (bead - 0.7)).clamp(0.0, 1.0);
        let mut albedo = blend([0.17, 0.010, 0.013], [0.47, 0.066, 0.052], tone);
        // A healing bed is paler, as skin begins to film it over.
        albedo = blend(albedo, [0.50, 0.115, 0.095], 0.35 * self.healing);
        let shade = 1.0 - 0.16 * furrow;
        Surface {
            albedo: albedo.map(|c| c * shade),
            wet: 0.70 * step(-0.25, 0.55, self.film.layers(u / 5.0 + 7.0, v / 5.0, 2)) + 0.10,
            sheen: 0.04,
            fine: 0.030,
            height: 0.11 * dome + 0.045 * bead + 0.05 * mottled + 0.22 * colour,
        }
    }

    /// Yellow, stringy, flatter than the grains and lying on them.
    fn slough(&self, u: f32, v: f32, colour: f32) -> Surface {
        let bend = 0.8 * self.patches.at(u / 4.0, v / 4.0);
        let strings = self.fibres.layers(u / 2.2 + bend, v / 0.8 - 2.0 * bend, 3);
        let clots = self.film.layers(u / 2.3 + 3.0, v / 2.3, 3);
        let tone = (0.50 + 0.28 * strings + 0.30 * colour).clamp(0.0, 1.0);
        let mut albedo = blend([0.33, 0.17, 0.050], [0.60, 0.46, 0.22], tone);
        albedo = blend(albedo, [0.36, 0.12, 0.06], 0.7 * step(0.15, 0.75, clots));
        albedo = blend(albedo, [0.42, 0.37, 0.22], 0.6 * step(0.1, 0.8, -clots));
        Surface {
            albedo,
            wet: 0.36 + 0.3 * colour.clamp(-0.5, 0.5),
            sheen: 0.04,
            fine: 0.028,
            height: 0.25 + 0.055 * strings + 0.07 * clots + 0.12 * colour,
        }
    }

    /// Black, leathery, cracked and dull.
    fn necrosis(&self, u: f32, v: f32) -> Surface {
        let bend = 0.6 * self.fibres.at(u / 1.5, v / 1.5);
        let crack = self.dead.among(u / 3.4 + bend, v / 2.6 - bend);
        let open = step(0.10, 0.0, crack.second - crack.nearest) * crack.chance;
        let tone = (0.40 + 0.45 * self.fibres.layers(u / 1.7, v / 1.7, 4)).clamp(0.0, 1.0);
        let albedo = blend([0.014, 0.010, 0.008], [0.085, 0.048, 0.028], tone);
        Surface {
            albedo: blend(albedo, [0.12, 0.06, 0.03], 0.5 * open),
            wet: 0.14,
            sheen: 0.03,
            fine: 0.04,
            height: 0.30 + 0.10 * tone - 0.08 * open,
        }
    }
}
