//! What a phone's photo costs. Run by hand:
//! `cargo test -p samspil-imaging --test imaging -- --ignored --nocapture cost`.

use std::fs;
use std::time::{Duration, Instant};

use jpeg_encoder::ColorType;
use samspil_imaging::{Limits, inspect, process, strip};

use crate::make::{encoded, laden_jpeg, png, textured, webp};

/// CPU time that this thread has used, where the system tells it.
fn cpu() -> Option<Duration> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(text.split(' ').next()?.parse().ok()?))
}

/// The least CPU time of `times` runs; wall time where the system does not tell.
fn least(times: usize, mut work: impl FnMut()) -> Duration {
    let once = |_| {
        let (wall, before) = (Instant::now(), cpu());
        work();
        let used = cpu().zip(before).map(|(after, before)| after - before);
        used.unwrap_or_else(|| wall.elapsed())
    };
    (0..times).map(once).min().unwrap()
}

#[test]
#[ignore = "measures; says nothing of right and wrong"]
fn cost_of_a_12_megapixel_photo() {
    let limits = Limits { max_decode: Duration::from_secs(60), ..Limits::default() };
    let picture = textured(4032, 3024);
    let grey = image::DynamicImage::ImageRgb8(picture.clone()).into_luma8();
    let files = [
        ("baseline", laden_jpeg(&picture, 6)),
        ("progressive", encoded(picture.as_raw(), (4032, 3024), ColorType::Rgb, true)),
        ("grey", encoded(grey.as_raw(), (4032, 3024), ColorType::Luma, false)),
        ("PNG", png(&picture)),
        ("WebP lossless", webp(&picture)),
    ];
    for (name, bytes) in files {
        println!("{name}: {} bytes", bytes.len());
        let seen = inspect(&bytes, &limits).unwrap();
        println!("  inspect {:?}", least(9, || drop(inspect(&bytes, &limits).unwrap())));
        println!("  strip   {:?}", least(9, || drop(strip(&bytes, &seen).unwrap())));
        println!("  process {:?} (CPU)", least(7, || drop(process(&bytes, &limits).unwrap())));
        let runs: Vec<_> = (0..7).map(|_| process(&bytes, &limits).unwrap()).collect();
        for (index, step) in runs[0].steps.iter().enumerate() {
            let best = runs.iter().map(|run| run.steps[index].duration).min().unwrap();
            println!("    {:8} {best:?}", step.name);
        }
        let made = &runs[0];
        println!("    display {} bytes, thumbnail {} bytes", made.display.jpeg.len(), made.thumbnail.jpeg.len());
    }
}
