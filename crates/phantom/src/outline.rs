//! The wound's outline: an ellipse that chance has bitten into, and how it closes.
//!
//! The outline is a distance from the wound's centre for each direction. Directions are counted in a way that needs
//! no trigonometry: `y / (|x| + |y|)`, unfolded to four quarters, grows with the angle and is exact everywhere.

use crate::noise::{Dice, Noise};

const DIRECTIONS: usize = 1024;

/// Where a point lies, in millimetres across the edge: negative is inside.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    /// From today's edge.
    pub(crate) edge: f32,
    /// From the edge of the first visit.
    pub(crate) first: f32,
}

/// The edge of today and of the first visit, in millimetres on the leg.
pub(crate) struct Outline {
    centre: [f32; 2],
    now: Vec<Reach>,
    first: Vec<Reach>,
}

/// How far the wound reaches in one direction.
#[derive(Clone, Copy)]
struct Reach {
    /// To the edge without its ripples.
    radius: f32,
    /// What the ripples add.
    ripple: f32,
    /// The share of a step outwards that leads away from the edge, since the edge is seldom square to it.
    lean: f32,
}

impl Outline {
    pub(crate) fn new(seed: u64, healing: f32) -> Self {
        let mut dice = Dice::new(seed, 10);
        let (long, short) = (dice.between(18.0, 24.0), dice.between(10.5, 14.0));
        // Turned by at most 50 degrees: t is the tangent of half the angle.
        let t = dice.between(-0.45, 0.45);
        let (cos, sin) = ((1.0 - t * t) / (1.0 + t * t), 2.0 * t / (1.0 + t * t));
        let noise = Noise::new(seed, 11);
        let radius = |n: usize, healing: f32| {
            let [x, y] = direction(n as f32);
            let (a, b) = ((x * cos + y * sin) / long, (y * cos - x * sin) / short);
            let ellipse = 1.0 / (a * a + b * b).sqrt();
            let bites = 0.17 * noise.at(1.1 * x + 4.0, 1.1 * y) + 0.10 * noise.at(2.7 * x, 2.7 * y + 9.0);
            let ripples = 0.045 * noise.at(7.0 * x - 5.0, 7.0 * y)
                + 0.016 * noise.at(13.0 * x, 13.0 * y - 3.0)
                + 0.006 * noise.at(31.0 * x, 31.0 * y);
            // An edge closes faster in some places than in others, and opens in none: area can only shrink.
            let pace = 0.75 + 0.10 * noise.at(1.6 * x, 1.6 * y - 8.0);
            let reach = ellipse * (1.0 - pace * healing);
            [reach * (1.0 + bites), reach * ripples]
        };
        let ring = |healing: f32, ripples: f32| {
            let radii: Vec<[f32; 2]> = (0..DIRECTIONS).map(|n| radius(n, healing)).collect();
            let reach = |n: usize| Reach { radius: radii[n][0], ripple: radii[n][1] * ripples, lean: lean(&radii, n) };
            (0..DIRECTIONS).map(reach).collect::<Vec<_>>()
        };
        Self {
            centre: [dice.between(-28.0, -25.0), dice.between(-2.0, 5.0)],
            now: ring(healing, 1.0),
            // A scar's border has forgotten them.
            first: ring(0.0, 0.0),
        }
    }

    /// Says where a point on the leg lies.
    pub(crate) fn place(&self, u: f32, v: f32) -> Place {
        let (x, y) = (u - self.centre[0], v - self.centre[1]);
        let distance = (x * x + y * y).sqrt();
        let turn = number(x, y);
        let across = |ring: &[Reach]| {
            let n = turn as usize;
            let part = turn - n as f32;
            let (a, b) = (ring[n % DIRECTIONS], ring[(n + 1) % DIRECTIONS]);
            let radius = a.radius + (b.radius - a.radius) * part;
            let ripple = a.ripple + (b.ripple - a.ripple) * part;
            let lean = a.lean + (b.lean - a.lean) * part;
            // Ripples are of the edge alone: a little away from it they would be rays.
            let edge = distance - radius - ripple;
            (edge + ripple * (1.0 - 1.0 / (1.0 + edge * edge))) * lean
        };
        Place { edge: across(&self.now), first: across(&self.first) }
    }

    /// Today's edge as a polygon.
    pub(crate) fn polygon(&self) -> Vec<[f32; 2]> {
        (0..DIRECTIONS)
            .map(|n| {
                let [x, y] = direction(n as f32);
                let radius = self.now[n].radius + self.now[n].ripple;
                [self.centre[0] + x * radius, self.centre[1] + y * radius]
            })
            .collect()
    }
}

/// The direction with this number, of length 1.
fn direction(number: f32) -> [f32; 2] {
    let t = number * 4.0 / DIRECTIONS as f32;
    let (x, y) = if t < 2.0 {
        (1.0 - t, if t < 1.0 { t } else { 2.0 - t })
    } else {
        (t - 3.0, if t < 3.0 { 2.0 - t } else { t - 4.0 })
    };
    let length = (x * x + y * y).sqrt();
    [x / length, y / length]
}

/// The number of a direction, in `[0, DIRECTIONS]`.
fn number(x: f32, y: f32) -> f32 {
    let reach = x.abs() + y.abs();
    if reach == 0.0 {
        return 0.0;
    }
    let quarter = if y >= 0.0 { 1.0 - x / reach } else { 3.0 + x / reach };
    quarter * (DIRECTIONS / 4) as f32
}

/// How square the edge without its ripples is to the direction.
fn lean(radii: &[[f32; 2]], n: usize) -> f32 {
    const APART: usize = 12;
    let (before, after) = ((n + DIRECTIONS - APART) % DIRECTIONS, (n + APART) % DIRECTIONS);
    let ([ax, ay], [bx, by]) = (direction(before as f32), direction(after as f32));
    let (a, b) = (radii[before][0], radii[after][0]);
    let (along_x, along_y) = (bx * b - ax * a, by * b - ay * a);
    let [x, y] = direction(n as f32);
    let length = (along_x * along_x + along_y * along_y).sqrt().max(1e-6);
    ((x * along_y - y * along_x) / length).clamp(0.3, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_direction_has_its_own_number() {
        for n in 0..DIRECTIONS {
            let [x, y] = direction(n as f32);
            assert!((number(x, y) - n as f32).abs() < 0.01, "{n}");
        }
    }

    #[test]
    fn the_polygon_lies_on_the_edge() {
        let outline = Outline::new(3, 0.4);
        for [u, v] in outline.polygon() {
            let place = outline.place(u, v);
            assert!(place.edge.abs() < 0.02 && place.first < 0.0);
        }
    }
}
