//! Plays the main job through the public API, as its users would: a nurse, a specialist, and what they see.

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
    let Verb::Demo(command) = Command::parse().verb;
    match command.run().await {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("the demo failed: {error:#}");
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
        teller.heading("What the machine did (samspil trace)");
        server.print_story(&played.wound).await?;
        if !self.once {
            tell::invite(&teller, &server, &played);
        }
        if self.json {
            println!("{}", played.json(&server)?);
        }
        if !self.once {
            teller.line("\nEverything stays up. Ctrl-C ends it.");
            tokio::select! {
                interrupted = tokio::signal::ctrl_c() => interrupted?,
                ended = server.wait() => anyhow::bail!("the server ended by itself: {}", ended?),
            }
        }
        server.stop().await
    }
}
