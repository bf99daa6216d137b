//! A place to serve from, on either engine, and the server on it.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use anyhow::{Context as _, bail};
use samspil_client::{Connection, Endpoint, Token};
use samspil_store::{Db, Settings};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};
use uuid::Uuid;

use super::report::Report;
use crate::server::binary;

/// Where a PostgreSQL is that may be filled and emptied.
const VARIABLE: &str = "SAMSPIL_TEST_POSTGRES";

/// What has to hold for numbers that mean something. Servers for tests run without.
const DURABLE: [&str; 3] = ["fsync", "synchronous_commit", "full_page_writes"];

const SERVICES: [&str; 5] = ["directory", "referral", "careplan", "wound", "review"];

/// How long a server may take to be ready, and to stop.
const PATIENCE: Duration = Duration::from_secs(60);

/// What rows are kept in.
pub(crate) enum Engine {
    Sqlite,
    Postgres { url: String },
}

impl Engine {
    /// SQLite, and PostgreSQL where one is offered.
    pub(crate) async fn all(report: &mut Report) -> anyhow::Result<Vec<Engine>> {
        let Some(url) = std::env::var(VARIABLE).ok().filter(|url| !url.is_empty()) else {
            report.note(format!("PostgreSQL is left out: {VARIABLE} names none"));
            return Ok(vec![Engine::Sqlite]);
        };
        let mut admin = PgConnection::connect(&url).await.with_context(|| format!("{VARIABLE} cannot be reached"))?;
        for setting in DURABLE {
            // Only a superuser may. Whoever may not gets the note below.
            let _ = sqlx::query(AssertSqlSafe(format!("ALTER SYSTEM SET {setting} = on"))).execute(&mut admin).await;
        }
        let _ = sqlx::query("SELECT pg_reload_conf()").execute(&mut admin).await;
        admin.close().await?;
        tokio::time::sleep(Duration::from_millis(500)).await;
        let mut admin = PgConnection::connect(&url).await?;
        let (version,): (String,) = sqlx::query_as("SHOW server_version").fetch_one(&mut admin).await?;
        let mut is = Vec::new();
        for setting in DURABLE {
            let (value,): (String,) =
                sqlx::query_as(AssertSqlSafe(format!("SHOW {setting}"))).fetch_one(&mut admin).await?;
            is.push(format!("{setting} = {value}"));
        }
        report.note(format!("PostgreSQL {version}, {}; its own processor time is not counted", is.join(", ")));
        admin.close().await?;
        Ok(vec![Engine::Sqlite, Engine::Postgres { url }])
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Engine::Sqlite => "sqlite",
            Engine::Postgres { .. } => "postgres",
        }
    }

    /// Leaves a PostgreSQL as it was.
    pub(crate) async fn close(&self) -> anyhow::Result<()> {
        if let Engine::Postgres { url } = self {
            let mut admin = PgConnection::connect(url).await?;
            for setting in DURABLE {
                let _ = sqlx::query(AssertSqlSafe(format!("ALTER SYSTEM RESET {setting}"))).execute(&mut admin).await;
            }
            let _ = sqlx::query("SELECT pg_reload_conf()").execute(&mut admin).await;
            admin.close().await?;
        }
        Ok(())
    }

    /// A new place with empty tables.
    pub(crate) async fn site(&self) -> anyhow::Result<Site> {
        // Beside the binary and not in /tmp, which may be memory: there a sync costs nothing.
        let own = std::env::current_exe()?;
        let beside = own.parent().unwrap_or(Path::new("."));
        let folder = tempfile::Builder::new().prefix("samspil-bench-").tempdir_in(beside)?;
        let postgres = match self {
            Engine::Sqlite => None,
            Engine::Postgres { url } => Some(Schemas::create(url).await?),
        };
        let site = Site { folder, postgres };
        site.migrate().await?;
        Ok(site)
    }
}

/// A schema for each service.
struct Schemas {
    url: String,
    prefix: String,
}

impl Schemas {
    async fn create(url: &str) -> anyhow::Result<Schemas> {
        let schemas = Schemas { url: url.to_owned(), prefix: format!("bench_{}", Uuid::new_v4().simple()) };
        schemas.each("CREATE SCHEMA", "").await?;
        Ok(schemas)
    }

    async fn each(&self, verb: &str, how: &str) -> anyhow::Result<()> {
        let mut admin = PgConnection::connect(&self.url).await?;
        for service in SERVICES {
            let statement = format!("{verb} {}_{service} {how}", self.prefix);
            sqlx::query(AssertSqlSafe(statement)).execute(&mut admin).await?;
        }
        Ok(admin.close().await?)
    }

