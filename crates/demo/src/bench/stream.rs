//! The floor of an upload's transport: the same messages over a bare tonic stream whose far end throws them away.
//!
//! The far end is a process of its own, as the server is, with the same windows. An echo would send everything back as well;
//! an upload does not, so this floor is the stricter one.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    process::Stdio,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use futures::future::BoxFuture;
use samspil_client::{Connection, Endpoint, upload::Options};
use samspil_proto::wound::v1::{
    UploadChunk, UploadPhotoRequest, UploadPhotoResponse, UploadReceipt, UploadStart, upload_photo_request as request,
    upload_photo_response as response,
};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    net::TcpListener,
    process::{Child, Command},
    sync::mpsc,
};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{
    Request, Response, Status, Streaming,
    body::Body,
    server::{Grpc, NamedService, StreamingService},
    transport::server::{Server, TcpIncoming},
};

use super::photos::Picture;

/// As `samspil serve` has them.
const STREAM_WINDOW: u32 = 1 << 20;
const CONNECTION_WINDOW: u32 = 4 << 20;

/// Is the far end, until standard input ends.
pub(crate) async fn serve() -> anyhow::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    let until = async {
        let _ = tokio::task::spawn_blocking(|| std::io::copy(&mut std::io::stdin(), &mut std::io::sink())).await;
    };
    let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
    let server = Server::builder()
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .add_service(Sink);
    Ok(server.serve_with_incoming_shutdown(incoming, until).await?)
}

/// Serves `UploadPhoto` and nothing else.
#[derive(Clone)]
struct Sink;

impl NamedService for Sink {
    const NAME: &'static str = "samspil.wound.v1.WoundService";
}

impl tower::Service<http::Request<Body>> for Sink {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let codec = tonic_prost::ProstCodec::<UploadPhotoResponse, UploadPhotoRequest>::default();
        Box::pin(async move { Ok(Grpc::new(codec).streaming(Sink, request).await) })
    }
}

impl StreamingService<UploadPhotoRequest> for Sink {
    type Response = UploadPhotoResponse;
    type ResponseStream = ReceiverStream<Result<UploadPhotoResponse, Status>>;
    type Future = Ready<Result<Response<Self::ResponseStream>, Status>>;

    fn call(&mut self, request: Request<Streaming<UploadPhotoRequest>>) -> Self::Future {
        let (out, answers) = mpsc::channel(1);
        let mut incoming = request.into_inner();
        tokio::spawn(async move {
            while let Ok(Some(_)) = incoming.message().await {}
            let receipt = response::Message::Receipt(UploadReceipt::default());
            let _ = out.send(Ok(UploadPhotoResponse { message: Some(receipt) })).await;
        });
        ready(Ok(Response::new(ReceiverStream::new(answers))))
    }
}

/// The far end, running.
pub(crate) struct Far {
    child: Child,
    connection: Connection,
    pub pid: u32,
}

impl Far {
    pub(crate) async fn start() -> anyhow::Result<Far> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["bench", "--sink"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let mut lines = BufReader::new(child.stdout.take().context("its output")?).lines();
        let endpoint = lines.next_line().await?.context("the far end's address")?;
        let connection = Endpoint::new(endpoint).connect().await?;
        let pid = child.id().context("the far end has ended")?;
        Ok(Far { child, connection, pid })
    }

    /// Sends a photo. Gives how long it took to hand its bytes to the link, which is what an upload's client can see too.
    pub(crate) async fn send(&self, picture: &Picture) -> anyhow::Result<Duration> {
        let begun = Instant::now();
        let (outgoing, requests) = mpsc::channel(2);
        let mut bytes = picture.bytes.clone();
        let sending = tokio::spawn(async move {
            let start = request::Message::Start(UploadStart::default());
            outgoing.send(UploadPhotoRequest { message: Some(start) }).await?;
            let mut offset = 0;
            while !bytes.is_empty() {
                let data = bytes.split_to(bytes.len().min(Options::default().chunk_bytes));
                let sent = data.len() as i64;
                let chunk = request::Message::Chunk(UploadChunk { offset, data });
                outgoing.send(UploadPhotoRequest { message: Some(chunk) }).await?;
                offset += sent;
            }
            anyhow::Ok(begun.elapsed())
        });
        let mut answers = self.connection.wound().upload_photo(ReceiverStream::new(requests)).await?.into_inner();
        answers.message().await?.context("the far end broke off")?;
        sending.await?
    }

    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        drop(self.child.stdin.take());
        drop(self.connection);
        self.child.wait().await?;
        Ok(())
    }
}
