//! A client that sends letters, well or badly.

use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt as _;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use uuid::Uuid;

use crate::letters::{Asked, Letters, Told};

/// What has to come before anybody gives up.
async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), what).await.expect("it to come soon")
}

/// A stream that is open.
#[derive(Debug)]
pub(crate) struct Sending {
    asked: Option<mpsc::Sender<Result<Asked, Status>>>,
    told: ReceiverStream<Result<Told, Status>>,
}

impl Letters {
    /// Opens a stream on which these messages lie ready.
    pub(crate) async fn opens(
        &self,
        first: impl IntoIterator<Item = Result<Asked, Status>>,
    ) -> Result<Sending, Status> {
        let (asked, stream) = mpsc::channel(64);
        for message in first {
            asked.send(message).await.unwrap();
        }
        Ok(Sending { asked: Some(asked), told: soon(self.upload(ReceiverStream::new(stream))).await? })
    }

    /// Opens a letter's upload where it is said to stand.
    pub(crate) async fn begins(&self, letter: Uuid, stands_at: i64) -> Sending {
        let mut sending = self.opens([Ok(Asked::Start(letter))]).await.unwrap();
        assert_eq!(sending.hears().await.unwrap(), Told::Progress(stands_at));
        sending
    }
}

impl Sending {
    pub(crate) async fn says(&mut self, message: Result<Asked, Status>) {
        // The server may have ended the stream: then the answer says why.
        let _ = self.asked.as_ref().expect("a stream that is open").send(message).await;
    }

    pub(crate) async fn sends(&mut self, offset: i64, data: &[u8]) {
        self.says(Ok(Asked::Chunk(offset, Bytes::copy_from_slice(data)))).await;
    }

    /// The connection is gone.
    pub(crate) fn breaks(&mut self) {
        let asked = self.asked.take().expect("a stream that is open");
        asked.try_send(Err(Status::unavailable("the connection broke"))).unwrap();
    }

    /// Says that nothing more comes.
    pub(crate) fn hangs_up(&mut self) {
        self.asked = None;
    }

    pub(crate) async fn hears(&mut self) -> Result<Told, Status> {
        soon(self.told.next()).await.expect("an answer")
    }

    /// Hears everything to the last word: the receipt, or the refusal.
    pub(crate) async fn ends(self) -> Result<(), Status> {
        let last = soon(self.told.fold(None, async |_, told| Some(told))).await;
        assert_eq!(last.expect("an answer")?, Told::Receipt);
        Ok(())
    }
}
