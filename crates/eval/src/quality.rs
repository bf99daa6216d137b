//! How well bad photos are told from good ones: `cargo xtask quality-eval --images DIR --masks DIR`.
//!
//! The photos are taken for good ones as they are, and then spoilt on purpose. Every measure is held against several
//! thresholds: how many of the good ones each calls bad, and how many of the spoilt ones. The wound's own measures are taken
//! within the mask that a person drew.

mod curve;
mod spoil;

use anyhow::Context as _;
use image::{GrayImage, RgbImage, imageops};
use samspil_imaging::{Limits, Quality, Thresholds, WoundQuality, process};
use serde::Serialize;

use self::{curve::Report, spoil::Spoil};
use crate::{
    mask::Mask,
    photos::{Folders, Pair, png},
};

#[derive(clap::Args)]
pub(crate) struct QualityCommand {
    #[command(flatten)]
    folders: Folders,
    /// One JSON object, with every photo in it, in place of the tables.
    #[arg(long)]
    json: bool,
}

/// What was measured on a photo that was spoilt in one way.
#[derive(Serialize)]
struct Seen {
    image: String,
    #[serde(serialize_with = "in_words")]
    spoil: Spoil,
    whole: Numbers,
    wound: Numbers,
    /// The wound's share of the photo.
    share: f32,
    shorter_side_px: f32,
    /// Of the photo without its border.
    longer_side_px: f32,
    warnings: Vec<&'static str>,
}

/// The measures that the photo and the wound both have.
#[derive(Clone, Copy, Serialize)]
struct Numbers {
    sharpness: f32,
    mean_luma: f32,
    clipped_dark: f32,
    clipped_bright: f32,
}

fn in_words<S: serde::Serializer>(spoil: &Spoil, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(spoil)
}

impl QualityCommand {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let mut seen = Vec::new();
        for pair in self.folders.pairs()? {
            let pair = pair?;
            let outlines: Vec<_> = pair.mask.parts().iter().map(Mask::edge).collect();
            anyhow::ensure!(!outlines.is_empty(), "{}: the mask is empty", pair.name);
            for spoil in Spoil::ALL {
                seen.push(Seen::of(&pair, &outlines, spoil).with_context(|| pair.name.clone())?);
            }
        }
        let report = Report::of(&seen);
        match self.json {
            true => println!("{}", serde_json::json!({ "report": report, "photos": seen })),
            false => print!("{report}"),
        }
        Ok(())
    }
}

impl Seen {
    fn of(pair: &Pair, outlines: &[Vec<samspil_imaging::outline::Point>], spoil: Spoil) -> anyhow::Result<Self> {
        let bytes = png(&spoilt(pair, spoil))?;
        let (limits, thresholds) = (Limits::default(), Thresholds::default());
        let whole = process(&bytes, &limits)?.quality;
        let wound = WoundQuality::of(&bytes, pair.photo.dimensions(), outlines, &limits, &thresholds)?;
        let wound = wound.context("the mask has no pixel of the photo")?;
        let warnings = whole.warnings.iter().chain(&wound.warnings).map(|warning| warning.code()).collect();
        Ok(Self {
            image: pair.name.clone(),
            spoil,
            share: wound.share,
            shorter_side_px: wound.shorter_side_px,
            longer_side_px: pair.place[2].max(pair.place[3]) as f32,
            warnings,
            whole: whole.into(),
            wound: wound.into(),
        })
    }
}

/// The photo is spoilt without its border, which stays as black as it was.
fn spoilt(pair: &Pair, spoil: Spoil) -> RgbImage {
    let [left, top, width, height] = pair.place;
    let wound = GrayImage::from_fn(width, height, |x, y| {
        image::Luma([if pair.mask.at((left + x).into(), (top + y).into()) { 255 } else { 0 }])
    });
    let inner = spoil.apply(&pair.bare(), &wound);
    let mut photo = pair.photo.clone();
    imageops::replace(&mut photo, &inner, left.into(), top.into());
    photo
}

impl From<Quality> for Numbers {
    fn from(it: Quality) -> Self {
        let Quality { sharpness, mean_luma, clipped_dark, clipped_bright, .. } = it;
        Self { sharpness, mean_luma, clipped_dark, clipped_bright }
    }
}

impl From<WoundQuality> for Numbers {
    fn from(it: WoundQuality) -> Self {
        let WoundQuality { sharpness, mean_luma, clipped_dark, clipped_bright, .. } = it;
        Self { sharpness, mean_luma, clipped_dark, clipped_bright }
    }
}
