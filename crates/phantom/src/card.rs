//! The white card beside the wound: a black square to measure by, and a ruler's ticks.

use crate::camera::{Camera, shot};
use crate::noise::Dice;
use crate::scene::Scene;

/// The length of the black square's sides.
pub(crate) const MARKER_MM: f32 = 25.0;

/// Half the card's sides.
const HALF: [f32; 2] = [20.0, 22.0];
/// How round its corners are.
const CORNER: f32 = 2.0;
/// The marker's centre on the card.
const MARKER: [f32; 2] = [0.0, -3.5];
/// The ruler: where its ticks begin, how far apart they are, and where they stand.
const TICKS: [f32; 2] = [-15.0, 15.0];
const TICK: f32 = 5.0;
const RULER: f32 = 16.5;

/// The share of light that paper and ink give back.
pub(crate) const PAPER: [f32; 3] = [0.86, 0.855, 0.84];
pub(crate) const INK: [f32; 3] = [0.022, 0.022, 0.024];

/// A card that somebody laid down by hand.
pub(crate) struct Card {
    centre: [f32; 2],
    right: [f32; 2],
}

impl Card {
    pub(crate) fn new(scene: &Scene) -> Self {
        let mut dice = Dice::new(shot(scene), 70);
        // Up to 7 degrees: t is the tangent of half the angle.
        let t = dice.between(-0.06, 0.06);
        Self {
            centre: [dice.between(38.0, 42.0), dice.between(-4.0, 6.0)],
            right: [(1.0 - t * t) / (1.0 + t * t), 2.0 * t / (1.0 + t * t)],
        }
    }

    /// From the leg to the card.
    fn local(&self, u: f32, v: f32) -> [f32; 2] {
        let (u, v) = (u - self.centre[0], v - self.centre[1]);
        let [cos, sin] = self.right;
        [u * cos + v * sin, v * cos - u * sin]
    }

    /// From the card to the leg.
    fn leg(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        let [cos, sin] = self.right;
        [self.centre[0] + x * cos - y * sin, self.centre[1] + x * sin + y * cos]
    }

    /// How far outside the card a point on the leg is, in millimetres; negative is on it.
    pub(crate) fn outside(&self, u: f32, v: f32) -> f32 {
        let [x, y] = self.local(u, v);
        rectangle(x, y, HALF[0] - CORNER, HALF[1] - CORNER) - CORNER
    }

    /// How much of a point is card, and how much of that is ink, where an edge is `soft` millimetres wide.
    pub(crate) fn at(&self, u: f32, v: f32, soft: f32) -> (f32, f32) {
        let within = |distance: f32| (0.5 - distance / soft).clamp(0.0, 1.0);
        let card = within(self.outside(u, v));
        if card == 0.0 {
            return (0.0, 0.0);
        }
        let [x, y] = self.local(u, v);
        let marker = rectangle(x - MARKER[0], y - MARKER[1], MARKER_MM / 2.0, MARKER_MM / 2.0);
        let n = ((x.clamp(TICKS[0], TICKS[1]) - TICKS[0]) / TICK + 0.5) as i32;
        let long = if n % 2 == 0 { 2.0 } else { 1.2 };
        let tick = rectangle(x - TICKS[0] - n as f32 * TICK, y - RULER, 0.16, long);
        (card, within(marker).max(within(tick)))
    }

    /// The marker's corners in the picture.
    pub(crate) fn marker(&self, camera: &Camera) -> [[f32; 2]; 4] {
        let half = MARKER_MM / 2.0;
        [[-half, -half], [half, -half], [half, half], [-half, half]]
            .map(|[x, y]| camera.picture(self.leg([MARKER[0] + x, MARKER[1] + y])))
    }

    /// The rows and columns of a picture that may show the card, as first and one past the last.
    pub(crate) fn bounds(&self, camera: &Camera, margin: f32) -> [[usize; 2]; 2] {
        let (x, y) = (HALF[0] + margin, HALF[1] + margin);
        let corners = [[-x, -y], [x, -y], [x, y], [-x, y]].map(|corner| camera.picture(self.leg(corner)));
        std::array::from_fn(|n| {
            let (low, high) = corners
                .iter()
                .fold((f32::MAX, f32::MIN), |(low, high), corner| (low.min(corner[n]), high.max(corner[n])));
            [low.max(0.0) as usize, high.max(0.0) as usize + 2]
        })
    }
}

/// Distance to a rectangle about the origin, negative inside.
fn rectangle(x: f32, y: f32, half_x: f32, half_y: f32) -> f32 {
    let (dx, dy) = (x.abs() - half_x, y.abs() - half_y);
    let (ox, oy) = (dx.max(0.0), dy.max(0.0));
    (ox * ox + oy * oy).sqrt() + dx.max(dy).min(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_marker_is_as_long_as_it_says() {
        let scene = Scene { width: 800, height: 600, ..Scene::visit(9, 1) };
        let camera = Camera::new(&scene);
        let card = Card::new(&scene);
        let [a, b, c, _] = card.marker(&camera);
        let side = |p: [f32; 2], q: [f32; 2]| ((p[0] - q[0]).powi(2) + (p[1] - q[1]).powi(2)).sqrt() * camera.mm_per_px;
        assert!((side(a, b) - MARKER_MM).abs() < 0.01 && (side(b, c) - MARKER_MM).abs() < 0.01);
    }
}
