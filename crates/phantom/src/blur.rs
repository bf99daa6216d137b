//! A lens that is out of focus: a Gaussian, as three boxes, over the light before the sensor sees it.

use crate::light::{Grid, Lit};

/// Blurs by a standard deviation in pixels.
pub(crate) fn blur(cells: &mut Vec<Lit>, grid: &Grid, sigma_px: f32) {
    let sigma = sigma_px / grid.step as f32;
    if sigma <= 0.0 {
        return;
    }
    // Three boxes of this width have the Gaussian's variance.
    let reach = ((4.0 * sigma * sigma + 1.0).sqrt() - 1.0) / 2.0;
    for [width, height] in [[grid.width, grid.height], [grid.height, grid.width]] {
        crate::rows::paint(cells, width, |_, row| {
            for _ in 0..3 {
                smooth(row, reach.min(width as f32 / 2.0));
            }
        });
        *cells = turned(cells, width, height);
    }
}

/// Rows become columns.
fn turned(cells: &[Lit], width: usize, height: usize) -> Vec<Lit> {
    let mut turned = Vec::with_capacity(cells.len());
    for x in 0..width {
        turned.extend((0..height).map(|y| cells[y * width + x]));
    }
    turned
}

/// The mean over `reach` cells to either side, with a part of the cell beyond.
fn smooth(row: &mut [Lit], reach: f32) {
    let whole = reach as isize;
    let part = reach - whole as f32;
    let last = row.len() as isize - 1;
    let before = row.to_vec();
    let at = |i: isize| &before[i.clamp(0, last) as usize];
    let mut sum = Sum::default();
    for i in -whole..=whole {
        sum.add(at(i), 1.0);
    }
    for i in 0..=last {
        let mut mean = sum;
        mean.add(at(i - whole - 1), part);
        mean.add(at(i + whole + 1), part);
        row[i as usize] = mean.over(2.0 * reach + 1.0);
        sum.add(at(i + whole + 1), 1.0);
        sum.add(at(i - whole), -1.0);
    }
}

/// In f64, so that what is taken out again leaves nothing behind.
#[derive(Clone, Copy, Default)]
struct Sum([f64; 5]);

impl Sum {
    fn add(&mut self, cell: &Lit, weight: f32) {
        let [r, g, b] = cell.colour;
        for (sum, value) in self.0.iter_mut().zip([r, g, b, cell.light, cell.fine]) {
            *sum += f64::from(weight) * f64::from(value);
        }
    }

    fn over(self, weight: f32) -> Lit {
        let [r, g, b, light, fine] = self.0.map(|sum| (sum / f64::from(weight)) as f32);
        Lit { colour: [r, g, b], light, fine }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_spreads_by_the_standard_deviation_and_loses_no_light() {
        let grid = Grid { step: 2, width: 61, height: 51 };
        let mut cells = vec![Lit::default(); 61 * 51];
        cells[25 * 61 + 30].colour[1] = 1.0;
        blur(&mut cells, &grid, 7.0);
        let (mut sum, mut square) = (0.0, 0.0);
        for (n, cell) in cells.iter().enumerate() {
            let x = (n % 61) as f32 - 30.0;
            sum += cell.colour[1];
            square += cell.colour[1] * x * x;
        }
        assert!((sum - 1.0).abs() < 1e-3);
        assert!(((square / sum).sqrt() - 3.5).abs() < 0.05);
    }
}
