//! What goes wrong, with a stable reason, and the `Status` that it becomes.

use std::{collections::HashMap, fmt, time::Duration};

use samspil_proto::names::NotAName;
use samspil_store::Trouble;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

use crate::validate::Violation;

/// Why a call failed.
#[derive(Debug)]
pub enum Error {
    /// The service refuses, for a reason that the caller can act on.
    Refused(Box<Refused>),
    /// The request breaks rules: all of them at once.
    Invalid(Vec<Violation>),
    /// Something broke that is not the caller's doing. The cause goes to the log, never to the caller.
    Internal(Box<dyn std::error::Error + Send + Sync>),
    /// Another service said no, or did not answer.
    Peer(Box<Status>),
}

/// A refusal.
#[derive(Debug, Clone)]
pub struct Refused {
    /// gRPC's code.
    pub code: Code,
    /// The stable reason, as docs/errors.md lists it.
    pub reason: &'static str,
    /// What a person reads.
    pub message: String,
    /// Facts that belong to it: names, times, offsets.
    pub metadata: HashMap<String, String>,
    /// When to try again, where that is known.
    pub after: Option<Duration>,
}

/// A reason that a service gives. Made by [`reasons!`](crate::reasons!).
pub trait Reason: Copy {
    /// gRPC's code.
    fn code(self) -> Code;
    /// The stable name.
    fn name(self) -> &'static str;
    /// What a person reads.
    fn message(self) -> &'static str;
}

/// Declares the reasons of a service: each with its name on the wire, gRPC's code, and what a person reads.
#[macro_export]
macro_rules! reasons {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($variant:ident = $text:literal, $code:ident, $message:literal;)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        $vis enum $name {
            $(#[doc = $message] $variant,)*
        }

        impl $name {
            /// Every reason: its name, its code and what a person reads.
            pub const ALL: &[(&'static str, $crate::Code, &'static str)] =
                &[$(($text, $crate::Code::$code, $message),)*];
        }

        impl $crate::Reason for $name {
            fn code(self) -> $crate::Code {
                match self { $($name::$variant => $crate::Code::$code,)* }
            }
            fn name(self) -> &'static str {
                match self { $($name::$variant => $text,)* }
            }
            fn message(self) -> &'static str {
                match self { $($name::$variant => $message,)* }
            }
        }
    };
}

/// Reasons that every service can give.
pub mod common {
    crate::reasons! {
        /// Reasons that every service can give.
        pub enum Common {
            TokenMissing = "TOKEN_MISSING", Unauthenticated, "send a token as `authorization: Bearer …`";
            TokenExpired = "TOKEN_EXPIRED", Unauthenticated, "the token has expired; get a new one";
            TokenRevoked = "TOKEN_REVOKED", Unauthenticated, "its person has signed out; sign in again";
            TokenInvalid = "TOKEN_INVALID", Unauthenticated, "the token is not one of this installation's";
            IdentityUnavailable = "IDENTITY_UNAVAILABLE", Unavailable, "the provider that signs people in does not answer; try again";
            CallerUnknown = "CALLER_UNKNOWN", PermissionDenied, "the token is good, but nobody has let its person or program in here";
            AssuranceTooLow = "ASSURANCE_TOO_LOW", PermissionDenied, "sign in with a higher level of assurance";
            NoPermission = "NO_PERMISSION", PermissionDenied, "the caller's role may not do this";
            MethodClosed = "METHOD_CLOSED", PermissionDenied, "the contract names no permission for this method";
            NoRelation = "NO_RELATION", PermissionDenied, "the caller's organisation has no standing relation to this patient";
            EtagMismatch = "ETAG_MISMATCH", Aborted, "the resource has changed since it was read; read it again";
            RequestIdReused = "REQUEST_ID_REUSED", InvalidArgument, "this request_id was used for another request";
            PageTokenInvalid = "PAGE_TOKEN_INVALID", InvalidArgument, "the page token belongs to another list";
            CursorInvalid = "CURSOR_INVALID", InvalidArgument, "the cursor is not one that this stream gave to your organisation";
            CalendarEnds = "CALENDAR_ENDS", FailedPrecondition, "the calendar of working days does not reach that far; it has to be renewed";
            ResourceNotFound = "RESOURCE_NOT_FOUND", NotFound, "there is no such resource";
            DeadlineExceeded = "DEADLINE_EXCEEDED", DeadlineExceeded, "the call took longer than its deadline";
            StorageFull = "STORAGE_FULL", ResourceExhausted, "there is no room to store this; nothing was lost, try again later";
            StoreUnavailable = "STORE_UNAVAILABLE", Unavailable, "the store of pictures and files does not answer; nothing was lost, try again";
            ObjectDamaged = "OBJECT_DAMAGED", DataLoss, "what is stored is not what was stored; it has to be restored from a backup";
            DatabaseBusy = "DATABASE_BUSY", Unavailable, "the database did not answer in time; try again";
            PeerUnavailable = "PEER_UNAVAILABLE", Unavailable, "another service did not answer; try again";
            StreamMoved = "STREAM_MOVED", Unavailable, "the stream goes on elsewhere; ask again from its last cursor";
            CertificateMissing = "CERTIFICATE_MISSING", Unauthenticated, "who calls as a service shows a certificate that names it";
            Overloaded = "OVERLOADED", ResourceExhausted, "too many calls at once; try again in a moment";
        }
    }
}

