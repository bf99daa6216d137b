//! The one binary: `serve` runs every service or some of them; the rest are its clients.

mod audit;
mod cli;
mod config;
mod copy;
mod keys;
mod migrate;
mod reference;
mod serve;
mod token;
mod trace;
mod verify;

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
    /// Print the configuration that is in force, from defaults, file, environment and flags.
    Config(serve::ConfigCommand),
    /// Bring the databases up to date; `serve` does it by itself on SQLite only.
    Migrate(migrate::MigrateCommand),
    /// Print a token for one of the demo people.
    Token(token::TokenCommand),
    /// Sign in at the provider of the server, in a browser of any machine.
    Login {
        #[command(flatten)]
        globals: cli::Globals,
        #[command(flatten)]
        command: cli::LoginCommand,
    },
    /// Sign out, here and at the provider.
    Logout {
        #[command(flatten)]
        globals: cli::Globals,
    },
    /// Print who one is to the services.
    Whoami {
        #[command(flatten)]
        globals: cli::Globals,
    },
    /// Keep the keys that person numbers are sealed with.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Print the story of a wound, or of anything else with a name, as a waterfall.
    Trace(trace::TraceCommand),
    /// Whether the audit is what was written, and what stands in it.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Move a site from SQLite and a folder to PostgreSQL and S3. Run again, it goes on where it was interrupted.
    Copy(copy::CopyCommand),
    /// Hold rows, objects, events and the audit against each other and tell every disagreement. Exit code 1 when there is any, 2 when
    /// something could not be looked at. It may be served meanwhile.
    Verify(verify::VerifyCommand),
    /// Write a sheet of cards to measure wounds by, or check a printed one.
    Marker(cli::MarkerCommand),
    /// Measure wounds on photos by the marker beside them, without a server.
    Measure(cli::MeasureCommand),
    /// What a municipal nurse does.
    Nurse {
        #[command(flatten)]
        globals: cli::Globals,
        #[command(subcommand)]
        command: cli::NurseCommand,
    },
    /// What a specialist does.
    Specialist {
        #[command(flatten)]
        globals: cli::Globals,
        #[command(subcommand)]
        command: cli::SpecialistCommand,
    },
    /// Who may see a patient, and who has to answer for it.
    Access {
        #[command(flatten)]
        globals: cli::Globals,
        #[command(subcommand)]
        command: cli::AccessCommand,
    },
}

#[tokio::main]
async fn main() -> std::process::ExitCode {
    samspil_heap::give_back_what_is_free();
    let ended = match Command::parse().verb {
        Verb::Serve(command) => command.run().await,
        Verb::Config(command) => command.print(),
        Verb::Migrate(command) => command.run().await,
        Verb::Token(command) => command.run(),
        Verb::Login { globals, command } => return cli::finish(command.run(globals.clone()).await, globals.json),
        Verb::Logout { globals } => return cli::finish(cli::logout(globals.clone()).await, globals.json),
        Verb::Whoami { globals } => return cli::finish(cli::whoami(globals.clone()).await, globals.json),
        Verb::Keys(command) => command.run().await,
        Verb::Trace(command) => command.run().await,
        Verb::Audit(command) => return command.run().await,
        Verb::Copy(command) => command.run().await,
        Verb::Verify(command) => return audit::verdict(command.run().await),
        Verb::Marker(command) => command.run(),
        Verb::Measure(command) => command.run(),
        Verb::Nurse { globals, command } => return cli::finish(command.run(globals.clone()).await, globals.json),
        Verb::Access { globals, command } => return cli::finish(command.run(globals.clone()).await, globals.json),
        Verb::Specialist { globals, command } => return cli::finish(command.run(globals.clone()).await, globals.json),
    };
    match ended {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("samspil: {error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}
