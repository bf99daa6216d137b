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
    time::Instant,
};

use chrono::{DateTime, Utc};
use futures::FutureExt as _;
use http::{HeaderMap, Request, Response};
use samspil_store::meter::metered;
use tonic::{
    Code, Status,
    body::Body,
    transport::server::{TcpConnectInfo, TlsConnectInfo},
};
use tonic_types::StatusExt as _;
use tower::{Layer, Service};
use tracing::{Instrument as _, Span};

mod crowd;
mod deadline;
mod ending;
mod load;
mod refusals;

use crowd::Crowd;
pub use crowd::{CALLS_OF_ONE, Limits};
pub(crate) use deadline::passed_on;
pub use ending::Moving;
pub(crate) use ending::name_of;
use ending::{Ending, Expiry, SignIn, Watched, status_in};
use load::Load;
pub use load::Places;
pub use refusals::{Named, Refusals};

use crate::{
    Caller, Error,
    common::Common,
    identity::{Session, Verified, Verifier},
    permission, telemetry, tls,
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

/// Puts the edge before services.
#[derive(Clone)]
pub struct EdgeLayer(Arc<Gate>);

/// What all calls pass.
struct Gate {
    verifier: Verifier,
    refusals: Refusals,
    crowd: Crowd,
    load: Load,
    moving: Moving,
    /// Connections are over TLS, and who calls as a service shows its certificate.
    certified: bool,
}

impl EdgeLayer {
    /// With the keys that tokens are verified with, what writes refusals down, how much there may be at a time, when streams move on,
    /// and whether services show certificates.
    pub fn new(
        verifier: Verifier,
        refusals: Refusals,
        (places, limits): (Places, Limits),
        moving: Moving,
        certified: bool,
    ) -> EdgeLayer {
        let (crowd, load) = (Crowd::new(limits, verifier.clock().clone()), Load::new(places));
        EdgeLayer(Arc::new(Gate { verifier, refusals, crowd, load, moving, certified }))
    }
}

impl<S> Layer<S> for EdgeLayer {
    type Service = Edge<S>;

    fn layer(&self, inner: S) -> Edge<S> {
        Edge { inner, gate: self.0.clone() }
    }
}

/// The edge before a service.
#[derive(Clone)]
pub struct Edge<S> {
    inner: S,
    gate: Arc<Gate>,
}

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
        if path.starts_with(HEALTH) || (path.starts_with(REFLECTION) && self.gate.verifier.is_for_trying_out()) {
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
            places: (None, None),
        };
        let gate = self.gate.clone();
        let handled = async move {
            let Gate { verifier, refusals, crowd, load, moving, certified } = &*gate;
            let method = permission::method(&ending.path);
            let shown = certified.then(|| shown(&request));
            let entered = match admit(verifier, &ending.path, request.headers(), shown.as_deref()).await {
                Ok(entered) => entered,
                Err(error) => return Ok(ending.refuse(refusals.of_token(error, &ending.path).await)),
            };
            ending.caller = entered.caller.person.clone();
            ending.streams = method.is_some_and(|method| method.answers_stream);
            Span::current().record("enduser.id", &ending.caller);
            if let Err(error) = permits(&entered, &ending.path) {
                return Ok(ending.refuse(refusals.of_caller(error, &entered, None).await));
            }
            let streams = method.is_some_and(|method| method.streams);
            match load.enter(&entered.caller, streams).and_then(|place| Ok((place, crowd.enter(&entered.caller)?))) {
                Ok(places) => ending.places = places,
                Err(error) => return Ok(ending.refuse(error)),
            }
            if let (_, Some(place)) = &ending.places {
                request = request.map(|body| place.counts(body));
            }
            let limit = deadline::limit(request.headers(), entered.method);
            let sign_in = entered.session.clone().map(|session| SignIn::new(session, verifier.sign_outs().clone()));
            let expiry = Expiry::new(entered.until, verifier.clock().clone(), sign_in);
            request.extensions_mut().insert(entered.clone());
            let call = AssertUnwindSafe(metered(ending.meter.clone(), inner.call(request))).catch_unwind();
            let response = match deadline::within(limit, call).await {
                Some(Ok(Ok(response))) => response,
                Some(Ok(Err(never))) => match never {},
                // The panic's text may hold data of a patient: it goes nowhere.
                Some(Err(_)) => Status::from(Error::internal("the method panicked")).into_http(),
                None => Status::from(Error::from(Common::DeadlineExceeded)).into_http(),
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
            let moving = method.filter(|method| method.endless).map(|_| moving.on());
            Ok(response.map(|body| Body::new(Watched { body, ending, expiry, moving })))
        };
        Box::pin(handled.instrument(span))
    }
}

/// The services that the certificate of the caller's connection names.
fn shown(request: &Request<Body>) -> Vec<String> {
    let connection = request.extensions().get::<TlsConnectInfo<TcpConnectInfo>>();
    let certificates = connection.and_then(TlsConnectInfo::peer_certs).unwrap_or_default();
    certificates.first().map(tls::names).unwrap_or_default()
}

/// Who calls. Where there is TLS, `shown` is what the caller's certificate names: a service is only believed to be one of those.
async fn admit(
    verifier: &Verifier,
    path: &str,
    headers: &HeaderMap,
    shown: Option<&[String]>,
) -> Result<Entered, Error> {
    let token = headers.get(http::header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = token.and_then(|value| value.strip_prefix("Bearer ")).ok_or(Common::TokenMissing)?;
    let Verified { mut caller, until, session } = verifier.verify(token).await?;
    if let Some(service) = headers.get(SERVICE_TOKEN) {
        let service = service.to_str().map_err(|_| Common::TokenInvalid)?;
        caller.via = verifier.verify_service(service)?.display_name;
    }
    let service = if caller.via.is_empty() { caller.service() } else { Some(caller.via.as_str()) };
    if let (Some(service), Some(shown)) = (service, shown)
        && !shown.iter().any(|name| name == service)
    {
        return Err(Error::from(Common::CertificateMissing).with("service", service));
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
