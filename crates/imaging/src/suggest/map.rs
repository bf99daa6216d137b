//! What the network saw.

/// A grid over a picture; a value over 0 says that a place is rather wound than not.
#[derive(Clone, Debug)]
pub(super) struct Map {
    pub(super) width: u32,
    pub(super) height: u32,
    /// Logits: rows from the top, each from the left.
    pub(super) values: Vec<f32>,
}

impl Map {
    /// At a cell that there is.
    pub(super) fn at(&self, column: u32, row: u32) -> f32 {
        self.values[(row * self.width + column) as usize]
    }

    /// Between the middles of cells, in cells from the upper left corner; outside, what is at the edge.
    pub(super) fn between(&self, x: f64, y: f64) -> f32 {
        let ((left, right, across), (above, below, down)) = (cells(x, self.width), cells(y, self.height));
        let row = |row| self.at(left, row) + (self.at(right, row) - self.at(left, row)) * across;
        row(above) + (row(below) - row(above)) * down
    }
}

/// The cells whose middles are on both sides, and how far it is from the first to the second.
fn cells(at: f64, count: u32) -> (u32, u32, f32) {
    let at = (at - 0.5).clamp(0.0, f64::from(count - 1));
    let first = at.floor();
    (first as u32, (first as u32 + 1).min(count - 1), (at - first) as f32)
}

/// A logit as a probability.
pub(super) fn probability(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn between_two_middles_the_value_goes_evenly_and_stays_at_the_edge() {
        let map = Map { width: 2, height: 2, values: vec![0.0, 4.0, 8.0, 12.0] };
        assert_eq!([map.between(0.5, 0.5), map.between(1.0, 0.5), map.between(1.0, 1.0)], [0.0, 2.0, 6.0]);
        assert_eq!([map.between(-9.0, -9.0), map.between(9.0, 9.0)], [0.0, 12.0]);
    }
}