    fn url(&self, service: &str) -> String {
        let separator = if self.url.contains('?') { '&' } else { '?' };
        format!("{}{separator}options=-c%20search_path%3D{}_{service}", self.url, self.prefix)
    }
}

/// A folder, and a schema for each service where the engine is PostgreSQL.
pub(crate) struct Site {
    pub folder: tempfile::TempDir,
    postgres: Option<Schemas>,
}

impl Site {
    /// The binary with one of its verbs, on this place.
    fn samspil(&self, verb: &str) -> anyhow::Result<Command> {
        let mut command = Command::new(binary()?);
        command.args([verb, "--data-dir"]).arg(self.folder.path());
        if let Some(schemas) = &self.postgres {
            command.arg("--database-url").arg(schemas.url("{service}"));
        }
        Ok(command)
    }

    /// Makes the tables.
    async fn migrate(&self) -> anyhow::Result<()> {
        let done = self.samspil("migrate")?.output().await.context("cannot start samspil")?;
        anyhow::ensure!(done.status.success(), "no tables: {}", String::from_utf8_lossy(&done.stderr));
        Ok(())
    }

    /// Starts the server.
    pub(crate) async fn serve(&self) -> anyhow::Result<Server> {
        let data = self.folder.path();
        let log = data.join("serve.log");
        let mut command = self.samspil("serve")?;
        command.args(["--listen", "127.0.0.1:0"]);
        // One person does here what a hospital does.
        command.env("SAMSPIL_CALLER_CALLS_PER_SECOND", "0").env("SAMSPIL_CALLER_BYTES_PER_SECOND", "0");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(File::create(&log)?).kill_on_drop(true);
        let mut child = command.spawn().context("cannot start samspil")?;
        let mut lines = BufReader::new(child.stdout.take().context("its output")?).lines();
        let ready = tokio::time::timeout(PATIENCE, async {
            while let Some(line) = lines.next_line().await? {
                if let Some((_, address)) = line.split_once(" on http://") {
                    return Ok(format!("http://{address}"));
                }
            }
            bail!("samspil ended before it was ready:\n{}", fs::read_to_string(&log)?)
        });
        let endpoint = ready.await.context("samspil is not ready in time")??;
        // What it prints from here on is nobody's, but it must not block on a full pipe.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let pid = child.id().context("samspil has ended")?;
        Ok(Server { child, pid, endpoint, tokens: data.join("tokens") })
    }

    /// Lets PostgreSQL do at once what it would do some time after much was written: else it does so while something is measured.
    pub(crate) async fn settle(&self) -> anyhow::Result<()> {
        let Some(schemas) = &self.postgres else { return Ok(()) };
        let mut admin = PgConnection::connect(&schemas.url("wound")).await?;
        for statement in ["VACUUM ANALYZE", "CHECKPOINT"] {
            sqlx::query(statement).execute(&mut admin).await.with_context(|| statement)?;
        }
        Ok(admin.close().await?)
    }

    /// The wound service's database, past the service.
    pub(crate) async fn wound_db(&self) -> anyhow::Result<Db> {
        let settings = match &self.postgres {
            None => Settings::Sqlite(self.folder.path().join("wound.db")),
            Some(schemas) => Settings::Postgres { url: schemas.url("wound"), connections: 4 },
        };
        Ok(Db::open(&settings).await?)
    }

    /// Removes everything.
    pub(crate) async fn remove(self) -> anyhow::Result<()> {
        if let Some(schemas) = &self.postgres {
            schemas.each("DROP SCHEMA", "CASCADE").await?;
        }
        Ok(self.folder.close()?)
    }
}

/// The `samspil` binary, running.
pub(crate) struct Server {
    child: Child,
    pub pid: u32,
    endpoint: String,
    tokens: PathBuf,
}

impl Server {
    /// A new connection of one of the demo people.
    pub(crate) async fn connect(&self, person: &str) -> anyhow::Result<Connection> {
        let token = fs::read_to_string(self.tokens.join(format!("{person}.token")))?;
        Ok(Endpoint::new(&self.endpoint).tokens(Token::new(&token)).deadline(PATIENCE).connect().await?)
    }

    /// So many of them, as so many phones have.
    pub(crate) async fn connections(&self, person: &str, count: usize) -> anyhow::Result<Vec<Connection>> {
        let mut connections = Vec::with_capacity(count);
        for _ in 0..count {
            connections.push(self.connect(person).await?);
        }
        Ok(connections)
    }

    /// Stops it as Kubernetes does.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        let ended = Command::new("kill").arg(self.pid.to_string()).status().await?;
        anyhow::ensure!(ended.success(), "samspil could not be stopped");
        tokio::time::timeout(PATIENCE, self.child.wait()).await.context("samspil does not stop")??;
        Ok(())
    }
}
