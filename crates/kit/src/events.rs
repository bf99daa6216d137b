//! The event logs of the services in this process, for followers.

use std::{collections::HashMap, sync::Arc, time::Duration};

use async_stream::try_stream;
use samspil_proto::{
    event::v1::{Event, ReadRequest, event_log_service_server::EventLogService},
    time,
};
use samspil_store::{Db, event_log};
use tonic::{Request, Response, Status};

use crate::{Ahead, Error, ahead, validate};

/// The logs by the name of their service.
#[derive(Clone, Default)]
pub struct EventLogs(Arc<HashMap<String, Db>>);

impl EventLogs {
    /// Of these services.
    pub fn of(logs: HashMap<String, Db>) -> EventLogs {
        EventLogs(Arc::new(logs))
    }
}

#[tonic::async_trait]
impl EventLogService for EventLogs {
    type ReadStream = Ahead<Event>;

    async fn read(&self, request: Request<ReadRequest>) -> Result<Response<Self::ReadStream>, Status> {
        let request = request.into_inner();
        validate::check(&request)?;
        let Some(db) = self.0.get(&request.source).cloned() else {
            return Err(Error::from(crate::common::Common::ResourceNotFound).with("source", &request.source).into());
        };
        let source = request.source.clone();
        let stream = try_stream! {
            let mut logged = db.logged();
            let mut after = request.after_sequence;
            loop {
                let events = event_log::read(&db, after, 200).await.map_err(Error::from)?;
                let full = events.len() == 200;
                for event in events {
                    after = event.sequence;
                    if request.types.is_empty() || request.types.contains(&event.r#type) {
                        yield wire(&source, event);
                    }
                }
                if !full {
                    wait(&mut logged).await;
                }
            }
        };
        Ok(Response::new(ahead::<_, Status>(stream)))
    }
}

/// Waits until something came into the log, at most a second: another process may have put it there.
pub(crate) async fn wait(logged: &mut tokio::sync::watch::Receiver<()>) {
    // A timeout is the poll that everything rests on, not an error.
    let _ = tokio::time::timeout(Duration::from_secs(1), logged.changed()).await;
}

fn wire(source: &str, event: event_log::LoggedEvent) -> Event {
    Event {
        sequence: event.sequence,
        id: event.event_id.to_string(),
        source: source.to_owned(),
        r#type: event.r#type.clone(),
        subject: event.subject,
        time: Some(time::to_wire(event.time)),
        traceparent: event.traceparent,
        data: Some(prost_types::Any { type_url: format!("type.googleapis.com/{}", event.r#type), value: event.data }),
    }
}
