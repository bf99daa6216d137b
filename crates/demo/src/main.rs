//! Plays the main job through the public API, as its users would: a nurse, a specialist, and what they see.

mod bench;
mod photos;
mod play;
mod server;
mod tell;

use std::{path::PathBuf, time::Instant};

use clap::{Args, Parser, Subcommand};
use samspil_kit::telemetry::{self, Telemetry};

use crate::{server::Server, tell::Teller};

#[derive(Parser)]
#[command(name = "samspil-demo", about = "Plays the wound workflow through the public API")]
struct Command {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Start everything, play the workflow once, and stay up to be tried out.
    Demo(DemoCommand),
    /// Measure everything, each number beside its floor.
    Bench(bench::BenchCommand),
}

#[derive(Args)]
struct DemoCommand {
    /// End when the workflow is played.
    #[arg(long)]
    once: bool,
    /// One JSON object as the last line.
    #[arg(long)]
    json: bool,
    /// Play with the photographs of a folder (JPEG, PNG, WebP) in place of drawn ones.
    #[arg(long)]
    photos: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> std::process::ExitCode {
    let (verb, ended) = match Command::parse().verb {
        Verb::Demo(command) => ("demo", command.run().await),
        Verb::Bench(command) => ("bench", command.run().await),
    };
    match ended {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("the {verb} failed: {error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}

impl DemoCommand {
    async fn run(self) -> anyhow::Result<()> {
        let teller = Teller::new();
        teller.heading("Samspil: a wound, from the patient's home to the specialist's answer");
        let begun = Instant::now();
        let mut server = Server::start(!self.once).await?;
        let ready = begun.elapsed();
        teller.line(&format!(
            "Every service runs on SQLite and a folder, ready after {} ms: {}",
            ready.as_millis(),
            server.endpoint
        ));
        teller.line(&format!("Logs: {}", server.log.display()));
        let telemetry = Telemetry::start(&telemetry::Settings {
            service: "samspil-demo",
            otlp_endpoint: Some(server.endpoint.clone()),
            otlp_token: Some(server.token("nurse")?),
            spans_in_memory: 10_000,
            log: "error".to_owned(),
        })?;
        let played = play::play(&server, &teller, self.photos.as_deref(), ready).await;
        // The spans of this side arrive before the story is told.
        tokio::task::spawn_blocking(move || telemetry.stop()).await?;
        let played = match played {
            Ok(played) => played,
            Err(error) => {
                server.stop().await?;
                return Err(error);
            }
        };
        teller.heading("What the machine did, from the request on (samspil trace)");
        server.print_story(&played.request_trace_id).await?;
        server.print_story(&played.answer_trace_id).await?;
        if !self.once {
            tell::invite(&teller, &server, &played);
            teller.line("\nEverything stays up. Ctrl-C ends it.");
        }
        if self.json {
            println!("{}", played.json(&server)?);
        }
        if !self.once {
            tokio::select! {
                interrupted = tokio::signal::ctrl_c() => interrupted?,
                ended = server.wait() => anyhow::bail!("the server ended by itself: {}", ended?),
            }
        }
        server.stop().await
    }
}
