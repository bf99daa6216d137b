//! What follows the receipt: the verdict on the photo's quality.

use std::time::Duration;

use samspil_proto::wound::v1::{Photo, UploadPhotoResponse, upload_photo_response as response};
use tokio::time::{Instant, sleep, timeout_at};
use tonic::Streaming;

use super::{Event, Upload, stream::Stored};

impl Upload<'_> {
    /// Waits for the verdict: on the stream as long as it holds, then by asking. The photo is safe whatever happens here, so
    /// that there is no error: without a verdict the photo is given as it was stored.
    pub(crate) async fn verdict(&self, stored: Stored, on_event: &mut impl FnMut(Event)) -> Photo {
        let end = Instant::now() + self.options.verdict_within;
        let heard = match stored.answers {
            _ if stored.photo.quality.is_some() => Some(stored.photo.clone()),
            Some(answers) => timeout_at(end, listen(answers)).await.unwrap_or_default(),
            None => None,
        };
        let judged = match heard {
            Some(photo) => Some(photo),
            None => timeout_at(end, self.ask()).await.ok(),
        };
        match judged {
            Some(photo) => {
                on_event(Event::Verdict(Box::new(photo.clone())));
                photo
            }
            None => stored.photo,
        }
    }

    async fn ask(&self) -> Photo {
        let mut pause = Duration::from_millis(100);
        loop {
            if let Ok(photo) = self.photo().await
                && photo.quality.is_some()
            {
                return photo;
            }
            sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(2));
        }
    }
}

/// The verdict, or none when the stream ends or breaks without one.
async fn listen(mut answers: Streaming<UploadPhotoResponse>) -> Option<Photo> {
    loop {
        if let response::Message::Verdict(verdict) = answers.message().await.ok()??.message? {
            return verdict.photo;
        }
    }
}
