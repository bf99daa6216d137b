//! The pixels of a region: polygons and a margin around them.

use crate::outline::Point;

/// Which pixels of a picture belong to a region.
pub(super) struct Mask {
    width: usize,
    height: usize,
    inside: Vec<bool>,
}

impl Mask {
    /// Pixels whose middle is in one of the polygons.
    pub(super) fn of(polygons: &[Vec<Point>], (width, height): (u32, u32)) -> Self {
        let mut mask = Self { width: width as usize, height: height as usize, inside: Vec::new() };
        mask.inside = vec![false; mask.width * mask.height];
        for polygon in polygons {
            for (y, row) in mask.inside.chunks_exact_mut(mask.width).enumerate() {
                let crossings = crossings(polygon, y as f64 + 0.5);
                for [from, to] in crossings.as_chunks::<2>().0 {
                    let first = |x: f64| ((x - 0.5).ceil().max(0.0) as usize).min(row.len());
                    let (from, to) = (first(*from), first(*to));
                    row[from..to.max(from)].fill(true);
                }
            }
        }
        mask
    }

    /// The region and what is at most `margin` pixels beside and above or below it.
    pub(super) fn grown(&self, margin: usize) -> Self {
        let near = |line: &mut dyn Iterator<Item = bool>| -> Vec<bool> {
            let line: Vec<bool> = line.collect();
            let mut near = vec![false; line.len()];
            for (at, _) in line.iter().enumerate().filter(|(_, inside)| **inside) {
                near[at.saturating_sub(margin)..(at + margin + 1).min(line.len())].fill(true);
            }
            near
        };
        let mut grown = Self { width: self.width, height: self.height, inside: Vec::with_capacity(self.inside.len()) };
        for row in self.inside.chunks_exact(self.width) {
            grown.inside.extend(near(&mut row.iter().copied()));
        }
        for x in 0..self.width {
            let column = near(&mut (0..self.height).map(|y| grown.has(x, y)));
            for (y, inside) in column.into_iter().enumerate() {
                grown.inside[y * self.width + x] = inside;
            }
        }
        grown
    }

    /// Whether a pixel belongs to it.
    pub(super) fn has(&self, x: usize, y: usize) -> bool {
        self.inside[y * self.width + x]
    }

    /// Whether no pixel does.
    pub(super) fn is_empty(&self) -> bool {
        !self.inside.contains(&true)
    }

    /// What `samples`, one for each pixel, has at its pixels.
    pub(super) fn of_samples<'a>(&'a self, samples: &'a [u8]) -> impl Iterator<Item = u8> + 'a {
        self.inside.iter().zip(samples).filter(|(inside, _)| **inside).map(|(_, sample)| *sample)
    }
}

/// Where a row crosses the edges of a polygon, from the left: in, out, in, out.
fn crossings(polygon: &[Point], y: f64) -> Vec<f64> {
    let next = polygon.iter().cycle().skip(1);
    let crossed = polygon.iter().zip(next).filter(|(a, b)| (a.y <= y) != (b.y <= y));
    let mut at: Vec<f64> = crossed.map(|(a, b)| a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x)).collect();
    at.sort_by(f64::total_cmp);
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(mask: &Mask) -> Vec<String> {
        let rows = mask.inside.chunks_exact(mask.width);
        rows.map(|row| row.iter().map(|inside| if *inside { '#' } else { '.' }).collect()).collect()
    }

    fn polygon(corners: &[(f64, f64)]) -> Vec<Point> {
        corners.iter().map(|&(x, y)| Point { x, y }).collect()
    }

    #[test]
    fn polygons_have_the_pixels_whose_middle_is_inside() {
        let square = polygon(&[(1.0, 1.0), (3.0, 1.0), (3.0, 3.0), (1.0, 3.0)]);
        let corner = polygon(&[(4.2, 4.0), (9.0, 4.0), (9.0, 9.0)]);
        let mask = Mask::of(&[square, corner], (6, 5));
        assert_eq!(drawn(&mask), ["......", ".##...", ".##...", "......", ".....#"]);
        assert_eq!(mask.of_samples(&(0..30).collect::<Vec<_>>()).collect::<Vec<_>>(), [7, 8, 13, 14, 29]);
    }

    #[test]
    fn a_margin_is_added_on_all_sides_and_stops_at_the_edge() {
        let dot = polygon(&[(0.0, 1.0), (1.0, 1.0), (1.0, 2.0), (0.0, 2.0)]);
        let mask = Mask::of(&[dot], (5, 5));
        assert_eq!(drawn(&mask.grown(2)), ["###..", "###..", "###..", "###..", "....."]);
        assert_eq!(drawn(&mask.grown(0)), drawn(&mask));
    }

    #[test]
    fn what_is_no_polygon_or_elsewhere_has_no_pixel() {
        let far = polygon(&[(90.0, 90.0), (99.0, 90.0), (99.0, 99.0)]);
        let nowhere = polygon(&[(f64::NAN, 0.0), (3.0, 3.0), (0.0, 3.0)]);
        for polygon in [far, polygon(&[(1.0, 1.0)]), Vec::new()] {
            assert!(Mask::of(&[polygon], (5, 5)).is_empty());
        }
        // No panic is all that is asked for.
        let _ = Mask::of(&[nowhere], (5, 5));
    }
}
