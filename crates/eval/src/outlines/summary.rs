//! All photos together.

use std::fmt;

use serde::Serialize;

use super::{Photo, Suggested, machine};

#[derive(Serialize)]
pub(super) struct Summary {
    photos: usize,
    /// Photos whose mask is empty. They count in the means of Dice, 1 without a suggestion and 0 with one, and in nothing
    /// that is of areas.
    without_wound: usize,
    mean_dice: f64,
    median_dice: f64,
    /// Of the pixels of all photos together: large wounds rule it.
    dataset_dice: f64,
    median_area_error: Option<f64>,
    mean_cpu_ms: f64,
    max_cpu_ms: f64,
    load_cpu_ms: f64,
    peak_rss_mb: Option<f64>,
    by_size: Vec<Group>,
    /// Suggestions by their confidence: whether it is as high as what it foretells.
    by_confidence: Vec<Bin>,
    /// The mean of the differences between confidence and Dice over these groups, each by its suggestions.
    calibration_error: Option<f64>,
}

/// Photos with a wound of about a size.
#[derive(Serialize)]
struct Group {
    size: &'static str,
    photos: usize,
    mean_dice: f64,
    median_area_error: Option<f64>,
}

/// Suggestions of about a confidence.
#[derive(Serialize)]
struct Bin {
    from: f64,
    suggestions: usize,
    mean_confidence: f64,
    mean_dice: f64,
}

/// Pixels that a wound has at least, in a photo of 384 x 512; in another they count in proportion.
const SIZES: [(&str, f64); 3] = [("under 500 px", 0.0), ("500 to 2000 px", 500.0), ("over 2000 px", 2000.0)];
const USUAL: f64 = 384.0 * 512.0;

impl Summary {
    pub(super) fn of(photos: &[Photo], load_cpu_ms: f64) -> Self {
        let sum = |of: fn(&Photo) -> usize| photos.iter().map(of).sum::<usize>() as f64;
        let dices = photos.iter().map(|photo| photo.dice);
        let times = || photos.iter().map(|photo| photo.cpu_ms);
        let both = sum(|photo| photo.pixels) + sum(|photo| photo.found_pixels);
        let suggested: Vec<_> = photos.iter().flat_map(|photo| &photo.suggestions).collect();
        let by_confidence: Vec<_> = (0..5).filter_map(|fifth| Bin::of(fifth, &suggested)).collect();
        let off = by_confidence.iter().map(|it| (it.mean_confidence - it.mean_dice).abs() * it.suggestions as f64);
        Summary {
            photos: photos.len(),
            without_wound: photos.iter().filter(|photo| photo.pixels == 0).count(),
            mean_dice: mean(dices.clone()).unwrap_or(1.0),
            median_dice: median(dices).unwrap_or(1.0),
            dataset_dice: if both > 0.0 { 2.0 * sum(|photo| photo.shared_pixels) / both } else { 1.0 },
            median_area_error: median(photos.iter().filter_map(|photo| photo.area_error)),
            mean_cpu_ms: mean(times()).unwrap_or(0.0),
            max_cpu_ms: times().fold(0.0, f64::max),
            load_cpu_ms,
            peak_rss_mb: machine::peak_rss_mb(),
            by_size: (0..SIZES.len()).filter_map(|size| Group::of(size, photos)).collect(),
            calibration_error: (!suggested.is_empty()).then(|| off.sum::<f64>() / suggested.len() as f64),
            by_confidence,
        }
    }
}

impl Group {
    fn of(size: usize, photos: &[Photo]) -> Option<Self> {
        let to = SIZES.get(size + 1).map_or(f64::MAX, |(_, from)| *from);
        let belongs = |photo: &&Photo| {
            let pixels = photo.pixels as f64 * USUAL / photo.photo_pixels as f64;
            photo.pixels > 0 && (SIZES[size].1..to).contains(&pixels)
        };
        let own: Vec<_> = photos.iter().filter(belongs).collect();
        Some(Group {
            size: SIZES[size].0,
            photos: own.len(),
            mean_dice: mean(own.iter().map(|photo| photo.dice))?,
            median_area_error: median(own.iter().filter_map(|photo| photo.area_error)),
        })
    }
}

