//! Suggested outlines against masks that people drew: `cargo xtask imaging-eval --images DIR --masks DIR`.

mod machine;
mod mask;
mod summary;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, ensure};
use clap::Args;
use image::RgbImage;
use samspil_imaging::{
    Limits,
    suggest::{Model, Suggestion},
};
use serde::Serialize;

use self::{mask::Mask, summary::Summary};

/// Where the weights lie in a checkout.
const MODEL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../imaging/models/outline.onnx");

#[derive(Args)]
pub(crate) struct OutlinesCommand {
    /// Photos: PNG, JPEG or WebP. A black border is cut away before the model sees them.
    #[arg(long)]
    images: PathBuf,
    /// A PNG of the same name for each: wound where it is lighter than half.
    #[arg(long)]
    masks: PathBuf,
    /// The weights.
    #[arg(long, default_value = MODEL)]
    model: PathBuf,
    /// One JSON object in place of a table.
    #[arg(long)]
    json: bool,
}

/// What came of one photo.
#[derive(Serialize)]
struct Photo {
    image: String,
    /// Twice the pixels that both have by the sum of what each has. Where neither has any, 1.
    dice: f64,
    /// The difference of the areas by the true one; none where there is no wound.
    area_error: Option<f64>,
    /// Processor time from the file's bytes to the polygons; without the reading of the weights.
    cpu_ms: f64,
    /// The wound by its mask.
    pixels: usize,
    /// The wound by the model, and what both share.
    found_pixels: usize,
    shared_pixels: usize,
    /// Of the photo, without its border.
    photo_pixels: usize,
    /// The mean of the suggestions' confidences, by their areas; none without a suggestion.
    confidence: Option<f64>,
    suggestions: Vec<Suggested>,
}

/// One suggestion.
#[derive(Serialize)]
struct Suggested {
    confidence: f64,
    /// With the wounds of the mask that it touches; 0 if it touches none.
    dice: f64,
    pixels: usize,
    corners: usize,
}

#[derive(Serialize)]
struct Report<'a> {
    model: &'a str,
    photos: &'a [Photo],
    summary: &'a Summary,
}

impl OutlinesCommand {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let weights = fs::read(&self.model).with_context(|| format!("no weights at {}", self.model.display()))?;
        let before = machine::cpu_ms();
        let model = Model::read(weights).with_context(|| format!("{} is no model", self.model.display()))?;
        let load_cpu_ms = machine::cpu_ms() - before;
        let photos = files(&self.images)?
            .iter()
            .map(|path| self.measure(&model, path).with_context(|| path.display().to_string()))
            .collect::<anyhow::Result<Vec<_>>>()?;
        ensure!(!photos.is_empty(), "there are no photos at {}", self.images.display());
        let summary = Summary::of(&photos, load_cpu_ms);
        if self.json {
            let report = Report { model: model.version(), photos: &photos, summary: &summary };
            println!("{}", serde_json::to_string_pretty(&report)?);
        } else {
            println!("{}", model.version());
            for photo in &photos {
                println!("{photo}");
            }
            println!("{summary}");
        }
        Ok(())
    }

    fn measure(&self, model: &Model, path: &Path) -> anyhow::Result<Photo> {
        let name = path.file_stem().unwrap_or_default();
        let mask = self.masks.join(name).with_extension("png");
        let mask = image::open(&mask).with_context(|| mask.display().to_string())?.into_luma8();
        let photo = image::open(path)?.into_rgb8();
        ensure!(mask.dimensions() == photo.dimensions(), "the mask has another size than the photo");
        let (truth, corner) = (Mask::drawn(&mask), filled(&photo));
        let [left, top, width, height] = corner;
        let photo = image::imageops::crop_imm(&photo, left, top, width, height).to_image();
        let bytes = png(&photo)?;

        let before = machine::cpu_ms();
        let found = model.suggest(&bytes, (width, height), &Limits::default())?;
        let cpu_ms = machine::cpu_ms() - before;
        Ok(Photo::of(name.to_string_lossy().into_owned(), cpu_ms, &truth, &found, corner))
    }
}

impl Photo {
    fn of(image: String, cpu_ms: f64, truth: &Mask, found: &[Suggestion], place: [u32; 4]) -> Self {
        let [left, top, width, height] = place;
        let size = truth.size();
        let each: Vec<_> = found.iter().map(|it| Mask::within(&it.points, (left, top), size)).collect();
        let all = each.iter().fold(Mask::empty(size), |all, it| all.or(it));
        let (pixels, found_pixels, shared_pixels) = (truth.count(), all.count(), all.and(truth).count());
        let wounds = truth.parts();
        let suggestions = found.iter().zip(&each).map(|(suggestion, mask)| {
            let touched = wounds.iter().filter(|wound| wound.and(mask).count() > 0);
            let touched = touched.fold(Mask::empty(size), |all, it| all.or(it));
            Suggested {
                confidence: suggestion.confidence,
                dice: mask.dice(&touched),
                pixels: mask.count(),
                corners: suggestion.points.len(),
            }
        });
        let weight: f64 = found.iter().map(|it| it.area_px).sum();
        let confidence = found.iter().map(|it| it.confidence * it.area_px).sum::<f64>() / weight;
        Photo {
            image,
            dice: all.dice(truth),
            area_error: (pixels > 0).then(|| found_pixels.abs_diff(pixels) as f64 / pixels as f64),
            cpu_ms,
            pixels,
            found_pixels,
            shared_pixels,
            photo_pixels: (width * height) as usize,
            confidence: (!found.is_empty()).then_some(confidence),
            suggestions: suggestions.collect(),
        }
    }
}

/// The files of a folder by their names.
fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<anyhow::Result<Vec<_>>>()?;
    files.sort();
    Ok(files)
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

fn png(photo: &RgbImage) -> anyhow::Result<Vec<u8>> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    photo.write_to(&mut bytes, image::ImageFormat::Png)?;
    Ok(bytes.into_inner())
}
