//! How a phone stores a picture that it held another way: the pixels as the sensor lay, and a number that says so.

/// The size in which an upright picture is stored.
pub(crate) fn stored_size(width: usize, height: usize, orientation: u16) -> (usize, usize) {
    if (5..=8).contains(&orientation) { (height, width) } else { (width, height) }
}

/// Lays out an upright picture so that applying the EXIF orientation to it gives it back.
pub(crate) fn stored(upright: Vec<u8>, width: usize, height: usize, orientation: u16) -> Vec<u8> {
    if !(2..=8).contains(&orientation) {
        return upright;
    }
    let (stored_width, _) = stored_size(width, height, orientation);
    let (right, bottom) = (width - 1, height - 1);
    let source = |x: usize, y: usize| match orientation {
        2 => (right - x, y),
        3 => (right - x, bottom - y),
        4 => (x, bottom - y),
        5 => (y, x),
        6 => (right - y, x),
        7 => (right - y, bottom - x),
        _ => (y, bottom - x),
    };
    let mut stored = vec![0; upright.len()];
    // Bands of rows, and in them blocks of columns, keep both pictures' lines in the processor's cache.
    const BLOCK: usize = 32;
    let line = stored_width * 3;
    for (band, rows) in stored.chunks_mut(line * BLOCK).enumerate() {
        for left in (0..stored_width).step_by(BLOCK) {
            for (n, row) in rows.chunks_exact_mut(line).enumerate() {
                let end = (left + BLOCK).min(stored_width);
                for x in left..end {
                    let (from_x, from_y) = source(x, band * BLOCK + n);
                    let from = (from_y * width + from_x) * 3;
                    row[x * 3..x * 3 + 3].copy_from_slice(&upright[from..from + 3]);
                }
            }
        }
    }
    stored
}

#[cfg(test)]
mod tests {
    use image::metadata::Orientation;
    use image::{DynamicImage, RgbImage};

    use super::*;

    #[test]
    fn applying_the_orientation_gives_the_upright_picture() {
        let (width, height) = (70, 41);
        let upright: Vec<u8> = (0..width * height * 3).map(|n| (n * 7 % 251) as u8).collect();
        for orientation in 0..=9 {
            let (w, h) = stored_size(width, height, orientation);
            let stored = stored(upright.clone(), width, height, orientation);
            let mut picture = DynamicImage::ImageRgb8(RgbImage::from_raw(w as u32, h as u32, stored).unwrap());
            if let Some(orientation) = Orientation::from_exif(orientation as u8) {
                picture.apply_orientation(orientation);
            }
            assert_eq!((picture.width(), picture.height()), (width as u32, height as u32));
            assert!(picture.as_bytes() == upright, "orientation {orientation}");
        }
    }
}
