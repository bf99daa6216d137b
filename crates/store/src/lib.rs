//! What every service keeps, on either engine.
//!
//! A service has a [`Db`] of its own: a SQLite file, or a PostgreSQL database. Every change is one [`Tx`]; in it stand the
//! change itself, its event ([`outbox`]), its audit entry ([`audit`]) and the answer that a repeated call gets ([`requests`]),
//! so that none of them exists without the others. The [`outbox::relay`] then gives each committed event its number in the
//! [`event_log`], which other services follow with a [`cursors`] row that moves in the transaction that has the effect.
//! Bytes live in [`objects`]: written and synced before the row that names them, and sealed ([`sealing`]).
//!
//! A statement is written once, with [`sql!`], for both engines:
//!
//! ```ignore
//! let wound = sql!(tx, fetch_optional as Wound, "SELECT * FROM wounds WHERE wound_id = $1", id)?;
//! ```

pub mod audit;
pub mod blocks;
pub mod clock;
pub mod consents;
pub mod copy;
pub mod cursors;
mod db;
pub mod emergencies;
pub mod event_log;
pub mod keyring;
mod looks;
pub mod meter;
mod migrate;
pub mod objects;
pub mod outbox;
pub mod presences;
pub mod relations;
pub mod requests;
pub mod sealing;
pub mod sign_outs;
mod sql;
mod trouble;
mod waits;
mod wake;

#[doc(hidden)]
pub use db::Inner;
pub use db::{Db, Engine, Settings, Tx};
pub use looks::Looks;
pub use migrate::{Migrations, SchemaError};
#[doc(hidden)]
pub use sql::statement;
pub use sqlx::{Error, FromRow};
pub use trouble::{Trouble, trouble};

#[doc(hidden)]
pub use sqlx;
