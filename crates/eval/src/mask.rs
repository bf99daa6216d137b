//! Which pixels are wound.

use image::GrayImage;
use samspil_imaging::outline::Point;

/// Pixels of a photo: rows from the top, each from the left.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mask {
    width: u32,
    has: Vec<bool>,
}

impl Mask {
    pub(crate) fn empty((width, height): (u32, u32)) -> Self {
        Self { width, has: vec![false; (width * height) as usize] }
    }

    /// What is lighter than half.
    pub(crate) fn drawn(picture: &GrayImage) -> Self {
        Self { width: picture.width(), has: picture.pixels().map(|pixel| pixel.0[0] > 127).collect() }
    }

    /// The pixels whose middles are inside a polygon, which lies `corner` to the right and down.
    pub(crate) fn within(polygon: &[Point], corner: (u32, u32), size: (u32, u32)) -> Self {
        let mut mask = Self::empty(size);
        let edges = || polygon.iter().zip(polygon.iter().cycle().skip(1));
        for (y, row) in mask.has.chunks_exact_mut(size.0 as usize).enumerate() {
            let y = y as f64 + 0.5 - f64::from(corner.1);
            let mut crossings: Vec<f64> = edges()
                .filter(|(a, b)| (a.y <= y) != (b.y <= y))
                .map(|(a, b)| a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y))
                .collect();
            crossings.sort_by(f64::total_cmp);
            for between in crossings.chunks_exact(2) {
                let cell = |x: f64| (x + f64::from(corner.0) - 0.5).ceil().clamp(0.0, f64::from(size.0)) as usize;
                row[cell(between[0])..cell(between[1])].fill(true);
            }
        }
        mask
    }

    pub(crate) fn size(&self) -> (u32, u32) {
        (self.width, self.has.len() as u32 / self.width)
    }

    pub(crate) fn count(&self) -> usize {
        self.has.iter().filter(|has| **has).count()
    }

    pub(crate) fn and(&self, other: &Self) -> Self {
        self.both(other, |a, b| a && b)
    }

    pub(crate) fn or(&self, other: &Self) -> Self {
        self.both(other, |a, b| a || b)
    }

    fn both(&self, other: &Self, of: fn(bool, bool) -> bool) -> Self {
        let has = self.has.iter().zip(&other.has).map(|(a, b)| of(*a, *b)).collect();
        Self { width: self.width, has }
    }

    /// Twice what both have by the sum of what each has; two empty ones are the same.
    pub(crate) fn dice(&self, other: &Self) -> f64 {
        let sum = self.count() + other.count();
        if sum == 0 { 1.0 } else { 2.0 * self.and(other).count() as f64 / sum as f64 }
    }

    /// Its parts, each of which hangs together by sides or corners.
    pub(crate) fn parts(&self) -> Vec<Self> {
        let (width, height) = (self.width as usize, self.has.len() / self.width as usize);
        let mut left = self.has.clone();
        let mut parts = Vec::new();
        for first in 0..left.len() {
            if !std::mem::take(&mut left[first]) {
                continue;
            }
            let mut part = Self::empty(self.size());
            let mut reached = vec![first];
            while let Some(pixel) = reached.pop() {
                part.has[pixel] = true;
                let (x, y) = (pixel % width, pixel / width);
                for y in y.saturating_sub(1)..=(y + 1).min(height - 1) {
                    for x in x.saturating_sub(1)..=(x + 1).min(width - 1) {
                        if std::mem::take(&mut left[y * width + x]) {
                            reached.push(y * width + x);
                        }
                    }
                }
            }
            parts.push(part);
        }
        parts
    }

    /// Whether a pixel is wound; outside there is none.
    pub(crate) fn at(&self, x: i64, y: i64) -> bool {
        let (width, height) = self.size();
        let is_on = (0..i64::from(width)).contains(&x) && (0..i64::from(height)).contains(&y);
        is_on && self.has[y as usize * width as usize + x as usize]
    }

    /// The outer edge of one of its [`parts`](Self::parts), along the pixels' sides.
    pub(crate) fn edge(&self) -> Vec<Point> {
        let Some(first) = self.has.iter().position(|has| *has) else { return Vec::new() };
        let start = ((first % self.width as usize) as i64, (first / self.width as usize) as i64);
        let ((mut x, mut y), (mut right, mut down)) = (start, (1, 0));
        let mut edge = vec![Point { x: x as f64, y: y as f64 }];
        loop {
            // The pixels ahead of the corner (x, y), to the left and to the right of the way; the part is to the right.
            let ahead = |side: i64| self.at(x + (right + side * down - 1) / 2, y + (down - side * right - 1) / 2);
            let turned = match (ahead(1), ahead(-1)) {
                (true, _) => (down, -right),
                (false, true) => (right, down),
                (false, false) => (-down, right),
            };
            if turned != (right, down) {
                edge.push(Point { x: x as f64, y: y as f64 });
            }
            (right, down) = turned;
            (x, y) = (x + right, y + down);
            if (x, y) == start {
                return edge;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rectangle(left: f64, top: f64, right: f64, bottom: f64) -> Vec<Point> {
        [(left, top), (right, top), (right, bottom), (left, bottom)].map(|(x, y)| Point { x, y }).to_vec()
    }

    #[test]
    fn a_polygon_has_the_pixels_whose_middles_it_has() {
        let mask = Mask::within(&rectangle(1.0, 1.0, 3.0, 2.6), (0, 0), (4, 4));
        let rows: Vec<_> = mask.has.chunks_exact(4).collect();
        let (none, two) = ([false; 4], [false, true, true, false]);
        assert_eq!(rows, [none, two, two, none]);
        assert_eq!(Mask::within(&rectangle(0.0, 0.0, 2.0, 1.6), (1, 1), (4, 4)), mask, "the corner moves it");
        assert_eq!(Mask::within(&rectangle(-9.0, -9.0, 99.0, 99.0), (0, 0), (4, 4)).count(), 16);
    }

    #[test]
    fn an_edge_goes_around_the_pixels() {
        let place = rectangle(1.0, 1.0, 3.0, 2.0);
        assert_eq!(area(&Mask::within(&place, (0, 0), (4, 4)).edge()), 2.0);
        let mut bent = Mask::within(&rectangle(0.0, 0.0, 3.0, 3.0), (0, 0), (5, 5));
        bent.has[1] = false;
        bent.has[3 * 5 + 3] = true;
        let again = Mask::within(&bent.edge(), (0, 0), (5, 5));
        assert_eq!(again, bent, "{:?}", bent.edge());
        assert_eq!(area(&bent.edge()), 9.0);
        assert_eq!(Mask::empty((3, 3)).edge(), []);
    }

    fn area(polygon: &[Point]) -> f64 {
        let edges = polygon.iter().zip(polygon.iter().cycle().skip(1));
        edges.map(|(a, b)| a.x * b.y - b.x * a.y).sum::<f64>() / 2.0
    }

    #[test]
    fn dice_is_one_for_the_same_none_for_the_apart_and_between_for_halves() {
        let [left, right, all] = [(0.0, 2.0), (2.0, 4.0), (0.0, 4.0)]
            .map(|(from, to)| Mask::within(&rectangle(from, 0.0, to, 4.0), (0, 0), (4, 4)));
        assert_eq!([left.dice(&left), left.dice(&right), left.dice(&all)], [1.0, 0.0, 2.0 / 3.0]);
        assert_eq!(Mask::empty((4, 4)).dice(&Mask::empty((4, 4))), 1.0);
        assert_eq!(left.or(&right), all);
    }

    #[test]
    fn parts_are_apart() {
        let one = Mask::within(&rectangle(0.0, 0.0, 1.0, 1.0), (0, 0), (5, 3));
        let corner = Mask::within(&rectangle(1.0, 1.0, 2.0, 2.0), (0, 0), (5, 3));
        let other = Mask::within(&rectangle(4.0, 0.0, 5.0, 3.0), (0, 0), (5, 3));
        assert_eq!(one.or(&other).or(&corner).parts(), [one.or(&corner), other]);
    }
}
