//! What every call has: a span, the trace it belongs to, a token, a deadline.
//!
//! It sits between the generated clients and the channel, so that no call can do without.

use std::{
    collections::HashMap,
    error::Error as StdError,
    pin::Pin,
    sync::{Arc, LazyLock},
    task::{Context, Poll, ready},
    time::Duration,
};

use futures::future::BoxFuture;
use http::{HeaderMap, HeaderValue, header};
use http_body::{Frame, SizeHint};
use opentelemetry::trace::TraceContextExt as _;
use tokio::time::{Sleep, sleep};
use tonic::{Code, Status, body::Body, transport::Channel};
use tower::Service;
use tracing::{Instrument as _, Span, field};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use crate::{Tokens, error::code_name};

type BoxError = Box<dyn StdError + Send + Sync>;

/// The channel that the generated clients run on.
#[derive(Clone)]
pub struct Wire {
    channel: Channel,
    tokens: Arc<dyn Tokens>,
    deadline: Duration,
}

impl Wire {
    pub(crate) fn new(channel: Channel, tokens: Arc<dyn Tokens>, deadline: Duration) -> Self {
        Wire { channel, tokens, deadline }
    }
}

impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wire").field("deadline", &self.deadline).finish_non_exhaustive()
    }
}

impl Service<http::Request<Body>> for Wire {
    type Response = http::Response<Body>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Self::Response, BoxError>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.channel.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        // The clone is not yet ready: the one that is has to make the call.
        let clone = self.channel.clone();
        let channel = std::mem::replace(&mut self.channel, clone);
        let method = request.uri().path().trim_start_matches('/').to_owned();
        let span = tracing::info_span!(
            "call",
            otel.name = method,
            otel.kind = "client",
            otel.status_code = field::Empty,
            rpc.system.name = "grpc",
            rpc.method = method,
            rpc.response.status_code = field::Empty,
        );
        let deadline = is_unary(&method).then_some(self.deadline);
        let sent = send(channel, self.tokens.clone(), request, deadline, span.clone());
        Box::pin(sent.instrument(span))
    }
}

async fn send(
    mut channel: Channel,
    tokens: Arc<dyn Tokens>,
    mut request: http::Request<Body>,
    deadline: Option<Duration>,
    span: Span,
) -> Result<http::Response<Body>, BoxError> {
    let headers = request.headers_mut();
    authorize(headers, &*tokens).await?;
    trace(headers, &span);
    // A caller may have set a deadline of its own, which then is the one.
    let deadline = deadline.filter(|_| !headers.contains_key("grpc-timeout"));
    if let Some(deadline) = deadline {
        headers.insert("grpc-timeout", HeaderValue::try_from(format!("{}m", deadline.as_millis().min(99_999_999)))?);
    }
    match channel.call(request).await {
        Ok(response) => {
            let mut answer = Answer { body: Body::empty(), span, deadline: deadline.map(|left| Box::pin(sleep(left))) };
            answer.told(response.headers());
            Ok(response.map(|body| {
                answer.body = body;
                Body::new(answer)
            }))
        }
        Err(error) if is_expired(&error) => {
            settle(&span, Code::DeadlineExceeded);
            Err(Status::deadline_exceeded("no answer before the deadline").into())
        }
        Err(error) => {
            settle(&span, Code::Unavailable);
            Err(error.into())
        }
    }
}

async fn authorize(headers: &mut HeaderMap, tokens: &dyn Tokens) -> Result<(), Status> {
    // Without a source, so that it is not taken for a broken link.
    let token = tokens.token().await.map_err(|error| Status::unauthenticated(chain(&error)))?;
    if let Some(token) = token {
        let mut value = HeaderValue::try_from(format!("Bearer {}", token.expose()))
            .map_err(|_| Status::unauthenticated(crate::Error::Token.to_string()))?;
        value.set_sensitive(true);
        headers.insert(header::AUTHORIZATION, value);
    }
    Ok(())
}

fn chain(error: &dyn StdError) -> String {
    error.source().map_or_else(|| error.to_string(), |cause| format!("{error}: {}", chain(cause)))
}

/// Names the span to the service by the W3C trace context. Nothing is added while nobody collects traces.
fn trace(headers: &mut HeaderMap, span: &Span) {
    let context = span.context();
    let context = context.span().span_context().clone();
    if !context.is_valid() {
        return;
    }
    let parent = format!("00-{}-{}-{:02x}", context.trace_id(), context.span_id(), context.trace_flags().to_u8() & 1);
    if let Ok(value) = HeaderValue::try_from(parent) {
        headers.insert("traceparent", value);
    }
    let state = context.trace_state().header();
    if let (false, Ok(value)) = (state.is_empty(), HeaderValue::try_from(state)) {
        headers.insert("tracestate", value);
    }
}

/// Whether a method has one request and one answer, by the contract. Streams may last as long as they do.
fn is_unary(method: &str) -> bool {
    static STREAMS: LazyLock<HashMap<String, bool>> = LazyLock::new(|| {
        let methods = samspil_proto::descriptors().services().flat_map(|service| service.methods().collect::<Vec<_>>());
        methods
            .map(|method| {
                let path = format!("{}/{}", method.parent_service().full_name(), method.name());
                (path, method.is_client_streaming() || method.is_server_streaming())
            })
            .collect()
    });
    !STREAMS.get(method).copied().unwrap_or(false)
}

fn is_expired(error: &(dyn StdError + 'static)) -> bool {
    error.is::<tonic::TimeoutExpired>() || error.source().is_some_and(is_expired)
}

fn settle(span: &Span, code: Code) {
    span.record("rpc.response.status_code", code_name(code));
    if code != Code::Ok {
        span.record("otel.status_code", "ERROR");
    }
}

/// The answer's body, which keeps the span open until the status has come, and the deadline of a unary call running.
struct Answer {
    body: Body,
    span: Span,
    deadline: Option<Pin<Box<Sleep>>>,
}

impl Answer {
    fn told(&self, headers: &HeaderMap) {
        if let Some(code) = headers.get("grpc-status") {
            settle(&self.span, Code::from_bytes(code.as_bytes()));
        }
    }
}

impl http_body::Body for Answer {
    type Data = bytes::Bytes;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<bytes::Bytes>, Status>>> {
        let this = &mut *self;
        if let Some(deadline) = &mut this.deadline
            && deadline.as_mut().poll(cx).is_ready()
        {
            settle(&this.span, Code::DeadlineExceeded);
            return Poll::Ready(Some(Err(Status::deadline_exceeded("no answer before the deadline"))));
        }
        let frame = ready!(Pin::new(&mut this.body).poll_frame(cx));
        match &frame {
            Some(Ok(frame)) => {
                if let Some(trailers) = frame.trailers_ref() {
                    this.told(trailers);
                }
            }
            Some(Err(status)) => settle(&this.span, status.code()),
            None => {}
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contract_tells_which_methods_are_streams() {
        assert!(is_unary("samspil.wound.v1.WoundService/GetUpload"));
        assert!(!is_unary("samspil.wound.v1.WoundService/UploadPhoto"));
        assert!(!is_unary("samspil.wound.v1.WoundService/WatchWounds"));
    }
}
