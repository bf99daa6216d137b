//! A camera of a place and a lens: from pixels to the skin and back.
//!
//! Space is measured in millimetres: `u` along the leg and `v` across it as everywhere, and `z` from the skin away from the
//! camera. A round limb touches the plane `z = 0` along the line `v = 0` and bends away from it; there `v` on the skin is the
//! way along the bend.

use crate::turn::{angle, turn};
use crate::view::View;

type Vector = [f64; 3];

/// A camera that stands somewhere.
pub(crate) struct Pinhole {
    place: Vector,
    right: Vector,
    down: Vector,
    forward: Vector,
    /// The picture's middle, and the focal length, in pixels.
    middle: [f64; 2],
    focal: f64,
    /// What the lens adds to a point's distance from the middle, for each square pixel of that distance.
    bend: f64,
    limb: Option<f64>,
}

/// The diagonal of 35 mm film.
const FILM: f64 = 43.266_615_305_567_87;
/// Nothing is seen from further away than this: what lies beyond a horizon is drawn as if it were here.
const FAR: f64 = 3000.0;

impl Pinhole {
    pub(crate) fn new(view: &View, (width, height): (u32, u32), aim: [f32; 2]) -> Self {
        let (cos, sin) = turn(f64::from(view.tilt_deg));
        let (toward_u, toward_v) = turn(f64::from(view.towards_deg));
        let (roll, aside) = turn(f64::from(view.roll_deg));
        let forward = [sin * toward_u, sin * toward_v, cos];
        // Straight above, right is along the leg and down across it; a tilt turns both about the axis that it leaves as it is.
        let tilted = |u: f64, v: f64| {
            let along = u * toward_u + v * toward_v;
            let lost = along * (1.0 - cos);
            [u - lost * toward_u, v - lost * toward_v, -sin * along]
        };
        let (level, plumb) = (tilted(1.0, 0.0), tilted(0.0, 1.0));
        let right = std::array::from_fn(|n| roll * level[n] + aside * plumb[n]);
        let down = std::array::from_fn(|n| roll * plumb[n] - aside * level[n]);
        let distance = f64::from(view.distance_mm);
        let (width, height) = (f64::from(width), f64::from(height));
        let diagonal = (width * width + height * height).sqrt();
        Self {
            place: [
                f64::from(aim[0]) - distance * forward[0],
                f64::from(aim[1]) - distance * forward[1],
                -distance * forward[2],
            ],
            right,
            down,
            forward,
            middle: [width / 2.0, height / 2.0],
            focal: f64::from(view.focal_35mm) / FILM * diagonal,
            bend: f64::from(view.distortion) / (diagonal * diagonal / 4.0),
            limb: view.limb_mm.map(f64::from),
        }
    }

    /// The point of the skin that is seen at a point of the picture.
    pub(crate) fn leg(&self, x: f64, y: f64) -> [f64; 2] {
        let [x, y] = self.unbent(x - self.middle[0], y - self.middle[1]);
        let ray: Vector =
            std::array::from_fn(|n| self.forward[n] + (x * self.right[n] + y * self.down[n]) / self.focal);
        match self.limb {
            None => {
                let far = (-self.place[2] / ray[2].max(1e-9)).min(FAR);
                [self.place[0] + far * ray[0], self.place[1] + far * ray[1]]
            }
            Some(radius) => self.round(radius, ray),
        }
    }

    /// Where a ray meets a round limb.
    fn round(&self, radius: f64, ray: Vector) -> [f64; 2] {
        let (v, z) = (self.place[1], self.place[2] - radius);
        let (a, b, c) = (ray[1] * ray[1] + ray[2] * ray[2], v * ray[1] + z * ray[2], v * v + z * z - radius * radius);
        let root = b * b - a * c;
        if root < 0.0 {
            // It passes the limb: the cloth, as far out as the ray passes at the limb's depth.
            let far = ((radius - self.place[2]) / ray[2].max(1e-9)).min(FAR);
            let (u, v) = (self.place[0] + far * ray[0], self.place[1] + far * ray[1]);
            return [u, v * 2.0];
        }
        let far = (-b - root.sqrt()) / a;
        let (v, z) = (v + far * ray[1], z + far * ray[2]);
        [self.place[0] + far * ray[0], radius * angle(-z / radius, v / radius)]
    }

