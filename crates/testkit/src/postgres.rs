//! A throw-away PostgreSQL, and a fresh schema in it for each service of each test.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::LazyLock,
    time::{Duration, Instant},
};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::Cluster;

/// The server of this process: one that was started for it, or one of its own.
static SERVER: LazyLock<Server> = LazyLock::new(|| match std::env::var("SAMSPIL_TEST_POSTGRES") {
    Ok(url) => Server { url, own: None },
    Err(_) => Server::start(),
});

struct Server {
    url: String,
    /// Lives as long as the process: its end takes the server down.
    #[expect(dead_code, reason = "held, never read")]
    own: Option<Cluster>,
}

/// A fresh, empty schema: the URL of a database whose unqualified names live in it.
///
/// # Panics
/// When there is no PostgreSQL to be had: a test on it cannot pass then.
pub async fn fresh_schema() -> String {
    fresh_schemas("only", &["only"]).await.replace("{only}", "only")
}

/// A fresh, empty schema for each of several: the URL in which `{what}` stands for the name of one of them.
///
/// # Panics
/// As [`fresh_schema`].
pub async fn fresh_schemas(what: &str, names: &[&str]) -> String {
    let url = tokio::task::spawn_blocking(|| SERVER.url.clone()).await.expect("PostgreSQL starts");
    create_schemas(&url, what, names).await
}

pub(crate) async fn create_schemas(url: &str, what: &str, names: &[&str]) -> String {
    let prefix = format!("test_{}", uuid::Uuid::new_v4().simple());
    let mut connection = connect(url).await;
    for name in names {
        let statement = format!("CREATE SCHEMA {prefix}_{name}");
        sqlx::query(AssertSqlSafe(statement)).execute(&mut connection).await.expect("a new schema");
    }
    connection.close().await.expect("a clean end");
    let separator = if url.contains('?') { '&' } else { '?' };
    format!("{url}{separator}options=-c%20search_path%3D{prefix}_{{{what}}}")
}

/// Fresh, empty databases, one for each service: a URL in which `{service}` stands for its name.
///
/// # Panics
/// As [`fresh_schema`].
pub async fn fresh_databases(services: &[&str]) -> String {
    let url = tokio::task::spawn_blocking(|| SERVER.url.clone()).await.expect("PostgreSQL starts");
    let site = format!("test_{}", uuid::Uuid::new_v4().simple());
    let mut connection = connect(&url).await;
    for service in services {
        let create = format!("CREATE DATABASE {site}_{service} TEMPLATE template0");
        sqlx::query(AssertSqlSafe(create)).execute(&mut connection).await.expect("a new database");
    }
    connection.close().await.expect("a clean end");
    let (server, _) = url.rsplit_once('/').expect("a URL with a database in it");
    format!("{server}/{site}_{{service}}")
}

/// Connects as soon as the server lets us: it listens a moment before it has started up.
async fn connect(url: &str) -> PgConnection {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        match PgConnection::connect(url).await {
            Ok(connection) => return connection,
            Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("57P03") && Instant::now() < until => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            Err(error) => panic!("PostgreSQL does not answer: {error}"),
        }
    }
}

impl Server {
    fn start() -> Server {
        let own = Cluster::start(&["synchronous_commit=off", "full_page_writes=off", "max_connections=200"]);
        Server { url: own.url(), own: Some(own) }
    }
}

pub(crate) fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout.starts_with(b"0\n"))
}

/// A command, run as the user `postgres` where we are root.
pub(crate) fn user(as_postgres: bool, program: &str) -> Command {
    let path = if program == "sh" { PathBuf::from("sh") } else { binary(program) };
    if !as_postgres {
        return Command::new(path);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(path).current_dir("/");
    command
}

pub(crate) fn binary(name: &str) -> PathBuf {
    let installed = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<_> =
        installed.map(|version| version.path().join("bin").join(name)).filter(|p| p.exists()).collect();
    found.sort();
    found.pop().unwrap_or_else(|| Path::new(name).to_path_buf())
}

pub(crate) fn run(command: &mut Command) {
    let out = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}; install PostgreSQL 15 or newer"));
    assert!(out.status.success(), "{command:?}: {}", String::from_utf8_lossy(&out.stderr));
}

pub(crate) fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}
