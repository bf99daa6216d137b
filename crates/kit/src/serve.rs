//! Services on a listener: starting, running, stopping.

use std::{net::SocketAddr, time::Duration};

use futures::future::BoxFuture;
use samspil_store::Db;
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_stream::wrappers::TcpListenerStream;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tonic::{
    service::Routes,
    transport::server::{Server, TcpIncoming},
};
use tonic_health::{ServingStatus, server::HealthReporter};
use tonic_web::GrpcWebLayer;

use crate::{
    Clock,
    edge::{EdgeLayer, Limits, Moving, Places, Refusals},
    identity::Verifier,
    ready,
    tls::Tls,
    web::WebLayer,
};

/// Bytes that a client may send on one stream before it hears from us. A link of 50 ms and 20 Mbit/s has 125 KB under way; at
/// this size nothing waits on a link eight times as long or as wide, and a stalled reader holds no more than this.
const STREAM_WINDOW: u32 = 1 << 20;

/// The same for all streams of one connection.
const CONNECTION_WINDOW: u32 = 4 << 20;

/// Streams of one connection at a time.
const STREAMS: u32 = 256;

/// How a process serves.
#[derive(Clone)]
pub struct Settings {
    /// How many calls there may be at a time.
    pub places: Places,
    /// How much one caller may ask for in a second.
    pub limits: Limits,
    /// How long a connection and an endless stream last, more or less; for ever without.
    pub connection_age: Option<Duration>,
    /// How long new calls are still taken after health says that no more are: until whoever sends them here has noticed.
    pub linger: Duration,
    /// How long calls in flight have to finish after that.
    pub drain: Duration,
    /// Certificates; without, everything is readable on the way.
    pub tls: Option<Tls>,
    /// A second address, which answers about health only and never over TLS: who probes often cannot do it.
    pub health: Option<SocketAddr>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            places: Places::default(),
            limits: Limits::NONE,
            connection_age: None,
            linger: Duration::ZERO,
            drain: Duration::from_secs(10),
            tls: None,
            health: None,
        }
    }
}

/// What is served.
pub(crate) struct Served {
    pub(crate) routes: Routes,
    /// What is not gRPC goes here.
    pub(crate) web: Option<axum::Router>,
    /// Names of services, for health.
    pub(crate) names: Vec<&'static str>,
    pub(crate) dbs: Vec<Db>,
    pub(crate) clock: Clock,
    pub(crate) workers: TaskTracker,
    /// Stops the workers.
    pub(crate) stop: CancellationToken,
}

/// A listener that serves.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// Where it answers about health only.
    pub health_address: Option<SocketAddr>,
    settings: Settings,
    health: HealthReporter,
    readiness: JoinHandle<()>,
    served: Vec<BoxFuture<'static, Result<(), String>>>,
    names: Vec<&'static str>,
    workers: TaskTracker,
    stop: CancellationToken,
}

/// Serves until [`Running::stop`]. Health, reflection and gRPC-Web are on.
///
/// # Errors
/// When an address cannot be listened on.
pub(crate) async fn start(
    listener: TcpListener,
    served: Served,
    (verifier, refusals): (Verifier, Refusals),
    settings: Settings,
) -> anyhow::Result<Running> {
    let Served { routes, web, names, dbs, clock, workers, stop } = served;
    let address = listener.local_addr()?;
    let (health, health_service) = tonic_health::server::health_reporter();
    for service in names.iter().chain(&[ready::LIVE]) {
        health.set_service_status(*service, ServingStatus::Serving).await;
    }
    let readiness = tokio::spawn(ready::follow(dbs, clock, health.clone(), names.clone()));
    let reflection = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(samspil_proto::DESCRIPTOR_SET)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
    };
    let routes = routes
        .add_service(health_service.clone())
        .add_service(reflection().build_v1()?)
        .add_service(reflection().build_v1alpha()?);
    let moving = Moving { stop: stop.clone(), age: settings.connection_age };
    let edge = EdgeLayer::new(verifier, refusals, (settings.places, settings.limits), moving, settings.tls.is_some());
    let mut server = Server::builder()
        .accept_http1(true)
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_concurrent_streams(STREAMS)
        .http2_keepalive_interval(Some(Duration::from_secs(30)))
        .http2_keepalive_timeout(Some(Duration::from_secs(20)));
    if let Some(age) = settings.connection_age {
        server = server.max_connection_age(age.mul_f64(rand::random_range(0.9..1.1)));
    }
    let router = server.layer(WebLayer::new(web)).layer(GrpcWebLayer::new()).layer(edge).add_routes(routes);
    let ended = stop.clone().cancelled_owned();
    // A task, so that it runs whether or not somebody waits for its end.
    let task = match &settings.tls {
        Some(tls) => {
            workers.spawn(stop.clone().run_until_cancelled_owned(tls.clone().follow_files()));
            tokio::spawn(router.serve_with_incoming_shutdown(tls.incoming(listener), ended))
        }
        // Nagle's algorithm and delayed acknowledgements would hold every receipt back by 40 ms.
        None => tokio::spawn(
            router.serve_with_incoming_shutdown(TcpIncoming::from(listener).with_nodelay(Some(true)), ended),
        ),
    };
    let mut served = vec![finished(task)];
    let mut health_address = None;
    if let Some(address) = settings.health {
        let listener = TcpListener::bind(address).await?;
        health_address = Some(listener.local_addr()?);
        let only = Server::builder().add_service(health_service);
        let ended = stop.clone().cancelled_owned();
        served.push(finished(tokio::spawn(only.serve_with_incoming_shutdown(TcpListenerStream::new(listener), ended))));
    }
    Ok(Running { address, health_address, settings, health, readiness, served, names, workers, stop })
}

/// The end of a server's task, in words when it was no good one.
fn finished(task: JoinHandle<Result<(), tonic::transport::Error>>) -> BoxFuture<'static, Result<(), String>> {
    Box::pin(async move {
        match task.await {
            Ok(ended) => ended.map_err(|error| error.to_string()),
            Err(panicked) => Err(panicked.to_string()),
        }
    })
}

impl Running {
    /// Drains: health says NOT_SERVING; after a moment no new connections are taken, endless streams are sent elsewhere, calls in
    /// flight finish, workers finish their item; what is left after the limit is cut off.
    pub async fn stop(self) {
        self.readiness.abort();
        for service in self.names {
            self.health.set_service_status(service, ServingStatus::NotServing).await;
        }
        tokio::time::sleep(self.settings.linger).await;
        self.stop.cancel();
        self.workers.close();
        let drained = tokio::time::timeout(self.settings.drain, async {
            let (ended, ()) = tokio::join!(futures::future::join_all(self.served), self.workers.wait());
            ended
        });
        match drained.await {
            Ok(ended) => {
                for failed in ended.into_iter().filter_map(Result::err) {
                    tracing::error!(error = failed, "a listener failed");
                }
            }
            Err(_) => tracing::warn!("calls still in flight were cut off"),
        }
    }
}
