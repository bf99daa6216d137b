//! Suggested outlines against masks that people drew: `cargo xtask imaging-eval --images DIR --masks DIR`.

mod machine;
mod summary;

use std::{fs, path::PathBuf};

use anyhow::Context as _;
use clap::Args;
use samspil_imaging::{
    Limits,
    suggest::{Model, Suggestion},
};
use serde::Serialize;

use self::summary::Summary;
use crate::{
    mask::Mask,
    photos::{Folders, Pair, png},
};

/// Where the weights lie in a checkout.
const MODEL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../imaging/models/outline.onnx");

#[derive(Args)]
pub(crate) struct OutlinesCommand {
    #[command(flatten)]
    folders: Folders,
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
        let photos = self.folders.pairs()?.map(|pair| measure(&model, &pair?)).collect::<anyhow::Result<Vec<_>>>()?;
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
}

/// The model sees the photo without its border.
fn measure(model: &Model, pair: &Pair) -> anyhow::Result<Photo> {
    let bytes = png(&pair.bare())?;
    let [_, _, width, height] = pair.place;
    let before = machine::cpu_ms();
    let found = model.suggest(&bytes, (width, height), &Limits::default()).with_context(|| pair.name.clone())?;
    let cpu_ms = machine::cpu_ms() - before;
    Ok(Photo::of(pair.name.clone(), cpu_ms, &pair.mask, &found, pair.place))
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
