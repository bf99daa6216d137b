//! One stream of an upload: from the start to the receipt, or to the break.

use samspil_proto::wound::v1::{
    Photo, UploadChunk, UploadPhotoRequest, UploadPhotoResponse, UploadStart, upload_photo_request as request,
    upload_photo_response as response,
};
use tokio::{sync::mpsc, time::timeout};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Status, Streaming};

use super::{Event, Upload};
use crate::{Error, retry::Backoff};

/// A photo that is durable at the service.
pub(crate) struct Stored {
    pub(crate) photo: Photo,
    /// The stream on which the verdict will come, unless it broke.
    pub(crate) answers: Option<Streaming<UploadPhotoResponse>>,
}

/// Why a stream ended before the receipt.
pub(crate) enum Broken {
    /// The file cannot be read.
    Here(Error),
    /// The link broke or the service refused.
    Link(Box<Status>),
}

impl From<Error> for Broken {
    fn from(error: Error) -> Self {
        Broken::Here(error)
    }
}

impl Upload<'_> {
    /// Opens a stream, waits for the offset to go on from, sends the rest.
    pub(super) async fn stream(
        &self,
        size: u64,
        backoff: &mut Backoff<'_>,
        on_event: &mut impl FnMut(Event),
    ) -> Result<Stored, Broken> {
        // Two chunks wait here, the rest waits on the disk.
        let (outgoing, requests) = mpsc::channel(2);
        let start = request::Message::Start(UploadStart { name: self.name.clone() });
        let _ = outgoing.send(UploadPhotoRequest { message: Some(start) }).await;
        let mut wound = self.connection.wound();
        let opened = timeout(self.options.stalled_after, wound.upload_photo(ReceiverStream::new(requests)));
        let mut answers = opened.await.map_err(|_elapsed| stalled())??.into_inner();

        let mut committed = loop {
            match self.answer(&mut answers).await? {
                response::Message::Progress(progress) => break offset(progress.committed_bytes, size)?,
                response::Message::Receipt(receipt) => return Ok(receive(receipt.photo, answers, on_event)),
                response::Message::Verdict(_) => {}
            }
        };
        let mut sent = committed;
        on_event(Event::Progress { sent, committed, size });

        let mut reader = self.source.open(sent).await?;
        let mut outgoing = Some(outgoing);
        let mut chunk = None;
        loop {
            if sent == size {
                // Nothing more comes: the service may finish.
                outgoing = None;
            } else if chunk.is_none() && outgoing.is_some() {
                let length = self.chunk_bytes().min(size - sent);
                let data = reader.next(usize::try_from(length).unwrap_or(usize::MAX)).await?;
                chunk = Some(UploadChunk { offset: sent as i64, data });
            }
            let room = outgoing.clone();
            let room = async {
                match room {
                    Some(outgoing) => outgoing.reserve_owned().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                answer = self.answer(&mut answers) => match answer? {
                    response::Message::Progress(progress) => {
                        let now = offset(progress.committed_bytes, size)?;
                        if now > committed {
                            backoff.progressed();
                            committed = now;
                        }
                        on_event(Event::Progress { sent, committed, size });
                    }
                    response::Message::Receipt(receipt) => return Ok(receive(receipt.photo, answers, on_event)),
                    response::Message::Verdict(_) => {}
                },
                room = room => match (room, chunk.take()) {
                    (Ok(room), Some(next)) => {
                        sent += next.data.len() as u64;
                        room.send(UploadPhotoRequest { message: Some(request::Message::Chunk(next)) });
                        on_event(Event::Progress { sent, committed, size });
                    }
                    // The service takes no more; why not, its answer tells.
                    _ => outgoing = None,
                },
            }
        }
    }

    fn chunk_bytes(&self) -> u64 {
        self.options.chunk_bytes.clamp(64 * 1024, 256 * 1024) as u64
    }

    /// The next answer that says something, or the break: also when the stream ends or stands still.
    async fn answer(&self, answers: &mut Streaming<UploadPhotoResponse>) -> Result<response::Message, Broken> {
        loop {
            let answer =
                timeout(self.options.stalled_after, answers.message()).await.map_err(|_elapsed| stalled())??;
            match answer {
                Some(UploadPhotoResponse { message: Some(message) }) => return Ok(message),
                Some(UploadPhotoResponse { message: None }) => {}
                None => return Err(Status::unavailable("the stream ended before the receipt").into()),
            }
        }
    }
}

fn receive(photo: Option<Photo>, answers: Streaming<UploadPhotoResponse>, on_event: &mut impl FnMut(Event)) -> Stored {
    let photo = photo.unwrap_or_default();
    on_event(Event::Stored(Box::new(photo.clone())));
    Stored { photo, answers: Some(answers) }
}

/// An offset within the file. Anything else means that the file is not the one that was announced.
fn offset(committed: i64, size: u64) -> Result<u64, Broken> {
    u64::try_from(committed)
        .ok()
        .filter(|offset| *offset <= size)
        .ok_or_else(|| Status::failed_precondition("the service has more bytes than the file").into())
}

fn stalled() -> Status {
    Status::unavailable("nothing moved for too long")
}
