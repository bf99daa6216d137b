//! Every service in one process, on SQLite and a folder or on PostgreSQL and S3, with a clock that a test moves.
//!
//! ```text
//! on_both!(a_consent_opens_the_door, |world| async move {
//!     let patient = world.citizen_with_consent().await;
//!     world.wounds("nurse").open_wound(…).await.unwrap();
//! });
//! ```
//!
//! The servers are the real ones, on a real listener, with real tokens. PostgreSQL is a real server: the one that
//! `SAMSPIL_TEST_POSTGRES` names (`cargo xtask test` starts one for the whole run), else one that the test's process starts
//! from the binaries on the machine. S3 is the store that `SAMSPIL_TEST_S3` names; without one, PostgreSQL goes with a folder.

mod access;
mod cluster;
mod postgres;
mod proxy;
mod raw;
mod refusal;
mod s3;
mod world;

pub use cluster::{Backup, Cluster};
pub use postgres::{fresh_databases, fresh_schema, fresh_schemas};
pub use proxy::{Link, Trouble};
pub use raw::call_raw;
pub use refusal::{Refusal, refusal};
pub use s3::{needs_bucket, place_in_bucket};
pub use samspil_store::Engine;
pub use world::{As, Token, World, request_id};

/// Runs one test on SQLite and a folder and on PostgreSQL and S3, as `name::sqlite` and `name::postgres`.
#[macro_export]
macro_rules! on_both {
    ($(#[$meta:meta])* $name:ident, |$world:ident| $body:expr) => {
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports, reason = "a test names what it needs in the module around it")]
            use super::*;

            async fn test($world: $crate::World) {
                $body.await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let world = $crate::World::start($crate::Engine::Sqlite).await;
                test(world).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let world = $crate::World::start($crate::Engine::Postgres).await;
                test(world).await;
            }
        }
    };
}
