//! The map from a flat marker to its picture.

use crate::outline::Point;

/// The projective map of the unit square onto a quadrilateral, and of everything else in the square's plane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Homography([[f64; 3]; 3]);

impl Homography {
    /// The map that takes (0, 0), (1, 0), (1, 1) and (0, 1) to four corners in this order. `None` when these make no
    /// quadrilateral.
    pub(crate) fn onto(corners: &[Point; 4]) -> Option<Self> {
        let [a, b, c, d] = *corners;
        let (one, other) = ([b.x - c.x, b.y - c.y], [d.x - c.x, d.y - c.y]);
        let left = [a.x - b.x + c.x - d.x, a.y - b.y + c.y - d.y];
        let size = one[0] * other[1] - other[0] * one[1];
        let g = (left[0] * other[1] - other[0] * left[1]) / size;
        let h = (one[0] * left[1] - left[0] * one[1]) / size;
        let row = |a: f64, b: f64, d: f64| [b - a + g * b, d - a + h * d, a];
        let map = Self([row(a.x, b.x, d.x), row(a.y, b.y, d.y), [g, h, 1.0]]);
        (map.0.as_flattened().iter().all(|x| x.is_finite()) && map.size().abs() > 1e-9).then_some(map)
    }

    /// Where a point of the plane is in the picture.
    pub(crate) fn map(&self, [x, y]: [f64; 2]) -> Point {
        let [u, v, w] = self.0.map(|row| row[0] * x + row[1] * y + row[2]);
        Point { x: u / w, y: v / w }
    }

    /// The way back.
    pub(crate) fn inverse(&self) -> Self {
        let m = &self.0;
        let minor = |i: usize, j: usize| {
            let (a, b) = ((i + 1) % 3, (i + 2) % 3);
            let (c, d) = ((j + 1) % 3, (j + 2) % 3);
            m[a][c] * m[b][d] - m[a][d] * m[b][c]
        };
        let size = self.size();
        Self(std::array::from_fn(|i| std::array::from_fn(|j| minor(j, i) / size)))
    }

    /// How the picture moves with a step in the plane at a point: the columns of the derivative.
    pub(crate) fn slope(&self, at: [f64; 2]) -> [[f64; 2]; 2] {
        let m = &self.0;
        let [u, v, w] = m.map(|row| row[0] * at[0] + row[1] * at[1] + row[2]);
        std::array::from_fn(|n| [(m[0][n] - u / w * m[2][n]) / w, (m[1][n] - v / w * m[2][n]) / w])
    }

    /// Its columns, seen from a point of the picture and in units of a length.
    pub(crate) fn columns(&self, middle: Point, unit: f64) -> [[f64; 3]; 3] {
        let m = &self.0;
        std::array::from_fn(|n| [(m[0][n] - middle.x * m[2][n]) / unit, (m[1][n] - middle.y * m[2][n]) / unit, m[2][n]])
    }

    /// Whether a point of the picture is on this side of the plane's horizon.
    pub(crate) fn sees(&self, point: Point) -> bool {
        let back = self.inverse();
        let at = |point: Point| back.0[2][0] * point.x + back.0[2][1] * point.y + back.0[2][2];
        at(point) * at(self.map([0.5, 0.5])) > 0.0
    }

    /// The determinant.
    fn size(&self) -> f64 {
        let [a, b, c] = &self.0;
        a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CORNERS: [Point; 4] = [
        Point { x: 10.0, y: 20.0 },
        Point { x: 110.0, y: 35.0 },
        Point { x: 100.0, y: 120.0 },
        Point { x: 0.0, y: 90.0 },
    ];

    #[test]
    fn corners_go_to_corners_and_everything_comes_back() {
        let map = Homography::onto(&CORNERS).unwrap();
        for (place, corner) in [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]].into_iter().zip(CORNERS) {
            let seen = map.map(place);
            assert!((seen.x - corner.x).hypot(seen.y - corner.y) < 1e-9);
        }
        for place in [[0.3, 0.9], [-1.2, 0.4], [2.0, 3.0]] {
            let seen = map.map(place);
            let back = map.inverse().map([seen.x, seen.y]);
            assert!((back.x - place[0]).hypot(back.y - place[1]) < 1e-9);
            let step = 1e-6;
            let [along, _] = map.slope(place);
            let moved = map.map([place[0] + step, place[1]]);
            assert!(((moved.x - seen.x) / step - along[0]).abs() < 1e-3);
        }
    }

    #[test]
    fn what_is_no_quadrilateral_has_no_map() {
        let line: [Point; 4] = std::array::from_fn(|n| Point { x: n as f64, y: 2.0 * n as f64 });
        assert_eq!(Homography::onto(&line), None);
        assert_eq!(Homography::onto(&[CORNERS[0]; 4]), None);
        assert_eq!(Homography::onto(&[Point { x: f64::NAN, y: 0.0 }, CORNERS[1], CORNERS[2], CORNERS[3]]), None);
    }
}
