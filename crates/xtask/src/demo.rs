//! `cargo xtask demo` and `cargo xtask bench`: Samspil in release, tried and measured from outside.

use std::{ffi::OsString, os::unix::process::CommandExt as _, process::Command};

use crate::{
    postgres::Postgres,
    repo::Repo,
    run::{Stop, cannot_start, run, say},
    tools,
    web::Web,
};

/// Builds, then becomes the demo: it has the terminal to itself, and its exit code is ours.
pub(crate) fn demo(repo: &Repo, args: &[OsString]) -> Result<(), Stop> {
    let mut demo = build(repo)?;
    demo.arg("demo").args(args).env("SAMSPIL_OUTLINE_MODEL", repo.outline_model());
    let error = demo.exec();
    Err(cannot_start(&demo, &error))
}

/// Builds and measures: the services, on PostgreSQL too where there is one, and the web tool.
pub(crate) fn bench(repo: &Repo, args: &[OsString]) -> Result<(), Stop> {
    let mut bench = build(repo)?;
    match args {
        [] => services(&mut bench, args).and_then(|()| Web::open(repo)?.bench()),
        [only, web] if only == "--only" && web == "web" => Web::open(repo)?.bench(),
        chosen => services(&mut bench, chosen),
    }
}

fn services(bench: &mut Command, args: &[OsString]) -> Result<(), Stop> {
    bench.arg("bench").args(args);
    match Postgres::start() {
        Ok(server) => run(server.offer(bench)),
        Err(Stop { message, .. }) => {
            say(&message.unwrap_or_default());
            say("measuring on SQLite alone");
            run(bench)
        }
    }
}

/// Builds the server and the program that plays with it. The latter finds the former beside itself.
fn build(repo: &Repo) -> Result<Command, Stop> {
    tools::provide(&[tools::C_COMPILER])?;
    match Web::open(repo) {
        Ok(web) => web.build()?,
        // Everything else can be tried without.
        Err(Stop { message, .. }) => {
            say(&message.unwrap_or_default());
            say("going on without the web tool");
        }
    }
    say("building Samspil in release; the first time takes some ten to twenty minutes on two cores");
    run(&mut repo.cargo(["build", "--release", "-p", "samspil", "-p", "samspil-demo"]))?;
    Ok(Command::new(repo.target.join("release/samspil-demo")))
}
