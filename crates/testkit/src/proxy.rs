//! A link to a store that has bad days: a real one, on real sockets, between a service and a real server.
//!
//! Each connection carries one request, so that what happens to a connection happens to a request: it tells the server to end it
//! after the answer.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use tokio::{
    io::{self, AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// What is wrong with the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing.
    None,
    /// Every connection is closed at once.
    Refuses,
    /// Every request waits so long.
    Slow(Duration),
    /// Every third request is answered with 503 or 500 in turn.
    Errors,
    /// Every third request is lost in the middle of its body.
    CutsRequests,
    /// Every third answer is lost in the middle: the server has done what it was asked.
    CutsAnswers,
}

/// A link that is served until it is dropped.
pub struct Link {
    /// Where it listens, as an endpoint.
    pub endpoint: String,
    trouble: watch::Sender<Trouble>,
    hurt: Arc<AtomicUsize>,
    task: tokio::task::JoinHandle<()>,
}

impl Link {
    /// A link without trouble to a server such as `http://127.0.0.1:8333`.
    ///
    /// # Panics
    /// When there is no port to listen on.
    pub async fn to(server: &str) -> Link {
        let server: SocketAddr =
            server.strip_prefix("http://").and_then(|address| address.parse().ok()).expect("http://ADDRESS:PORT");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        let (trouble, seen) = watch::channel(Trouble::None);
        let hurt = Arc::<AtomicUsize>::default();
        let count = hurt.clone();
        let task = tokio::spawn(async move {
            let mut many = 0;
            while let Ok((client, _)) = listener.accept().await {
                many += 1;
                let (trouble, count) = (*seen.borrow(), count.clone());
                tokio::spawn(async move {
                    // A connection that ends early is what this is for.
                    let _ = carry(client, server, trouble, many, &count).await;
                });
            }
        });
        Link { endpoint, trouble, hurt, task }
    }

    /// From now on, every new connection has this trouble.
    pub fn has(&self, trouble: Trouble) {
        self.hurt.store(0, Relaxed);
        self.trouble.send_replace(trouble);
    }

    /// How many requests came to harm since the trouble began.
    pub fn hurt(&self) -> usize {
        self.hurt.load(Relaxed)
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn carry(
    mut client: TcpStream,
    server: SocketAddr,
    trouble: Trouble,
    many: usize,
    hurt: &AtomicUsize,
) -> io::Result<()> {
    let third = many.is_multiple_of(3);
    let harm = || hurt.fetch_add(1, Relaxed);
    if trouble == Trouble::Refuses {
        harm();
        return Ok(());
    }
    let Some((head, body)) = request(&mut client).await? else { return Ok(()) };
    if let Trouble::Slow(pause) = trouble {
        harm();
        tokio::time::sleep(pause).await;
    }
    if trouble == Trouble::Errors && third {
        harm();
        let status = if many.is_multiple_of(2) { "503 Slow Down" } else { "500 Internal Server Error" };
        let mut rest = vec![0; body];
        client.read_exact(&mut rest).await?;
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        client.write_all(answer.as_bytes()).await?;
        return client.shutdown().await;
    }
    let mut server = TcpStream::connect(server).await?;
    server.write_all(head.as_bytes()).await?;
    if trouble == Trouble::CutsRequests && third && body > 0 {
        harm();
        io::copy(&mut (&mut client).take(body as u64 / 2), &mut server).await?;
        return Ok(());
    }
    io::copy(&mut (&mut client).take(body as u64), &mut server).await?;
    if trouble == Trouble::CutsAnswers && third {
        let mut answer = Vec::new();
        server.read_to_end(&mut answer).await?;
        harm();
        return client.write_all(&answer[..answer.len() / 2]).await;
    }
    io::copy(&mut server, &mut client).await?;
    client.shutdown().await
}

/// The head of a request, which asks for the connection's end after the answer, and the length of its body. None when there is no more.
async fn request(client: &mut TcpStream) -> io::Result<Option<(String, usize)>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match client.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) if head.is_empty() => return Ok(None),
            Err(error) => return Err(error),
        }
    }
    let head = String::from_utf8(head).map_err(io::Error::other)?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    Ok(Some((head.replacen("\r\n", "\r\nConnection: close\r\n", 1), length.unwrap_or(0))))
}