impl Error {
    /// Adds a fact to a refusal.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl fmt::Display) -> Error {
        if let Error::Refused(refused) = &mut self {
            refused.metadata.insert(key.to_owned(), value.to_string());
        }
        self
    }

    /// Tells a caller who is refused for a moment when to try again.
    #[must_use]
    pub fn after(mut self, pause: Duration) -> Error {
        if let Error::Refused(refused) = &mut self {
            refused.after = Some(pause);
        }
        self
    }

    /// Says it in other words, for the person at hand.
    #[must_use]
    pub fn saying(mut self, message: impl Into<String>) -> Error {
        if let Error::Refused(refused) = &mut self {
            refused.message = message.into();
        }
        self
    }

    /// One broken rule.
    pub fn invalid(field: impl Into<String>, rule: &'static str, description: impl Into<String>) -> Error {
        Error::Invalid(vec![Violation { field: field.into(), rule: rule.to_owned(), description: description.into() }])
    }

    /// Something broke.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
        Error::Internal(cause.into())
    }

    /// The stable reason, for the log and the audit entry.
    pub fn reason(&self) -> &'static str {
        match self {
            Error::Refused(refused) => refused.reason,
            Error::Invalid(_) => "INVALID_REQUEST",
            Error::Internal(_) => "INTERNAL",
            Error::Peer(_) => "PEER",
        }
    }
}

impl<R: Reason> From<R> for Error {
    fn from(reason: R) -> Error {
        Error::Refused(Box::new(Refused {
            code: reason.code(),
            reason: reason.name(),
            message: reason.message().to_owned(),
            metadata: HashMap::new(),
            after: None,
        }))
    }
}

impl From<samspil_store::Error> for Error {
    fn from(error: samspil_store::Error) -> Error {
        match samspil_store::trouble(&error) {
            Trouble::Passing => {
                tracing::warn!(error = %error, "the database did not answer");
                common::Common::DatabaseBusy.into()
            }
            Trouble::Full => {
                tracing::error!(error = %error, "the database has no room");
                common::Common::StorageFull.into()
            }
            Trouble::Ours => Error::Internal(error.into()),
        }
    }
}

impl From<samspil_store::objects::Error> for Error {
    fn from(error: samspil_store::objects::Error) -> Error {
        match error {
            samspil_store::objects::Error::Full { bytes } => {
                Error::from(common::Common::StorageFull).with("bytes", bytes)
            }
            samspil_store::objects::Error::Damaged(cause) => {
                tracing::error!(error = chain(&*cause), "a stored object does not open");
                common::Common::ObjectDamaged.into()
            }
            samspil_store::objects::Error::Unavailable(cause) => {
                tracing::warn!(error = chain(&*cause), "the object store did not answer");
                common::Common::StoreUnavailable.into()
            }
            other => Error::Internal(other.into()),
        }
    }
}

impl From<NotAName> for Error {
    fn from(error: NotAName) -> Error {
        Error::invalid("name", "name", error.to_string())
    }
}

impl From<prost::DecodeError> for Error {
    fn from(error: prost::DecodeError) -> Error {
        Error::Internal(error.into())
    }
}

