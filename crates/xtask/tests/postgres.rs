//! Nothing is left of a throw-away PostgreSQL and S3 store, however the xtask ends.

use std::{
    env, fs,
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// An `xtask postgres -- COMMAND` with a temporary folder to itself.
struct Run {
    xtask: Child,
    folder: PathBuf,
}

impl Run {
    /// Starts one, unless this machine has no servers: a test is not the place to install them.
    fn start(test: &str, command: &[&str]) -> Option<Run> {
        if env::var_os("SAMSPIL_TEST_POSTGRES").is_none() || env::var_os("SAMSPIL_TEST_S3").is_none() {
            eprintln!("skipped: run by `cargo xtask test`, which sees to it that both are installed");
            return None;
        }
        let folder = env::temp_dir().join(format!("samspil-xtask-{test}-{}", std::process::id()));
        fs::create_dir(&folder).unwrap();
        let xtask = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(["postgres", "--"])
            .args(command)
            .env_remove("SAMSPIL_TEST_POSTGRES")
            .env_remove("SAMSPIL_TEST_S3")
            .env("TMPDIR", &folder)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Some(Run { xtask, folder })
    }

    fn is_clean(&self) -> bool {
        fs::read_dir(&self.folder).unwrap().next().is_none()
    }

    fn until_ready(&mut self) {
        let lines = BufReader::new(self.xtask.stderr.take().unwrap()).lines();
        assert!(lines.map(Result::unwrap).any(|line| line.contains("for this run on")));
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        let _ = self.xtask.kill();
        let _ = fs::remove_dir(&self.folder);
    }
}

fn until(what: &str, condition: impl Fn() -> bool) {
    let begin = Instant::now();
    while !condition() {
        assert!(begin.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_failing_commands_exit_code_is_passed_on_and_the_server_is_gone() {
    let Some(mut run) = Run::start("failing", &["sh", "-c", "exit 7"]) else { return };
    assert_eq!(run.xtask.wait().unwrap().code(), Some(7));
    assert!(run.is_clean());
}

#[test]
fn a_killed_xtask_leaves_no_server() {
    let Some(mut run) = Run::start("killed", &["sleep", "1"]) else { return };
    run.until_ready();
    assert!(!run.is_clean());
    run.xtask.kill().unwrap();
    until("the server's folder is removed", || run.is_clean());
}

#[test]
fn an_xtask_killed_while_the_server_starts_leaves_none() {
    let Some(mut run) = Run::start("early", &["sleep", "1"]) else { return };
    until("the server's folder is made", || !run.is_clean());
    run.xtask.kill().unwrap();
    until("the server's folder is removed", || run.is_clean());
}
