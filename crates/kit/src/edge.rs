//! The edge: what happens to every call before and after the service has it.
//!
//! Outermost first: the span, continuing the caller's trace; a panic becomes INTERNAL; the deadline; who calls; the permission
//! that the contract asks for. When the call ends, one line is logged. What is refused here is written into the audit first, and so is
//! what a service refuses to somebody who named a patient ([`Refusals`]).

use std::{
    convert::Infallible,
    panic::AssertUnwindSafe,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use futures::FutureExt as _;
use http::{HeaderMap, Request, Response};
use samspil_store::meter::metered;
use tonic::{Code, Status, body::Body};
use tonic_types::StatusExt as _;
use tower::{Layer, Service};
use tracing::{Instrument as _, Span};

mod crowd;
mod ending;
mod refusals;

use crowd::Crowd;
pub use crowd::{CALLS_OF_ONE, Limits};
use ending::{Ending, Expiry, SignIn, Watched, name_of, status_in};
pub use refusals::{Named, Refusals};

use crate::{
    Caller, Error,
    common::Common,
    identity::{Session, Verified, Verifier},
    permission, telemetry,
};

/// What the edge found out, for the service.
#[derive(Debug, Clone)]
pub struct Entered {
    /// Who calls.
    pub caller: Caller,
    /// The method's full name.
    pub method: &'static str,
    /// What to call other services with on the caller's behalf.
    pub(crate) bearer: Bearer,
    /// When the token is no longer good.
    until: DateTime<Utc>,
    /// The sign-in that the token comes from.
    session: Option<Session>,
    /// The patient whom the call names, as soon as the service says so.
    pub named: Named,
}

/// A token that was verified here and is verified again where it is passed on to. It is shown to nobody.
#[derive(Clone)]
pub(crate) struct Bearer(pub(crate) Arc<str>);

impl std::fmt::Debug for Bearer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Bearer(…)")
    }
}

/// The metadata with which a service says that it passes a person's call on: a token of its own, beside the person's.
pub(crate) const SERVICE_TOKEN: &str = "samspil-service-token";

/// Who is let in, and how much of it at a time.
pub struct Door {
    /// The keys that tokens are verified with.
    pub verifier: Verifier,
    /// What one caller may ask for.
    pub limits: Limits,
}

impl From<Verifier> for Door {
    fn from(verifier: Verifier) -> Door {
        Door { verifier, limits: Limits::NONE }
    }
}

/// Puts the edge before services.
#[derive(Clone)]
pub struct EdgeLayer {
    verifier: Verifier,
    refusals: Refusals,
    crowd: Crowd,
}

impl EdgeLayer {
    /// With what lets callers in, and what writes refusals down.
    pub fn new(Door { verifier, limits }: Door, refusals: Refusals) -> EdgeLayer {
        let crowd = Crowd::new(limits, verifier.clock().clone());
        EdgeLayer { verifier, refusals, crowd }
    }
}

impl<S> Layer<S> for EdgeLayer {
    type Service = Edge<S>;

    fn layer(&self, inner: S) -> Edge<S> {
        Edge { inner, verifier: self.verifier.clone(), refusals: self.refusals.clone(), crowd: self.crowd.clone() }
    }
}

/// The edge before a service.
#[derive(Clone)]
pub struct Edge<S> {
    inner: S,
    verifier: Verifier,
    refusals: Refusals,
    crowd: Crowd,
}

/// How long a call may take whose caller names no deadline.
const DEFAULT_DEADLINE: Duration = Duration::from_secs(30);

/// Tells whether a service is up: nothing about anybody.
const HEALTH: &str = "/grpc.health.v1.Health/";

/// Tells what is in the contract. That is public, but beside a provider nobody has to hand it out to whoever asks.
const REFLECTION: &str = "/grpc.reflection.";

