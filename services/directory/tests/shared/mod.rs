//! What the test binaries share.

use std::time::Duration;

use samspil_store::{
    event_log::{self, LoggedEvent},
    sql,
};
use samspil_testkit::World;

/// The log of `directory`, once everything that is committed is in it. It does not wait for those who follow it: what they do
/// is their own tests' matter.
pub(crate) async fn log(world: &World) -> Vec<LoggedEvent> {
    let db = &world.dbs["directory"];
    let relayed = async {
        let mut logged = db.logged();
        loop {
            let mut tx = db.read().await.unwrap();
            if sql!(&mut tx, fetch_one as (i64,), "SELECT COUNT(*) FROM outbox").unwrap() == (0,) {
                return event_log::read(db, 0, 1000).await.unwrap();
            }
            drop(tx);
            logged.changed().await.unwrap();
        }
    };
    tokio::time::timeout(Duration::from_secs(30), relayed).await.expect("the relay to move every event")
}
