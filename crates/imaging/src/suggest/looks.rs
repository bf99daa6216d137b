//! The two passes: one look at the whole, then closer ones at what was found.

use super::Failure;
use super::map::Map;
use super::net::{GRAIN, Net};
use super::regions::{self, Region};
use crate::outline::Point;
use crate::picture::{Picture, Place};
use crate::resize;

/// A place is wound from this value on.
pub(super) const LEAST: f32 = 0.4;
/// The first look finds already what is rather no wound: the second one decides.
const FIND: f32 = -1.0;
/// The pixels of the first look, and of all the closer ones together.
const WHOLE: f64 = 384.0 * 288.0;
const CLOSE: f64 = 224.0 * 224.0;
/// A closer look falls on this many times the width and height of what was found.
const MARGIN: f64 = 3.0;
/// There are at most so many closer looks; finds that lie near each other share one.
const CLOSER_LOOKS: usize = 2;
/// How much the first look counts where both have looked.
const WHOLE_COUNTS: f32 = 0.3;
/// What is smaller than this part of the photo is no find.
const SMALLEST: f64 = 0.000_1;

/// A look at a part of a picture.
#[derive(Debug)]
pub(super) struct Look {
    place: Place,
    /// Pixels of the whole picture.
    pixels: f64,
    pub(super) map: Map,
}

impl Look {
    /// What it sees as wound.
    pub(super) fn regions(&self) -> Vec<Region> {
        self.over(LEAST)
    }

    /// The part of the photo that a region covers.
    pub(super) fn part(&self, region: &Region) -> f64 {
        let (across, down) = self.cell();
        region.size as f64 * across * down / self.pixels
    }

    /// From cells of the map to pixels of the picture.
    pub(super) fn on_picture(&self, point: Point) -> Point {
        let (across, down) = self.cell();
        Point { x: f64::from(self.place.left) + point.x * across, y: f64::from(self.place.top) + point.y * down }
    }

    /// The square of the picture that a closer look at a region falls on.
    fn around(&self, region: &Region) -> Span {
        let bounds = region.bounds;
        let corner = |x: u32, y: u32| self.on_picture(Point { x: f64::from(x), y: f64::from(y) });
        let (from, to) = (corner(bounds.left, bounds.top), corner(bounds.right + 1, bounds.bottom + 1));
        let half = (to.x - from.x).max(to.y - from.y) * MARGIN / 2.0;
        let (x, y) = ((from.x + to.x) / 2.0, (from.y + to.y) / 2.0);
        Span { left: x - half, top: y - half, right: x + half, bottom: y + half }
    }

    fn over(&self, least: f32) -> Vec<Region> {
        let mut regions = regions::over(&self.map, least);
        regions.retain(|region| self.part(region) >= SMALLEST);
        regions
    }

    /// The width and height of a cell in pixels of the picture.
    fn cell(&self) -> (f64, f64) {
        (
            f64::from(self.place.width) / f64::from(self.map.width),
            f64::from(self.place.height) / f64::from(self.map.height),
        )
    }

    fn at(net: &Net, picture: &Picture, place: Place, budget: f64) -> Result<Self, Failure> {
        let size = size(place, budget);
        let seen = if (place.width, place.height) == (picture.width, picture.height) {
            resize::even(picture, size)
        } else {
            resize::even(&picture.cropped(place), size)
        };
        let pixels = f64::from(picture.width) * f64::from(picture.height);
        Ok(Self { place, pixels, map: net.look(&seen)? })
    }

    /// Takes in what an earlier look at more saw at the same places.
    fn blend(&mut self, whole: &Look) {
        let (width, (across, down)) = (self.map.width, whole.cell());
        let middles = (0..self.map.values.len() as u32).map(|index| (index % width, index / width));
        let earlier: Vec<f32> = middles
            .map(|(column, row)| {
                let Point { x, y } = self.on_picture(Point { x: f64::from(column) + 0.5, y: f64::from(row) + 0.5 });
                whole.map.between(x / across, y / down)
            })
            .collect();
        for (value, earlier) in self.map.values.iter_mut().zip(earlier) {
            *value += (earlier - *value) * WHOLE_COUNTS;
        }
    }
}

/// Looks that together see everything that the first one found.
pub(super) fn at(net: &Net, picture: &Picture) -> Result<Vec<Look>, Failure> {
    let all = Place { left: 0, top: 0, width: picture.width, height: picture.height };
    let whole = Look::at(net, picture, all, WHOLE)?;
    let finds = whole.over(FIND).iter().map(|region| whole.around(region)).collect();
    let places = together(finds, all);
    let budget = CLOSE / places.len() as f64;
    let closer = places.into_iter().map(|place| {
        let mut close = Look::at(net, picture, place, budget)?;
        close.blend(&whole);
        Ok(close)
    });
    closer.collect()
}

