//! Running other programs, and how a task ends early.

use std::{
    os::unix::process::ExitStatusExt as _,
    process::{Command, ExitStatus},
};

/// A task's early end.
#[derive(Debug)]
pub(crate) struct Stop {
    /// The exit code.
    pub(crate) code: u8,
    /// What to say, unless the program that failed has said it.
    pub(crate) message: Option<String>,
}

impl Stop {
    /// Something is wrong that the message explains.
    pub(crate) fn because(message: impl Into<String>) -> Stop {
        Stop { code: 1, message: Some(message.into()) }
    }

    /// The command line is not one of ours.
    pub(crate) fn usage(message: &str) -> Stop {
        Stop { code: 2, message: Some(message.trim_end().to_owned()) }
    }
}

/// Says something to the person, on standard error.
pub(crate) fn say(text: &str) {
    eprintln!("xtask: {text}");
}

/// Runs a program to its end. Its exit code becomes ours when it fails.
pub(crate) fn run(command: &mut Command) -> Result<(), Stop> {
    let status = command.status().map_err(|error| cannot_start(command, &error))?;
    if status.success() { Ok(()) } else { Err(Stop { code: code(status), message: None }) }
}

/// Runs a program to its end and returns what it printed, if it succeeded.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The end of a task whose program did not even start.
pub(crate) fn cannot_start(command: &Command, error: &std::io::Error) -> Stop {
    Stop { code: 127, message: Some(format!("cannot start {}: {error}", command.get_program().display())) }
}

/// An exit code as a shell gives it: 128 and the signal for a program that a signal ended.
fn code(status: ExitStatus) -> u8 {
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok()).filter(|&code| code != 0).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Result<(), Stop> {
        run(Command::new("sh").args(["-c", script]))
    }

    #[test]
    fn a_failing_programs_exit_code_is_passed_on() {
        assert!(shell("exit 0").is_ok());
        assert_eq!(shell("exit 7").unwrap_err().code, 7);
        assert_eq!(shell("kill -INT $$").unwrap_err().code, 130);
        assert_eq!(run(&mut Command::new("/nowhere/at/all")).unwrap_err().code, 127);
    }
}
