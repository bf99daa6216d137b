//! `samspil measure`: wounds on photos in millimetres, with no server.
//!
//! For each photo it says whether there is a marker, how the camera was held over it, and how good the photo is. Outlines come
//! from a file beside the photo, `NAME.outline.json`:
//!
//! ```json
//! {"outlines": [[[812, 604], [840, 598], [851, 640]]],
//!  "two_points": {"start": [300, 900], "end": [600, 905], "mm": 50},
//!  "ruler": {"start": [300, 900], "end": [600, 905], "mm": 50}}
//! ```
//!
//! Corners are in pixels of the upright photo. `two_points` gives the scale of a photo without a marker; `ruler` is held against
//! the marker of one that has it. Each of the three may be left out. Where no file says otherwise, a network may outline what
//! it takes for a wound (`--model`); then the table says that it was suggested, and its uncertainty is that of a suggestion.

mod overlay;
mod sidecar;
mod table;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use samspil_imaging::{
    Limits,
    colour::correct,
    marker::{Grey, Marker, Print, Trouble, find},
    measure::{Calibration, Edge, Measures, measure},
    outline::Point,
    process,
    suggest::Model,
};

use self::sidecar::Sidecar;

/// What `samspil measure` takes.
#[derive(clap::Args)]
pub(crate) struct MeasureCommand {
    /// Photos: JPEG, PNG or WebP.
    #[arg(required = true, value_name = "FILE")]
    photos: Vec<PathBuf>,
    /// How long the 50 mm line of the printed card is by a ruler. Without it the print is taken to be right.
    #[arg(long, value_name = "MM")]
    line: Option<f64>,
    /// The weights of the network that outlines wounds on photos that nobody has outlined.
    #[arg(long, env = "SAMSPIL_OUTLINE_MODEL", value_name = "FILE")]
    model: Option<PathBuf>,
    /// The folder for `measures.csv` and a picture of each photo with what was measured.
    #[arg(long, value_name = "DIR", default_value = "measured")]
    out: PathBuf,
    /// Write a copy of each photo, too, whose colours are set right by the card's greys.
    #[arg(long)]
    colours: bool,
    /// Print JSON, one object for each photo, in place of the table.
    #[arg(long)]
    json: bool,
}

/// What came of one photo.
struct Sheet {
    photo: PathBuf,
    size: (u32, u32),
    /// What is wrong with the photo itself, by code.
    quality: Vec<&'static str>,
    marker: Result<Marker, Trouble>,
    method: Option<&'static str>,
    outlines: Vec<Vec<Point>>,
    /// A network drew the outlines, and no person has looked at them.
    suggested: bool,
    measures: Vec<Measures>,
    /// What a person must know, in a sentence each.
    notes: Vec<String>,
}

impl MeasureCommand {
    pub(crate) fn run(self) -> Result<()> {
        let print = self.line.map_or(Ok(Print::AS_SENT), Print::from_ruler)?;
        std::fs::create_dir_all(&self.out).with_context(|| format!("cannot make {}", self.out.display()))?;
        let model = self.model.as_deref().map(read_model).transpose()?;
        let mut sheets = Vec::new();
        let mut failed = 0;
        for (n, photo) in self.photos.iter().enumerate() {
            match examine(photo, print, model.as_ref()) {
                Ok((mut sheet, display)) => {
                    // Photos of two folders may have one name.
                    let name = format!("{:03}-{}", n + 1, photo.file_stem().unwrap_or_default().to_string_lossy());
                    if self.colours {
                        sheet.notes.extend(self.correct(&sheet, &name)?);
                    }
                    self.write(&format!("{name}.svg"), overlay::svg(&sheet, &display).as_bytes())?;
                    match self.json {
                        true => println!("{}", table::json(&sheet)),
                        false => print!("{}", table::text(&sheet)),
                    }
                    sheets.push(sheet);
                }
                Err(error) => {
                    failed += 1;
                    eprintln!("{}: {error:#}", photo.display());
                }
            }
        }
        self.write("measures.csv", table::csv(&sheets).as_bytes())?;
        anyhow::ensure!(failed == 0, "{failed} of {} photos could not be read", self.photos.len());
        Ok(())
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let file = self.out.join(name);
        std::fs::write(&file, bytes).with_context(|| format!("cannot write {}", file.display()))
    }

