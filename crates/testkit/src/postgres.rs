//! A throw-away PostgreSQL, and a fresh schema in it for each service of each test.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::LazyLock,
    time::{Duration, Instant},
};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

/// The server of this process: one that was started for it, or one of its own.
static SERVER: LazyLock<Server> = LazyLock::new(|| match std::env::var("SAMSPIL_TEST_POSTGRES") {
    Ok(url) => Server { url, own: None },
    Err(_) => Server::start(),
});

struct Server {
    url: String,
    /// Lives as long as the process: its end takes the server down.
    #[expect(dead_code, reason = "held, never read")]
    own: Option<(Child, tempfile::TempDir)>,
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
    let prefix = format!("test_{}", uuid::Uuid::new_v4().simple());
    let mut connection = connect(&url).await;
    for name in names {
        let statement = format!("CREATE SCHEMA {prefix}_{name}");
        sqlx::query(AssertSqlSafe(statement)).execute(&mut connection).await.expect("a new schema");
    }
    connection.close().await.expect("a clean end");
    let separator = if url.contains('?') { '&' } else { '?' };
    format!("{url}{separator}options=-c%20search_path%3D{prefix}_{{{what}}}")
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
        let folder = tempfile::Builder::new().prefix("samspil-pg-").tempdir().expect("a temporary folder");
        let data = folder.path().join("data");
        let as_postgres = is_root();
        if as_postgres {
            // PostgreSQL refuses to run as root.
            run(Command::new("chown").arg("postgres").arg(folder.path()));
        }
        let port = free_port();
        run(user(as_postgres, "initdb").args(["-A", "trust", "-U", "postgres", "--no-sync", "-D"]).arg(&data));
        // The shell outlives this process by a moment: when its input closes, it takes the server down.
        let script = format!(
            "{postgres} -D {data} -c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories= -c fsync=off \
             -c synchronous_commit=off -c full_page_writes=off -c max_connections=200 >{log} 2>&1 & server=$!; cat >/dev/null; \
             kill -QUIT $server; wait $server; rm -rf {data}",
            postgres = binary("postgres").display(),
            data = data.display(),
            log = folder.path().join("log").display(),
        );
        let mut shell = user(as_postgres, "sh");
        let child = shell.args(["-c", &script]).stdin(Stdio::piped()).spawn().expect("a shell");
        let until = Instant::now() + Duration::from_secs(30);
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < until, "PostgreSQL did not come up");
            std::thread::sleep(Duration::from_millis(20));
        }
        Server { url: format!("postgres://postgres@127.0.0.1:{port}/postgres"), own: Some((child, folder)) }
    }
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout.starts_with(b"0\n"))
}

/// A command, run as the user `postgres` where we are root.
fn user(as_postgres: bool, program: &str) -> Command {
    let path = if program == "sh" { PathBuf::from("sh") } else { binary(program) };
    if !as_postgres {
        return Command::new(path);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(path).current_dir("/");
    command
}

fn binary(name: &str) -> PathBuf {
    let installed = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<_> =
        installed.map(|version| version.path().join("bin").join(name)).filter(|p| p.exists()).collect();
    found.sort();
    found.pop().unwrap_or_else(|| Path::new(name).to_path_buf())
}

fn run(command: &mut Command) {
    let out = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}; install PostgreSQL 15 or newer"));
    assert!(out.status.success(), "{command:?}: {}", String::from_utf8_lossy(&out.stderr));
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}
