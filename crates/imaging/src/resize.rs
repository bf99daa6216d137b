//! Smaller pictures.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use crate::picture::{Layout, Picture};

/// The size at which a picture's longer side is at most `longest`; its own if it is no larger.
pub(crate) fn fit(width: u32, height: u32, longest: u32) -> (u32, u32) {
    let larger = width.max(height);
    if larger <= longest {
        return (width, height);
    }
    let scaled = |side: u32| {
        let scaled = (u64::from(side) * u64::from(longest) + u64::from(larger) / 2) / u64::from(larger);
        (scaled as u32).max(1)
    };
    (scaled(width), scaled(height))
}

/// The picture at another size, by Lanczos with three lobes: the filter that keeps the most detail.
pub(crate) fn sharp(picture: &Picture, size: (u32, u32)) -> Picture {
    resize(picture, size, FilterType::Lanczos3)
}

/// The picture at another size, by averaging: quick, and it adds no overshoot that a sharpness measure would see.
pub(crate) fn averaged(picture: &Picture, size: (u32, u32)) -> Picture {
    resize(picture, size, FilterType::Box)
}

/// The picture at another size, larger or smaller, evenly: nothing shines at an edge, nothing flickers.
pub(crate) fn even(picture: &Picture, size: (u32, u32)) -> Picture {
    resize(picture, size, FilterType::Bilinear)
}

fn resize(picture: &Picture, (width, height): (u32, u32), filter: FilterType) -> Picture {
    let pixels = match picture.layout {
        Layout::Luma => PixelType::U8,
        Layout::YCbCr | Layout::Rgb => PixelType::U8x3,
    };
    let from = ImageRef::new(picture.width, picture.height, &picture.samples, pixels)
        .expect("a picture has as many samples as its size says");
    let mut to = Image::new(width, height, pixels);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter)).use_alpha(false);
    Resizer::new().resize(&from, &mut to, &options).expect("both pictures have the same kind of pixel");
    Picture { width, height, layout: picture.layout, samples: to.into_vec() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_side_fits_the_shape_stays_and_nothing_grows() {
        assert_eq!(fit(4032, 3024, 1600), (1600, 1200));
        assert_eq!(fit(3024, 4032, 1600), (1200, 1600));
        assert_eq!(fit(512, 512, 1600), (512, 512));
        assert_eq!(fit(20_000, 1, 320), (320, 1));
        assert_eq!(fit(1600, 1067, 320), (320, 213));
    }
}