    /// Writes the copy with corrected colours, if the photo has a card to correct by; gives what stands in the way.
    fn correct(&self, sheet: &Sheet, name: &str) -> Result<Option<String>> {
        let Ok(marker) = &sheet.marker else { return Ok(None) };
        let bytes = std::fs::read(&sheet.photo).context("cannot be read again")?;
        match correct(&bytes, &Limits::default(), marker) {
            Ok(corrected) => self.write(&format!("{name}.corrected.jpg"), &corrected.rendition.jpeg).map(|()| None),
            Err(why) => Ok(Some(why.to_string())),
        }
    }
}

fn read_model(file: &Path) -> Result<Model> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    Model::read(bytes).with_context(|| format!("{} is no outline network", file.display()))
}

/// Looks at one photo. Gives its smaller picture too, to draw on.
fn examine(photo: &Path, print: Print, model: Option<&Model>) -> Result<(Sheet, Vec<u8>)> {
    let bytes = std::fs::read(photo).context("cannot be read")?;
    let sidecar = Sidecar::beside(photo)?;
    let processed = process(&bytes, &Limits::default())?;
    let (grey, _) = Grey::decode(&bytes, &Limits::default())?;
    let size = grey.size();
    let marker = find(&grey, print);
    let mut notes: Vec<String> =
        processed.quality.warnings.iter().map(|warning| warning.advice_en().to_owned()).collect();
    let calibration = match (&marker, &sidecar.two_points) {
        (Ok(marker), _) => Some(Calibration::Marker(Box::new(marker.square.clone()))),
        (Err(trouble), line) => {
            notes.push(trouble.to_string());
            line.as_ref().map(|line| line.calibration(size)).transpose()?
        }
    };
    if let (Some(calibration), Some(ruler)) = (&calibration, &sidecar.ruler)
        && let Err(flaw) = calibration.check_ruler(ruler.start(), ruler.end(), ruler.mm, size)
    {
        notes.push(flaw.to_string());
    }
    if let Ok(marker) = &marker {
        notes.extend(marker.cautions.iter().map(|caution| caution.advice_en().to_owned()));
    }
    let drawn = sidecar.outlines();
    let (outlines, edges, suggested) = match model.filter(|_| drawn.is_empty()) {
        Some(model) => {
            let found = model.suggest(&processed.display.jpeg, size, &Limits::default())?;
            let edges = found.iter().map(|found| Edge::suggested(&found.points, found.confidence)).collect();
            (found.into_iter().map(|found| found.points).collect(), edges, true)
        }
        None => {
            let edges = vec![Edge::by_hand(size); drawn.len()];
            (drawn, edges, false)
        }
    };
    let measured = |calibration: &Calibration| -> Result<Vec<Measures>> {
        let one = |(n, (outline, edge)): (usize, (&Vec<Point>, &Edge))| {
            measure(std::slice::from_ref(outline), calibration, *edge, size)
                .map_err(|(_, flaw)| anyhow::anyhow!("outline {} cannot be measured: {flaw}", n + 1))
        };
        let each = outlines.iter().zip(&edges).enumerate().map(one).collect::<Result<Vec<_>>>()?;
        Ok(each.into_iter().flatten().collect())
    };
    let measures = calibration.as_ref().map_or(Ok(Vec::new()), measured)?;
    if suggested && !outlines.is_empty() {
        notes.push("the outlines are a network's suggestion: look at them before you use their measures".to_owned());
    }
    if outlines.is_empty() {
        notes.push("no wound is outlined".to_owned());
    } else if calibration.is_none() {
        notes.push("nothing gives a scale: no marker, and no two points a known distance apart".to_owned());
    }
    let method = calibration.as_ref().map(Calibration::method);
    let quality = processed.quality.warnings.iter().map(|warning| warning.code()).collect();
    let sheet = Sheet { photo: photo.to_owned(), size, quality, marker, method, outlines, suggested, measures, notes };
    Ok((sheet, processed.display.jpeg))
}
