//! Connected places on a map.

use super::map::Map;

/// Cells that hang together by their sides, with what they enclose.
#[derive(Clone, Debug)]
pub(super) struct Region {
    pub(super) bounds: Bounds,
    /// For each cell of the bounds, row by row.
    cells: Vec<bool>,
    /// How many cells it has.
    pub(super) size: usize,
}

/// Columns and rows, the last ones with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) left: u32,
    pub(super) top: u32,
    pub(super) right: u32,
    pub(super) bottom: u32,
}

impl Bounds {
    pub(super) fn width(&self) -> u32 {
        self.right - self.left + 1
    }

    pub(super) fn height(&self) -> u32 {
        self.bottom - self.top + 1
    }
}

impl Region {
    /// Whether it has a cell, which may lie outside of the map.
    pub(super) fn has(&self, column: i64, row: i64) -> bool {
        let (column, row) = (column - i64::from(self.bounds.left), row - i64::from(self.bounds.top));
        let (width, height) = (i64::from(self.bounds.width()), i64::from(self.bounds.height()));
        (0..width).contains(&column) && (0..height).contains(&row) && self.cells[(row * width + column) as usize]
    }

    /// Its cells: column and row.
    pub(super) fn cells(&self) -> impl Iterator<Item = (u32, u32)> {
        let Bounds { left, top, .. } = self.bounds;
        let width = self.bounds.width();
        let own = (0..).zip(&self.cells).filter(|(_, has)| **has);
        own.map(move |(index, _): (u32, _)| (left + index % width, top + index / width))
    }
}

/// Every region of cells over `least`, in the order of their first cells.
pub(super) fn over(map: &Map, least: f32) -> Vec<Region> {
    let (width, height) = (map.width as usize, map.height as usize);
    let mut waits: Vec<bool> = map.values.iter().map(|value| *value > least).collect();
    let mut regions = Vec::new();
    for first in 0..waits.len() {
        if waits[first] {
            let cells = flood(first, (width, height), |cell| std::mem::take(&mut waits[cell]));
            regions.push(region(&cells, width));
        }
    }
    regions
}

/// The cells that are reached from `first` by their sides. `takes` says once of a cell that it is one of them.
fn flood(first: usize, (width, height): (usize, usize), mut takes: impl FnMut(usize) -> bool) -> Vec<usize> {
    let mut reached = Vec::new();
    if takes(first) {
        reached.push(first);
    }
    let mut next = 0;
    while let Some(&cell) = reached.get(next) {
        next += 1;
        let (column, row) = (cell % width, cell / width);
        let beside = [
            (column > 0).then(|| cell - 1),
            (column + 1 < width).then(|| cell + 1),
            (row > 0).then(|| cell - width),
            (row + 1 < height).then(|| cell + width),
        ];
        reached.extend(beside.into_iter().flatten().filter(|cell| takes(*cell)));
    }
    reached
}

fn region(cells: &[usize], width: usize) -> Region {
    let columns = || cells.iter().map(|cell| (cell % width) as u32);
    let rows = || cells.iter().map(|cell| (cell / width) as u32);
    let bounds = Bounds {
        left: columns().min().unwrap_or(0),
        top: rows().min().unwrap_or(0),
        right: columns().max().unwrap_or(0),
        bottom: rows().max().unwrap_or(0),
    };
    // One cell more on each side, so that all that is outside hangs together.
    let (wide, high) = (bounds.width() as usize + 2, bounds.height() as usize + 2);
    let mut outside = vec![true; wide * high];
    for (column, row) in columns().zip(rows()) {
        outside[(row - bounds.top + 1) as usize * wide + (column - bounds.left + 1) as usize] = false;
    }
    let mut inside = vec![true; wide * high];
    for cell in flood(0, (wide, high), |cell| std::mem::take(&mut outside[cell])) {
        inside[cell] = false;
    }
    let rows = inside.chunks_exact(wide).skip(1).take(high - 2);
    let cells: Vec<bool> = rows.flat_map(|row| &row[1..wide - 1]).copied().collect();
    let size = cells.iter().filter(|has| **has).count();
    Region { bounds, cells, size }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A map of the signs in a drawing: `#` is over 0.
    pub(in super::super) fn drawn(rows: &[&str]) -> Map {
        let values = rows.iter().flat_map(|row| row.chars()).map(|sign| if sign == '#' { 1.0 } else { -1.0 });
        Map { width: rows[0].len() as u32, height: rows.len() as u32, values: values.collect() }
    }

    fn redrawn(region: &Region, map: &Map) -> Vec<String> {
        let sign = |column, row| if region.has(column, row) { '#' } else { '.' };
        (0..i64::from(map.height)).map(|row| (0..i64::from(map.width)).map(|it| sign(it, row)).collect()).collect()
    }

    #[test]
    fn what_touches_by_a_corner_is_two_and_what_is_enclosed_belongs() {
        let map = drawn(&["####..", "#..#..", "####..", "....##"]);
        let regions = over(&map, 0.0);
        assert_eq!(regions.len(), 2);
        assert_eq!(redrawn(&regions[0], &map), ["####..", "####..", "####..", "......"]);
        assert_eq!(regions[0].size, 12);
        assert_eq!(regions[1].bounds, Bounds { left: 4, top: 3, right: 5, bottom: 3 });
        assert_eq!(regions[1].cells().collect::<Vec<_>>(), [(4, 3), (5, 3)]);
    }

    #[test]
    fn what_is_open_at_a_corner_is_not_enclosed_by_sides_alone() {
        // The gap at the lower right is closed by sides: a diagonal lets nothing through.
        let map = drawn(&["###", "#.#", "##."]);
        assert_eq!(over(&map, 0.0).len(), 2 - 1, "both ends of the bow hang together");
        assert_eq!(over(&map, 0.0)[0].size, 8);
    }

    #[test]
    fn an_empty_map_has_no_region_and_a_full_one_has_one() {
        assert!(over(&drawn(&["...", "..."]), 0.0).is_empty());
        assert_eq!(over(&drawn(&["###", "###"]), 0.0)[0].size, 6);
    }
}
