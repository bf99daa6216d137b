//! Cards beside the wound: a plain black square to measure by with a ruler's ticks, or the card that Samspil prints.

use samspil_marker::{CARD_MM, MarkerId, SIDE_MM, TAG, marks};

use crate::camera::{Camera, shot};
use crate::colour::light_of;
use crate::noise::Dice;
use crate::scene::{Card, Scene};

/// Half the plain card's sides.
const HALF: [f32; 2] = [20.0, 22.0];
/// How round its corners are.
const CORNER: f32 = 2.0;
/// The marker's centre on it.
const MARKER: [f32; 2] = [0.0, -3.5];
/// The ruler: where its ticks begin, how far apart they are, and where they stand.
const TICKS: [f32; 2] = [-15.0, 15.0];
const TICK: f32 = 5.0;
const RULER: f32 = 16.5;

/// The share of light that paper and ink give back.
pub(crate) const PAPER: [f32; 3] = [0.86, 0.855, 0.84];
pub(crate) const INK: [f32; 3] = [0.022, 0.022, 0.024];

/// A card that somebody laid down by hand.
pub(crate) struct Laid {
    centre: [f32; 2],
    right: [f32; 2],
    card: Card,
    half: [f32; 2],
}

impl Laid {
    /// The scene's cards. The first is there in any case, so that the truth can tell where it would be.
    pub(crate) fn all(scene: &Scene) -> Vec<Self> {
        let mut dice = Dice::new(shot(scene), 70);
        let mut lay = |card: Card, [left, right]: [f32; 2]| {
            // Up to 7 degrees: t is the tangent of half the angle.
            let t = dice.between(-0.06, 0.06);
            let half = match card {
                Card::None | Card::Square => HALF,
                Card::Printed { scale, .. } => CARD_MM.map(|mm| mm as f32 / 2.0 * scale),
            };
            Self {
                centre: [dice.between(left, right), dice.between(-4.0, 6.0)],
                right: [(1.0 - t * t) / (1.0 + t * t), 2.0 * t / (1.0 + t * t)],
                card,
                half,
            }
        };
        let mut cards = vec![lay(scene.card, [38.0, 42.0])];
        if scene.second != Card::None {
            cards.push(lay(scene.second, [-86.0, -80.0]));
        }
        cards
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
        match self.card {
            Card::None => f32::MAX,
            Card::Square => rectangle(x, y, self.half[0] - CORNER, self.half[1] - CORNER) - CORNER,
            // Cut out with scissors.
            Card::Printed { .. } => rectangle(x, y, self.half[0], self.half[1]),
        }
    }

    /// How much of a point is plain card, and how much of that is ink, where an edge is `soft` millimetres wide.
    pub(crate) fn square(&self, u: f32, v: f32, soft: f32) -> (f32, f32) {
        let within = |distance: f32| (0.5 - distance / soft).clamp(0.0, 1.0);
        let card = within(self.outside(u, v));
        if card == 0.0 {
            return (0.0, 0.0);
        }
        let [x, y] = self.local(u, v);
        let marker = rectangle(x - MARKER[0], y - MARKER[1], SIDE_MM as f32 / 2.0, SIDE_MM as f32 / 2.0);
        let n = ((x.clamp(TICKS[0], TICKS[1]) - TICKS[0]) / TICK + 0.5) as i32;
        let long = if n % 2 == 0 { 2.0 } else { 1.2 };
        let tick = rectangle(x - TICKS[0] - n as f32 * TICK, y - RULER, 0.16, long);
        (card, within(marker).max(within(tick)))
    }

    /// What is printed on the card, if it is a printed one.
    pub(crate) fn printed(&self) -> Option<Printed> {
        match self.card {
            Card::Printed { id, scale } => Some(Printed::new(id, scale)),
            Card::None | Card::Square => None,
        }
    }

