//! The server that is played with: the `samspil` binary beside this one, as a child.

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::Duration,
};

use anyhow::{Context as _, bail};
use samspil_client::{Connection, Endpoint, Token};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

/// Where it listens when it stays up, so that the README's calls find it.
const USUAL: &str = "127.0.0.1:50051";

/// How long it may take to be ready.
const PATIENCE: Duration = Duration::from_secs(30);

/// The `samspil` binary, running.
pub(crate) struct Server {
    child: Child,
    pub endpoint: String,
    pub data: PathBuf,
    pub log: PathBuf,
    /// Removes the folder of a run that does not stay.
    _temporary: Option<tempfile::TempDir>,
}

impl Server {
    /// Starts it: in `.samspil` and on the usual port when it stays up, else in a folder and on a port of its own.
    pub(crate) async fn start(stays: bool) -> anyhow::Result<Server> {
        let temporary = if stays { None } else { Some(tempfile::Builder::new().prefix("samspil-demo-").tempdir()?) };
        let data = temporary.as_ref().map_or_else(|| PathBuf::from(".samspil"), |folder| folder.path().to_path_buf());
        std::fs::create_dir_all(&data)?;
        let log = data.join("serve.log");
        let listen = if stays { USUAL } else { "127.0.0.1:0" };
        let mut child = Command::new(binary()?)
            .args(["serve", "--listen", listen, "--data-dir"])
            .arg(&data)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(&log)?)
            .kill_on_drop(true)
            .spawn()
            .context("cannot start samspil")?;
        let mut lines = BufReader::new(child.stdout.take().context("its output")?).lines();
        let ready = tokio::time::timeout(PATIENCE, async {
            while let Some(line) = lines.next_line().await? {
                if let Some((_, endpoint)) = line.split_once(" on http://") {
                    return Ok(format!("http://{endpoint}"));
                }
            }
            bail!("samspil ended before it was ready:\n{}", std::fs::read_to_string(&log)?)
        });
        let endpoint = ready.await.context("samspil is not ready in time")??;
        // What it prints from here on is nobody's, but it must not block on a full pipe.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Server { child, endpoint, data, log, _temporary: temporary })
    }

    /// A connection with the token of one of the demo people.
    pub(crate) async fn connect(&self, person: &str) -> anyhow::Result<Connection> {
        Ok(Endpoint::new(&self.endpoint).tokens(Token::new(&self.token(person)?)).connect().await?)
    }

    pub(crate) fn token(&self, person: &str) -> anyhow::Result<String> {
        let path = self.token_file(person);
        std::fs::read_to_string(&path).with_context(|| format!("no token in {}", path.display()))
    }

    pub(crate) fn token_file(&self, person: &str) -> PathBuf {
        self.data.join(format!("tokens/{person}.token"))
    }

    /// Prints the story of a resource, as a person would ask for it.
    pub(crate) async fn print_story(&self, name: &str) -> anyhow::Result<()> {
        let mut command = Command::new(binary()?);
        command.args(["trace", name, "--endpoint", &self.endpoint, "--token-file"]).arg(self.token_file("nurse"));
        let ended = command.status().await?;
        anyhow::ensure!(ended.success(), "samspil trace failed");
        Ok(())
    }

    pub(crate) async fn wait(&mut self) -> anyhow::Result<ExitStatus> {
        Ok(self.child.wait().await?)
    }

    /// Stops it as Kubernetes does.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        if let Some(id) = self.child.id() {
            let ended = Command::new("kill").arg(id.to_string()).status().await?;
            anyhow::ensure!(ended.success(), "samspil could not be stopped");
        }
        tokio::time::timeout(PATIENCE, self.child.wait()).await.context("samspil does not stop")??;
        Ok(())
    }
}

/// The binary beside this one.
pub(crate) fn binary() -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe()?;
    let path = own.parent().unwrap_or(Path::new(".")).join("samspil");
    anyhow::ensure!(path.exists(), "there is no samspil beside {}: cargo build --release -p samspil", own.display());
    Ok(path)
}
