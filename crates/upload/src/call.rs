//! The stream of one upload: a slot, a start, silence, and a task of its own for the answers.

use std::time::Duration;

use bytes::Bytes;
use futures::{Stream, StreamExt as _, stream::BoxStream};
use samspil_kit::Error;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use tracing::Instrument as _;

use crate::{Reason, Uploads};

/// Answers that wait for a slow client. The stream of chunks waits with them.
const BACKLOG: usize = 8;

/// The messages of an upload's stream, as the contract of a service has them.
pub trait Wire {
    /// A message of the client's: a start, then chunks.
    type Request: Send + 'static;
    /// What opens an upload.
    type Start;
    /// A message of the server's.
    type Response: Send + 'static;

    /// The start, if the message is one.
    fn start(request: Self::Request) -> Option<Self::Start>;
    /// The chunk, if the message is one.
    fn chunk(request: Self::Request) -> Option<Chunk>;
    /// The message that tells how many bytes will not have to be sent again.
    fn progress(committed_bytes: i64) -> Self::Response;
}

/// Bytes of a file, and where they belong.
pub struct Chunk {
    /// Where they begin.
    pub offset: i64,
    /// The bytes, as the wire had them.
    pub data: Bytes,
}

/// An upload that begins. It has one of the slots until its answers end.
pub struct Call<W: Wire> {
    requests: Requests<W>,
    slot: OwnedSemaphorePermit,
}

/// What the client sends.
pub struct Requests<W: Wire> {
    stream: BoxStream<'static, Result<W::Request, Status>>,
    idle: Duration,
}

/// What the client hears.
pub struct Out<R>(mpsc::Sender<Result<R, Status>>);

impl Uploads {
    /// Takes a stream in.
    ///
    /// # Errors
    /// `OVERLOADED` when there are as many as there may be.
    pub fn enter<W: Wire>(
        &self,
        stream: impl Stream<Item = Result<W::Request, Status>> + Send + 'static,
    ) -> Result<Call<W>, Error> {
        Ok(Call { requests: Requests { stream: stream.boxed(), idle: self.settings.idle }, slot: self.slot()? })
    }
}

impl<W: Wire> Call<W> {
    /// The start, which comes first.
    ///
    /// # Errors
    /// `UPLOAD_NOT_STARTED`. What cannot be read is no start; a client that is gone hears nothing anyway.
    pub async fn start(&mut self) -> Result<W::Start, Error> {
        let first = self.requests.next().await.ok().flatten();
        Ok(first.and_then(W::start).ok_or(Reason::NotStarted)?)
    }

    /// Answers from a task of its own, so that bytes that have arrived are written down even when the connection is gone.
    pub fn answer<F>(
        self,
        work: impl FnOnce(Requests<W>, Out<W::Response>) -> F,
    ) -> ReceiverStream<Result<W::Response, Status>>
    where
        F: Future<Output = Result<(), Error>> + Send + 'static,
    {
        let (answers, heard) = mpsc::channel(BACKLOG);
        let Call { requests, slot } = self;
        let work = work(requests, Out(answers.clone()));
        let task = async move {
            let _slot = slot;
            if let Err(error) = work.await {
                // The client may be gone; what arrived is written down all the same.
                let _ = answers.send(Err(error.into())).await;
            }
        };
        tokio::spawn(task.in_current_span());
        ReceiverStream::new(heard)
    }
}

impl<W: Wire> Requests<W> {
    /// The next message. A stream on which nothing comes for too long counts as ended, so that it keeps no slot from others.
    pub(crate) async fn next(&mut self) -> Result<Option<W::Request>, Status> {
        let next = tokio::time::timeout(self.idle, self.stream.next()).await;
        next.ok().flatten().transpose()
    }
}

impl<R> Out<R> {
    /// Tells the client, who may be gone: the file is kept all the same.
    pub async fn say(&self, message: R) {
        let _ = self.0.send(Ok(message)).await;
    }
}
