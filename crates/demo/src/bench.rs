//! `samspil-demo bench`: measures Samspil from outside, each number beside its floor.
//!
//! The server is the `samspil` binary as a child, so that its processor time and memory are its own and none of the clients'.
//! A floor is what the same work costs without Samspil around it, measured in the same run, since another minute on
//! another machine tells nothing: a plain loop over the same bytes, a bare gRPC stream, a bare statement, a bare commit.
//!
//! | file | what |
//! | --- | --- |
//! | `site` | a place to serve from on either engine, and the server on it |
//! | `measure`, `report` | processor, memory, percentiles; the table and the JSON |
//! | `setup`, `photos` | the patient, the wound and the pictures that are worked with |
//! | `start`, `uploads`, `queue`, `watch`, `together` | the scenarios |
//! | `floor`, `stream`, `fill` | the plain loop, the bare stream, the rows of a long queue |

mod fill;
mod floor;
mod measure;
mod photos;
mod queue;
mod report;
mod setup;
mod site;
mod start;
mod stream;
mod together;
mod uploads;
mod watch;

use std::time::Instant;

use clap::{Args, ValueEnum};

use self::{report::Report, site::Engine};

/// Measures Samspil on SQLite, and on the PostgreSQL that `SAMSPIL_TEST_POSTGRES` names.
#[derive(Args)]
pub(crate) struct BenchCommand {
    /// One JSON array as the last line.
    #[arg(long)]
    json: bool,
    /// Fewer repetitions, and no queue of a million: within three minutes.
    #[arg(long)]
    quick: bool,
    /// One scenario alone.
    #[arg(long, value_name = "NAME")]
    only: Option<Scenario>,
    /// Be the far end of the bare stream, until standard input ends.
    #[arg(long, hide = true)]
    sink: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Scenario {
    Start,
    Uploads,
    Queue,
    Watch,
    Together,
}

impl BenchCommand {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        if self.sink {
            return stream::serve().await;
        }
        let (begun, load) = (Instant::now(), measure::load_average());
        let mut report = Report::default();
        let engines = Engine::all(&mut report).await?;
        let measured = self.measure(&engines, &mut report).await;
        for engine in &engines {
            engine.close().await?;
        }
        measured?;
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        report.note(format!(
            "{cores} cores, the load over five minutes {load} before and {} after; the whole took {:.0} s",
            measure::load_average(),
            begun.elapsed().as_secs_f64()
        ));
        report.print();
        if self.json {
            println!("{}", report.json());
        }
        Ok(())
    }

    async fn measure(&self, engines: &[Engine], report: &mut Report) -> anyhow::Result<()> {
        let wanted = |scenario| self.only.is_none_or(|only| only == scenario);
        let pictures = if wanted(Scenario::Uploads) { Some(photos::Pictures::draw().await?) } else { None };
        for engine in engines {
            if wanted(Scenario::Start) {
                start::run(engine, self.quick, report).await?;
            }
            if let Some(pictures) = &pictures {
                uploads::run(engine, pictures, self.quick, report).await?;
            }
            if wanted(Scenario::Queue) {
                queue::run(engine, self.quick, report).await?;
            }
            if wanted(Scenario::Watch) {
                watch::run(engine, self.quick, report).await?;
            }
            if wanted(Scenario::Together) {
                together::run(engine, self.quick, report).await?;
            }
        }
        Ok(())
    }
}
