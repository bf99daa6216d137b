//! Fewer corners, as many as a person can drag.

use super::Suggestion;
use crate::outline::{Point, turn};

/// How far the line may be moved: this part of its extent. Nobody sees it, and it costs under a hundredth of the area.
const TOLERANCE: f64 = 0.003;

/// Leaves corners out of a simple polygon, the least ones first, as long as no point of it comes to lie further than
/// [`TOLERANCE`] from the line, and further until it has at most [`Suggestion::MAX_CORNERS`].
///
/// What comes out is simple: a corner goes only if no other lies in the triangle that it cuts off. Every simple polygon has
/// two of those, so there is always one to take.
pub(super) fn polygon(line: &[Point]) -> Vec<Point> {
    let tolerance = extent(line) * TOLERANCE;
    let mut kept: Vec<usize> = (0..line.len()).collect();
    let mut costs: Vec<f64> = (0..kept.len()).map(|at| cost(line, &kept, at)).collect();
    while kept.len() > 3 {
        let cheapest = (0..kept.len())
            .filter(|&at| costs[at] <= tolerance || kept.len() > Suggestion::MAX_CORNERS)
            .filter(|&at| costs[at].is_finite())
            .min_by(|&a, &b| costs[a].total_cmp(&costs[b]));
        let Some(at) = cheapest else { break };
        if !is_free(line, &kept, at) {
            // It may be free again once one of its neighbours is gone.
            costs[at] = f64::INFINITY;
            continue;
        }
        kept.remove(at);
        costs.remove(at);
        let count = kept.len();
        for beside in [(at + count - 1) % count, at % count] {
            costs[beside] = cost(line, &kept, beside);
        }
    }
    kept.into_iter().map(|index| line[index]).collect()
}

/// How far a point of the line would lie from it without a corner.
fn cost(line: &[Point], kept: &[usize], at: usize) -> f64 {
    let (from, _, to) = beside(kept, at);
    let between = (1..).map(|step| (from + step) % line.len()).take_while(|&index| index != to);
    between.map(|index| distance(line[index], line[from], line[to])).fold(0.0, f64::max)
}

/// Whether the triangle that a corner makes with its neighbours holds no other corner.
fn is_free(line: &[Point], kept: &[usize], at: usize) -> bool {
    let (from, corner, to) = beside(kept, at);
    let [a, b, c] = [from, corner, to].map(|index| line[index]);
    let others = kept.iter().filter(|&&index| ![from, corner, to].contains(&index));
    !others.map(|&index| line[index]).any(|point| {
        let turns = [turn(a, b, point), turn(b, c, point), turn(c, a, point)];
        turns.iter().all(|it| *it >= 0.0) || turns.iter().all(|it| *it <= 0.0)
    })
}

fn beside(kept: &[usize], at: usize) -> (usize, usize, usize) {
    let count = kept.len();
    (kept[(at + count - 1) % count], kept[at], kept[(at + 1) % count])
}

/// From a point to the nearest of a line from one end to another.
fn distance(point: Point, from: Point, to: Point) -> f64 {
    let (x, y) = (to.x - from.x, to.y - from.y);
    let along = ((point.x - from.x) * x + (point.y - from.y) * y) / (x * x + y * y).max(f64::MIN_POSITIVE);
    let along = along.clamp(0.0, 1.0);
    (point.x - from.x - along * x).hypot(point.y - from.y - along * y)
}

fn extent(line: &[Point]) -> f64 {
    let span = |of: fn(&Point) -> f64| {
        let (least, most) =
            line.iter().map(of).fold((f64::MAX, f64::MIN), |(least, most), it| (least.min(it), most.max(it)));
        (most - least).max(0.0)
    };
    span(|point| point.x).hypot(span(|point| point.y))
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use proptest::prelude::*;

    use super::*;
    use crate::outline;

    /// Round (500, 500), as far as the radii say.
    fn star(radii: &[f64]) -> Vec<Point> {
        let step = TAU / radii.len() as f64;
        let corner = |(index, radius): (usize, &f64)| {
            let (sin, cos) = (index as f64 * step).sin_cos();
            Point { x: 500.0 + radius * cos, y: 500.0 + radius * sin }
        };
        radii.iter().enumerate().map(corner).collect()
    }

    #[test]
    fn a_circle_keeps_its_area_with_few_corners() {
        let round = star(&[300.0; 1000]);
        let thin = polygon(&round);
        assert!((10..=40).contains(&thin.len()), "{} corners", thin.len());
        let kept = outline::area(&thin) / outline::area(&round);
        assert!(kept > 0.985, "{kept} of the area");
    }

    #[test]
    fn three_corners_stay() {
        let triangle = star(&[100.0; 3]);
        assert_eq!(polygon(&triangle), triangle);
    }

    proptest! {
        #[test]
        fn it_stays_simple_with_few_corners_and_near_its_line(radii in prop::collection::vec(50.0..500.0f64, 3..600)) {
            let line = star(&radii);
            let thin = polygon(&line);
            prop_assert!((3..=Suggestion::MAX_CORNERS).contains(&thin.len()));
            prop_assert!(outline::area_px(&thin, (1000, 1000)).is_ok(), "{thin:?}");
            if radii.len() <= Suggestion::MAX_CORNERS {
                for point in line {
                    let ends = thin.iter().zip(thin.iter().cycle().skip(1));
                    let nearest = ends.map(|(a, b)| distance(point, *a, *b)).fold(f64::MAX, f64::min);
                    prop_assert!(nearest <= 1500.0 * TOLERANCE, "{nearest}");
                }
            }
        }
    }
}
