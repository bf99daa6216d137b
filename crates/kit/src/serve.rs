//! Services on a listener: starting, running, stopping.

use std::{net::SocketAddr, time::Duration};

use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tonic::{
    service::Routes,
    transport::server::{Server, TcpIncoming},
};
use tonic_health::{ServingStatus, server::HealthReporter};
use tonic_web::GrpcWebLayer;

use crate::{edge::EdgeLayer, web::WebLayer};

/// Bytes that a client may send on one stream before it hears from us. A link of 50 ms and 20 Mbit/s has 125 KB under way; at
/// this size nothing waits on a link eight times as long or as wide, and a stalled reader holds no more than this.
const STREAM_WINDOW: u32 = 1 << 20;

/// The same for all streams of one connection.
const CONNECTION_WINDOW: u32 = 4 << 20;

/// Streams of one connection at a time.
const STREAMS: u32 = 256;

/// A listener that serves.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    health: HealthReporter,
    stop: CancellationToken,
    server: JoinHandle<Result<(), tonic::transport::Error>>,
    workers: TaskTracker,
}

/// Serves until [`Running::stop`]. Health, reflection and gRPC-Web are on. What is not gRPC goes to the web router, if there is one.
///
/// # Errors
/// When the listener cannot be read.
pub async fn start(
    listener: TcpListener,
    (routes, web): (Routes, Option<axum::Router>),
    services: &[&str],
    edge: EdgeLayer,
    workers: TaskTracker,
    stop: CancellationToken,
) -> anyhow::Result<Running> {
    let address = listener.local_addr()?;
    let (health, health_service) = tonic_health::server::health_reporter();
    for service in services {
        health.set_service_status(*service, ServingStatus::Serving).await;
    }
    let reflection = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(samspil_proto::DESCRIPTOR_SET)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
    };
    let routes = routes
        .add_service(health_service)
        .add_service(reflection().build_v1()?)
        .add_service(reflection().build_v1alpha()?);
    // Nagle's algorithm and delayed acknowledgements would hold every receipt back by 40 ms.
    let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
    let server = Server::builder()
        .accept_http1(true)
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_concurrent_streams(STREAMS)
        .http2_keepalive_interval(Some(Duration::from_secs(30)))
        .http2_keepalive_timeout(Some(Duration::from_secs(20)))
        .layer(WebLayer::new(web))
        .layer(GrpcWebLayer::new())
        .layer(edge)
        .add_routes(routes)
        .serve_with_incoming_shutdown(incoming, stop.clone().cancelled_owned());
    Ok(Running { address, health, stop, server: tokio::spawn(server), workers })
}

impl Running {
    /// Drains: health says NOT_SERVING, no new connections, calls in flight finish, workers finish their item; what is left
    /// after `limit` is cut off.
    pub async fn stop(self, services: &[&str], limit: Duration) {
        for service in services.iter().chain(&[""]) {
            self.health.set_service_status(*service, ServingStatus::NotServing).await;
        }
        self.stop.cancel();
        self.workers.close();
        let drained = tokio::time::timeout(limit, async {
            self.workers.wait().await;
            self.server.await
        });
        match drained.await {
            Ok(Ok(Ok(()))) => {}
            Ok(Ok(Err(error))) => tracing::error!(error = %error, "the listener failed"),
            Ok(Err(error)) => tracing::error!(error = %error, "the listener panicked"),
            // Watch streams never end by themselves: clients go on from their cursor elsewhere.
            Err(_) => tracing::info!("calls still in flight were cut off"),
        }
    }
}
