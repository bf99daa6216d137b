//! Measures what the imaging crate claims: how near its findings come to the truth.

mod mask;
mod measure;
mod outlines;
mod photos;
mod quality;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "samspil-eval", about = "Measures how near findings on photos come to the truth")]
struct Command {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Suggested outlines against masks that people drew.
    Imaging(outlines::OutlinesCommand),
    /// Measures by the marker, on drawn photos whose every millimetre is known.
    Measure(measure::MeasureCommand),
    /// Warnings of bad photos, on photos that are spoilt on purpose.
    Quality(quality::QualityCommand),
}

fn main() -> std::process::ExitCode {
    let ended = match Command::parse().what {
        What::Imaging(command) => command.run(),
        What::Measure(command) => command.run(),
        What::Quality(command) => command.run(),
    };
    match ended {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}