impl Bin {
    fn of(fifth: u32, suggested: &[&Suggested]) -> Option<Self> {
        let from = f64::from(fifth) / 5.0;
        let own = || suggested.iter().filter(move |it| ((it.confidence * 5.0) as u32).min(4) == fifth);
        Some(Bin {
            from,
            suggestions: own().count(),
            mean_confidence: mean(own().map(|it| it.confidence))?,
            mean_dice: mean(own().map(|it| it.dice))?,
        })
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |part: Option<f64>| part.map_or("-".to_owned(), |part| format!("{:.1} %", part * 100.0));
        writeln!(f, "{} photos, {} of them without a wound", self.photos, self.without_wound)?;
        writeln!(
            f,
            "Dice: mean {:.3}, median {:.3}, of all pixels {:.3}",
            self.mean_dice, self.median_dice, self.dataset_dice
        )?;
        writeln!(f, "area error: median {}", percent(self.median_area_error))?;
        let memory = self.peak_rss_mb.map_or("-".to_owned(), |mb| format!("{mb:.0} MB"));
        writeln!(
            f,
            "CPU: mean {:.0} ms, most {:.0} ms, weights {:.0} ms; memory at most {memory}",
            self.mean_cpu_ms, self.max_cpu_ms, self.load_cpu_ms
        )?;
        for Group { size, photos, mean_dice, median_area_error } in &self.by_size {
            writeln!(
                f,
                "wounds {size}: {photos} photos, Dice {mean_dice:.3}, area error {}",
                percent(*median_area_error)
            )?;
        }
        for Bin { from, suggestions, mean_confidence, mean_dice } in &self.by_confidence {
            writeln!(
                f,
                "confidence from {from:.1}: {suggestions} suggestions, mean {mean_confidence:.2}, Dice {mean_dice:.2}"
            )?;
        }
        write!(f, "confidence is off by {} in the mean of these groups", percent(self.calibration_error))
    }
}

impl fmt::Display for Photo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: Dice {:.3}, {} of {} px, {:.0} ms",
            self.image, self.dice, self.found_pixels, self.pixels, self.cpu_ms
        )
    }
}

fn mean(numbers: impl Iterator<Item = f64>) -> Option<f64> {
    let (count, sum) = numbers.fold((0, 0.0), |(count, sum), it| (count + 1, sum + it));
    (count > 0).then(|| sum / f64::from(count))
}

fn median(numbers: impl Iterator<Item = f64>) -> Option<f64> {
    let mut sorted: Vec<_> = numbers.collect();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        odd if odd % 2 == 1 => Some(sorted[middle]),
        _ => Some((sorted[middle - 1] + sorted[middle]) / 2.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn photo(pixels: usize, found: usize, shared: usize) -> Photo {
        let both = pixels + found;
        Photo {
            image: "one".to_owned(),
            dice: if both == 0 { 1.0 } else { 2.0 * shared as f64 / both as f64 },
            area_error: (pixels > 0).then(|| found.abs_diff(pixels) as f64 / pixels as f64),
            cpu_ms: 1.0,
            pixels,
            found_pixels: found,
            shared_pixels: shared,
            photo_pixels: USUAL as usize,
            confidence: None,
            suggestions: vec![],
        }
    }

    #[test]
    fn the_mean_is_of_photos_and_the_other_of_pixels() {
        let summary = Summary::of(&[photo(100, 100, 50), photo(9900, 9900, 9900), photo(0, 0, 0)], 0.0);
        assert_eq!((summary.photos, summary.without_wound), (3, 1));
        assert_eq!((summary.mean_dice, summary.median_dice), (2.5 / 3.0, 1.0));
        assert_eq!(summary.dataset_dice, 2.0 * 9950.0 / 20_000.0);
        let groups: Vec<_> = summary.by_size.iter().map(|it| (it.size, it.mean_dice)).collect();
        assert_eq!(groups, [("under 500 px", 0.5), ("over 2000 px", 1.0)]);
    }

    #[test]
    fn a_median_of_an_even_number_is_between_the_two() {
        assert_eq!(median([4.0, 1.0, 2.0, 9.0].into_iter()), Some(3.0));
        assert_eq!(median([].into_iter()), None);
    }
}
