//! How a command tells its result and its failure.

use std::{
    io::{Write as _, stdout},
    process::{ExitCode, exit},
};

use anyhow::Result;
use prost::{Message, Name};
use samspil_client::{Error, code_name, json};
use serde_json::{Value, json};

/// Where results go: text for a person, or JSON.
#[derive(Debug, Clone, Copy)]
pub(super) struct Out {
    pub(super) json: bool,
}

impl Out {
    /// Tells a message of the contract.
    pub(super) fn message<M: Message + Name>(self, message: &M, text: impl FnOnce(&M) -> String) {
        self.value(|| json::from_message(message), || text(message));
    }

    /// Tells something that is made up of several.
    pub(super) fn value(self, json: impl FnOnce() -> Value, text: impl FnOnce() -> String) {
        let line = if self.json { json().to_string() } else { text().trim_end().to_owned() };
        // Whoever read it has gone, as `head` does: then nobody waits for the rest.
        if writeln!(stdout(), "{line}").is_err() {
            exit(1);
        }
    }

    /// Tells something in passing: to the person, never into a script's output.
    pub(super) fn note(self, text: &str) {
        if !self.json {
            eprintln!("{text}");
        }
    }
}

/// The command has told its failure itself; only the exit code is left.
#[derive(Debug)]
pub(super) struct Told;

impl std::error::Error for Told {}

impl std::fmt::Display for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not everything arrived")
    }
}

/// Ends a command: tells its error, as JSON with its reason if so wanted, and gives the exit code.
pub(crate) fn finish(result: Result<()>, json: bool) -> ExitCode {
    let Err(error) = result else { return ExitCode::SUCCESS };
    if !error.is::<Told>() {
        match json {
            true => Out { json }.value(|| json!({ "error": error_json(&error) }), String::new),
            false => eprintln!("{}", error_text(&error)),
        }
    }
    ExitCode::FAILURE
}

/// An error as a script reads it.
pub(super) fn error_json(error: &anyhow::Error) -> Value {
    match error.downcast_ref::<Error>() {
        Some(Error::Refused(refusal)) => json!({
            "code": code_name(refusal.code),
            "reason": refusal.reason,
            "message": refusal.message,
            "metadata": refusal.metadata,
            "violations": refusal.violations.iter().map(|violation| {
                json!({ "field": violation.field, "description": violation.description })
            }).collect::<Vec<_>>(),
        }),
        Some(Error::Unavailable { .. }) => json!({ "code": "UNAVAILABLE", "reason": "", "message": chain(error) }),
        Some(Error::Deadline) => json!({ "code": "DEADLINE_EXCEEDED", "reason": "", "message": chain(error) }),
        _ => json!({ "code": "", "reason": "", "message": chain(error) }),
    }
}

fn error_text(error: &anyhow::Error) -> String {
    let mut text = format!("error: {}", chain(error));
    if let Some(refusal) = error.downcast_ref::<Error>().and_then(Error::refusal) {
        for (name, value) in &refusal.metadata {
            text += &format!("\n  {name}: {value}");
        }
    }
    text
}

fn chain(error: &anyhow::Error) -> String {
    error.chain().map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use samspil_client::Refusal;

    use super::*;

    #[test]
    fn a_script_gets_the_reason_of_a_refusal_whatever_is_said_around_it() {
        let refusal = Refusal {
            code: tonic::Code::FailedPrecondition,
            reason: "PHOTOS_MISSING".to_owned(),
            message: "a photo is missing".to_owned(),
            metadata: [("photo".to_owned(), "p".to_owned())].into(),
            violations: Vec::new(),
        };
        let error = anyhow::Error::from(Error::Refused(Box::new(refusal))).context("failed to complete");
        let json = error_json(&error);
        assert_eq!(
            (json["code"].as_str(), json["reason"].as_str()),
            (Some("FAILED_PRECONDITION"), Some("PHOTOS_MISSING"))
        );
        assert!(error_text(&error).contains("photo: p"));
    }
}
