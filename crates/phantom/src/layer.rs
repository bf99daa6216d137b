//! Printed cards as the lens sees them: sampled finely, then blurred as light, before the sensor's curve.
//!
//! Edges of print are what a marker is measured by. So they are not drawn with a ramp, but each pixel is the mean of points
//! within it, and blur is that of the whole picture.

use crate::blur::blur;
use crate::camera::Camera;
use crate::card::Laid;
use crate::light::{Grid, Lit};
use crate::scene::Scene;

/// Points along a pixel's side.
const POINTS: usize = 4;

/// A part of the picture with a card in it.
pub(crate) struct Layer {
    columns: [usize; 2],
    rows: [usize; 2],
    /// For each pixel the light given back, times the share that is card, which is in `light`.
    cells: Vec<Lit>,
}

impl Layer {
    /// The layer of a card, if it is a printed one and in the picture.
    pub(crate) fn of(card: &Laid, scene: &Scene, camera: &Camera) -> Option<Self> {
        let printed = card.printed()?;
        // Beyond three standard deviations there is no blur.
        let margin = (3.5 * scene.blur_px + 2.0) as usize;
        let bounds = card.bounds(camera, 0.0);
        let within =
            |[low, high]: [usize; 2], side: u32| [low.saturating_sub(margin), (high + margin).min(side as usize)];
        let (columns, rows) = (within(bounds[0], scene.width), within(bounds[1], scene.height));
        if columns[0] >= columns[1] || rows[0] >= rows[1] {
            return None;
        }
        let grid = Grid { step: 1, width: columns[1] - columns[0], height: rows[1] - rows[0] };
        let mut cells = vec![Lit::default(); grid.width * grid.height];
        crate::rows::paint(&mut cells, grid.width, |j, row| {
            for (i, cell) in row.iter_mut().enumerate() {
                for n in 0..POINTS * POINTS {
                    let part = |n: usize| (n as f32 + 0.5) / POINTS as f32;
                    let (x, y) = ((columns[0] + i) as f32 + part(n % POINTS), (rows[0] + j) as f32 + part(n / POINTS));
                    let [u, v] = camera.leg(x, y);
                    if let Some(light) = card.reflects(&printed, u, v) {
                        const SHARE: f32 = 1.0 / (POINTS * POINTS) as f32;
                        cell.light += SHARE;
                        for (sum, light) in cell.colour.iter_mut().zip(light) {
                            *sum += SHARE * light;
                        }
                    }
                }
            }
        });
        blur(&mut cells, &grid, scene.blur_px);
        Some(Self { columns, rows, cells })
    }

    /// The share of a pixel that is card, and the light that the card gives back there; `None` where there is no card.
    pub(crate) fn at(&self, x: usize, y: usize) -> Option<(f32, [f32; 3])> {
        let ([left, right], [top, bottom]) = (self.columns, self.rows);
        if !(left..right).contains(&x) || !(top..bottom).contains(&y) {
            return None;
        }
        let cell = &self.cells[(y - top) * (right - left) + x - left];
        (cell.light > 1e-3).then(|| (cell.light.min(1.0), cell.colour.map(|light| light / cell.light)))
    }
}
