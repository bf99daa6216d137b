//! The live streams of the specialist and the nurse.

use std::time::Duration;

use anyhow::{Context as _, bail};
use samspil_client::Connection;
use samspil_proto::wound::v1::{self as pb, wound_update::Resource};

/// The specialist's live queue.
pub(super) struct WatchQueue(tonic::Streaming<pb::QueueUpdate>);

impl WatchQueue {
    pub(super) async fn open(specialist: &Connection) -> anyhow::Result<WatchQueue> {
        let mut stream = specialist.wound().watch_queue(pb::WatchQueueRequest::default()).await?.into_inner();
        // The first message says from where on nothing is missed.
        stream.message().await?.context("the queue's stream ended")?;
        Ok(WatchQueue(stream))
    }

    pub(super) async fn next_request(&mut self) -> anyhow::Result<pb::Assessment> {
        let next = async {
            while let Some(update) = self.0.message().await? {
                if update.r#type.ends_with(".AssessmentRequested") {
                    return update.assessment.context("an update without its assessment");
                }
            }
            bail!("the queue's stream ended")
        };
        tokio::time::timeout(Duration::from_secs(30), next).await.context("the queue stays silent")?
    }
}

/// The nurse's stream of a wound.
pub(super) struct WatchWound(tonic::Streaming<pb::WoundUpdate>);

impl WatchWound {
    pub(super) async fn open(nurse: &Connection, wound: &str) -> anyhow::Result<WatchWound> {
        let request = pb::WatchWoundsRequest { name: wound.to_owned(), cursor: String::new() };
        let mut stream = nurse.wound().watch_wounds(request).await?.into_inner();
        stream.message().await?.context("the wound's stream ended")?;
        Ok(WatchWound(stream))
    }

    pub(super) async fn until_answered(&mut self) -> anyhow::Result<()> {
        let answered = async {
            while let Some(update) = self.0.message().await? {
                if let Some(Resource::Assessment(assessment)) = update.resource
                    && assessment.state == pb::AssessmentState::Answered as i32
                {
                    return Ok(());
                }
            }
            bail!("the wound's stream ended")
        };
        tokio::time::timeout(Duration::from_secs(30), answered).await.context("the nurse's stream stays silent")?
    }
}
