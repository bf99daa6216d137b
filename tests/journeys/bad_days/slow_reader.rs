//! Watchers that do not read while much happens.

use prost::Message as _;
use samspil_client::Connection;
use samspil_proto::{names::WoundName, wound::v1 as pb};
use tonic::Streaming;

use super::site::Ground;
use crate::{
    course::{self, request_id},
    server::Server,
};

const WATCHERS: usize = 40;
const MESSAGES: usize = 300;

/// As long as a message may be: together they are far more than the server may keep for those who do not read.
const LONG: usize = 10_000;

async fn says(nurse: &Connection, wound: WoundName, number: usize) {
    let message = pb::Message { text: format!("{number:0LONG$}"), ..pb::Message::default() };
    let request =
        pb::CreateMessageRequest { parent: wound.to_string(), message: Some(message), request_id: request_id() };
    nurse.call(request, |s, r| async move { s.wound().create_message(r).await }).await.unwrap();
}

/// A watcher, and the cursor of the last update that it has read.
struct Watcher {
    connection: Connection,
    stream: Streaming<pb::WoundUpdate>,
    cursor: String,
}

impl Watcher {
    async fn begins(connection: Connection, cursor: String) -> Watcher {
        let request = pb::WatchWoundsRequest { name: "patients/-/wounds/-".to_owned(), cursor };
        let mut stream = connection.wound().watch_wounds(request).await.unwrap().into_inner();
        let cursor = stream.message().await.unwrap().unwrap().cursor;
        Watcher { connection, stream, cursor }
    }

    /// The next update. A stream that has ended meanwhile goes on from the cursor.
    async fn next(&mut self) -> pb::WoundUpdate {
        loop {
            if let Ok(Some(update)) = self.stream.message().await {
                self.cursor.clone_from(&update.cursor);
                return update;
            }
            *self = Watcher::begins(self.connection.clone(), self.cursor.clone()).await;
        }
    }
}

async fn costs_little_and_misses_nothing(server: &Server) {
    let nurse = server.connect("nurse");
    let wound = course::open_wound(&nurse).await;
    // What the work itself takes is taken once, and all of it is in the log before anybody else watches.
    let mut first = Watcher::begins(server.connect("nurse"), String::new()).await;
    for number in 0..MESSAGES {
        says(&nurse, wound, number).await;
    }
    let mut seen = 0;
    while seen < MESSAGES {
        seen += usize::from(matches!(first.next().await.resource, Some(pb::wound_update::Resource::Message(_))));
    }
    let mut watchers = Vec::new();
    for _ in 0..WATCHERS {
        // Each over a connection of its own.
        watchers.push(Watcher::begins(server.connect("nurse"), first.cursor.clone()).await);
    }
    drop(first);
    let before = server.memory();
    for number in 0..MESSAGES {
        says(&nurse, wound, number).await;
    }
    let grown = server.memory().saturating_sub(before);
    let mut unread = 0;
    for watcher in &mut watchers {
        for number in 0..MESSAGES {
            let update = watcher.next().await;
            unread += update.encoded_len();
            let Some(pb::wound_update::Resource::Message(message)) = update.resource else { panic!("{update:?}") };
            assert_eq!(message.text.trim_start_matches('0').parse().unwrap_or(0), number, "each once, in their order");
        }
    }
    println!("grew by {grown} bytes while {unread} were not read");
    assert!(grown < unread as u64 / 4, "the server grew by {grown} bytes while {unread} were not read");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_watches_and_does_not_read_costs_little_and_misses_nothing_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    costs_little_and_misses_nothing(&Server::start(folder.path(), &[("SAMSPIL_SPANS_IN_MEMORY", "0")])).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_watches_and_does_not_read_costs_little_and_misses_nothing_on_postgres() {
    let ground = Ground::on(None).await;
    costs_little_and_misses_nothing(&ground.replica(0, &[("SAMSPIL_SPANS_IN_MEMORY", "0")])).await;
}
