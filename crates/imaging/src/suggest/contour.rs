//! The edge of a region, finer than its cells.

use super::looks::LEAST;
use super::map::Map;
use super::regions::Region;
use crate::outline::Point;

/// Where the outside lies of a cell at the edge, clockwise from above.
const OUTWARD: [(i64, i64); 4] = [(0, -1), (1, 0), (0, 1), (-1, 0)];

/// The closed line around a region, clockwise, in cells from the map's upper left corner.
///
/// Between a cell of the region and one that is not, the line goes through where the map's value would pass [`LEAST`]. It
/// meets itself nowhere: every pair of cells has one point of it, and no two pairs share one.
pub(super) fn around(region: &Region, map: &Map) -> Vec<Point> {
    let Some((column, row)) = region.cells().next() else { return Vec::new() };
    // The first cell from above has nothing above it.
    let start = (i64::from(column), i64::from(row), 0);
    let (mut line, mut at) = (Vec::new(), start);
    loop {
        line.push(crossing(at, map));
        at = next(at, region);
        if at == start {
            return line;
        }
    }
}

/// One step clockwise: round the cell's own corner, straight on, or into the corner of the next cells.
fn next((column, row, outward): (i64, i64, usize), region: &Region) -> (i64, i64, usize) {
    let onward = (outward + 1) % 4;
    let (ahead_x, ahead_y) = (column + OUTWARD[onward].0, row + OUTWARD[onward].1);
    let (beyond_x, beyond_y) = (ahead_x + OUTWARD[outward].0, ahead_y + OUTWARD[outward].1);
    if !region.has(ahead_x, ahead_y) {
        (column, row, onward)
    } else if !region.has(beyond_x, beyond_y) {
        (ahead_x, ahead_y, outward)
    } else {
        (beyond_x, beyond_y, (outward + 3) % 4)
    }
}

/// Where the line passes between a cell and its neighbour outside.
fn crossing((column, row, outward): (i64, i64, usize), map: &Map) -> Point {
    let (right, down) = OUTWARD[outward];
    let neighbour = (u32::try_from(column + right), u32::try_from(row + down));
    let part = match neighbour {
        (Ok(x), Ok(y)) if x < map.width && y < map.height => {
            let (inside, outside) = (map.at(column as u32, row as u32) - LEAST, map.at(x, y) - LEAST);
            // Never up to a middle, where two lines could touch.
            f64::from(inside / (inside - outside)).clamp(0.05, 0.95)
        }
        // The map ends at the cell's side, half a cell from its middle.
        _ => 0.5,
    };
    Point { x: column as f64 + 0.5 + part * right as f64, y: row as f64 + 0.5 + part * down as f64 }
}

#[cfg(test)]
mod tests {
    use super::super::regions::{over, tests::drawn};
    use super::*;
    use crate::outline;

    /// A map whose values are told from where the line goes.
    fn about_the_line(map: Map) -> Map {
        Map { values: map.values.iter().map(|value| value + LEAST).collect(), ..map }
    }

    fn lines(rows: &[&str]) -> Vec<Vec<Point>> {
        let map = about_the_line(drawn(rows));
        over(&map, LEAST).iter().map(|region| around(region, &map)).collect()
    }

    #[test]
    fn a_single_cell_is_a_diamond() {
        let line = &lines(&["...", ".#.", "..."])[0];
        let diamond = [(1.5, 1.0), (2.0, 1.5), (1.5, 2.0), (1.0, 1.5)];
        assert_eq!(line.len(), diamond.len());
        for (point, (x, y)) in line.iter().zip(diamond) {
            assert!((point.x - x).abs() < 1e-6 && (point.y - y).abs() < 1e-6, "{line:?}");
        }
    }

    #[test]
    fn a_full_map_has_its_border_for_an_edge_less_the_corners() {
        let area = outline::area(&lines(&["###", "###", "###"])[0]);
        assert!((area - (9.0 - 4.0 * 0.125)).abs() < 1e-6, "{area}");
    }

    #[test]
    fn bays_islands_and_pinches_make_simple_lines() {
        let rows = ["#.#.###", "###.#.#", ".#.##.#", "##....#", "#.#####", "###...#"];
        for line in lines(&rows) {
            assert!(outline::area_px(&line, (7, 6)).is_ok(), "{line:?}");
        }
    }

    #[test]
    fn the_line_lies_nearer_to_the_cell_that_is_less_sure() {
        let map = about_the_line(Map { width: 3, height: 1, values: vec![-9.0, 1.0, -1.0] });
        let line = around(&over(&map, LEAST)[0], &map);
        let (left, right) = (line[3].x, line[1].x);
        assert!((left - 1.4).abs() < 1e-6 && (right - 2.0).abs() < 1e-6, "{line:?}");
    }
}
