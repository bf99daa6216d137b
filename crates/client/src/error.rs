//! What can go wrong, sorted by what the caller can do about it.

use std::{collections::BTreeMap, error::Error as _, fmt, io};

use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::queue::Problem;

/// Why a call, an upload or the queue did not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The service said no. Asking the same again gives the same answer.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// The service could not be reached, or not for long enough. Try again later.
    #[error("the service cannot be reached: {message}")]
    Unavailable {
        /// The last thing that went wrong.
        message: String,
    },
    /// No answer came before the deadline. Whether the call had its effect is not known; with a `request_id` it can be
    /// repeated safely.
    #[error("no answer before the deadline")]
    Deadline,
    /// A file could not be read or written.
    #[error("failed to {doing}")]
    Io {
        /// What was being done, with the path.
        doing: String,
        /// The cause.
        source: io::Error,
    },
    /// The offline queue is not as it should be.
    #[error(transparent)]
    Queue(#[from] Problem),
    /// The endpoint or its certificates are not usable.
    #[error("the endpoint cannot be used: {0}")]
    Endpoint(String),
    /// No token can be had any more: the person has to sign in again.
    #[error("{0}")]
    SignIn(String),
    /// The token cannot be sent.
    #[error("the token has characters that no token has")]
    Token,
}

/// What the service said when it refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The gRPC code.
    pub code: Code,
    /// The reason of docs/errors.md, such as `PHOTOS_MISSING`; empty when the service gave none.
    pub reason: String,
    /// The same in words, for a developer.
    pub message: String,
    /// What belongs to the reason, such as the name of the photo that is already there.
    pub metadata: BTreeMap<String, String>,
    /// Every fault of the input, when the input was at fault.
    pub violations: Vec<Violation>,
}

/// A fault of the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Where, such as `visit.findings.pain`.
    pub field: String,
    /// What is wrong with it.
    pub description: String,
}

impl Error {
    pub(crate) fn io(doing: impl Into<String>, source: io::Error) -> Self {
        Error::Io { doing: doing.into(), source }
    }

    /// The refusal, if the service refused.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Error::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// The reason of docs/errors.md; empty when there is none.
    pub fn reason(&self) -> &str {
        self.refusal().map_or("", |refusal| &refusal.reason)
    }

    /// The same may work later, with nothing changed: no coverage, a service that restarts, an answer that was too slow.
    pub fn is_passing(&self) -> bool {
        match self {
            Error::Unavailable { .. } | Error::Deadline => true,
            Error::Refused(refusal) => matches!(refusal.code, Code::Unavailable | Code::ResourceExhausted),
            _ => false,
        }
    }
}

impl From<Status> for Error {
    fn from(status: Status) -> Self {
        match status.code() {
            Code::DeadlineExceeded => Error::Deadline,
            _ if is_transport(&status) => Error::Unavailable { message: told(&status) },
            Code::Unavailable => Error::Unavailable { message: status.message().to_owned() },
            code => {
                let info = status.get_details_error_info();
                let faults = status.get_details_bad_request();
                let (reason, metadata) = info.map(|info| (info.reason, info.metadata)).unwrap_or_default();
                Error::Refused(Box::new(Refusal {
                    code,
                    reason,
                    message: status.message().to_owned(),
                    metadata: metadata.into_iter().collect(),
                    violations: faults
                        .map(|faults| faults.field_violations)
                        .unwrap_or_default()
                        .into_iter()
                        .map(Into::into)
                        .collect(),
                }))
            }
        }
    }
}

impl From<tonic_types::FieldViolation> for Violation {
    fn from(fault: tonic_types::FieldViolation) -> Self {
        Violation { field: fault.field, description: fault.description }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reason.as_str() {
            "" => write!(f, "{}: {}", code_name(self.code), self.message)?,
            reason => write!(f, "{reason}: {}", self.message)?,
        }
        self.violations.iter().try_for_each(|violation| write!(f, "; {}: {}", violation.field, violation.description))
    }
}

/// Whether the call broke on the way: a status that came over the wire has no source, one that was made here has.
pub(crate) fn is_transport(status: &Status) -> bool {
    status.source().is_some()
}

/// A transport error with its causes, since the outermost only says "transport error".
fn told(status: &Status) -> String {
    let mut text = status.message().to_owned();
    let mut cause = status.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = error.source();
    }
    text
}

/// A code as the specification spells it.
pub fn code_name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}

#[cfg(test)]
mod tests {
    use tonic_types::{ErrorDetails, StatusExt as _};

    use super::*;

    #[test]
    fn a_refusal_keeps_everything_that_the_service_said() {
        let mut details =
            ErrorDetails::with_error_info("PHOTOS_MISSING", "samspil", [("photo".to_owned(), "p".to_owned())]);
        details.add_bad_request_violation("visit.photos", "is too long");
        let status = Status::with_error_details(Code::FailedPrecondition, "2 photos are missing", details);
        let error = Error::from(status);
        let refusal = error.refusal().unwrap();
        assert_eq!((refusal.code, error.reason()), (Code::FailedPrecondition, "PHOTOS_MISSING"));
        assert_eq!(refusal.metadata["photo"], "p");
        assert_eq!(error.to_string(), "PHOTOS_MISSING: 2 photos are missing; visit.photos: is too long");
        assert!(!error.is_passing());
    }

    #[test]
    fn a_broken_link_is_told_with_its_causes_and_is_passing() {
        let error = Error::from(Status::from_error(Box::new(io::Error::other("cable cut"))));
        assert!(error.is_passing() && error.to_string().contains("cable cut"), "{error}");
    }
}
