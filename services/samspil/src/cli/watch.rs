//! Following a stream through breaks.

use std::time::Duration;

use anyhow::Result;
use samspil_client::Error;
use tonic::{Response, Status, Streaming};

use super::output::Out;

/// An update that tells where to go on from.
pub(super) trait Update {
    /// Where to go on from.
    fn cursor(&self) -> &str;
    /// Something has changed; the first message only tells the cursor.
    fn has_news(&self) -> bool;
}

impl Update for samspil_proto::wound::v1::WoundUpdate {
    fn cursor(&self) -> &str {
        &self.cursor
    }

    fn has_news(&self) -> bool {
        !self.r#type.is_empty()
    }
}

impl Update for samspil_proto::wound::v1::QueueUpdate {
    fn cursor(&self) -> &str {
        &self.cursor
    }

    fn has_news(&self) -> bool {
        !self.r#type.is_empty()
    }
}

/// Hands on each update as it comes, and goes on from the last cursor after a break. Ends only with a refusal.
pub(super) async fn follow<U, F, Fut>(out: Out, mut cursor: String, open: F, mut news: impl FnMut(U)) -> Result<()>
where
    U: Update,
    F: Fn(String) -> Fut,
    Fut: Future<Output = Result<Response<Streaming<U>>, Status>>,
{
    let shortest = Duration::from_millis(500);
    let (mut pause, mut lost) = (shortest, false);
    loop {
        let status = match open(cursor.clone()).await {
            Ok(stream) => {
                let mut stream = stream.into_inner();
                loop {
                    match stream.message().await {
                        Ok(Some(update)) => {
                            if std::mem::take(&mut lost) {
                                out.note("connected again");
                            }
                            pause = shortest;
                            cursor.clear();
                            cursor.push_str(update.cursor());
                            if update.has_news() {
                                news(update);
                            }
                        }
                        Ok(None) => break Status::unavailable("the service ended the stream"),
                        Err(status) => break status,
                    }
                }
            }
            Err(status) => status,
        };
        let error = Error::from(status);
        if !error.is_passing() {
            return Err(error.into());
        }
        if !std::mem::replace(&mut lost, true) {
            out.note("the connection is lost; it goes on by itself when the service is back");
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(15));
    }
}
