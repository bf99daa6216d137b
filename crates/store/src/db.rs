//! The two engines behind one handle.

use std::{path::PathBuf, str::FromStr, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use sqlx::{
    PgPool, Postgres, Sqlite, SqlitePool, Transaction,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::sync::watch;

use crate::{audit::Together, event_log::Tail, relations::Known, waits::Waits};

/// Where a service's rows are.
#[derive(Debug, Clone)]
pub enum Settings {
    /// A SQLite file. It is made when it is not there.
    Sqlite(PathBuf),
    /// A PostgreSQL database by its URL.
    Postgres {
        /// `postgres://user@host/database?options=…`
        url: String,
        /// The most connections of this process.
        connections: u32,
    },
}

/// Which engine it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

impl Engine {
    /// OpenTelemetry's `db.system.name`.
    pub fn as_str(self) -> &'static str {
        match self {
            Engine::Sqlite => "sqlite",
            Engine::Postgres => "postgresql",
        }
    }
}

/// A service's database.
#[derive(Clone)]
pub struct Db {
    pools: Pools,
    committed: Arc<watch::Sender<()>>,
    logged: Arc<watch::Sender<()>>,
    tail: Tail,
    entries: Together,
    relations: Known,
    /// Of those that write, and of those that only read.
    waits: [Waits; 2],
}

#[derive(Clone)]
pub(crate) enum Pools {
    /// SQLite has one writer at a time: with one connection to write, writers queue here, in order, and never meet
    /// `SQLITE_BUSY`. Readers have their own and never wait for it.
    Sqlite { writer: SqlitePool, readers: SqlitePool, file: PathBuf },
    Postgres {
        pool: PgPool,
        /// For the one connection beside the pool, which only listens.
        listener: PgPool,
    },
}

/// How long a call waits for a connection before it gives up. Shorter than any sensible deadline.
const POOL_WAIT: Duration = Duration::from_secs(5);

impl Db {
    /// Opens the database.
    ///
    /// # Errors
    /// When it cannot be opened or reached.
    pub async fn open(settings: &Settings) -> Result<Db, sqlx::Error> {
        let pools = match settings {
            Settings::Sqlite(path) => {
                // FULL: a commit that was answered survives a power cut. NORMAL may lose the last ones in WAL mode.
                let options = SqliteConnectOptions::new()
                    .filename(path)
                    .create_if_missing(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full)
                    .foreign_keys(true)
                    .busy_timeout(POOL_WAIT);
                let pool = |n| SqlitePoolOptions::new().max_connections(n).acquire_timeout(POOL_WAIT);
                Pools::Sqlite {
                    writer: pool(1).connect_with(options.clone()).await?,
                    readers: pool(4).connect_with(options).await?,
                    file: path.clone(),
                }
            }
            Settings::Postgres { url, connections } => {
                let options = PgConnectOptions::from_str(url)?;
                let pool = |n| PgPoolOptions::new().max_connections(n).acquire_timeout(POOL_WAIT);
                Pools::Postgres {
                    pool: pool(*connections).connect_with(options.clone()).await?,
                    listener: pool(1).max_lifetime(None).idle_timeout(None).connect_lazy_with(options),
                }
            }
        };
        let waits = waits(&pools);
        let (committed, logged) = Default::default();
        Ok(Db {
            pools,
            committed,
            logged,
            tail: Tail::default(),
            entries: Together::default(),
            relations: Known::default(),
            waits,
        })
    }

    /// Which engine it is.
    pub fn engine(&self) -> Engine {
        match self.pools {
            Pools::Sqlite { .. } => Engine::Sqlite,
            Pools::Postgres { .. } => Engine::Postgres,
        }
    }

    /// Begins a transaction that writes. On SQLite it is the only one from here on: one that had only read and then wants to
    /// write could not wait for another.
    ///
    /// # Errors
    /// When no connection comes free in time or the engine is gone.
    pub async fn begin(&self) -> Result<Tx, sqlx::Error> {
        let [waits, _] = &self.waits;
        let inner = match &self.pools {
            Pools::Sqlite { writer, .. } => Inner::Sqlite(waits.time(writer.begin_with("BEGIN IMMEDIATE")).await?),
            Pools::Postgres { pool, .. } => Inner::Postgres(waits.time(pool.begin()).await?),
        };
        Ok(Tx { inner, committed: self.committed.clone() })
    }

    /// Begins a transaction that only reads. It waits for no writer.
    ///
    /// # Errors
    /// As [`Db::begin`].
    pub async fn read(&self) -> Result<Tx, sqlx::Error> {
        let [_, waits] = &self.waits;
        let inner = match &self.pools {
            Pools::Sqlite { readers, .. } => Inner::Sqlite(waits.time(readers.begin()).await?),
            Pools::Postgres { pool, .. } => Inner::Postgres(waits.time(pool.begin()).await?),
        };
        Ok(Tx { inner, committed: self.committed.clone() })
    }

    /// Tells of every commit in this process, so that a worker need not wait for its poll.
    pub fn committed(&self) -> watch::Receiver<()> {
        self.committed.subscribe()
    }

    /// Tells when events came into the log: by this process, and by others while [`Db::listen`] runs.
    pub fn logged(&self) -> watch::Receiver<()> {
        self.logged.subscribe()
    }

    pub(crate) fn tell_logged(&self) {
        self.tail.tell();
        self.logged.send_replace(());
    }

    pub(crate) fn tail(&self) -> &Tail {
        &self.tail
    }

    pub(crate) fn entries(&self) -> &Together {
        &self.entries
    }

    pub(crate) fn relations(&self) -> &Known {
        &self.relations
    }

    /// Answers when the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), sqlx::Error> {
        let mut tx = self.read().await?;
        crate::sql!(&mut tx, fetch_one as (i32,), "SELECT 1").map(|_| ())
    }

    /// What time it is by the database's own clock.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn time(&self) -> Result<DateTime<Utc>, sqlx::Error> {
        let mut tx = self.read().await?;
        let time = crate::sql!(&mut tx, fetch_one as (DateTime<Utc>,), {
            sqlite: "SELECT strftime('%Y-%m-%dT%H:%M:%fZ')",
            postgres: "SELECT clock_timestamp()"
        });
        time.map(|(time,)| time)
    }

    /// Closes every connection, once their statements are done.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { writer, readers, .. } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres { pool, listener } => {
                listener.close().await;
                pool.close().await;
            }
        }
    }

    pub(crate) fn pools(&self) -> &Pools {
        &self.pools
    }
}

