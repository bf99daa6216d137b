//! What is on a card, and where.

use crate::code::{MODULES, MarkerId};

/// A card's width and height: small enough to lie beside a wound on a shin, long enough for the ruler's line.
pub const CARD_MM: [f64; 2] = [44.0, 60.0];
/// The length of the tag's sides, from black edge to black edge.
pub const SIDE_MM: f64 = 25.0;
/// The length of the line that a ruler is held to.
pub const RULER_MM: f64 = 50.0;

/// A rectangle on the card, in millimetres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Its left side.
    pub left: f64,
    /// Its upper side.
    pub top: f64,
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
}

impl Rect {
    const fn new(left: f64, top: f64, width: f64, height: f64) -> Self {
        Self { left, top, width, height }
    }

    /// Its corners from the upper left, clockwise.
    #[must_use]
    pub fn corners(&self) -> [[f64; 2]; 4] {
        let (right, bottom) = (self.left + self.width, self.top + self.height);
        [[self.left, self.top], [right, self.top], [right, bottom], [self.left, bottom]]
    }
}

/// Where the tag is. White paper is left around it, a module wide at least: the detector needs that much.
pub const TAG: Rect = Rect::new(13.0, 5.0, SIDE_MM, SIDE_MM);
/// Where the line is. It is 50 mm from end to end, ticks and all.
pub const RULER: Rect = Rect::new(3.0, 5.0, 0.6, RULER_MM);

/// A patch of known colour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Patch {
    /// Where it is.
    pub place: Rect,
    /// Its colour in sRGB, as it is sent to the printer. What a printer makes of it is another matter.
    pub srgb: [u8; 3],
}

const fn patch(column: usize, row: usize, srgb: [u8; 3]) -> Patch {
    const SIDE: f64 = 6.5;
    const APART: f64 = 7.5;
    let (left, top) = (10.5 + APART * column as f64, 34.5 + APART * row as f64);
    Patch { place: Rect::new(left, top, SIDE, SIDE), srgb }
}

/// The patches: four greys for the balance of white, and red, yellow, green and blue for the rest. Red and yellow are near
/// a wound's own.
pub const PATCHES: [Patch; 8] = [
    patch(0, 0, [200, 200, 200]),
    patch(1, 0, [160, 160, 160]),
    patch(2, 0, [118, 118, 118]),
    patch(3, 0, [80, 80, 80]),
    patch(0, 1, [180, 50, 55]),
    patch(1, 1, [232, 195, 70]),
    patch(2, 1, [70, 145, 80]),
    patch(3, 1, [50, 75, 150]),
];

/// A rectangle of one colour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    /// Where it is.
    pub place: Rect,
    /// Its colour in sRGB.
    pub srgb: [u8; 3],
}

const BLACK: [u8; 3] = [0, 0, 0];
const WHITE: [u8; 3] = [255, 255, 255];
const MODULE: f64 = SIDE_MM / MODULES as f64;

/// Everything that is printed on a card but its texts, in the order in which it is: what comes later covers the earlier.
#[must_use]
pub fn marks(id: MarkerId) -> Vec<Mark> {
    let mut marks = vec![Mark { place: TAG, srgb: BLACK }];
    for row in 0..MODULES {
        let mut column = 0;
        while column < MODULES {
            let run = (column..MODULES).take_while(|column| id.is_white(*column, row)).count();
            if run > 0 {
                let (left, top) = (TAG.left + MODULE * column as f64, TAG.top + MODULE * row as f64);
                marks.push(Mark { place: Rect::new(left, top, MODULE * run as f64, MODULE), srgb: WHITE });
            }
            column += run.max(1);
        }
    }
    marks.push(Mark { place: RULER, srgb: BLACK });
    marks.extend((0..=10).map(|n| {
        // Ticks stand with their middles on the 5 mm, but for the two at the ends, which are within the line.
        const THICK: f64 = 0.3;
        let middle = RULER.top + 5.0 * f64::from(n);
        let top = (middle - THICK / 2.0).clamp(RULER.top, RULER.top + RULER.height - THICK);
        let long = if n % 5 == 0 { 2.6 } else { 1.6 };
        Mark { place: Rect::new(RULER.left, top, long, THICK), srgb: BLACK }
    }));
    marks.extend(PATCHES.iter().map(|patch| Mark { place: patch.place, srgb: patch.srgb }));
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_marks_are_on_the_card_and_none_is_in_the_tags_white_border() {
        for id in MarkerId::all() {
            let marks = marks(id);
            for Mark { place, .. } in &marks {
                let [_, _, [right, bottom], _] = place.corners();
                assert!(place.left > 0.0 && place.top > 0.0 && right < CARD_MM[0] && bottom < CARD_MM[1]);
                let is_of_tag = place.left >= TAG.left && place.top >= TAG.top && right <= 38.0 && bottom <= 30.0;
                let is_clear = right <= TAG.left - MODULE || place.top >= TAG.top + TAG.height + MODULE;
                assert!(is_of_tag || is_clear, "{place:?}");
            }
            let ends: Vec<f64> = marks.iter().flat_map(|mark| mark.place.corners()).map(|corner| corner[1]).collect();
            assert!(ends.contains(&RULER.top) && ends.contains(&(RULER.top + RULER_MM)));
        }
    }

    #[test]
    fn the_white_of_a_tag_is_as_its_pattern_says() {
        for id in MarkerId::all() {
            let white: f64 = marks(id)
                .iter()
                .filter(|mark| mark.srgb == WHITE)
                .map(|mark| mark.place.width * mark.place.height)
                .sum();
            let modules = (0..64).filter(|n| id.is_white(n % 8, n / 8)).count();
            assert!((white - modules as f64 * MODULE * MODULE).abs() < 1e-9);
        }
    }
}
