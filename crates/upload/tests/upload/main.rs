//! Uploads into a service of their own, the smallest that there can be, on both engines.

mod client;
mod letters;
mod parts;
mod streams;

use samspil_kit::{Base, Clock};
use samspil_store::{Db, Settings as Database};
use samspil_testkit::{Engine, Refusal, World};
use samspil_upload::Settings;
use tonic::Status;

use letters::Letters;

impl Letters {
    /// In a world, with a database of their own, and long before the time that files are given by the machine.
    async fn of(world: &World, settings: Settings) -> Letters {
        let database = match world.engine {
            Engine::Sqlite => Database::Sqlite(world.folder.path().join("letters.db")),
            Engine::Postgres => Database::Postgres { url: samspil_testkit::fresh_schema().await, connections: 6 },
        };
        let clock = Clock::at("2020-02-02T20:20:20Z".parse().unwrap());
        let base = Base { db: Db::open(&database).await.unwrap(), clock, ..world.base("wound").await };
        Letters::on(base, world.objects.clone(), settings).await
    }
}

/// What a call was refused with, for the reason that was expected.
#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T, impl Into<Status>>, reason: &str) -> Refusal {
    let refusal = samspil_testkit::refusal(result.map_err(Into::into));
    assert_eq!(refusal.reason, reason);
    refusal
}