impl<S> Service<Request<Body>> for Edge<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        // The clone that was polled ready is the one to call.
        let fresh = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, fresh);
        let path = request.uri().path().to_owned();
        if path.starts_with(HEALTH) || (path.starts_with(REFLECTION) && self.verifier.is_for_trying_out()) {
            return Box::pin(inner.call(request));
        }
        let span = tracing::info_span!(
            "rpc",
            otel.name = path.trim_start_matches('/'),
            otel.kind = "server",
            otel.status_code = tracing::field::Empty,
            rpc.system.name = "grpc",
            rpc.method = path.trim_start_matches('/'),
            rpc.response.status_code = tracing::field::Empty,
            enduser.id = tracing::field::Empty,
        );
        telemetry::continues(&span, telemetry::extract(request.headers()));
        let mut ending = Ending {
            path,
            caller: String::new(),
            begun: Instant::now(),
            meter: Arc::default(),
            span: span.clone(),
            told: false,
            streams: false,
            place: None,
        };
        let verifier = self.verifier.clone();
        let refusals = self.refusals.clone();
        let crowd = self.crowd.clone();
        let handled = async move {
            let entered = match admit(&verifier, &ending.path, request.headers()).await {
                Ok(entered) => entered,
                Err(error) => return Ok(ending.refuse(refusals.of_token(error, &ending.path).await)),
            };
            ending.caller = entered.caller.person.clone();
            ending.streams = permission::method(&ending.path).is_some_and(|method| method.answers_stream);
            Span::current().record("enduser.id", &ending.caller);
            if let Err(error) = permits(&entered, &ending.path) {
                return Ok(ending.refuse(refusals.of_caller(error, &entered, None).await));
            }
            match crowd.enter(&entered.caller) {
                Ok(place) => ending.place = place,
                Err(error) => return Ok(ending.refuse(error)),
            }
            if let Some(place) = &ending.place {
                request = request.map(|body| place.counts(body));
            }
            let limit = deadline(request.headers(), entered.method);
            let sign_in = entered.session.clone().map(|session| SignIn::new(session, verifier.sign_outs().clone()));
            let expiry = Expiry::new(entered.until, verifier.clock().clone(), sign_in);
            request.extensions_mut().insert(entered.clone());
            let call = AssertUnwindSafe(metered(ending.meter.clone(), inner.call(request))).catch_unwind();
            let response = match limit {
                Some(limit) => tokio::time::timeout(limit, call).await,
                None => Ok(call.await),
            };
            let response = match response {
                Ok(Ok(Ok(response))) => response,
                Ok(Ok(Err(never))) => match never {},
                // The panic's text may hold data of a patient: it goes nowhere.
                Ok(Err(_)) => Status::from(Error::internal("the method panicked")).into_http(),
                Err(_) => Status::from(Error::from(Common::DeadlineExceeded)).into_http(),
            };
            if let Some(reason) = refused_in(response.headers())
                && let Some(patient) = entered.named.take()
                && let Err(error) = refusals.write(&entered.caller, entered.method, Some(patient), &reason).await
            {
                return Ok(ending.refuse(error));
            }
            if let Some(code) = status_in(response.headers()) {
                ending.tell(code);
            }
            Ok(response.map(|body| Body::new(Watched { body, ending, expiry })))
        };
        Box::pin(handled.instrument(span))
    }
}

async fn admit(verifier: &Verifier, path: &str, headers: &HeaderMap) -> Result<Entered, Error> {
    let token = headers.get(http::header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = token.and_then(|value| value.strip_prefix("Bearer ")).ok_or(Common::TokenMissing)?;
    let Verified { mut caller, until, session } = verifier.verify(token).await?;
    if let Some(service) = headers.get(SERVICE_TOKEN) {
        let service = service.to_str().map_err(|_| Common::TokenInvalid)?;
        caller.via = verifier.verify_service(service)?.display_name;
    }
    let bearer = Bearer(token.into());
    // A path that is no method of ours is answered by the router, but only to somebody whom we know.
    let method = permission::method(path).map_or("unknown", |method| method.name);
    Ok(Entered { caller, method, named: Named::default(), bearer, until, session })
}

/// Passes when the caller's role carries the permission that the contract asks for.
fn permits(entered: &Entered, path: &str) -> Result<(), Error> {
    let Some(method) = permission::method(path) else { return Ok(()) };
    let permission = method.permission.as_deref().ok_or(Common::MethodClosed)?;
    if permission::may(&entered.caller, permission) {
        return Ok(());
    }
    Err(Error::from(Common::NoPermission).with("permission", permission).with("role", &entered.caller.role))
}

/// The reason of an answer that says no. Also a no tells of a patient: that there is nothing, or that there is something already.
/// What broke by itself, and what is wrong with a request whoever it is about, tells nothing.
fn refused_in(headers: &HeaderMap) -> Option<String> {
    let status = Status::from_header_map(headers)?;
    let telling =
        [Code::NotFound, Code::PermissionDenied, Code::AlreadyExists, Code::FailedPrecondition, Code::Aborted];
    if !telling.contains(&status.code()) {
        return None;
    }
    let reason = status.get_error_details().error_info().map(|info| info.reason.clone());
    Some(reason.unwrap_or_else(|| name_of(status.code()).to_owned()))
}

/// The caller's deadline, or the server's own for a call that does not stream.
fn deadline(headers: &HeaderMap, method: &str) -> Option<Duration> {
    let asked = headers.get("grpc-timeout").and_then(|value| value.to_str().ok()).and_then(parse_timeout);
    // A little early, so that the caller hears DEADLINE_EXCEEDED with its details instead of a cancelled stream.
    let asked = asked.map(|asked| asked - (asked / 50).min(Duration::from_millis(20)));
    let streams = permission::method(&format!("/{method}")).is_some_and(|method| method.streams);
    asked.or((!streams).then_some(DEFAULT_DEADLINE))
}

fn parse_timeout(text: &str) -> Option<Duration> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let n: u64 = digits.parse().ok().filter(|_| digits.len() <= 8)?;
    Some(match unit {
        "H" => Duration::from_secs(n * 3600),
        "M" => Duration::from_secs(n * 60),
        "S" => Duration::from_secs(n),
        "m" => Duration::from_millis(n),
        "u" => Duration::from_micros(n),
        "n" => Duration::from_nanos(n),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_is_read_in_every_unit() {
        assert_eq!(parse_timeout("2S"), Some(Duration::from_secs(2)));
        assert_eq!(parse_timeout("50m"), Some(Duration::from_millis(50)));
        assert_eq!(parse_timeout("1H"), Some(Duration::from_secs(3600)));
        for bad in ["", "S", "5", "5x", "123456789S", "é"] {
            assert_eq!(parse_timeout(bad), None, "{bad}");
        }
    }
}
