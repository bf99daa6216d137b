//! The skin: tone, marks, fine relief, and what the wound does to its surroundings.

use crate::noise::{Dice, Noise, blend, step};
use crate::outline::Place;
use crate::scene::Scene;
use crate::surface::Surface;

/// The skin of one leg.
pub(crate) struct LegSkin {
    tone: [f32; 3],
    blush: f32,
    inflamed: f32,
    healing: f32,
    stain: f32,
    mottling: Noise,
    blotches: Noise,
    spots: Noise,
    veins: Noise,
    folds: Noise,
    relief: Noise,
    flakes: Noise,
}

impl LegSkin {
    pub(crate) fn new(scene: &Scene) -> Self {
        let mut dice = Dice::new(scene.seed, 30);
        let noise = |stream| Noise::new(scene.seed, stream);
        let healing = scene.healing;
        Self {
            tone: scene.skin.albedo(),
            blush: scene.skin.blush(),
            inflamed: dice.between(0.55, 0.75) * (1.0 - 0.8 * healing),
            healing,
            stain: dice.between(0.15, 0.45),
            mottling: noise(31),
            blotches: noise(32),
            spots: noise(33),
            veins: noise(34),
            folds: noise(35),
            relief: noise(36),
            flakes: noise(37),
        }
    }

    /// The skin at a point of the leg, whole as if there were no wound inside its edge.
    pub(crate) fn at(&self, u: f32, v: f32, place: Place) -> Surface {
        let mottling = self.mottling.layers(u / 26.0, v / 22.0, 3);
        let blotches = self.blotches.layers(u / 4.5, v / 4.0, 2);
        let shade = 1.0 + 0.07 * mottling + 0.035 * blotches;
        let mut albedo = self.tone.map(|c| c * shade);
        let redden = |albedo: [f32; 3], amount: f32| {
            let amount = amount * self.blush;
            [albedo[0] * (1.0 - 0.10 * amount), albedo[1] * (1.0 - 0.52 * amount), albedo[2] * (1.0 - 0.46 * amount)]
        };
        albedo = redden(albedo, (0.13 + 0.16 * blotches - 0.08 * mottling).clamp(0.0, 0.5));
        albedo = self.veins(albedo, u, v);
        albedo = self.spots(albedo, u, v);

        // Redness fades with the distance from the first edge; the brown stain of old bleeding reaches further.
        let far = (place.first + 3.5 * mottling + 1.2 * blotches).max(0.0);
        let near = 1.0 / (1.0 + (far / 7.5) * (far / 7.5));
        albedo = redden(albedo, self.inflamed * near * (1.0 + 0.25 * blotches));
        let stain = self.stain * step(26.0, 4.0, far) * step(-0.5, 0.7, mottling + 0.5 * blotches);
        albedo = blend(albedo, [albedo[0] * 0.62, albedo[1] * 0.52, albedo[2] * 0.44], stain);

        let mut surface = Surface { albedo, wet: 0.0, sheen: 0.05, fine: 0.034, height: self.relief(u, v) };
        self.flake(&mut surface, u, v, far);
        self.close(&mut surface, place, blotches);
        surface
    }

    /// Blue shadows of a few veins.
    fn veins(&self, albedo: [f32; 3], u: f32, v: f32) -> [f32; 3] {
        let bend = 0.35 * self.folds.at(u / 19.0, v / 19.0);
        let ridge = 1.0 - self.veins.at(u / 80.0 + bend, v / 36.0 + bend).abs() * 6.5;
        // They rise to the surface here and there only.
        let near = step(0.0, 0.6, self.veins.at(u / 48.0 + 30.0, v / 40.0));
        let depth = step(0.0, 1.0, ridge) * near * 0.15;
        [albedo[0] * (1.0 - depth), albedo[1] * (1.0 - 0.55 * depth), albedo[2] * (1.0 - 0.3 * depth)]
    }

