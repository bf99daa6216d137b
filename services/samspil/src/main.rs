//! The one binary: `serve` runs every service or some of them; the rest are its clients.

mod config;
mod serve;
mod token;
mod trace;

use clap::{Parser, Subcommand};

/// Telemedical wound images, referrals and shared care plans across sectors.
#[derive(Parser)]
#[command(name = "samspil", version, about)]
struct Command {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Serve every service, or those that are named.
    Serve(serve::ServeCommand),
    /// Print a token for one of the demo people.
    Token(token::TokenCommand),
    /// Print the story of a wound, or of anything else with a name, as a waterfall.
    Trace(trace::TraceCommand),
}

#[tokio::main]
async fn main() -> std::process::ExitCode {
    let ended = match Command::parse().verb {
        Verb::Serve(command) => command.run().await,
        Verb::Token(command) => command.run(),
        Verb::Trace(command) => command.run().await,
    };
    match ended {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("samspil: {error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}
