//! `samspil marker`: cards to measure by, and whether they were printed right.

use std::path::PathBuf;

use anyhow::{Context as _, Result, ensure};
use samspil_marker::{MarkerId, Print, RULER_MM, sheet};

/// What `samspil marker` takes.
#[derive(clap::Args)]
pub(crate) struct MarkerCommand {
    /// The PDF to write: cards to print at 100 %, to cut out, and to lay beside a wound.
    #[arg(long, value_name = "FILE", default_value = "markers.pdf")]
    out: PathBuf,
    /// The number of the first card.
    #[arg(long, default_value_t = 0, value_name = "NUMBER")]
    first: u16,
    /// How many cards; a page has 16.
    #[arg(long, default_value_t = 16, value_name = "CARDS")]
    count: u16,
    /// Writes nothing, but says from the length of a printed card's 50 mm line, held to a ruler, whether its sheet may be used.
    #[arg(long, value_name = "MM", conflicts_with_all = ["out", "first", "count"])]
    check: Option<f64>,
}

impl MarkerCommand {
    pub(crate) fn run(self) -> Result<()> {
        match self.check {
            Some(mm) => check(mm),
            None => self.write(),
        }
    }

    fn write(&self) -> Result<()> {
        let numbers = self.first..self.first.saturating_add(self.count);
        let ids: Vec<MarkerId> = numbers.clone().filter_map(MarkerId::new).collect();
        ensure!(
            !ids.is_empty() && ids.len() == numbers.len(),
            "cards are numbered from 0 to {}, and one is wanted at least",
            MarkerId::COUNT - 1
        );
        std::fs::write(&self.out, sheet(&ids)).with_context(|| format!("cannot write {}", self.out.display()))?;
        println!(
            "{} cards in {}. Print them at 100 %, and hold a ruler to a line of {RULER_MM} mm:",
            ids.len(),
            self.out.display()
        );
        println!("samspil marker --check MM says whether they came out right.");
        Ok(())
    }
}

fn check(mm: f64) -> Result<()> {
    let print = Print::from_ruler(mm)?;
    println!("The line should be {RULER_MM} mm and is {mm}: the sheet came out at {:.1} %.", 100.0 * print.scale);
    if print.is_good() {
        println!("It may be used. Areas by it are at most 2 % off for that.");
        return Ok(());
    }
    println!(
        "Areas would come out {:+.0} % wrong. Throw the sheet away and print at 100 %,",
        100.0 * print.area_error()
    );
    println!("or give the length with every measure: samspil measure --line {mm} …");
    anyhow::bail!("the sheet was not printed at 100 %")
}
