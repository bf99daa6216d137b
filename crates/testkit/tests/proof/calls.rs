//! Any method, called with bytes.

use std::time::Duration;

use bytes::{Buf as _, BufMut as _, Bytes};
use prost_reflect::{DynamicMessage, MethodDescriptor};
use samspil_testkit::World;
use tonic::{
    Request, Status,
    client::Grpc,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
};

/// Bytes as they are.
#[derive(Default)]
struct Raw;

impl Codec for Raw {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Raw;
    type Decoder = Raw;

    fn encoder(&mut self) -> Raw {
        Raw
    }

    fn decoder(&mut self) -> Raw {
        Raw
    }
}

impl Encoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, item: Bytes, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put(item);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(buffer.copy_to_bytes(buffer.remaining())))
    }
}

/// What a caller hears at the door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Heard {
    /// In: an answer, or a refusal that says something about what was asked.
    In(String),
    /// Not in, with this reason.
    Out(String),
}

/// Reasons that are given before anything is looked up.
const AT_THE_DOOR: [&str; 7] = [
    "TOKEN_MISSING",
    "TOKEN_EXPIRED",
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
    let bytes = Bytes::from(message.encode_to_vec());
    let mut request = Request::new(tokio_stream::once(bytes));
    if let Some(token) = token {
        request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().expect("a token"));
    }
    request.set_timeout(Duration::from_secs(30));
    let mut client = Grpc::new(world.channel());
    client.ready().await.map_err(|error| Status::unavailable(error.to_string()))?;
    let answer = client.streaming(request, path(method).parse().expect("a path"), Raw).await?;
    if method.is_server_streaming() {
        // It has begun. Its first word may be hours away.
        return Ok(());
    }
    answer.into_inner().message().await.map(drop)
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
