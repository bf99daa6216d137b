//! Whether a polygon is simple: its edges meet where one ends and the next begins, and nowhere else.

use super::{Flaw, Point};

/// An edge, and the corner that it begins at.
struct Edge {
    corner: usize,
    from: Point,
    to: Point,
}

/// Passes for a simple polygon.
///
/// # Errors
///
/// [`Flaw::Crosses`] with the first two edges that meet elsewhere.
pub(super) fn check(points: &[Point]) -> Result<(), Flaw> {
    let edges: Vec<_> = super::edges(points)
        .enumerate()
        .filter(|(_, (from, to))| from != to)
        .map(|(corner, (from, to))| Edge { corner, from, to })
        .collect();
    let Some(last) = edges.last() else { return Err(Flaw::Crosses { first: 0, second: 0 }) };
    let crosses = |one: &Edge, other: &Edge| Err(Flaw::Crosses { first: one.corner, second: other.corner });
    for (index, edge) in edges.iter().enumerate() {
        let next = edges.get(index + 1).unwrap_or(&edges[0]);
        if edge.is_folded_by(next) {
            return crosses(edge, next);
        }
        for other in edges.iter().skip(index + 2) {
            let are_neighbours = index == 0 && other.corner == last.corner;
            if !are_neighbours && edge.meets(other) {
                return crosses(edge, other);
            }
        }
    }
    Ok(())
}

impl Edge {
    /// The edge that follows goes back over this one.
    fn is_folded_by(&self, next: &Edge) -> bool {
        let along = (self.to.x - self.from.x) * (next.to.x - next.from.x)
            + (self.to.y - self.from.y) * (next.to.y - next.from.y);
        turn(self.from, self.to, next.to) == 0.0 && along < 0.0
    }

    /// They have a point in common.
    fn meets(&self, other: &Edge) -> bool {
        if !self.is_near(other) {
            return false;
        }
        let (a, b) = (turn(self.from, self.to, other.from), turn(self.from, self.to, other.to));
        let (c, d) = (turn(other.from, other.to, self.from), turn(other.from, other.to, self.to));
        // Neither has both ends of the other on one side. What lies on a line counts for both sides; that two edges on one
        // line are not merely beside each other there, their boxes have told.
        !(a * b > 0.0 || c * d > 0.0)
    }

    /// Their boxes have a point in common: cheaper than to turn, and no for most pairs.
    fn is_near(&self, other: &Edge) -> bool {
        let overlap = |a: f64, b: f64, c: f64, d: f64| a.min(b) <= c.max(d) && c.min(d) <= a.max(b);
        overlap(self.from.x, self.to.x, other.from.x, other.to.x)
            && overlap(self.from.y, self.to.y, other.from.y, other.to.y)
    }
}

/// Twice the area of a triangle, positive or negative by the way that it goes round; 0 for three points on one line.
pub(crate) fn turn(a: Point, b: Point, c: Point) -> f64 {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}
