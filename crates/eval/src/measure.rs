//! Drawn photos, measured by their marker.
//!
//! The outline is the one that was drawn, so what is off is off by the marker alone: its finding, its perspective, the lens,
//! the print. Every scene has a print that is a little off and a lens that bends a little, as real ones are; the measuring
//! does not know by how much, and its uncertainty must cover it.

mod report;
mod scenes;

use samspil_imaging::{
    Limits,
    marker::{Grey, Print, find},
    measure::{Calibration, Edge, Measure, measure},
    outline::Point,
};
use samspil_phantom::photograph;

use self::{
    report::Report,
    scenes::{Case, Light},
};

/// What may be chosen.
#[derive(clap::Args)]
pub(crate) struct MeasureCommand {
    /// How many photos are drawn.
    #[arg(long, default_value_t = 160)]
    scenes: u32,
    /// Other photos for another number.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// One JSON object, with every photo in it, in place of the tables.
    #[arg(long)]
    json: bool,
}

/// What came of one photo.
#[derive(serde::Serialize)]
struct Tried {
    #[serde(flatten)]
    case: Case,
    /// The reason, where it could not be measured.
    trouble: Option<&'static str>,
    #[serde(flatten)]
    found: Option<Found>,
}

/// What was measured on it. Errors are shares of the truth; `z` are errors in standard uncertainties.
#[derive(serde::Serialize)]
struct Found {
    area: Off,
    length: Off,
    width: Off,
    perimeter: Off,
    tilt_error_deg: f64,
    side_px: f64,
    noise_px: f64,
    /// How far the worst corner is from where it was drawn.
    corner_px: f64,
}

/// How far a measure is off.
#[derive(Clone, Copy, serde::Serialize)]
struct Off {
    error: f64,
    u: f64,
    z: f64,
}

impl Off {
    fn of(measure: Measure, truth: f32) -> Self {
        let truth = f64::from(truth);
        let (error, u) = (measure.value / truth - 1.0, measure.u / truth);
        Self { error, u, z: error / u }
    }
}

impl MeasureCommand {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let tried = (0..self.scenes).map(|n| {
            if !self.json && n % 20 == 0 {
                eprintln!("{n} of {} photos", self.scenes);
            }
            tried(Case::new(self.seed, n))
        });
        let tried = tried.collect::<anyhow::Result<Vec<Tried>>>()?;
        let report = Report::of(&tried);
        match self.json {
            true => println!("{}", serde_json::json!({ "seed": self.seed, "report": report, "photos": tried })),
            false => print!("{report}"),
        }
        anyhow::ensure!(report.is_within_its_bars(), "a bar is missed");
        Ok(())
    }
}

fn tried(case: Case) -> anyhow::Result<Tried> {
    let (jpeg, truth) = photograph(&case.scene, &case.metadata);
    let (grey, _) = Grey::decode(&jpeg, &Limits::default())?;
    let marker = match find(&grey, Print::AS_SENT) {
        Ok(marker) => marker,
        Err(trouble) => return Ok(Tried { case, trouble: Some(trouble.reason()), found: None }),
    };
    let point = |[x, y]: [f32; 2]| Point { x: x.into(), y: y.into() };
    let outline: Vec<Point> = truth.outline_px.iter().copied().map(point).collect();
    let apart = |(a, b): (&Point, [f32; 2])| (a.x - f64::from(b[0])).hypot(a.y - f64::from(b[1]));
    let corner_px = marker.square.corners.iter().zip(truth.marker_px).map(apart).fold(0.0, f64::max);
    let (tilt_deg, side_px, noise_px) = (marker.pose.tilt_deg, marker.side_px(), marker.noise_px);
    let calibration = Calibration::Marker(Box::new(marker.square));
    let measured = measure(&[outline], &calibration, Edge::KNOWN, grey.size())
        .map_err(|(_, flaw)| anyhow::anyhow!("the drawn outline cannot be measured: {flaw}"))?;
    let found = Found {
        area: Off::of(measured[0].area_mm2, truth.area_mm2),
        length: Off::of(measured[0].length_mm, truth.length_mm),
        width: Off::of(measured[0].width_mm, truth.width_mm),
        perimeter: Off::of(measured[0].perimeter_mm, truth.perimeter_mm),
        tilt_error_deg: tilt_deg - case.tilt_deg,
        side_px,
        noise_px,
        corner_px,
    };
    Ok(Tried { case, trouble: None, found: Some(found) })
}
