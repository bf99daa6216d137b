//! Which way up a stored picture is.

use crate::picture::{Picture, Place};

/// How the stored picture must be turned to be upright: the eight values of EXIF's Orientation tag.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Orientation {
    /// 1: as stored.
    #[default]
    Upright,
    /// 2: mirror left to right.
    Mirrored,
    /// 3: turn by half.
    UpsideDown,
    /// 4: mirror top to bottom.
    Flipped,
    /// 5: mirror along the diagonal from top left to bottom right.
    Transposed,
    /// 6: turn a quarter clockwise. What a phone held upright writes.
    QuarterRight,
    /// 7: mirror along the diagonal from top right to bottom left.
    Transversed,
    /// 8: turn a quarter counter-clockwise.
    QuarterLeft,
}

impl Orientation {
    /// All of them, in the order of their EXIF values 1 to 8.
    pub const ALL: [Self; 8] = [
        Self::Upright,
        Self::Mirrored,
        Self::UpsideDown,
        Self::Flipped,
        Self::Transposed,
        Self::QuarterRight,
        Self::Transversed,
        Self::QuarterLeft,
    ];

    /// From EXIF's value, 1 to 8; `None` for anything else.
    pub fn from_exif(value: u16) -> Option<Self> {
        let index = usize::from(value).checked_sub(1)?;
        Self::ALL.get(index).copied()
    }

    /// EXIF's value, 1 to 8.
    pub fn exif(self) -> u16 {
        self as u16 + 1
    }

    /// Whether width and height change places when the picture is turned upright.
    pub fn swaps_sides(self) -> bool {
        self.exif() >= 5
    }

    /// The upright width and height of a picture that is stored as `width` x `height`.
    pub fn upright_size(self, width: u32, height: u32) -> (u32, u32) {
        if self.swaps_sides() { (height, width) } else { (width, height) }
    }

    /// Turns a picture upright. Takes the renditions, not the photo: a thirtieth of the pixels to move.
    pub(crate) fn apply(self, picture: Picture) -> Picture {
        if self == Self::Upright {
            return picture;
        }
        let (width, height) = self.upright_size(picture.width, picture.height);
        let mut samples = vec![0; picture.samples.len()];
        let walk = self.walk(picture.width as isize, picture.height as isize);
        let size = (width as usize, height as usize);
        match picture.layout.channels() {
            1 => turn::<1>(&picture.samples, &mut samples, size, walk),
            _ => turn::<3>(&picture.samples, &mut samples, size, walk),
        }
        Picture { width, height, samples, ..picture }
    }

    /// Where a rectangle of the upright picture lies in the stored one, which is `stored` (width, height) pixels: both by
    /// their upper left corner, and `size` upright.
    pub(crate) fn stored_place(self, (x, y): (u32, u32), size: (u32, u32), stored: (u32, u32)) -> Place {
        let Walk { start, right, down } = self.walk(stored.0 as isize, stored.1 as isize);
        let pixel = |x: u32, y: u32| {
            let at = start + x as isize * right + y as isize * down;
            ((at % stored.0 as isize) as u32, (at / stored.0 as isize) as u32)
        };
        let (one, other) = (pixel(x, y), pixel(x + size.0 - 1, y + size.1 - 1));
        let (width, height) = self.upright_size(size.0, size.1);
        Place { left: one.0.min(other.0), top: one.1.min(other.1), width, height }
    }

    /// Where the stored pixel of upright (x, y) is: `start + x * right + y * down`, counted in pixels.
    fn walk(self, width: isize, height: isize) -> Walk {
        let (last_column, last_row) = (width - 1, (height - 1) * width);
        let (start, right, down) = match self {
            Self::Upright => (0, 1, width),
            Self::Mirrored => (last_column, -1, width),
            Self::UpsideDown => (last_row + last_column, -1, -width),
            Self::Flipped => (last_row, 1, -width),
            Self::Transposed => (0, width, 1),
            Self::QuarterRight => (last_row, -width, 1),
            Self::Transversed => (last_row + last_column, -width, -1),
            Self::QuarterLeft => (last_column, width, -1),
        };
        Walk { start, right, down }
    }
}

/// How to walk through the stored picture while the upright one is written row by row.
#[derive(Clone, Copy)]
struct Walk {
    start: isize,
    right: isize,
    down: isize,
}

/// A quarter turn reads down columns. In squares of this many pixels, the rows that it touches stay in the cache.
const TILE: usize = 32;

/// Moves pixels of `C` bytes from `from` to `to`, which is `size` (width, height) pixels.
fn turn<const C: usize>(from: &[u8], to: &mut [u8], size: (usize, usize), walk: Walk) {
    let (width, height) = size;
    let (from, _) = from.as_chunks::<C>();
    let (to, _) = to.as_chunks_mut::<C>();
    debug_assert_eq!((from.len(), to.len()), (width * height, width * height));
    for top in (0..height).step_by(TILE) {
        for left in (0..width).step_by(TILE) {
            let right = (left + TILE).min(width);
            for y in top..(top + TILE).min(height) {
                let mut at = walk.start + left as isize * walk.right + y as isize * walk.down;
                for pixel in &mut to[y * width + left..y * width + right] {
                    *pixel = from[at as usize];
                    at += walk.right;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Layout;

    /// ```text
    /// 1 2 3
    /// 4 5 6
    /// ```
    fn stored() -> Picture {
        Picture { width: 3, height: 2, layout: Layout::Luma, samples: vec![1, 2, 3, 4, 5, 6] }
    }

    #[test]
    fn each_of_the_eight_values_turns_as_exif_says() {
        let upright: [(u32, [u8; 6]); 8] = [
            (3, [1, 2, 3, 4, 5, 6]),
            (3, [3, 2, 1, 6, 5, 4]),
            (3, [6, 5, 4, 3, 2, 1]),
            (3, [4, 5, 6, 1, 2, 3]),
            (2, [1, 4, 2, 5, 3, 6]),
            (2, [4, 1, 5, 2, 6, 3]),
            (2, [6, 3, 5, 2, 4, 1]),
            (2, [3, 6, 2, 5, 1, 4]),
        ];
        for (orientation, (width, samples)) in Orientation::ALL.into_iter().zip(upright) {
            let turned = orientation.apply(stored());
            assert_eq!((turned.width, turned.samples), (width, samples.to_vec()), "{orientation:?}");
        }
    }

    #[test]
    fn what_is_cut_and_turned_is_what_would_be_turned_and_cut() {
        let samples = (0..7 * 5).collect();
        let whole = Picture { width: 7, height: 5, layout: Layout::Luma, samples };
        for orientation in Orientation::ALL {
            let upright = orientation.apply(whole.clone());
            let (left, top, width, height) = (1, 2, 3, 2);
            let place = orientation.stored_place((left, top), (width, height), (7, 5));
            let cut = orientation.apply(whole.cropped(place));
            assert_eq!((cut.width, cut.height), (width, height), "{orientation:?}");
            assert_eq!(cut.samples, upright.cropped(Place { left, top, width, height }).samples, "{orientation:?}");
        }
    }

    #[test]
    fn values_outside_one_to_eight_are_none() {
        assert_eq!(Orientation::from_exif(0), None);
        assert_eq!(Orientation::from_exif(9), None);
        for value in 1..=8 {
            assert_eq!(Orientation::from_exif(value).unwrap().exif(), value);
        }
    }
}
