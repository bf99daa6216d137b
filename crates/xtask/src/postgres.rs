//! A throw-away PostgreSQL.

use std::{
    env,
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{
    keeper::{Keeper, free_ports},
    repo::Repo,
    run::{Stop, output, run, say},
    seaweed::Seaweed,
    tools::{self, find, is_root},
};

/// Where tests look for a server that they may fill and empty as they like.
const VARIABLE: &str = "SAMSPIL_TEST_POSTGRES";

/// The oldest release that Samspil runs on.
const OLDEST: u32 = 15;

/// A server that lives as long as this value: see `postgres.sh`.
pub(crate) struct Postgres {
    _keeper: Option<Keeper>,
    settings: Vec<(&'static str, OsString)>,
}

impl Postgres {
    /// Starts one, or takes the one that the environment names.
    pub(crate) fn start() -> Result<Postgres, Stop> {
        if let Some(url) = env::var_os(VARIABLE).filter(|url| !url.is_empty()) {
            say(&format!("using the PostgreSQL that {VARIABLE} names"));
            return Ok(Postgres { _keeper: None, settings: vec![(VARIABLE, url)] });
        }
        tools::provide(&[tools::POSTGRES])?;
        let (version, bin) = binaries().ok_or_else(|| Stop::because("PostgreSQL was there and is gone"))?;
        // Several ports, as another program may take one before the server does.
        let args = [bin.clone().into(), server_user()?.into()].into_iter();
        let args = args.chain(free_ports(4)?.into_iter().map(OsString::from));
        let Some((keeper, port)) = Keeper::start(include_str!("postgres.sh"), args)? else {
            return Err(Stop::because("PostgreSQL could not be started (see above)"));
        };
        say(&format!("PostgreSQL {version} for this run on 127.0.0.1:{port}"));
        let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
        let path = env::var_os("PATH").unwrap_or_default();
        let path = env::join_paths(env::split_paths(&path).chain([bin])).unwrap_or(path);
        let settings = vec![
            (VARIABLE, url.into()),
            ("PGHOST", "127.0.0.1".into()),
            ("PGPORT", port.into()),
            ("PGUSER", "postgres".into()),
            ("PGDATABASE", "postgres".into()),
            ("PATH", path),
        ];
        Ok(Postgres { _keeper: Some(keeper), settings })
    }

    /// Tells a program where the server is.
    pub(crate) fn offer<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command.envs(self.settings.iter().map(|(name, value)| (name, value)))
    }
}

/// `cargo xtask postgres [-- COMMAND]`.
pub(crate) fn with(args: &[OsString]) -> Result<(), Stop> {
    let command = args.strip_prefix(&[OsString::from("--")][..]).unwrap_or(args);
    let server = Postgres::start()?;
    let objects = Seaweed::start(&Repo::open()?)?;
    if let Some((program, args)) = command.split_first() {
        return run(objects.offer(server.offer(Command::new(program).args(args))));
    }
    println!("{}", objects.export());
    for (name, value) in server.settings.iter().filter(|(name, _)| *name != "PATH") {
        println!("export {name}={}", value.display());
    }
    say("it runs until Ctrl-D or Ctrl-C");
    let _ = io::copy(&mut io::stdin(), &mut io::sink());
    Ok(())
}

/// The newest server on this machine that is new enough: its version and the folder of its binaries.
pub(crate) fn binaries() -> Option<(u32, PathBuf)> {
    // Debian keeps each release in a folder of its own, out of the PATH.
    let releases = ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"].into_iter().flat_map(|folder| {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|entry| entry.path().join("bin"))
    });
    let on_path =
        find("initdb").and_then(|path| path.canonicalize().ok()).and_then(|path| path.parent().map(Into::into));
    let complete = |bin: &Path| ["initdb", "pg_ctl", "postgres"].iter().all(|program| bin.join(program).is_file());
    on_path
        .into_iter()
        .chain(releases)
        .filter(|bin| complete(bin))
        .filter_map(|bin| Some((version(&output(Command::new(bin.join("postgres")).arg("--version"))?)?, bin)))
        .filter(|(version, _)| *version >= OLDEST)
        .max()
}

/// The release in what `postgres --version` prints.
fn version(text: &str) -> Option<u32> {
    let number = text.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// The user that the server runs as: it refuses to run as root. Empty for the present one.
fn server_user() -> Result<&'static str, Stop> {
    if !is_root() {
        return Ok("");
    }
    if output(Command::new("id").args(["-u", "postgres"]).stderr(Stdio::null())).is_none() {
        say("PostgreSQL does not run as root; adding the system user `postgres`");
        run(Command::new("useradd").args(["--system", "--user-group", "--no-create-home", "postgres"]))?;
    }
    Ok("postgres")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_release_is_read_from_what_the_server_prints() {
        assert_eq!(version("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"), Some(15));
        assert_eq!(version("postgres (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(version("postgres"), None);
    }
}
