//! A wound service of the tests' own: it keeps what it is given, once for each request, and fails as it is told to.

#![allow(dead_code, reason = "each test file uses a part of it")]

pub(crate) mod link;
mod service;
mod state;

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard},
};

use samspil_client::{Connection, Endpoint, Retry};
use samspil_proto::{
    names::WoundName,
    wound::v1::{Photo, PhotoState, wound_service_server::WoundServiceServer},
};
use tokio::{net::TcpListener, sync::watch};
use tonic::transport::server::TcpIncoming;

use self::state::State;

/// The service, running on a port of its own.
#[derive(Clone)]
pub(crate) struct Fake {
    pub(crate) address: SocketAddr,
    state: Arc<Mutex<State>>,
    /// Counts every call twice: when it comes and when its effect is there.
    ticks: Arc<watch::Sender<usize>>,
}

impl Fake {
    pub(crate) async fn start() -> Fake {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let fake = Fake { address, state: Arc::default(), ticks: Arc::new(watch::Sender::new(0)) };
        let server = tonic::transport::Server::builder().add_service(WoundServiceServer::new(fake.clone()));
        tokio::spawn(server.serve_with_incoming(TcpIncoming::from(listener).with_nodelay(Some(true))));
        fake
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Waits until so many more ticks have come.
    pub(crate) async fn ticks(&self, more: usize) {
        let mut ticks = self.ticks.subscribe();
        let wanted = *ticks.borrow() + more;
        ticks.wait_for(|count| *count >= wanted).await.unwrap();
    }

    pub(crate) fn endpoint(&self) -> Endpoint {
        endpoint(self.address)
    }

    pub(crate) fn connection(&self) -> Connection {
        self.endpoint().connect_lazy().unwrap()
    }

    /// The stored photos with their bytes.
    pub(crate) fn stored(&self) -> HashMap<String, Vec<u8>> {
        let state = self.state();
        let stored = state.photos.iter().filter(|(_, kept)| kept.photo.state() == PhotoState::Stored);
        stored.map(|(name, kept)| (name.clone(), kept.bytes.clone())).collect()
    }

    fn tick(&self, what: &str) {
        self.state().log.push(what.to_owned());
        self.ticks.send_modify(|count| *count += 1);
    }
}

/// With pauses that a test can wait for.
pub(crate) fn endpoint(address: SocketAddr) -> Endpoint {
    let retry = Retry::default().pauses(std::time::Duration::from_millis(5), std::time::Duration::from_millis(50));
    Endpoint::new(format!("http://{address}")).retry(retry.budget(1000.0, 1000.0))
}

pub(crate) fn wound() -> WoundName {
    let id = |text: &str| text.parse().unwrap();
    WoundName { patient: id("0198f3a0-0000-7000-8000-000000000001"), wound: id("0198f3a0-0000-7000-8000-000000000002") }
}

/// Bytes that differ everywhere, so that a piece in the wrong place shows.
pub(crate) fn bytes(size: usize, seed: u32) -> Vec<u8> {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
    std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    })
    .take(size)
    .collect()
}

/// A photo that the fake holds.
pub(crate) struct Kept {
    pub(crate) photo: Photo,
    pub(crate) bytes: Vec<u8>,
}
