//! A link between client and service that is cut in the middle of a packet.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy},
    net::{TcpListener, TcpStream},
};

/// Passes bytes on, and cuts each connection after so many bytes towards the service, while there are entries.
pub(crate) struct Link {
    pub(crate) address: SocketAddr,
    cuts: Arc<Mutex<VecDeque<u64>>>,
}

impl Link {
    pub(crate) async fn to(service: SocketAddr, cuts: impl IntoIterator<Item = u64>) -> Link {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let cuts = Arc::new(Mutex::new(cuts.into_iter().collect::<VecDeque<_>>()));
        let left = cuts.clone();
        tokio::spawn(async move {
            while let Ok((phone, _)) = listener.accept().await {
                let cut = left.lock().unwrap().pop_front().unwrap_or(u64::MAX);
                tokio::spawn(pass(phone, service, cut));
            }
        });
        Link { address, cuts }
    }

    /// Cuts that have not been made.
    pub(crate) fn cuts_left(&self) -> usize {
        self.cuts.lock().unwrap().len()
    }
}

async fn pass(phone: TcpStream, service: SocketAddr, cut: u64) {
    let (from_phone, mut to_phone) = phone.into_split();
    let (mut from_service, mut to_service) = TcpStream::connect(service).await.unwrap().into_split();
    let mut upward = from_phone.take(cut);
    tokio::select! {
        _ = copy(&mut upward, &mut to_service) => {}
        _ = copy(&mut from_service, &mut to_phone) => {}
    }
    let _ = to_phone.shutdown().await;
    let _ = to_service.shutdown().await;
}
