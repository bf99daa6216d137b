//! Uploading a photo over a link that breaks.
//!
//! The service keeps what has come, tells at the start of each stream from which byte to go on, and gives a *receipt* when
//! the photo is durable and a *verdict* on its quality when the image steps are done. So a break costs at most the bytes that
//! were under way: the next stream goes on behind them, after a pause. After the receipt nothing is left to send; when only the
//! verdict is missing, it is asked for.
//!
//! The file is read as it is sent, one chunk at a time, and never as a whole.

mod source;
mod stream;
mod verdict;

use std::time::Duration;

use samspil_proto::{
    names::PhotoName,
    wound::v1::{GetPhotoRequest, GetUploadRequest, Photo, PhotoState},
};
use tonic::{Code, Status};

pub use self::source::Source;
use self::stream::{Broken, Stored};
use crate::{Connection, Error, Refusal, retry::is_passing};

/// What happens to an upload.
#[derive(Debug, Clone)]
pub enum Event {
    /// Bytes have moved.
    Progress {
        /// Handed to the link, up to this offset.
        sent: u64,
        /// Kept by the service for good, up to this offset.
        committed: u64,
        /// The whole file.
        size: u64,
    },
    /// The link broke. It goes on after a pause.
    Interrupted,
    /// The receipt: the photo is durable, and the file may be deleted.
    Stored(Box<Photo>),
    /// The verdict on the quality.
    Verdict(Box<Photo>),
}

/// How an upload is done.
#[derive(Debug, Clone)]
pub struct Options {
    /// Bytes in a chunk, 64 KiB to 256 KiB.
    pub chunk_bytes: usize,
    /// A stream on which nothing moves for so long counts as broken.
    pub stalled_after: Duration,
    /// How long to wait for the verdict after the receipt.
    pub verdict_within: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            chunk_bytes: 128 * 1024,
            stalled_after: Duration::from_secs(30),
            verdict_within: Duration::from_secs(30),
        }
    }
}

/// Uploads an announced photo, or goes on with it, and waits for the verdict. Gives the photo as it is then; its `quality` is
/// not set if the verdict did not come in time.
///
/// A refusal of the service is final: [`Error::Refused`]. [`Error::Unavailable`] means that what has come is kept, and that the
/// same call goes on from there.
pub async fn upload_photo(
    connection: &Connection,
    name: &PhotoName,
    source: impl Into<Source>,
    on_event: impl FnMut(Event),
) -> Result<Photo, Error> {
    upload_photo_with(connection, name, source, &Options::default(), on_event).await
}

/// [`upload_photo`] with other options than the usual.
pub async fn upload_photo_with(
    connection: &Connection,
    name: &PhotoName,
    source: impl Into<Source>,
    options: &Options,
    mut on_event: impl FnMut(Event),
) -> Result<Photo, Error> {
    let source = source.into();
    let upload = Upload { connection, name: name.to_string(), source: &source, options };
    let stored = upload.store(&mut on_event).await?;
    Ok(upload.verdict(stored, &mut on_event).await)
}

/// One upload, in its two halves: up to the receipt, and on to the verdict.
pub(crate) struct Upload<'a> {
    pub(crate) connection: &'a Connection,
    pub(crate) name: String,
    pub(crate) source: &'a Source,
    pub(crate) options: &'a Options,
}

impl Upload<'_> {
    /// Sends until the receipt is there.
    ///
    /// The first stream is opened without asking anything before, since it tells the offset itself: a round trip less. After a
    /// break the service is asked first, since it may have come further than the client has heard.
    pub(crate) async fn store(&self, on_event: &mut impl FnMut(Event)) -> Result<Stored, Error> {
        let size = self.source.size().await?;
        let mut backoff = self.connection.retry().start();
        let mut aborted = 0;
        loop {
            let status = match self.stream(size, &mut backoff, on_event).await {
                Ok(stored) => return Ok(stored),
                Err(Broken::Here(error)) => return Err(error),
                Err(Broken::Link(status)) => *status,
            };
            // Another stream of the same photo was first. It is read anew below how far that one came.
            let overtaken = status.code() == Code::Aborted && aborted < 3;
            if overtaken || is_passing(&status) {
                on_event(Event::Interrupted);
            }
            if overtaken {
                aborted += 1;
                backoff.wait(Duration::ZERO, status).await?;
            } else {
                backoff.pause(status).await?;
            }
            if let Some(stored) = self.look(size, on_event).await? {
                return Ok(stored);
            }
        }
    }

    /// Asks the service how far it is. Gives the photo if nothing is left to send.
    async fn look(&self, size: u64, on_event: &mut impl FnMut(Event)) -> Result<Option<Stored>, Error> {
        let request = GetUploadRequest { name: self.name.clone() };
        let upload =
            self.connection.call(request, |to, request| async move { to.wound().get_upload(request).await }).await?;
        match upload.state() {
            PhotoState::Stored => {
                let photo = self.photo().await?;
                on_event(Event::Stored(Box::new(photo.clone())));
                Ok(Some(Stored { photo, answers: None }))
            }
            PhotoState::Refused | PhotoState::Withdrawn => Err(refused(self.photo().await?)),
            PhotoState::Announced | PhotoState::Unspecified => {
                let committed = u64::try_from(upload.committed_bytes).unwrap_or_default();
                on_event(Event::Progress { sent: committed, committed, size });
                Ok(None)
            }
        }
    }

    async fn photo(&self) -> Result<Photo, Error> {
        let request = GetPhotoRequest { name: self.name.clone() };
        self.connection.call(request, |to, request| async move { to.wound().get_photo(request).await }).await
    }
}

/// What a photo that was refused while nobody listened says of itself.
fn refused(photo: Photo) -> Error {
    Error::Refused(Box::new(Refusal {
        code: Code::FailedPrecondition,
        reason: photo.refusal_reason,
        message: photo.refusal_message,
        metadata: [("photo".to_owned(), photo.name)].into(),
        violations: Vec::new(),
    }))
}

impl From<Status> for Broken {
    fn from(status: Status) -> Self {
        Broken::Link(Box::new(status))
    }
}
