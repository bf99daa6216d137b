//! Writes a patient's first four visits into a folder, as a phone would: `draw DIR [SEED]`.

use std::time::Instant;
use std::{env, fs, path::PathBuf};

use samspil_phantom::{Metadata, Scene, photograph};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = env::args().skip(1);
    let folder = PathBuf::from(args.next().ok_or("usage: draw DIR [SEED]")?);
    let seed = args.next().map_or(Ok(7), |seed| seed.parse())?;
    fs::create_dir_all(&folder)?;
    for visit in 0..4 {
        let scene = Scene::visit(seed, visit);
        let start = Instant::now();
        let (jpeg, truth) = photograph(&scene, &Metadata::default());
        println!(
            "visit {visit}: {:.0} mm², {:.1} x {:.1} mm, {:.1} MB, {} ms",
            truth.area_mm2,
            truth.length_mm,
            truth.width_mm,
            jpeg.len() as f64 / 1e6,
            start.elapsed().as_millis(),
        );
        fs::write(folder.join(format!("visit-{visit}.jpg")), jpeg)?;
    }
    Ok(())
}
