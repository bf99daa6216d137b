//! The order in which a picture comes about: surface, light, lens, sensor.

use crate::camera::Camera;
use crate::card::Laid;
use crate::colour::{Matrix, SRGB, from_srgb};
use crate::light::Grid;
use crate::scene::Scene;
use crate::surface::{Leg, Surface};
use crate::truth::{Tissue, Truth, area, length_and_width, perimeter};

/// Draws a scene: rows of 8-bit sRGB, and the truth about them. The same scene gives the same bytes on every machine.
/// Numbers out of range are drawn as the nearest in range.
#[must_use]
pub fn draw(scene: &Scene) -> (Vec<u8>, Truth) {
    draw_in(scene, from_srgb(SRGB))
}

/// Draws a scene with other primaries, to which a matrix leads from linear sRGB.
pub(crate) fn draw_in(scene: &Scene, primaries: Matrix) -> (Vec<u8>, Truth) {
    let scene = &scene.drawable();
    let camera = Camera::new(scene);
    let leg = Leg::new(scene);
    let cards = Laid::all(scene);
    let grid = Grid::new(scene);

    let mut cells = vec![(Surface::default(), None); grid.width * grid.height];
    crate::rows::paint(&mut cells, grid.width, |j, row| {
        for (i, cell) in row.iter_mut().enumerate() {
            let [u, v] = camera.leg((i * grid.step) as f32, (j * grid.step) as f32);
            *cell = leg.at(u, v);
        }
    });
    let tissue = shares(cells.iter().filter_map(|(_, tissue)| tissue.as_ref()));
    let surfaces: Vec<Surface> = cells.into_iter().map(|(surface, _)| surface).collect();

    let mut lit = grid.light(scene, &leg, &cards, &camera, &surfaces);
    crate::blur::blur(&mut lit, &grid, scene.blur_px);
    let pixels = crate::sensor::expose(scene, &grid, &camera, &cards, &lit, primaries);

    let outline = leg.outline.polygon();
    let (length_mm, width_mm) = length_and_width(&outline);
    let truth = Truth {
        area_mm2: area(&outline),
        length_mm,
        width_mm,
        perimeter_mm: perimeter(&outline),
        mm_per_px: camera.mm_per_px,
        outline_px: outline.iter().map(|point| camera.picture(*point)).collect(),
        outline_mm: outline,
        marker_px: cards[0].marker(&camera),
        second_px: cards.get(1).map(|card| card.marker(&camera)),
        marker_mm: cards[0].marker_mm(),
        tissue,
    };
    (pixels, truth)
}

/// What the open wound's cells are covered with. In f64 and in one order, so that no thread has a say in it.
fn shares<'a>(cells: impl Iterator<Item = &'a Tissue>) -> Tissue {
    let mut sum = [0.0f64; 3];
    for cell in cells {
        for (sum, share) in sum.iter_mut().zip([cell.granulation, cell.slough, cell.necrosis]) {
            *sum += f64::from(share);
        }
    }
    let all = sum.iter().sum::<f64>().max(f64::MIN_POSITIVE);
    let [granulation, slough, necrosis] = sum.map(|share| (share / all) as f32);
    Tissue { granulation, slough, necrosis }
}
