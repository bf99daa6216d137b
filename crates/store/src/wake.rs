//! Waking those who wait for events that another process has put into the log.
//!
//! It only shortens the wait. Who is not woken, since PostgreSQL was restarted or a pooler swallows notifications, looks after a
//! second anyway.

use std::time::Duration;

use sqlx::postgres::PgListener;

use crate::{Db, Tx, db::Pools, sql};

/// How long to wait before listening again after the connection was lost.
const AGAIN: Duration = Duration::from_secs(1);

/// Tells every process that listens that there are new events, at the commit. Those who relay take turns, so the lock that
/// PostgreSQL takes to put notifications in order keeps nobody waiting.
pub(crate) async fn notify(tx: &mut Tx) -> Result<(), sqlx::Error> {
    sql!(tx, execute, "SELECT pg_notify(current_schema() || '.logged', '')").map(|_| ())
}

impl Db {
    /// Wakes who waits for events ([`Db::logged`]) whenever another process has put some into the log. It never ends, but on SQLite,
    /// where there is no other process.
    pub async fn listen(&self) {
        let Pools::Postgres { listener, .. } = self.pools() else { return };
        loop {
            if let Err(error) = self.woken_over(listener).await {
                tracing::warn!(error = %error, "notifications are not heard");
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// Listens on one connection until it is lost.
    async fn woken_over(&self, pool: &sqlx::PgPool) -> Result<(), sqlx::Error> {
        let mut listener = PgListener::connect_with(pool).await?;
        // The log's name has the schema in it: those who share a database do not wake each other.
        let (schema,): (String,) = sqlx::query_as("SELECT current_schema()::TEXT").fetch_one(&mut listener).await?;
        listener.eager_reconnect(false);
        listener.listen(&format!("{schema}.logged")).await?;
        // What came while nobody listened.
        self.tell_logged();
        while listener.try_recv().await?.is_some() {
            self.tell_logged();
        }
        Ok(())
    }
}
