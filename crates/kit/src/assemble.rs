//! Services put together in one process: one, or all of them.

use std::{collections::HashMap, sync::Arc};

use anyhow::Context as _;
use futures::future::BoxFuture;
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::TraceServiceServer as OtlpServer;
use samspil_proto::{
    audit::v1::audit_service_server::AuditServiceServer, event::v1::event_log_service_server::EventLogServiceServer,
    trace::v1::trace_service_server::TraceServiceServer,
};
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tonic::service::{Routes, RoutesBuilder};

use crate::{
    Base,
    audit::{Audits, Sealing, sealer},
    edge::Refusals,
    events::EventLogs,
    follow,
    identity::Verifier,
    measure, relay, serve, sign_out,
    telemetry::SpanStore,
    trace_service::Traces,
};

/// A service, as a process takes it in.
pub trait Part: Send + Sync + 'static {
    /// Its name: `directory`, `referral`, `careplan`, `wound` or `review`.
    fn name(&self) -> &'static str;

    /// What it stands on.
    fn base(&self) -> &Base;

    /// Adds its gRPC services.
    fn routes(&self, routes: &mut RoutesBuilder);

    /// What it answers browsers with, beside its gRPC services.
    fn web(&self) -> Option<axum::Router> {
        None
    }

    /// Full names of its gRPC services, for health.
    fn health(&self) -> Vec<&'static str>;

    /// What it does with other services' events.
    fn handlers(&self) -> Vec<Arc<dyn follow::Handler>>;

    /// What else it does in the background. Each ends soon after the token says so.
    fn workers(&self, stop: &CancellationToken) -> Vec<BoxFuture<'static, ()>>;
}

/// Serves parts on a listener, with their relays, sealers, followers and workers, until it is stopped.
///
/// # Errors
/// When the listener cannot be read.
pub async fn start(
    listener: TcpListener,
    parts: Vec<Box<dyn Part>>,
    verifier: Verifier,
    sealing: Sealing,
    spans: Option<SpanStore>,
    settings: serve::Settings,
) -> anyhow::Result<serve::Running> {
    let stop = CancellationToken::new();
    let workers = TaskTracker::new();
    let first = parts.first().context("no service to serve")?.base().clone();
    let mut routes = Routes::builder();
    let mut logs = HashMap::new();
    let mut bases = HashMap::new();
    let mut names = vec![""];
    for part in &parts {
        part.routes(&mut routes);
        names.extend(part.health());
        logs.insert(part.name().to_owned(), part.base().db.clone());
        let base = part.base();
        bases.insert(part.name(), base.clone());
        workers.spawn(relay::run(base.db.clone(), stop.clone()));
        workers.spawn(measure::run(base.clone(), part.name(), stop.clone()));
        let db = base.db.clone();
        workers.spawn(stop.clone().run_until_cancelled_owned(async move { db.listen().await }));
        workers.spawn(sealer::run(part.name(), base.db.clone(), base.clock.clone(), sealing.clone(), stop.clone()));
        for handler in part.handlers() {
            workers.spawn(follow::run(part.base().clone(), part.name(), handler, stop.clone()));
        }
        for worker in part.workers(&stop) {
            workers.spawn(worker);
        }
    }
    let (dbs, clock) = (logs.values().cloned().collect(), first.clock.clone());
    let refusals = Refusals::of(logs.clone(), first.db.clone(), first.clock.clone());
    let mut web = parts.iter().find_map(|part| part.web());
    if verifier.has_providers() {
        let review = parts.iter().find(|part| part.name() == "review").map(|part| part.base().clone());
        let base = review.clone().unwrap_or_else(|| first.clone());
        // Before anybody is let in.
        sign_out::read(&base, verifier.sign_outs(), true).await?;
        workers.spawn(sign_out::keep(base.clone(), verifier.sign_outs().clone(), stop.clone()));
        match review {
            Some(_) => web = web.map(|web| web.merge(sign_out::router(base, verifier.clone()))),
            None if base.peers.knows("review") => {
                let name = parts.first().map_or("", |part| part.name());
                workers.spawn(follow::run(base, name, Arc::new(sign_out::Follower), stop.clone()));
            }
            None => tracing::warn!("`peers` does not say where review is, so nobody tells us who has signed out"),
        }
    }
    routes.add_service(EventLogServiceServer::new(EventLogs::of(logs)));
    routes.add_service(AuditServiceServer::new(Audits::of(bases, first.clone())));
    if let Some(spans) = spans {
        let traces = Traces { spans, base: first };
        routes.add_service(TraceServiceServer::new(traces.clone()));
        routes.add_service(OtlpServer::new(traces));
    }
    let served = serve::Served { routes: routes.routes(), web, names, dbs, clock, workers, stop };
    serve::start(listener, served, (verifier, refusals), settings).await
}
