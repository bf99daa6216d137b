//! What many photos say together.

use std::fmt;

use super::{Found, Light, Off, Tried};

/// Bars on the area, for tilts to 30 degrees: half of all errors within the first, 95 of 100 within the second.
const MEDIAN: f64 = 0.02;
const P95: f64 = 0.05;
const BAR_TILT_DEG: f64 = 30.0;

/// The whole, and its parts.
#[derive(serde::Serialize)]
pub(super) struct Report {
    /// Tilts to 30 degrees: what the bars are about.
    bars: Row,
    parts: Vec<Row>,
    /// The share of measures whose truth is within two standard uncertainties, all tilts: area, length, width, perimeter.
    covered: [f64; 4],
    /// Half of all tilts are within this many degrees.
    tilt_error_median_deg: f64,
}

/// Photos of one kind.
#[derive(serde::Serialize)]
struct Row {
    kind: String,
    photos: usize,
    measured: usize,
    /// Shares of the truth, half of all errors and 95 of 100 of them being smaller.
    area_median: f64,
    area_p95: f64,
    area_max: f64,
    length_median: f64,
    length_p95: f64,
    /// The usual standard uncertainty that was stated of the area.
    area_u_median: f64,
    /// The share of areas whose truth is within two of them.
    area_covered: f64,
}

impl Report {
    pub(super) fn of(tried: &[Tried]) -> Self {
        let row = |kind: &str, is: &dyn Fn(&Tried) -> bool| Row::of(kind, tried.iter().filter(|it| is(it)));
        let tilt = |low: f64, high: f64| move |it: &Tried| (low..high).contains(&it.case.tilt_deg);
        let far = |low: f64, high: f64| {
            move |it: &Tried| it.case.tilt_deg < BAR_TILT_DEG && (low..high).contains(&it.case.distance_mm)
        };
        let lit = |light: Light| move |it: &Tried| it.case.tilt_deg < BAR_TILT_DEG && it.case.light == light;
        let parts = vec![
            row("tilt 0 to 10°", &tilt(0.0, 10.0)),
            row("tilt 10 to 20°", &tilt(10.0, 20.0)),
            row("tilt 20 to 30°", &tilt(20.0, 30.0)),
            row("tilt 30 to 45°", &tilt(30.0, 90.0)),
            row("to 30°, 150 to 210 mm", &far(0.0, 210.0)),
            row("to 30°, 210 to 270 mm", &far(210.0, 270.0)),
            row("to 30°, 270 to 330 mm", &far(270.0, 1e9)),
            row("to 30°, bright", &lit(Light::Bright)),
            row("to 30°, room", &lit(Light::Room)),
            row("to 30°, dim", &lit(Light::Dim)),
        ];
        let found: Vec<&Found> = tried.iter().filter_map(|it| it.found.as_ref()).collect();
        let covered = |of: fn(&Found) -> Off| share(found.iter().map(|found| of(found).z.abs() <= 2.0));
        Self {
            bars: row("to 30°, all", &tilt(0.0, BAR_TILT_DEG)),
            parts,
            covered: [
                covered(|found| found.area),
                covered(|found| found.length),
                covered(|found| found.width),
                covered(|found| found.perimeter),
            ],
            tilt_error_median_deg: quantile(found.iter().map(|found| found.tilt_error_deg.abs()), 0.5),
        }
    }

    pub(super) fn is_within_its_bars(&self) -> bool {
        self.bars.area_median <= MEDIAN && self.bars.area_p95 <= P95
    }
}

impl Row {
    fn of<'a>(kind: &str, tried: impl Iterator<Item = &'a Tried>) -> Self {
        let tried: Vec<&Tried> = tried.collect();
        let found: Vec<&Found> = tried.iter().filter_map(|it| it.found.as_ref()).collect();
        let error = |of: fn(&Found) -> Off, part: f64| quantile(found.iter().map(|found| of(found).error.abs()), part);
        Self {
            kind: kind.to_owned(),
            photos: tried.len(),
            measured: found.len(),
            area_median: error(|found| found.area, 0.5),
            area_p95: error(|found| found.area, 0.95),
            area_max: error(|found| found.area, 1.0),
            length_median: error(|found| found.length, 0.5),
            length_p95: error(|found| found.length, 0.95),
            area_u_median: quantile(found.iter().map(|found| found.area.u), 0.5),
            area_covered: share(found.iter().map(|found| found.area.z.abs() <= 2.0)),
        }
    }
}

/// The value that a part of all values is at or below; no number if there are none.
fn quantile(values: impl Iterator<Item = f64>, part: f64) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let index = ((values.len() as f64 * part).ceil() as usize).saturating_sub(1);
    values.get(index).copied().unwrap_or(f64::NAN)
}

fn share(are: impl Iterator<Item = bool>) -> f64 {
    let (all, yes) = are.fold((0.0, 0.0), |(all, yes), is| (all + 1.0, yes + f64::from(u8::from(is))));
    yes / all
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<24} {:>6} {:>8} | {:>6} {:>6} {:>6} | {:>6} {:>6} | {:>6} {:>6}",
            "%", "photos", "measured", "area", "p95", "max", "length", "p95", "u", "in 2u"
        )?;
        for row in self.parts.iter().chain([&self.bars]) {
            let [a, b, c, d, e, u, covered] = [
                row.area_median,
                row.area_p95,
                row.area_max,
                row.length_median,
                row.length_p95,
                row.area_u_median,
                row.area_covered,
            ]
            .map(|share| 100.0 * share);
            writeln!(
                f,
                "{:<24} {:>6} {:>8} | {a:>6.2} {b:>6.2} {c:>6.2} | {d:>6.2} {e:>6.2} | {u:>6.2} {covered:>6.1}",
                row.kind, row.photos, row.measured
            )?;
        }
        let [area, length, width, perimeter] = self.covered.map(|share| 100.0 * share);
        writeln!(
            f,
            "\ntruth within 2u, all tilts: area {area:.1} %, length {length:.1} %, width {width:.1} %, \
             perimeter {perimeter:.1} %"
        )?;
        writeln!(f, "tilt: half are within {:.1}°", self.tilt_error_median_deg)?;
        let verdict = if self.is_within_its_bars() { "met" } else { "MISSED" };
        writeln!(f, "bars to 30°: area median {:.0} %, 95th percentile {:.0} %: {verdict}", 100.0 * MEDIAN, 100.0 * P95)
    }
}
