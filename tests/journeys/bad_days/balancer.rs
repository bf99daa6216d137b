//! One address before several, as Kubernetes gives a service. A connection goes to the next one that takes it.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// A balancer that runs until it is dropped.
pub(super) struct Balancer {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: tokio::task::JoinHandle<()>,
}

struct Shared {
    behind: Mutex<Vec<String>>,
    next: AtomicUsize,
    /// While it is true nothing passes, in neither direction, and nobody is told.
    cut: watch::Sender<bool>,
}

impl Balancer {
    pub(super) async fn before(behind: Vec<String>) -> Balancer {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared =
            Arc::new(Shared { behind: Mutex::new(behind), next: AtomicUsize::new(0), cut: watch::Sender::new(false) });
        let task = tokio::spawn({
            let shared = shared.clone();
            async move {
                loop {
                    let (client, _) = listener.accept().await.unwrap();
                    tokio::spawn(shared.clone().carry(client));
                }
            }
        });
        Balancer { address, shared, task }
    }

    pub(super) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Drops what comes from now on, in both directions, without a word; or lets it through again.
    pub(super) fn cut(&self, cut: bool) {
        self.shared.cut.send_replace(cut);
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    async fn carry(self: Arc<Self>, client: TcpStream) {
        let behind = self.behind.lock().unwrap().clone();
        let first = self.next.fetch_add(1, Relaxed);
        for at in 0..behind.len() {
            let Ok(server) = TcpStream::connect(&behind[(first + at) % behind.len()]).await else { continue };
            let _ = (client.set_nodelay(true), server.set_nodelay(true));
            let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
            let cut = self.cut.subscribe();
            tokio::select! {
                () = pump(from_client, to_server, cut.clone()) => {}
                () = pump(from_server, to_client, cut) => {}
            }
            return;
        }
    }
}

/// Copies until one end is gone. What was read while the line was cut is lost, and the line with it: a network that drops packets
/// for long loses its connections.
async fn pump(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    mut cut: watch::Receiver<bool>,
) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let mut buffer = vec![0; 64 << 10];
    loop {
        let Ok(read @ 1..) = from.read(&mut buffer).await else { return };
        if *cut.borrow() {
            // Silence until it heals; then the connection is of no use to anybody.
            let _ = cut.wait_for(|cut| !cut).await;
            return;
        }
        if to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}
