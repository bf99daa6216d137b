//! The file beside a photo that says what was outlined on it.

use std::path::Path;

use anyhow::{Context as _, Result};
use samspil_imaging::{
    measure::{Calibration, TwoPoints},
    outline::Point,
};

/// `NAME.outline.json`.
#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Sidecar {
    outlines: Vec<Vec<[f64; 2]>>,
    pub(super) two_points: Option<Line>,
    pub(super) ruler: Option<Line>,
}

/// Two places a known distance apart.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line {
    start: [f64; 2],
    end: [f64; 2],
    pub(super) mm: f64,
}

impl Sidecar {
    /// Reads the file beside a photo. Without one nothing is outlined.
    pub(super) fn beside(photo: &Path) -> Result<Self> {
        let file = photo.with_extension("outline.json");
        match std::fs::read(&file) {
            Ok(bytes) => {
                serde_json::from_slice(&bytes).with_context(|| format!("{} is no file of outlines", file.display()))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", file.display())),
        }
    }

    pub(super) fn outlines(&self) -> Vec<Vec<Point>> {
        self.outlines.iter().map(|outline| outline.iter().map(|place| point(*place)).collect()).collect()
    }
}

impl Line {
    pub(super) fn start(&self) -> Point {
        point(self.start)
    }

    pub(super) fn end(&self) -> Point {
        point(self.end)
    }

    /// The scale that it gives to a photo of a size.
    pub(super) fn calibration(&self, size: (u32, u32)) -> Result<Calibration> {
        let points = TwoPoints::new(self.start(), self.end(), self.mm, size).context("two_points cannot be used")?;
        Ok(Calibration::TwoPoints(points))
    }
}

fn point([x, y]: [f64; 2]) -> Point {
    Point { x, y }
}
