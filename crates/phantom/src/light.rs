//! Light on the surface: a window to the upper left, the room's own light, the lens's vignette and the exposure.

use crate::camera::{Camera, shot};
use crate::card::Laid;
use crate::noise::{Dice, step};
use crate::scene::Scene;
use crate::surface::{Leg, Surface};

/// What reaches the sensor from a point, linear: 1.0 is white.
#[derive(Clone, Copy, Default)]
pub(crate) struct Lit {
    pub(crate) colour: [f32; 3],
    /// The light that a flat sheet of paper would get here.
    pub(crate) light: f32,
    /// Contrast of the finest texture.
    pub(crate) fine: f32,
}

/// The light at one visit.
pub(crate) struct Light {
    window: [f32; 3],
    half: [f32; 3],
    tint: [f32; 3],
    drift: [f32; 2],
    exposure: f32,
    middle: [f32; 2],
    reach: f32,
}

impl Light {
    pub(crate) fn new(scene: &Scene) -> Self {
        let mut dice = Dice::new(shot(scene), 80);
        let window = unit([dice.between(-0.55, -0.35), dice.between(-0.6, -0.4), 1.0]);
        let warm = dice.between(-0.03, 0.04);
        let balanced = [1.0 + warm, 1.0, 1.0 - 1.3 * warm];
        Self {
            window,
            half: unit([window[0], window[1], window[2] + 1.0]),
            tint: std::array::from_fn(|c| balanced[c] * scene.cast[c]),
            drift: [dice.between(-0.16, -0.04), dice.between(-0.12, 0.0)],
            exposure: scene.exposure,
            middle: [scene.width as f32 / 2.0, scene.height as f32 / 2.0],
            reach: scene.width.max(scene.height) as f32 / 2.0,
        }
    }

    /// The light's colour, the same all over the picture.
    pub(crate) fn tint(&self) -> [f32; 3] {
        self.tint
    }

    /// The light that falls on a flat sheet seen at a point of the picture, and passes the lens.
    fn falls(&self, x: f32, y: f32) -> f32 {
        let (dx, dy) = ((x - self.middle[0]) / self.reach, (y - self.middle[1]) / self.reach);
        let vignette = 1.0 - 0.17 * (dx * dx + dy * dy);
        let drift = 1.0 + self.drift[0] * dx + self.drift[1] * dy;
        self.exposure * vignette * drift
    }

    /// Lights a point: `slope` is how the surface rises along and across the leg.
    pub(crate) fn on(&self, surface: &Surface, slope: [f32; 2], round: f32, falls: f32, shadow: f32) -> Lit {
        // The leg turns away from the camera towards its sides.
        let bow = if round.abs() < 1.0 { round / (1.0 - round * round).max(0.02).sqrt() } else { 0.0 };
        let normal = unit([-slope[0], bow - slope[1], 1.0]);
        let facing = dot(normal, self.window).max(0.0);
        let spot = dot(normal, self.half).max(0.0);
        let wide = power(spot, 4);
        let sharp = power(wide, 4);
        // The room's light comes from above, so that a surface seen from aside gets less of it.
        let room = 0.30 + 0.22 * normal[2];
        let diffuse = (room + 0.58 * facing) * falls * shadow;
        let mirrored = (surface.sheen * wide + surface.wet * 1.6 * sharp) * falls * shadow;
        Lit {
            colour: std::array::from_fn(|c| (surface.albedo[c] * diffuse + mirrored) * self.tint[c]),
            light: 0.0,
            fine: surface.fine,
        }
    }
}

/// The grid of cells in which a picture is drawn before its pixels are.
pub(crate) struct Grid {
    /// Pixels to a cell's side.
    pub(crate) step: usize,
    /// Cell corners in a row.
    pub(crate) width: usize,
    /// Rows of cell corners.
    pub(crate) height: usize,
}

impl Grid {
    /// About a thousand cells along the longer side: 4 pixels each at 12 MP, finer than most phones' lenses see.
    pub(crate) fn new(scene: &Scene) -> Self {
        let step = (scene.width.max(scene.height) as usize).div_ceil(1024).max(1);
        Self {
            step,
            width: (scene.width as usize).div_ceil(step) + 2,
            height: (scene.height as usize).div_ceil(step) + 2,
        }
    }

    /// Lights all surfaces, whose heights give the slopes.
    pub(crate) fn light(
        &self,
        scene: &Scene,
        leg: &Leg,
        cards: &[Laid],
        camera: &Camera,
        surfaces: &[Surface],
    ) -> Vec<Lit> {
        let light = Light::new(scene);
        let mut lit = vec![Lit::default(); surfaces.len()];
        let apart = 2.0 * self.step as f32 * camera.mm_per_px;
        crate::rows::paint(&mut lit, self.width, |j, row| {
            let (above, below) = (j.saturating_sub(1), (j + 1).min(self.height - 1));
            for (i, cell) in row.iter_mut().enumerate() {
                let (before, after) = (i.saturating_sub(1), (i + 1).min(self.width - 1));
                let height = |i: usize, j: usize| surfaces[j * self.width + i].height;
                let slope =
                    [(height(after, j) - height(before, j)) / apart, (height(i, below) - height(i, above)) / apart];
                let (x, y) = ((i * self.step) as f32, (j * self.step) as f32);
                let [u, v] = camera.leg(x, y);
                // The card stands off the skin by a little, so its shadow falls away from the window.
                let outside = cards.iter().map(|card| card.outside(u - 0.7, v - 0.8)).fold(f32::MAX, f32::min);
                let shadow = 0.68 + 0.32 * step(-0.9, 1.7, outside);
                let falls = light.falls(x, y);
                *cell = light.on(&surfaces[j * self.width + i], slope, leg.round(u, v), falls, shadow);
                cell.light = 0.98 * falls;
            }
        });
        lit
    }
}

fn dot(a: [f32; 3], b: [f32; 3]) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn unit(v: [f32; 3]) -> [f32; 3] {
    let length = dot(v, v).sqrt();
    v.map(|x| x / length)
}

/// Squares a number this many times.
fn power(mut x: f32, squarings: u32) -> f32 {
    for _ in 0..squarings {
        x *= x;
    }
    x
}