impl From<Error> for Status {
    fn from(error: Error) -> Status {
        match error {
            Error::Refused(refused) => {
                let mut details = ErrorDetails::new();
                details.set_error_info(refused.reason, "samspil", refused.metadata.clone());
                if refused.code == Code::ResourceExhausted {
                    details.set_retry_info(Some(refused.after.unwrap_or(Duration::from_secs(1))));
                }
                Status::with_error_details(refused.code, refused.message.clone(), details)
            }
            Error::Invalid(violations) => {
                let mut details = ErrorDetails::new();
                details.set_error_info("INVALID_REQUEST", "samspil", HashMap::new());
                let told = fits(&violations);
                for violation in told {
                    details.add_bad_request_violation(short(&violation.field), short(&violation.description));
                }
                let one = |v: &Violation| format!("{}: {}", short(&v.field), short(&v.description));
                let mut fields: Vec<_> = told.iter().map(one).collect();
                if told.len() < violations.len() {
                    fields.push(format!("and {} more", violations.len() - told.len()));
                }
                Status::with_error_details(Code::InvalidArgument, fields.join("; "), details)
            }
            Error::Internal(cause) => {
                let trace_id = crate::telemetry::current_trace_id();
                tracing::error!(cause = chain(&*cause), "call failed");
                let mut details = ErrorDetails::new();
                details.set_error_info("INTERNAL", "samspil", HashMap::from([("trace_id".to_owned(), trace_id)]));
                Status::with_error_details(Code::Internal, "something broke; the trace id tells us what", details)
            }
            Error::Peer(status) => match status.code() {
                // What the other service says about the caller's request is the caller's to know.
                Code::NotFound | Code::PermissionDenied | Code::InvalidArgument | Code::FailedPrecondition => *status,
                code => {
                    tracing::warn!(?code, message = status.message(), "another service did not answer");
                    Error::from(common::Common::PeerUnavailable).into()
                }
            },
        }
    }
}

/// Bytes of violations. In the message, and with it once more as base64 in the details, this is about seven KiB.
const ROOM: usize = 1_700;

/// The violations that a status has room for, the first one in any case. It travels in headers, and a client ends the whole
/// connection over headers that are too long (16 KiB by default): a list with two hundred bad lines would take every other call
/// with it.
fn fits(violations: &[Violation]) -> &[Violation] {
    let mut used = 0;
    let fitting = violations.iter().take_while(|violation| {
        used += violation.field.len() + violation.description.len();
        used <= ROOM
    });
    &violations[..fitting.count().max(1).min(violations.len())]
}

/// A text of one violation, as much of it as there is room for. It may quote the request, which is as long as a caller likes.
fn short(text: &str) -> &str {
    &text[..text.floor_char_boundary(ROOM / 2)]
}

/// A cause with what caused it, down to the first.
fn chain(mut error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    while let Some(source) = error.source() {
        text = format!("{text}: {source}");
        error = source;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(many: usize) -> Status {
        let violation = |n| Violation {
            field: format!("list.lines[{n}].atc"),
            rule: "string.pattern".to_owned(),
            description: "must match ^[A-Z][0-9]{2}[A-Z]{2}[0-9]{2}$".to_owned(),
        };
        Error::Invalid((0..many).map(violation).collect()).into()
    }

    #[test]
    fn few_violations_are_told_whole_and_many_as_far_as_a_header_has_room() {
        let told = |status: &Status| status.get_details_bad_request().unwrap().field_violations.len();
        assert_eq!(told(&broken(20)), 20);
        assert!(!broken(20).message().contains("more"));
        let many = broken(1_000);
        assert!((20..1_000).contains(&told(&many)));
        assert!(many.message().ends_with(&format!("; and {} more", 1_000 - told(&many))));
        assert!(many.message().len() + many.details().len() * 4 / 3 < 8 * 1024);
    }

    #[test]
    fn one_violation_is_told_as_far_as_there_is_room_however_long_it_is() {
        let long = |text: &str| Violation {
            field: "update_mask".to_owned(),
            rule: "mask".to_owned(),
            description: format!("{} cannot be changed", text.repeat(9_000)),
        };
        for text in ["f", "æ", "🦷"] {
            let status = Status::from(Error::Invalid(vec![long(text), long(text)]));
            let told = status.get_details_bad_request().unwrap().field_violations;
            assert!(told.len() == 1 && told[0].description.starts_with(text), "{text}");
            let headers = status.into_http::<()>().headers().clone();
            let size: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
            assert!(size < 8 * 1024, "{text}: {size} bytes of headers");
        }
        assert!(fits(&[]).is_empty());
    }
}
