//! The binary as a child.

use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use samspil_client::{Connection, Endpoint, Token};

/// `samspil serve`, in a folder of its own. It is killed when this is dropped.
pub(crate) struct Server {
    child: Child,
    data: PathBuf,
    services: Vec<String>,
    environment: Vec<(String, String)>,
    address: String,
    /// The line that it prints next to its address.
    web_tool: String,
}

impl Server {
    /// Starts it on a free port and waits until it serves.
    pub(crate) fn start(data: &Path, environment: &[(&str, &str)]) -> Server {
        Server::start_with(data, &[], environment)
    }

    /// The same with some services only.
    pub(crate) fn start_with(data: &Path, services: &[&str], environment: &[(&str, &str)]) -> Server {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let services = services.iter().map(|name| (*name).to_owned()).collect();
        Server::start_on(data, "127.0.0.1:0", services, environment.iter().map(owned).collect())
    }

    fn start_on(data: &Path, listen: &str, services: Vec<String>, environment: Vec<(String, String)>) -> Server {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(data.join("serve.log")).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_samspil"))
            .arg("serve")
            .args(&services)
            .args(["--listen", listen, "--data-dir"])
            .arg(data)
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .env_remove("SAMSPIL_DATA_DIR")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address =
            lines.by_ref().find_map(|line| Some(line.unwrap().split_once(" on http://")?.1.to_owned())).unwrap_or_else(
                || panic!("the server ended: {}", std::fs::read_to_string(data.join("serve.log")).unwrap()),
            );
        let web_tool = if services.is_empty() { lines.next().unwrap().unwrap() } else { String::new() };
        // What it prints later must not block on a full pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Server { child, data: data.to_owned(), services, environment, address, web_tool }
    }

    /// Kills it without a word, as a power cut does, and starts it again on the same folder and port.
    pub(crate) fn kill_and_restart(&mut self) {
        self.kill();
        self.start_again();
    }

    /// Starts it again after its end, as it was, on the same folder and port.
    pub(crate) fn start_again(&mut self) {
        let (services, environment) = (self.services.clone(), self.environment.clone());
        *self = Server::start_on(&self.data, &self.address, services, environment);
    }

    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop, as Kubernetes does, and gives how it ended.
    pub(crate) fn terminate(mut self) -> std::process::ExitStatus {
        self.stop()
    }

    /// The same, of one that may be started again.
    pub(crate) fn stop(&mut self) -> std::process::ExitStatus {
        let asked = Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        assert!(asked.success());
        self.child.wait().unwrap()
    }

    /// How much memory it holds, in bytes.
    pub(crate) fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let held = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")).unwrap();
        held.trim().parse::<u64>().unwrap() * 1024
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    pub(crate) fn web_tool(&self) -> &str {
        &self.web_tool
    }

    pub(crate) fn token(&self, person: &str) -> String {
        std::fs::read_to_string(self.data.join(format!("tokens/{person}.token"))).unwrap()
    }

    /// A connection with the token of one of the demo people, made when it is first used.
    pub(crate) fn connect(&self, person: &str) -> Connection {
        Endpoint::new(self.endpoint()).tokens(Token::new(&self.token(person))).connect_lazy().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