    /// Freckles and pigment spots, of which most squares have none.
    fn spots(&self, albedo: [f32; 3], u: f32, v: f32) -> [f32; 3] {
        let here = self.spots.among(u / 8.0, v / 8.0);
        if here.chance > 0.45 {
            return albedo;
        }
        let size = 0.05 + 0.13 * here.chance;
        let dark = 0.38 * step(size, size * 0.45, here.nearest) * (0.4 + here.chance);
        blend(albedo, [albedo[0] * 0.55, albedo[1] * 0.42, albedo[2] * 0.36], dark)
    }

    /// The net of fine furrows, in millimetres, drawn out along the leg's girth.
    fn relief(&self, u: f32, v: f32) -> f32 {
        let bend = 0.5 * self.relief.at(u / 3.1, v / 3.1);
        let net = self.relief.among(u / 0.85 + bend, v / 1.15 + bend);
        let furrow = step(0.0, 0.35, net.second - net.nearest);
        let folds = self.folds.at(u / 2.3, v / 6.0) + 0.6 * self.folds.at(u / 1.1 + 40.0, v / 1.6);
        0.042 * furrow + 0.060 * folds + 0.10 * self.folds.at(u / 11.0, v / 9.0)
    }

    /// Dry, pale scales, most of them some way off the edge.
    fn flake(&self, surface: &mut Surface, u: f32, v: f32, far: f32) {
        let dry =
            step(0.15, 0.75, self.flakes.layers(u / 9.0, v / 7.0, 2)) * step(2.0, 7.0, far) * step(34.0, 14.0, far);
        if dry > 0.0 {
            let scale = self.flakes.among(u / 2.1, v / 1.6);
            // A scale is lifted along the side that its neighbour's chance does not cover, so few have a whole border.
            let lifted = step(0.25, 0.8, scale.chance) * (0.5 + 0.5 * self.relief.at(u / 0.9, v / 0.9));
            let edge = step(0.14, 0.0, scale.second - scale.nearest) * dry * lifted.max(0.0);
            let dust = 0.10 * dry * (0.5 + self.relief.at(u / 0.7 + 9.0, v / 0.7)).max(0.0);
            surface.albedo = blend(surface.albedo, [0.70, 0.60, 0.52], 0.24 * edge + dust);
            surface.height += 0.05 * dry * scale.chance;
            surface.sheen *= 1.0 - 0.5 * dry;
        }
    }

    /// New skin where the wound was, the pink rim that it grows from, and the pale, soaked border of a fresh wound.
    fn close(&self, surface: &mut Surface, place: Place, blotches: f32) {
        let scar = step(1.6, -2.6, place.first + 1.1 * blotches);
        let rim = step(2.4 + 1.3 * blotches, 0.3, place.edge);
        let cover = scar.max(rim * (0.45 + 0.35 * self.healing));
        let tone = self.tone;
        let glow = 0.2 + 0.8 * self.blush;
        let pink = [
            tone[0] * 0.58 + 0.25 * glow,
            tone[1] * 0.36 + (0.09 + 0.02 * blotches) * glow,
            tone[2] * 0.38 + (0.085 + 0.02 * blotches) * glow,
        ];
        // New skin pales with its age, which is its distance from the edge that is left.
        let age = step(2.0, 9.0, place.edge) * 0.45;
        let pink = blend(pink, tone, age);
        surface.albedo = blend(surface.albedo, pink, 0.85 * cover);
        surface.height *= 1.0 - 0.6 * scar;
        surface.height -= 0.25 * scar;
        surface.sheen += 0.05 * cover;
        let patchy = step(-0.35, 0.6, blotches);
        let soaked = step(1.9, 0.5, place.edge) * (0.34 - 0.28 * self.healing) * patchy;
        surface.albedo = blend(surface.albedo, [0.74, 0.60, 0.50], soaked * glow);
    }
}