/// The waits of the pools, by what they are of: a file has a pool to write and one to read.
fn waits(pools: &Pools) -> [Waits; 2] {
    match pools {
        Pools::Postgres { pool, .. } => {
            let options = pool.connect_options();
            let waits = Waits::of(pool, options.get_database().unwrap_or_default());
            [waits.clone(), waits]
        }
        Pools::Sqlite { writer, readers, file } => {
            let file = file.file_name().unwrap_or_default().to_string_lossy();
            [Waits::of(writer, &format!("{file} writer")), Waits::of(readers, &format!("{file} readers"))]
        }
    }
}

/// A transaction. Dropped without [`Tx::commit`], it never happened.
pub struct Tx {
    #[doc(hidden)]
    pub inner: Inner,
    committed: Arc<watch::Sender<()>>,
}

#[doc(hidden)]
pub enum Inner {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    /// Which engine it runs on.
    pub fn engine(&self) -> Engine {
        match self.inner {
            Inner::Sqlite(_) => Engine::Sqlite,
            Inner::Postgres(_) => Engine::Postgres,
        }
    }

    /// Makes it happen, durably.
    ///
    /// # Errors
    /// When the engine could not; whether it happened is then unknown, and `request_id` makes it safe to ask again.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        let engine = self.engine();
        let done = crate::sql::timed(engine, "COMMIT", async {
            match self.inner {
                Inner::Sqlite(tx) => tx.commit().await,
                Inner::Postgres(tx) => tx.commit().await,
            }
        });
        done.await?;
        self.committed.send_replace(());
        Ok(())
    }
}
