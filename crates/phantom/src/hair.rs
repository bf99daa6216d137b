//! A few hairs on the leg, which keep clear of the wound and of its new skin.

use crate::noise::Dice;
use crate::outline::Outline;
use crate::scene::Scene;

/// Half a hair's thickness, in millimetres: what a phone makes of a finer one.
const HALF: f32 = 0.075;
/// The side of a square in which hairs are looked up.
const SQUARE: f32 = 4.0;
/// Squares along and across the leg; they cover more than is ever in view.
const SQUARES: [usize; 2] = [50, 40];

/// A short straight piece of a hair.
#[derive(Clone, Copy)]
struct Piece {
    from: [f32; 2],
    to: [f32; 2],
    dark: f32,
}

/// All hairs, by square.
pub(crate) struct Hair {
    squares: Vec<Vec<Piece>>,
}

impl Hair {
    pub(crate) fn new(scene: &Scene, outline: &Outline) -> Self {
        let mut hair = Self { squares: vec![Vec::new(); SQUARES[0] * SQUARES[1]] };
        let mut dice = Dice::new(scene.seed, 60);
        let hairs = dice.between(40.0, 130.0) as usize;
        for _ in 0..hairs {
            let mut at = [dice.between(-85.0, 85.0), dice.between(-55.0, 60.0)];
            let mut way = [dice.between(0.5, 1.0), dice.between(-0.5, 0.7)];
            let bend = dice.between(-0.16, 0.16);
            let dark = dice.between(0.25, 0.6);
            let pieces = dice.between(5.0, 11.0) as usize;
            if outline.place(at[0], at[1]).first < 7.0 {
                continue;
            }
            for n in 0..pieces {
                let to = [at[0] + way[0], at[1] + way[1]];
                let tip = (pieces - n) as f32 / pieces as f32;
                if outline.place(to[0], to[1]).first < 3.0 {
                    break;
                }
                hair.lay(Piece { from: at, to, dark: dark * tip.min(0.6) / 0.6 });
                at = to;
                way = [way[0] - bend * way[1], way[1] + bend * way[0]];
            }
        }
        hair
    }

    /// Puts a piece into the squares that it may touch.
    fn lay(&mut self, piece: Piece) {
        let reach = |n: usize| {
            let (a, b) = (piece.from[n], piece.to[n]);
            let square = |x: f32| ((x / SQUARE + SQUARES[n] as f32 / 2.0).max(0.0) as usize).min(SQUARES[n] - 1);
            square(a.min(b) - HALF * 2.0)..=square(a.max(b) + HALF * 2.0)
        };
        for row in reach(1) {
            for column in reach(0) {
                self.squares[row * SQUARES[0] + column].push(piece);
            }
        }
    }

    /// How much of the skin at a point a hair hides.
    pub(crate) fn at(&self, u: f32, v: f32) -> f32 {
        let (column, row) = (u / SQUARE + SQUARES[0] as f32 / 2.0, v / SQUARE + SQUARES[1] as f32 / 2.0);
        if column < 0.0 || row < 0.0 || column >= SQUARES[0] as f32 || row >= SQUARES[1] as f32 {
            return 0.0;
        }
        let pieces = &self.squares[row as usize * SQUARES[0] + column as usize];
        pieces.iter().map(|piece| piece.hides(u, v)).fold(0.0, f32::max)
    }
}

impl Piece {
    fn hides(&self, u: f32, v: f32) -> f32 {
        let along = [self.to[0] - self.from[0], self.to[1] - self.from[1]];
        let to = [u - self.from[0], v - self.from[1]];
        let length = along[0] * along[0] + along[1] * along[1];
        let t = ((to[0] * along[0] + to[1] * along[1]) / length).clamp(0.0, 1.0);
        let (x, y) = (to[0] - t * along[0], to[1] - t * along[1]);
        let distance = (x * x + y * y).sqrt();
        self.dark * (2.0 - distance / HALF).clamp(0.0, 1.0)
    }
}