    /// The light that a printed card gives back at a point on the leg; `None` beside the card.
    pub(crate) fn reflects(&self, printed: &Printed, u: f32, v: f32) -> Option<[f32; 3]> {
        let [x, y] = self.local(u, v);
        let is_on = x.abs() < self.half[0] && y.abs() < self.half[1];
        is_on.then(|| printed.at((x + self.half[0]) / printed.scale, (y + self.half[1]) / printed.scale))
    }

    /// The marker's sides.
    pub(crate) fn marker_mm(&self) -> f32 {
        match self.card {
            Card::Printed { scale, .. } => SIDE_MM as f32 * scale,
            Card::None | Card::Square => SIDE_MM as f32,
        }
    }

    /// The marker's corners in the picture.
    pub(crate) fn marker(&self, camera: &Camera) -> [[f32; 2]; 4] {
        let corners = match self.card {
            Card::Printed { scale, .. } => {
                TAG.corners().map(|[x, y]| [x as f32 * scale - self.half[0], y as f32 * scale - self.half[1]])
            }
            Card::None | Card::Square => {
                let half = SIDE_MM as f32 / 2.0;
                [[-half, -half], [half, -half], [half, half], [-half, half]]
                    .map(|[x, y]| [MARKER[0] + x, MARKER[1] + y])
            }
        };
        corners.map(|corner| camera.picture(self.leg(corner)))
    }

    /// The rows and columns of a picture that may show the card, as first and one past the last.
    pub(crate) fn bounds(&self, camera: &Camera, margin: f32) -> [[usize; 2]; 2] {
        let (x, y) = (self.half[0] + margin, self.half[1] + margin);
        // Between the corners, too, since a bent card bulges.
        let edge = [[-x, -y], [0.0, -y], [x, -y], [x, 0.0], [x, y], [0.0, y], [-x, y], [-x, 0.0]];
        let edge = edge.map(|point| camera.picture(self.leg(point)));
        std::array::from_fn(|n| {
            let (low, high) =
                edge.iter().fold((f32::MAX, f32::MIN), |(low, high), point| (low.min(point[n]), high.max(point[n])));
            [low.max(0.0) as usize, high.max(0.0) as usize + 2]
        })
    }
}

/// What a printed card gives back, place by place.
pub(crate) struct Printed {
    scale: f32,
    /// Left, top, right, bottom in millimetres on the card, and the light given back; what comes later lies on top.
    inks: Vec<([f32; 4], [f32; 3])>,
}

impl Printed {
    fn new(id: MarkerId, scale: f32) -> Self {
        let inks = marks(id).into_iter().map(|mark| {
            let [[left, top], _, [right, bottom], _] = mark.place.corners();
            let light = mark.srgb.map(|level| light_of(level) as f32);
            (
                [left, top, right, bottom].map(|mm| mm as f32),
                std::array::from_fn(|c| INK[c] + (PAPER[c] - INK[c]) * light[c]),
            )
        });
        Self { scale, inks: inks.collect() }
    }

    fn at(&self, x: f32, y: f32) -> [f32; 3] {
        let is_in = |[left, top, right, bottom]: &[f32; 4]| *left <= x && x < *right && *top <= y && y < *bottom;
        self.inks.iter().rev().find(|(place, _)| is_in(place)).map_or(PAPER, |(_, light)| *light)
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
        let id = MarkerId::new(3).unwrap();
        for card in [Card::Square, Card::Printed { id, scale: 1.0 }, Card::Printed { id, scale: 0.9 }] {
            let scene = Scene { width: 800, height: 600, card, ..Scene::visit(9, 1) };
            let camera = Camera::new(&scene);
            let cards = Laid::all(&scene);
            let [a, b, c, _] = cards[0].marker(&camera);
            let side =
                |p: [f32; 2], q: [f32; 2]| ((p[0] - q[0]).powi(2) + (p[1] - q[1]).powi(2)).sqrt() * camera.mm_per_px;
            let wanted = cards[0].marker_mm();
            assert!((side(a, b) - wanted).abs() < 0.01 && (side(b, c) - wanted).abs() < 0.01);
        }
    }
}
