//! From lit cells to pixels: interpolation, the card's sharp edges, the finest texture, and the sensor's grain.

use crate::camera::{Camera, shot};
use crate::card::{INK, Laid, PAPER};
use crate::colour::{Curve, Matrix};
use crate::layer::Layer;
use crate::light::{Grid, Light, Lit};
use crate::noise::{Dice, mix};
use crate::scene::{Card, Scene};

/// The side of the noise that is laid over a picture like tiles: too large and too even for its repeats to be seen.
const TILE: usize = 512;

/// Levels of grain.
const LUMA: f32 = 1.9;
const CHROMA: f32 = 1.1;

/// A cell's corner in levels of 0 to 255: red, green, blue, then the paper's light and the fine texture's contrast.
type Cell = [f32; 5];

/// Takes the picture: rows of RGB.
pub(crate) fn expose(
    scene: &Scene,
    grid: &Grid,
    camera: &Camera,
    cards: &[Laid],
    lit: &[Lit],
    primaries: Matrix,
) -> Vec<u8> {
    let width = scene.width as usize;
    let curve = Curve::new();
    let cells = develop(grid, lit, &curve, primaries);
    let tile = tile(scene.seed);
    let mut dice = Dice::new(shot(scene), 90);
    let mut offset = || dice.between(0.0, TILE as f32) as usize;
    let offsets: [[usize; 2]; 4] = std::array::from_fn(|_| [offset(), offset()]);
    // Under blur the finest texture goes first.
    let blur = scene.blur_px;
    let crisp = 1.0 / (1.0 + 4.0 * blur * blur);
    let soft = (1.2 + 2.5 * blur) * camera.mm_per_px;
    let square = (scene.card == Card::Square).then(|| (&cards[0], cards[0].bounds(camera, soft)));
    let layers: Vec<Layer> = cards.iter().filter_map(|card| Layer::of(card, scene, camera)).collect();
    let tint = Light::new(scene).tint();
    let white = |albedo: [f32; 3]| {
        let linear = std::array::from_fn(|c| f64::from(albedo[c] * tint[c]));
        crate::colour::apply(primaries, linear).map(|x| x as f32)
    };
    let (paper, ink) = (white(PAPER), white(INK));
    let (luma_grain, chroma_grain) = (LUMA * scene.grain, CHROMA * scene.grain);

    let mut pixels = vec![0; width * scene.height as usize * 3];
    crate::rows::paint(&mut pixels, width * 3, |y, row| {
        let between = between_rows(grid, &cells, y);
        let noise: [&[f32]; 4] = std::array::from_fn(|n| {
            let line = (y + offsets[n][1]) % TILE * TILE;
            &tile[line..line + TILE]
        });
        for (x, pixel) in row.chunks_exact_mut(3).enumerate() {
            let (i, part) = (x / grid.step, ((x % grid.step) as f32 + 0.5) / grid.step as f32);
            let (a, b) = (&between[i], &between[i + 1]);
            let [r, g, b, light, fine]: Cell = std::array::from_fn(|n| a[n] + (b[n] - a[n]) * part);
            let mut colour = [r, g, b];
            let grain = |n: usize| noise[n][(x + offsets[n][0]) % TILE];
            let texture = 1.0 + grain(0) * fine * crisp;
            colour = colour.map(|c| c * texture);
            if let Some((card, [columns, rows])) = square
                && (rows[0] <= y && y < rows[1] && columns[0] <= x && x < columns[1])
            {
                let [u, v] = camera.leg(x as f32 + 0.5, y as f32 + 0.5);
                let (cover, printed) = card.square(u, v, soft);
                if cover > 0.0 {
                    for c in 0..3 {
                        let level = curve.level((paper[c] + (ink[c] - paper[c]) * printed) * light);
                        colour[c] += (level - colour[c]) * cover;
                    }
                }
            }
            for (cover, given) in layers.iter().filter_map(|layer| layer.at(x, y)) {
                for (colour, given) in colour.iter_mut().zip(white(given)) {
                    *colour += (curve.level(given * light) - *colour) * cover;
                }
            }
            // A dark picture is an amplified one, and so a grainy one.
            let dim = 1.0 + 30.0 / (colour[1] + 22.0);
            let luma = luma_grain * dim * grain(1);
            let (warm, cold) = (chroma_grain * dim * grain(2), chroma_grain * dim * grain(3));
            for (byte, level) in pixel.iter_mut().zip([
                colour[0] + luma + warm,
                colour[1] + luma - 0.3 * (warm + cold),
                colour[2] + luma + cold,
            ]) {
                *byte = (level + 0.5) as u8;
            }
        }
    });
    pixels
}

/// Turns light into levels in the picture's own colour space.
fn develop(grid: &Grid, lit: &[Lit], curve: &Curve, primaries: Matrix) -> Vec<Cell> {
    let matrix = primaries.map(|row| row.map(|x| x as f32));
    let mut cells = vec![[0.0; 5]; lit.len()];
    crate::rows::paint(&mut cells, grid.width, |j, row| {
        for (cell, lit) in row.iter_mut().zip(&lit[j * grid.width..]) {
            let [r, g, b] = lit.colour;
            let [r, g, b] = matrix.map(|row| curve.level(row[0] * r + row[1] * g + row[2] * b));
            *cell = [r, g, b, lit.light, lit.fine];
        }
    });
    cells
}

/// The cells' corners at the height of a row of pixels.
fn between_rows(grid: &Grid, cells: &[Cell], y: usize) -> Vec<Cell> {
    let part = ((y % grid.step) as f32 + 0.5) / grid.step as f32;
    let rows = &cells[y / grid.step * grid.width..];
    let (above, below) = (&rows[..grid.width], &rows[grid.width..2 * grid.width]);
    above.iter().zip(below).map(|(a, b)| std::array::from_fn(|n| a[n] + (b[n] - a[n]) * part)).collect()
}

/// Noise that a phone's own smoothing has softened a little, with a standard deviation of 1.
fn tile(seed: u64) -> Vec<f32> {
    let raw: Vec<f32> = (0..TILE * TILE)
        .map(|n| {
            let h = mix(seed, 1 << 40 | n as u64);
            let part = |shift: u32| (h >> shift & 0xffff) as f32;
            (part(0) + part(16) + part(32) + part(48)) / 65536.0 - 2.0
        })
        .collect();
    let at = |x: usize, y: usize| raw[y % TILE * TILE + x % TILE];
    // Weights 1 2 1 by 1 2 1 would leave no grain: these keep three quarters of it in the pixel itself.
    let soft = |n: usize| {
        let (x, y) = (n % TILE + TILE, n / TILE + TILE);
        at(x, y) + 0.42 * (at(x + 1, y) + at(x - 1, y) + at(x, y + 1) + at(x, y - 1))
    };
    let softened: Vec<f32> = (0..TILE * TILE).map(soft).collect();
    let square: f64 = softened.iter().map(|x| f64::from(*x) * f64::from(*x)).sum();
    let deviation = (square / (TILE * TILE) as f64).sqrt() as f32;
    softened.into_iter().map(|x| x / deviation).collect()
}