/// What the network is shown of a place: about as many pixels as the budget has, in its shape as nearly as the grain
/// allows.
fn size(place: Place, budget: f64) -> (u32, u32) {
    let (width, height) = (f64::from(place.width), f64::from(place.height));
    let scale = (budget / (width * height)).sqrt();
    let grain = f64::from(GRAIN);
    // A strip is made thicker: it may be as long as four squares of the budget are wide.
    let longest = budget.sqrt() * 2.0;
    let side = |side: f64| ((side * scale).clamp(grain, longest) / grain).round() as u32 * GRAIN;
    (side(width), side(height))
}

/// Places on a picture that need not end with it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Span {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Span {
    fn with(self, other: Span) -> Span {
        Span {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    fn area(self) -> f64 {
        (self.right - self.left) * (self.bottom - self.top)
    }

    /// What seeing both at once costs beside seeing each: negative if they overlap by much.
    fn cost_with(self, other: Span) -> f64 {
        self.with(other).area() - self.area() - other.area()
    }

    fn overlaps(self, other: Span) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }

    /// The pixels of a picture that it touches.
    fn on(self, picture: Place) -> Place {
        let (width, height) = (f64::from(picture.width), f64::from(picture.height));
        let (left, top) = (self.left.clamp(0.0, width - 1.0).floor(), self.top.clamp(0.0, height - 1.0).floor());
        let (right, bottom) = (self.right.clamp(left + 1.0, width).ceil(), self.bottom.clamp(top + 1.0, height).ceil());
        Place { left: left as u32, top: top as u32, width: (right - left) as u32, height: (bottom - top) as u32 }
    }
}

/// Joins places until none overlap and there are few enough, the two first that lose least by it.
fn together(mut spans: Vec<Span>, picture: Place) -> Vec<Place> {
    loop {
        let pairs = (0..spans.len()).flat_map(|one| (one + 1..spans.len()).map(move |other| (one, other)));
        let cheapest = pairs
            .filter(|&(one, other)| spans.len() > CLOSER_LOOKS || spans[one].overlaps(spans[other]))
            .min_by(|&(a, b), &(c, d)| spans[a].cost_with(spans[b]).total_cmp(&spans[c].cost_with(spans[d])));
        let Some((one, other)) = cheapest else { break };
        let joined = spans.swap_remove(other);
        spans[one] = spans[one].with(joined);
    }
    spans.into_iter().map(|span| span.on(picture)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PICTURE: Place = Place { left: 0, top: 0, width: 1000, height: 800 };

    fn square(x: f64, y: f64, half: f64) -> Span {
        Span { left: x - half, top: y - half, right: x + half, bottom: y + half }
    }

    fn place(left: u32, top: u32, width: u32, height: u32) -> Place {
        Place { left, top, width, height }
    }

    #[test]
    fn finds_that_lie_near_each_other_share_a_look() {
        let finds = vec![square(100.0, 100.0, 50.0), square(700.0, 500.0, 50.0), square(180.0, 100.0, 50.0)];
        assert_eq!(together(finds, PICTURE), [place(50, 50, 180, 100), place(650, 450, 100, 100)]);
    }

    #[test]
    fn a_hundred_finds_make_few_looks_that_see_them_all() {
        let finds: Vec<_> =
            (0..100).map(|it| square(f64::from(it % 10) * 100.0, f64::from(it / 10) * 80.0, 9.0)).collect();
        let places = together(finds.clone(), PICTURE);
        assert!((1..=CLOSER_LOOKS).contains(&places.len()));
        for find in finds {
            let at = find.on(PICTURE);
            assert!(places.iter().any(|it| it.left <= at.left && at.left + at.width <= it.left + it.width));
        }
    }

    #[test]
    fn a_look_ends_with_the_picture_and_is_never_empty() {
        assert_eq!(square(0.0, 0.0, 50.0).on(PICTURE), place(0, 0, 50, 50));
        assert_eq!(square(0.2, 0.2, 0.1).on(place(0, 0, 1, 1)), place(0, 0, 1, 1));
        assert_eq!(square(1000.0, 800.0, 0.0).on(PICTURE), place(999, 799, 1, 1));
    }

    #[test]
    fn what_the_network_is_shown_has_sides_that_it_can_halve_five_times_and_about_the_budget() {
        assert_eq!(size(place(0, 0, 1200, 1600), WHOLE), (288, 384));
        assert_eq!(size(place(0, 0, 1, 1), CLOSE), (224, 224));
        for (width, height) in [(20_000, 1), (1, 20_000), (1600, 900), (3, 2)] {
            let (wide, high) = size(place(0, 0, width, height), WHOLE);
            assert!(wide % GRAIN == 0 && high % GRAIN == 0 && wide > 0 && high > 0);
            assert!(f64::from(wide * high) < WHOLE * 1.3, "{wide} x {high}");
        }
    }
}
