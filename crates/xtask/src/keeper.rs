//! A server that lives as long as a value here, and not a moment longer.

use std::{
    ffi::OsStr,
    io::{self, BufRead as _, BufReader},
    net::TcpListener,
    os::unix::process::CommandExt as _,
    process::{Child, Command, Stdio},
};

use crate::run::{Stop, cannot_start};

/// A shell that holds a server and ends it when its standard input ends: see `postgres.sh`.
pub(crate) struct Keeper(Child);

impl Keeper {
    /// Runs a script, which says `ready` and one word when its server is up: gives that word. `None` when it does not come up;
    /// the script has said why.
    pub(crate) fn start<S: AsRef<OsStr>>(
        script: &str,
        args: impl IntoIterator<Item = S>,
    ) -> Result<Option<(Keeper, String)>, Stop> {
        let mut command = Command::new("sh");
        command.args(["-c", script, "keeper"]).args(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).process_group(0);
        let mut shell = command.spawn().map_err(|error| cannot_start(&command, &error))?;
        let mut line = String::new();
        if let Some(stdout) = &mut shell.stdout {
            // Nothing follows the line, so that nothing is lost in the reader's buffer.
            let _ = BufReader::new(stdout).read_line(&mut line);
        }
        let keeper = Keeper(shell);
        Ok(line.trim().strip_prefix("ready ").map(|word| (keeper, word.to_owned())))
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        // Its standard input is closed by waiting, and that is what it waits for.
        let _ = self.0.wait();
    }
}

/// Ports that were free a moment ago.
pub(crate) fn free_ports(many: usize) -> Result<Vec<String>, Stop> {
    let found = || {
        let listeners = (0..many).map(|_| TcpListener::bind("127.0.0.1:0")).collect::<io::Result<Vec<_>>>()?;
        listeners.iter().map(|listener| Ok(listener.local_addr()?.port().to_string())).collect::<io::Result<_>>()
    };
    found().map_err(|error| Stop::because(format!("no free port: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ports_to_try_differ() {
        let mut ports = free_ports(8).unwrap();
        ports.sort();
        ports.dedup();
        assert_eq!(ports.len(), 8);
    }

    #[test]
    fn a_script_that_is_ready_is_held_and_one_that_fails_is_not() {
        let (_keeper, word) = Keeper::start("echo ready $1; cat", ["7"]).unwrap().unwrap();
        assert_eq!(word, "7");
        assert!(Keeper::start("exit 1", [""; 0]).unwrap().is_none());
    }
}