    /// The point of the picture that shows a point of the skin.
    pub(crate) fn picture(&self, u: f64, v: f64) -> [f64; 2] {
        let point = match self.limb {
            None => [u, v, 0.0],
            Some(radius) => {
                let (cos, sin) = turn((v / radius).to_degrees());
                [u, radius * sin, radius * (1.0 - cos)]
            }
        };
        let from: Vector = std::array::from_fn(|n| point[n] - self.place[n]);
        let depth = dot(from, self.forward).max(1e-6);
        let (x, y) = (self.focal * dot(from, self.right) / depth, self.focal * dot(from, self.down) / depth);
        let bent = 1.0 + self.bend * (x * x + y * y);
        [self.middle[0] + x * bent, self.middle[1] + y * bent]
    }

    /// Where a point would be if the lens bent nothing, both from the middle.
    fn unbent(&self, x: f64, y: f64) -> [f64; 2] {
        let (mut a, mut b) = (x, y);
        if self.bend != 0.0 {
            for _ in 0..12 {
                let bent = 1.0 + self.bend * (a * a + b * b);
                (a, b) = (x / bent, y / bent);
            }
        }
        [a, b]
    }
}

fn dot(a: Vector, b: Vector) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The projection as textbooks write it: `K [R | t]`, R put together from turns about axes (Rodrigues), by the machine's own
    /// sine and cosine.
    fn textbook(view: &View, (width, height): (f64, f64), aim: [f64; 2], [u, v, z]: Vector) -> [f64; 2] {
        let about = |axis: Vector, degrees: f64, p: Vector| -> Vector {
            let (sin, cos) = degrees.to_radians().sin_cos();
            let cross =
                [axis[1] * p[2] - axis[2] * p[1], axis[2] * p[0] - axis[0] * p[2], axis[0] * p[1] - axis[1] * p[0]];
            std::array::from_fn(|n| p[n] * cos + cross[n] * sin + axis[n] * dot(axis, p) * (1.0 - cos))
        };
        let towards = f64::from(view.towards_deg).to_radians();
        // To tilt the camera is to turn the world the other way about the axis across the tilt.
        let across = [-towards.sin(), towards.cos(), 0.0];
        let p = about(across, -f64::from(view.tilt_deg), [u - aim[0], v - aim[1], z]);
        let p = about([0.0, 0.0, 1.0], -f64::from(view.roll_deg), p);
        let focal = f64::from(view.focal_35mm) * width.hypot(height) / 24f64.hypot(36.0);
        let depth = p[2] + f64::from(view.distance_mm);
        let (x, y) = (focal * p[0] / depth, focal * p[1] / depth);
        let bent = 1.0 + f64::from(view.distortion) * (x * x + y * y) / (width * width / 4.0 + height * height / 4.0);
        [width / 2.0 + x * bent, height / 2.0 + y * bent]
    }

    #[test]
    fn points_are_where_the_textbooks_formula_puts_them() {
        for (tilt_deg, towards_deg, roll_deg) in [(0.0, 0.0, 0.0), (25.0, 70.0, -40.0), (50.0, 200.0, 170.0)] {
            for (distance_mm, focal_35mm, distortion) in [(120.0, 26.0, 0.0), (400.0, 52.0, 0.015)] {
                let view = View { tilt_deg, towards_deg, roll_deg, distance_mm, focal_35mm, distortion, limb_mm: None };
                let round = View { limb_mm: Some(45.0), ..view };
                let (size, aim) = ((2048, 1536), [1.5f32, -2.0]);
                let (flat, round) = (Pinhole::new(&view, size, aim), Pinhole::new(&round, size, aim));
                for [u, v] in [[0.0, 0.0], [-50.0, 20.0], [45.0, 33.0], [10.0, -48.0]] {
                    let near = |seen: [f64; 2], point: Vector| {
                        let wanted = textbook(&view, (2048.0, 1536.0), aim.map(f64::from), point);
                        let apart = (seen[0] - wanted[0]).hypot(seen[1] - wanted[1]);
                        assert!(apart < 1e-6, "{view:?} {point:?}: {seen:?}, not {wanted:?}");
                    };
                    near(flat.picture(u, v), [u, v, 0.0]);
                    let (sin, cos) = (v / 45.0f64).sin_cos();
                    near(round.picture(u, v), [u, 45.0 * sin, 45.0 - 45.0 * cos]);
                }
            }
        }
    }
}
