//! A PostgreSQL of a test's own, to be killed, paused and filled up.

use std::{
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

mod archive;

pub use archive::Backup;

use crate::postgres::{binary, create_schemas, free_port, is_root, run, user};

/// How long a server may take to come up or go.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server that ends with this, or with the test's process.
pub struct Cluster {
    folder: tempfile::TempDir,
    port: u16,
    settings: Vec<String>,
    shell: Option<Child>,
}

impl Cluster {
    /// Starts a server in a folder of its own, with these settings (`max_connections=20`) beside its own.
    ///
    /// # Panics
    /// When there is no PostgreSQL on the machine, or it does not come up.
    pub fn start(settings: &[&str]) -> Cluster {
        let folder = tempfile::Builder::new().prefix("samspil-pg-").tempdir().expect("a temporary folder");
        Cluster::start_in(folder, settings)
    }

    /// The same in a folder that the test has made, such as one on a small disk.
    ///
    /// # Panics
    /// As [`Cluster::start`].
    pub fn start_in(folder: tempfile::TempDir, settings: &[&str]) -> Cluster {
        let settings = settings.iter().map(|setting| (*setting).to_owned()).collect();
        let mut cluster = Cluster { folder, port: free_port(), settings, shell: None };
        if is_root() {
            // PostgreSQL refuses to run as root.
            run(Command::new("chown").arg("postgres").arg(cluster.folder.path()));
        }
        run(user(is_root(), "initdb").args(["-A", "trust", "-U", "postgres", "--no-sync", "-D"]).arg(cluster.data()));
        cluster.start_again();
        cluster
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// While there is this file, the data are kept at the server's end.
    fn keep(&self) -> PathBuf {
        self.folder.path().join("keep")
    }

    /// The URL of its database.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// A fresh, empty schema for each of several, as [`fresh_schemas`](crate::fresh_schemas) has them.
    ///
    /// # Panics
    /// When the server does not answer.
    pub async fn schemas(&self, what: &str, names: &[&str]) -> String {
        create_schemas(&self.url(), what, names).await
    }

    /// Makes a person who may do everything and has to show a password.
    ///
    /// # Panics
    /// When the server does not answer, or lets anybody in without.
    pub async fn guards(&self, name: &str, password: &str) {
        let mut connection = PgConnection::connect(&self.url()).await.expect("a connection");
        let role = format!("CREATE ROLE {name} LOGIN SUPERUSER PASSWORD '{}'", password.replace('\'', "''"));
        sqlx::query(AssertSqlSafe(role)).execute(&mut connection).await.expect("a role");
        let rules = self.data().join("pg_hba.conf");
        let others = std::fs::read_to_string(&rules).expect("the rules");
        std::fs::write(rules, format!("host all {name} 127.0.0.1/32 scram-sha-256\n{others}")).expect("the rules");
        sqlx::query("SELECT pg_reload_conf()").execute(&mut connection).await.expect("the rules to be read");
        let until = Instant::now() + PATIENCE;
        while PgConnection::connect(&self.url().replace("postgres@", &format!("{name}@"))).await.is_ok() {
            assert!(Instant::now() < until, "anybody is let in as {name}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Starts it after its end, and waits until it takes connections.
    ///
    /// # Panics
    /// When it does not come up.
    pub fn start_again(&mut self) {
        let settings: String = self.settings.iter().map(|setting| format!(" -c {setting}")).collect();
        // The shell outlives this process by a moment: when its input closes, it takes the server down.
        let script = format!(
            "{postgres} -D {data} -c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories= -c fsync=off \
             {settings} >>{log} 2>&1 & server=$!; cat >/dev/null; kill -CONT $server 2>/dev/null; kill -QUIT $server 2>/dev/null; \
             wait $server; test -e {keep} || rm -rf {data}",
            postgres = binary("postgres").display(),
            data = self.data().display(),
            keep = self.keep().display(),
            port = self.port,
            log = self.folder.path().join("log").display(),
        );
        let until = Instant::now() + PATIENCE;
        let mut shell = user(is_root(), "sh");
        self.shell = Some(shell.args(["-c", &script]).stdin(Stdio::piped()).spawn().expect("a shell"));
        while !self.takes_connections() {
            assert!(Instant::now() < until, "PostgreSQL did not come up");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn takes_connections(&self) -> bool {
        let mut asks = user(is_root(), "pg_isready");
        asks.args(["-q", "-h", "127.0.0.1", "-p"]).arg(self.port.to_string());
        asks.status().is_ok_and(|status| status.success())
    }

    /// Kills every process of it at once, in the middle of whatever they do.
    ///
    /// # Panics
    /// When it does not run.
    pub fn crash(&mut self) {
        self.signal("KILL");
        self.let_go();
        let until = Instant::now() + PATIENCE;
        while std::net::TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
            assert!(Instant::now() < until, "PostgreSQL goes on");
            std::thread::sleep(Duration::from_millis(20));
        }
        // Or the next one takes whoever has that process id by then for this one.
        std::fs::remove_file(self.data().join("postmaster.pid")).expect("what a killed server leaves");
    }

    /// Waits until it takes connections; starts it again if it has given up.
    ///
    /// # Panics
    /// When it does not come up.
    pub fn recover(&mut self) {
        let until = Instant::now() + PATIENCE;
        while !self.takes_connections() {
            assert!(Instant::now() < until, "PostgreSQL does not recover");
            if !self.data().join("postmaster.pid").exists() {
                self.let_go();
                self.start_again();
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Ends the shell after the server, and leaves the data.
    fn let_go(&mut self) {
        std::fs::write(self.keep(), "").expect("a file");
        if let Some(mut shell) = self.shell.take() {
            drop(shell.stdin.take());
            shell.wait().expect("the end of the shell");
        }
        std::fs::remove_file(self.keep()).expect("the file");
    }

    /// Lets every process of it stand still: connections are taken by nobody and answered by nobody.
    ///
    /// # Panics
    /// When it does not run.
    pub fn pause(&self) {
        self.signal("STOP");
    }

    /// Lets it go on.
    ///
    /// # Panics
    /// When it does not run.
    pub fn go_on(&self) {
        self.signal("CONT");
    }

    /// Sends a signal to the server and to every process that it has started.
    fn signal(&self, signal: &str) {
        let pid_file = std::fs::read_to_string(self.data().join("postmaster.pid")).expect("a running server");
        let server = pid_file.lines().next().expect("its process id");
        let children = Command::new("ps").args(["-o", "pid=", "--ppid", server]).output().expect("ps");
        let children = String::from_utf8_lossy(&children.stdout).into_owned();
        let signal = format!("-{signal}");
        // The server first: it starts no more of them meanwhile.
        for process in std::iter::once(server).chain(children.split_whitespace()) {
            // A connection may have ended by itself by now.
            let _ = Command::new("kill").arg(&signal).arg(process).status();
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(mut shell) = self.shell.take() {
            drop(shell.stdin.take());
            // It ends with its input; nothing can be done if it does not.
            let _ = shell.wait();
        }
    }
}
