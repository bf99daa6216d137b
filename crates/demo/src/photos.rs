//! The photographs that the nurse takes: drawn ones, or a person's own files.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use samspil_phantom::{Card, MarkerId, Metadata, Scene};

/// The photos of one visit.
pub(crate) struct Batch {
    pub files: Vec<PathBuf>,
    /// Length and width of the wound that was drawn, in millimetres.
    pub measured: Option<(i32, i32)>,
}

/// Draws three visits, a fortnight apart, into a folder. At the second one the nurse's hand is not steady.
pub(crate) fn draw(folder: &Path, seed: u64, times: &[DateTime<Utc>]) -> anyhow::Result<Vec<Batch>> {
    times.iter().zip(0..).map(|(time, visit)| draw_visit(folder, seed, *time, visit)).collect()
}

fn draw_visit(folder: &Path, seed: u64, time: DateTime<Utc>, visit: u32) -> anyhow::Result<Batch> {
    let local = time.with_timezone(&chrono_tz::Europe::Copenhagen);
    let metadata = Metadata { captured: local.naive_local(), ..Metadata::default() };
    // The nurse lays one of the printed cards beside the wound, the same at every visit.
    let card = MarkerId::new(7).map_or(Card::None, |id| Card::Printed { id, scale: 1.0 });
    let scene = Scene { card, ..Scene::visit(seed, visit) };
    let mut scenes = vec![scene, scene.megapixels(3)];
    if visit == 1 {
        scenes.push(Scene { blur_px: 14.0, ..scene });
    }
    let mut batch = Batch { files: Vec::new(), measured: None };
    for (scene, n) in scenes.iter().zip(1..) {
        let (jpeg, truth) = samspil_phantom::photograph(scene, &metadata);
        let file = folder.join(format!("visit-{}-photo-{n}.jpg", visit + 1));
        std::fs::write(&file, jpeg)?;
        batch.files.push(file);
        batch.measured = batch.measured.or(Some((truth.length_mm.round() as i32, truth.width_mm.round() as i32)));
    }
    Ok(batch)
}

/// A person's own files, in visits of ten.
pub(crate) fn read(folder: &Path) -> anyhow::Result<Vec<Batch>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        let extension =
            path.extension().and_then(|extension| extension.to_str()).unwrap_or_default().to_ascii_lowercase();
        if ["jpg", "jpeg", "png", "webp"].contains(&extension.as_str()) {
            files.push(path);
        }
    }
    files.sort();
    anyhow::ensure!(!files.is_empty(), "{} holds no JPEG, PNG or WebP", folder.display());
    Ok(files.chunks(10).map(|files| Batch { files: files.to_vec(), measured: None }).collect())
}
