//! Operating curves: what each threshold calls bad.

use std::fmt;

use samspil_imaging::Thresholds;
use serde::Serialize;

use super::{Numbers, Seen, spoil::Spoil};

/// All curves.
#[derive(Serialize)]
pub(super) struct Report {
    photos: usize,
    curves: Vec<Curve>,
}

/// One measure, of the photo and of the wound, against several thresholds.
#[derive(Serialize)]
struct Curve {
    measure: &'static str,
    /// What was done to the photos, for each number of a row.
    spoilt: Vec<String>,
    rows: Vec<Row>,
}

#[derive(Clone, Serialize)]
struct Row {
    /// `photo` or `wound`.
    of: &'static str,
    threshold: f32,
    /// It is the one in use.
    in_use: bool,
    /// Photos, per cent, that it calls bad.
    warned: Vec<u32>,
}

/// On which side of its threshold a measure is bad.
#[derive(Clone, Copy)]
enum Bad {
    Below,
    Above,
}

type Measure = fn(&Numbers) -> f32;

/// A measure that both have, and thresholds for the photo and for the wound.
struct Question {
    measure: &'static str,
    value: Measure,
    bad: Bad,
    in_use: [f32; 2],
    others: [&'static [f32]; 2],
    spoilt: fn(Spoil) -> bool,
}

fn questions() -> [Question; 5] {
    let at = Thresholds::default();
    let is_dark =
        |it| matches!(it, Spoil::Untouched) || matches!(it, Spoil::Light(x) | Spoil::WoundLight(x) if x < 1.0);
    let is_bright =
        |it| matches!(it, Spoil::Untouched) || matches!(it, Spoil::Light(x) | Spoil::WoundLight(x) if x > 1.0);
    [
        Question {
            measure: "sharpness under",
            value: |it| it.sharpness,
            bad: Bad::Below,
            in_use: [at.sharpness, at.wound_sharpness],
            others: [&[2.0, 4.0, 6.0], &[6.0, 9.0, 18.0, 25.0]],
            spoilt: |it| !matches!(it, Spoil::Light(_) | Spoil::WoundLight(_)),
        },
        Question {
            measure: "mean luma under",
            value: |it| it.mean_luma,
            bad: Bad::Below,
            in_use: [at.dark_mean, at.wound_dark_mean],
            others: [&[40.0, 50.0, 70.0], &[40.0, 60.0, 70.0]],
            spoilt: is_dark,
        },
        Question {
            measure: "dark share over",
            value: |it| it.clipped_dark,
            bad: Bad::Above,
            in_use: [at.dark_share, at.wound_dark_share],
            others: [&[0.05], &[0.05]],
            spoilt: is_dark,
        },
        Question {
            measure: "mean luma over",
            value: |it| it.mean_luma,
            bad: Bad::Above,
            in_use: [at.bright_mean, at.wound_bright_mean],
            others: [&[180.0, 200.0], &[180.0, 200.0, 220.0]],
            spoilt: is_bright,
        },
        Question {
            measure: "bright share over",
            value: |it| it.clipped_bright,
            bad: Bad::Above,
            in_use: [at.bright_share, at.wound_bright_share],
            others: [&[0.05, 0.1, 0.4], &[0.05, 0.25, 0.4]],
            spoilt: is_bright,
        },
    ]
}

impl Report {
    pub(super) fn of(seen: &[Seen]) -> Self {
        let untouched: Vec<&Seen> = seen.iter().filter(|it| it.spoil == Spoil::Untouched).collect();
        let curves = questions().iter().map(|question| question.curve(seen)).chain(sizes(&untouched)).collect();
        Self { photos: untouched.len(), curves }
    }
}

impl Question {
    fn curve(&self, seen: &[Seen]) -> Curve {
        let spoilt: Vec<Spoil> = Spoil::ALL.into_iter().filter(|it| (self.spoilt)(*it)).collect();
        let rows = |which: usize, of, numbers: fn(&Seen) -> &Numbers| {
            rows(of, self.others[which], self.in_use[which], &spoilt, |spoil, threshold| {
                let values = seen.iter().filter(|it| it.spoil == *spoil).map(|it| (self.value)(numbers(it)));
                per_cent(values, self.bad, threshold)
            })
        };
        let rows = [rows(0, "photo", |it| &it.whole), rows(1, "wound", |it| &it.wound)].concat();
        Curve { measure: self.measure, rows, spoilt: spoilt.iter().map(Spoil::to_string).collect() }
    }
}

/// One row for each threshold, in order, with a number for each column.
fn rows<T>(of: &'static str, others: &[f32], in_use: f32, columns: &[T], warned: impl Fn(&T, f32) -> u32) -> Vec<Row> {
    let mut thresholds = [others, &[in_use]].concat();
    thresholds.sort_by(f32::total_cmp);
    let row = |threshold: f32| {
        let warned = columns.iter().map(|column| warned(column, threshold)).collect();
        Row { of, threshold, in_use: threshold == in_use, warned }
    };
    thresholds.into_iter().map(row).collect()
}

/// From twice as far away, a wound has a quarter of the share and half of the side. The side is that of a photo of 12
/// megapixels, as a phone takes it.
fn sizes(untouched: &[&Seen]) -> [Curve; 2] {
    let at = Thresholds::default();
    let further = [1.0f32, 2.0, 4.0, 8.0];
    let curve = |measure, in_use: f32, others: &[f32], value: fn(&Seen, f32) -> f32| {
        let rows = rows("wound", others, in_use, &further, |times, threshold| {
            per_cent(untouched.iter().map(|it| value(it, *times)), Bad::Below, threshold)
        });
        Curve { measure, rows, spoilt: further.iter().map(|times| format!("{times} × as far")).collect() }
    };
    let side = |it: &Seen, times| it.shorter_side_px * LONGER_SIDE_12_MP / it.longer_side_px / times;
    [
        curve("share of the photo under", at.wound_share, &[0.001, 0.002], |it, times| it.share / (times * times)),
        curve("shorter side at 12 MP under", at.wound_shorter_side_px, &[40.0, 120.0], side),
    ]
}

const LONGER_SIDE_12_MP: f32 = 4000.0;

fn per_cent(values: impl Iterator<Item = f32>, bad: Bad, threshold: f32) -> u32 {
    let (mut of, mut warned) = (0, 0);
    for value in values {
        of += 1;
        warned += u32::from(match bad {
            Bad::Below => value < threshold,
            Bad::Above => value > threshold,
        });
    }
    (warned * 100 + of / 2) / of.max(1)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} photos; of each kind, per cent that a threshold calls bad; * is in use", self.photos)?;
        for Curve { measure, spoilt, rows } in &self.curves {
            writeln!(f, "\n| {measure} | {} |", spoilt.join(" | "))?;
            writeln!(f, "| --- |{}", " --- |".repeat(spoilt.len()))?;
            for Row { of, threshold, in_use, warned } in rows {
                let warned: Vec<_> = warned.iter().map(u32::to_string).collect();
                writeln!(f, "| {of} {threshold}{} | {} |", if *in_use { " *" } else { "" }, warned.join(" | "))?;
            }
        }
        Ok(())
    }
}
