//! A photo in tiles, for looking at a large one closely: the pyramid of Deep Zoom, packed into one file.
//!
//! Level `top` is the upright photo itself, where top is the least level with 2^top at or above its longer side; each level
//! below is half of the one above, rounded up, down to a single pixel at level 0. Each level is cut into tiles of [`SIDE`]
//! pixels without overlap, less at the right and lower edges.
//!
//! The packed file is a list of offsets, one for each tile and one for the end, and then the tiles: the photo's own level
//! first, each level row by row. Where a tile's offset stands follows from the photo's size alone ([`Grid`]).

use std::ops::Range;

use crate::deadline::Deadline;
use crate::decode::decode;
use crate::{Limits, Refusal, encode, inspect, resize, strip};

/// Width and height of a tile, in pixels.
pub const SIDE: u32 = 512;

/// JPEG quality: above that of the display, since a tile is looked at pixel by pixel.
const QUALITY: u8 = 85;

/// Bytes of an offset in the packed file, least significant first.
const OFFSET: usize = 4;

/// Which tiles a photo has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    width: u32,
    height: u32,
}

impl Grid {
    /// Of an upright photo of a width and a height.
    pub fn of(width: u32, height: u32) -> Self {
        Self { width, height }
    }

    /// The level that is the photo itself.
    pub fn top(&self) -> u32 {
        self.width.max(self.height).max(1).next_power_of_two().trailing_zeros()
    }

    /// Columns and rows of a level. `None` above the photo's own.
    pub fn tiles(&self, level: u32) -> Option<(u32, u32)> {
        let halvings = self.top().checked_sub(level)?;
        let tiles = |side: u32| side.div_ceil(1 << halvings).div_ceil(SIDE);
        Some((tiles(self.width), tiles(self.height)))
    }

    /// How many tiles there are in all.
    pub fn count(&self) -> usize {
        self.before(0) + 1
    }

    /// Where a tile comes in the packed file. `None` for one that there is not.
    pub fn ordinal(&self, level: u32, column: u32, row: u32) -> Option<usize> {
        let (columns, rows) = self.tiles(level)?;
        (column < columns && row < rows).then(|| self.before(level) + row as usize * columns as usize + column as usize)
    }

    /// How many bytes of the packed file are offsets.
    pub fn head_bytes(&self) -> usize {
        (self.count() + 1) * OFFSET
    }

    /// Tiles of the levels above one.
    fn before(&self, level: u32) -> usize {
        let above = (level + 1..=self.top()).filter_map(|level| self.tiles(level));
        above.map(|(columns, rows)| columns as usize * rows as usize).sum()
    }
}

/// Where the tiles are in a packed file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index(Vec<u32>);

impl Index {
    /// Reads the first [`Grid::head_bytes`] of a packed file. `None` when these are none of such a photo.
    pub fn read(head: &[u8], grid: &Grid) -> Option<Self> {
        let offsets: Vec<_> = head.as_chunks::<OFFSET>().0.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect();
        let is_whole = head.len() == grid.head_bytes() && offsets.first() == Some(&(head.len() as u32));
        (is_whole && offsets.is_sorted()).then_some(Self(offsets))
    }

    /// The bytes of the tile that comes at a place in the file.
    pub fn range(&self, ordinal: usize) -> Option<Range<u64>> {
        Some(u64::from(*self.0.get(ordinal)?)..u64::from(*self.0.get(ordinal + 1)?))
    }
}

/// Decodes a photo once, within `limits`, and cuts all its tiles: the packed file.
///
/// Holds the decoded photo, a quarter of it, and the tiles. It is never turned as a whole: each tile is cut where it lies in
/// the stored picture and turned by itself.
///
/// # Errors
///
/// As [`process`](crate::process()).
pub fn cut(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, Refusal> {
    let inspected = inspect(bytes, limits)?;
    let clean = strip(bytes, &inspected)?;
    let mut picture = decode(&clean, &inspected, Deadline::within(limits.max_decode))?;
    drop(clean);
    let (width, height) = inspected.orientation.upright_size(picture.width, picture.height);
    let grid = Grid::of(width, height);
    let mut pack = Pack::of(&grid);
    for level in (0..=grid.top()).rev() {
        let (width, height) = inspected.orientation.upright_size(picture.width, picture.height);
        for top in (0..height).step_by(SIDE as usize) {
            for left in (0..width).step_by(SIDE as usize) {
                let size = (SIDE.min(width - left), SIDE.min(height - top));
                let place = inspected.orientation.stored_place((left, top), size, (picture.width, picture.height));
                let tile = inspected.orientation.apply(picture.cropped(place));
                let jpeg = encode::jpeg(&tile, QUALITY, inspected.icc_profile.as_deref());
                pack.add(&jpeg.map_err(|_| Refusal::damaged("it cannot be cut"))?);
            }
        }
        if level > 0 {
            picture = resize::averaged(&picture, (picture.width.div_ceil(2), picture.height.div_ceil(2)));
        }
    }
    Ok(pack.file)
}

/// The packed file in the making: room for the offsets, then what was added.
struct Pack {
    file: Vec<u8>,
    added: usize,
}

impl Pack {
    fn of(grid: &Grid) -> Self {
        let mut pack = Self { file: vec![0; grid.head_bytes()], added: 0 };
        pack.note_end();
        pack
    }

    fn add(&mut self, tile: &[u8]) {
        self.file.extend_from_slice(tile);
        self.added += 1;
        self.note_end();
    }

    /// Where one tile ends the next begins.
    fn note_end(&mut self) {
        let end = (self.file.len() as u32).to_le_bytes();
        self.file[self.added * OFFSET..][..OFFSET].copy_from_slice(&end);
    }
}
