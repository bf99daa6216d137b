//! The floor of an upload: the same bytes through the same steps in a plain loop, without a service around them.

use std::{
    fs::File,
    io::Write as _,
    path::Path,
    time::{Duration, Instant},
};

use samspil_client::digest::Digest;
use samspil_imaging::Limits;

use super::{
    measure::{Samples, cpu_of_thread, ms},
    photos::Picture,
};

/// What the loop took.
pub(crate) struct Floor {
    pub samples: Samples,
    pub cpu: Duration,
}

impl Floor {
    pub(crate) fn cpu_ms(&self) -> f64 {
        ms(self.cpu) / self.samples.len() as f64
    }
}

/// Hashes, strips, decodes, resizes, encodes and writes three files, synced, one photo after the other.
pub(crate) async fn of(pictures: &[Picture], folder: &Path) -> anyhow::Result<Floor> {
    let (pictures, folder) = (pictures.to_vec(), folder.join("floor"));
    tokio::task::spawn_blocking(move || {
        std::fs::create_dir_all(&folder)?;
        let mut samples = Samples::default();
        let cpu = cpu_of_thread()?;
        for (n, picture) in pictures.iter().enumerate() {
            let begun = Instant::now();
            store(picture, &folder, n)?;
            samples.push(begun.elapsed());
        }
        let cpu = cpu_of_thread()? - cpu;
        std::fs::remove_dir_all(&folder)?;
        Ok(Floor { samples, cpu })
    })
    .await?
}

fn store(picture: &Picture, folder: &Path, n: usize) -> anyhow::Result<()> {
    let limits = Limits::default();
    let digest = Digest::of_bytes(&picture.bytes, picture.digest.algorithm);
    anyhow::ensure!(digest == picture.digest, "the bytes have changed");
    let inspected = samspil_imaging::inspect(&picture.bytes, &limits)?;
    let original = samspil_imaging::strip(&picture.bytes, &inspected)?;
    let processed = samspil_imaging::process(&original, &limits)?;
    for (name, bytes) in
        [("original", &original), ("display", &processed.display.jpeg), ("thumbnail", &processed.thumbnail.jpeg)]
    {
        let mut file = File::create(folder.join(format!("{n}-{name}")))?;
        file.write_all(bytes)?;
        file.sync_all()?;
    }
    Ok(())
}
