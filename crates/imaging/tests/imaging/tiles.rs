//! What `tiles::cut` makes of whole photos.

use image::RgbImage;
use samspil_imaging::{
    Limits, Refusal,
    tiles::{Grid, Index, SIDE, cut},
};

use crate::make::*;

/// A packed file, opened.
struct Packed {
    file: Vec<u8>,
    grid: Grid,
    index: Index,
}

impl Packed {
    fn of(photo: &[u8], (width, height): (u32, u32)) -> Packed {
        let (file, grid) = (cut(photo, &Limits::default()).unwrap(), Grid::of(width, height));
        let index = Index::read(&file[..grid.head_bytes()], &grid).unwrap();
        Packed { file, grid, index }
    }

    fn tile(&self, level: u32, column: u32, row: u32) -> &[u8] {
        let range = self.index.range(self.grid.ordinal(level, column, row).unwrap()).unwrap();
        &self.file[range.start as usize..range.end as usize]
    }

    /// A level put together again.
    fn level(&self, level: u32, (width, height): (u32, u32)) -> RgbImage {
        let mut whole = RgbImage::new(width, height);
        let (columns, rows) = self.grid.tiles(level).unwrap();
        for (row, column) in (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))) {
            let tile = pixels(self.tile(level, column, row));
            let (left, top) = (column * SIDE, row * SIDE);
            assert_eq!(tile.dimensions(), (SIDE.min(width - left), SIDE.min(height - top)), "{level} {column} {row}");
            image::imageops::replace(&mut whole, &tile, i64::from(left), i64::from(top));
        }
        whole
    }
}

/// The mean difference of two pictures of one size, in 255ths.
fn difference(one: &RgbImage, other: &RgbImage) -> f64 {
    assert_eq!(one.dimensions(), other.dimensions());
    let sum: u64 = one.as_raw().iter().zip(other.as_raw()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / one.as_raw().len() as f64
}

#[test]
fn the_levels_halve_down_to_one_pixel() {
    for (size, top) in [((1, 1), 0), ((2, 1), 1), ((3, 2), 2), ((512, 512), 9), ((513, 1), 10), ((4032, 3024), 12)] {
        assert_eq!(Grid::of(size.0, size.1).top(), top, "{size:?}");
    }
    let grid = Grid::of(4032, 3024);
    let tiles: Vec<_> = (0..=12).rev().map(|level| grid.tiles(level).unwrap()).collect();
    assert_eq!(tiles[..5], [(8, 6), (4, 3), (2, 2), (1, 1), (1, 1)]);
    assert_eq!(grid.count(), 48 + 12 + 4 + 10);
    assert_eq!(grid.tiles(13), None);
    assert_eq!((grid.ordinal(12, 0, 0), grid.ordinal(12, 7, 5), grid.ordinal(11, 0, 0)), (Some(0), Some(47), Some(48)));
    assert_eq!((grid.ordinal(12, 8, 0), grid.ordinal(12, 0, 6), grid.ordinal(13, 0, 0)), (None, None, None));
    assert_eq!(grid.ordinal(0, 0, 0), Some(73));
}

#[test]
fn the_top_level_is_the_photo_upright_whichever_way_it_lies() {
    // Neither side is whole tiles, and both are odd.
    let picture = scene(1101, 771);
    for orientation in 1..=8 {
        let photo = laden_jpeg(&picture, orientation);
        let mut upright = image::DynamicImage::ImageRgb8(pixels(&photo));
        upright.apply_orientation(image::metadata::Orientation::from_exif(orientation as u8).unwrap());
        let upright = upright.to_rgb8();
        let packed = Packed::of(&photo, upright.dimensions());
        let found = packed.level(packed.grid.top(), upright.dimensions());
        let apart = difference(&found, &upright);
        assert!(apart < 2.0, "{orientation}: {apart}");
        assert!(!contains(&packed.file, SECRET), "{orientation}");
        // The least level is one pixel of everything.
        assert_eq!(pixels(packed.tile(0, 0, 0)).dimensions(), (1, 1));
    }
}

#[test]
fn each_level_is_the_photo_at_half_the_size() {
    let picture = textured(1500, 1100);
    let packed = Packed::of(&jpeg(&picture), (1500, 1100));
    for (level, size) in [(10, (750, 550)), (9, (375, 275)), (8, (188, 138))] {
        let expected = image::imageops::resize(&picture, size.0, size.1, image::imageops::FilterType::Triangle);
        let apart = difference(&packed.level(level, size), &expected);
        assert!(apart < 6.0, "{level}: {apart}");
    }
}

#[test]
fn every_kind_of_photo_is_cut_however_small() {
    let picture = scene(40, 30);
    for photo in [jpeg(&picture), png(&picture), webp(&picture)] {
        let packed = Packed::of(&photo, (40, 30));
        // The sharp edges between its corners take more of a small picture, and their colours are kept at half the size.
        let apart = difference(&packed.level(6, (40, 30)), &picture);
        assert!(apart < 8.0, "{apart}");
        assert_eq!(packed.grid.count(), 7);
    }
    assert_eq!(Packed::of(&png(&scene(1, 1)), (1, 1)).grid.count(), 1);
    let line = Packed::of(&png(&scene(3000, 1)), (3000, 1));
    assert_eq!(line.level(12, (3000, 1)).dimensions(), (3000, 1));
}

#[test]
fn a_head_of_another_photo_is_no_index() {
    let packed = Packed::of(&jpeg(&scene(600, 400)), (600, 400));
    let head = &packed.file[..packed.grid.head_bytes()];
    assert_eq!(Index::read(head, &Grid::of(700, 1400)), None);
    assert_eq!(Index::read(&head[1..], &packed.grid), None);
    assert_eq!(Index::read(&vec![0xff; head.len()], &packed.grid), None);
    let mut turned = head.to_vec();
    turned[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(Index::read(&turned, &packed.grid), None);
}

#[test]
fn what_is_no_photo_is_not_cut() {
    assert_eq!(cut(b"", &Limits::default()), Err(Refusal::Empty));
    let photo = jpeg(&textured(200, 200));
    assert!(matches!(cut(&photo[..photo.len() / 2], &Limits::default()), Err(Refusal::Truncated)));
    let few = Limits { max_pixels: 1000, ..Limits::default() };
    assert!(matches!(cut(&photo, &few), Err(Refusal::TooManyPixels { .. })));
}
