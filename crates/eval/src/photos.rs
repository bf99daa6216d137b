//! Photos and the masks that people drew of the wounds on them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, ensure};
use image::RgbImage;

use crate::mask::Mask;

/// Where they are.
#[derive(clap::Args)]
pub(crate) struct Folders {
    /// Photos: PNG, JPEG or WebP. A black border is no part of them.
    #[arg(long)]
    images: PathBuf,
    /// A PNG of the same name for each: wound where it is lighter than half.
    #[arg(long)]
    masks: PathBuf,
}

/// A photo and its mask.
pub(crate) struct Pair {
    /// The file's, without its ending.
    pub(crate) name: String,
    pub(crate) photo: RgbImage,
    pub(crate) mask: Mask,
    /// Left, top, width and height of the photo without its border.
    pub(crate) place: [u32; 4],
}

impl Folders {
    /// All of them by their names, at least one.
    pub(crate) fn pairs(&self) -> anyhow::Result<impl Iterator<Item = anyhow::Result<Pair>>> {
        let entries = fs::read_dir(&self.images).with_context(|| self.images.display().to_string())?;
        let mut files = entries.map(|entry| Ok(entry?.path())).collect::<anyhow::Result<Vec<_>>>()?;
        ensure!(!files.is_empty(), "there are no photos at {}", self.images.display());
        files.sort();
        Ok(files.into_iter().map(|path| self.pair(&path).with_context(|| path.display().to_string())))
    }

    fn pair(&self, path: &Path) -> anyhow::Result<Pair> {
        let name = path.file_stem().unwrap_or_default();
        let mask = self.masks.join(name).with_extension("png");
        let mask = image::open(&mask).with_context(|| mask.display().to_string())?.into_luma8();
        let photo = image::open(path)?.into_rgb8();
        ensure!(mask.dimensions() == photo.dimensions(), "the mask has another size than the photo");
        let place = filled(&photo);
        Ok(Pair { name: name.to_string_lossy().into_owned(), mask: Mask::drawn(&mask), place, photo })
    }
}

impl Pair {
    /// The photo without its border.
    pub(crate) fn bare(&self) -> RgbImage {
        let [left, top, width, height] = self.place;
        image::imageops::crop_imm(&self.photo, left, top, width, height).to_image()
    }
}

/// Left, top, width and height of a photo without its black border: a line of it has hardly a pixel that is not black, up to
/// what compression leaves of a neighbour.
fn filled(photo: &RgbImage) -> [u32; 4] {
    let (width, height) = photo.dimensions();
    let is_filled = |x: u32, y: u32| photo.get_pixel(x, y).0.iter().any(|it| *it > 12);
    let columns: Vec<u32> =
        (0..width).filter(|&x| (0..height).filter(|&y| is_filled(x, y)).count() * 50 > height as usize).collect();
    let rows: Vec<u32> =
        (0..height).filter(|&y| (0..width).filter(|&x| is_filled(x, y)).count() * 50 > width as usize).collect();
    match (&columns[..], &rows[..]) {
        ([left, .., right], [top, .., bottom]) => [*left, *top, right - left + 1, bottom - top + 1],
        _ => [0, 0, width, height],
    }
}

pub(crate) fn png(photo: &RgbImage) -> anyhow::Result<Vec<u8>> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    photo.write_to(&mut bytes, image::ImageFormat::Png)?;
    Ok(bytes.into_inner())
}
