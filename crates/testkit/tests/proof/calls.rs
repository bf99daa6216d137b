//! Any method, called with bytes.

use prost_reflect::{DynamicMessage, MethodDescriptor};
use samspil_testkit::{World, call_raw};
use tonic::Status;

/// What a caller hears at the door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Heard {
    /// In: an answer, or a refusal that says something about what was asked.
    In(String),
    /// Not in, with this reason.
    Out(String),
}

/// Reasons that are given before anything is looked up.
const AT_THE_DOOR: [&str; 8] = [
    "TOKEN_MISSING",
    "TOKEN_EXPIRED",
    "TOKEN_REVOKED",
    "TOKEN_INVALID",
    "CALLER_UNKNOWN",
    "METHOD_CLOSED",
    "NO_PERMISSION",
    "NO_RELATION",
];

pub(crate) fn path(method: &MethodDescriptor) -> String {
    format!("/{}/{}", method.parent_service().full_name(), method.name())
}

/// Calls a method, and waits for its first word.
pub(crate) async fn call(
    world: &World,
    method: &MethodDescriptor,
    token: Option<&str>,
    message: &DynamicMessage,
) -> Result<(), Status> {
    use prost::Message as _;
    let mut answer = call_raw(world.channel(), &path(method), token, vec![message.encode_to_vec().into()]).await?;
    if method.is_server_streaming() {
        // It has begun. Its first word may be hours away.
        return Ok(());
    }
    answer.message().await.map(drop)
}

pub(crate) fn heard(answer: &Result<(), Status>) -> Heard {
    use tonic_types::StatusExt as _;
    let Err(status) = answer else { return Heard::In("OK".to_owned()) };
    let reason = status.get_details_error_info().map(|info| info.reason).unwrap_or_default();
    if AT_THE_DOOR.contains(&reason.as_str()) {
        Heard::Out(reason)
    } else {
        // What is wrong with a request is of many kinds, and said before anything is looked up.
        let untold = reason.is_empty() || status.code() == tonic::Code::InvalidArgument;
        Heard::In(if untold { format!("{:?}", status.code()) } else { reason })
    }
}
