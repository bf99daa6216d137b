//! Migrations: forward only, never changed once merged.

use sqlx::migrate::{MigrateError, Migrator};

use crate::Db;

static SHARED: Migrations =
    Migrations { sqlite: sqlx::migrate!("migrations/sqlite"), postgres: sqlx::migrate!("migrations/postgres") };

/// A service's migrations, the same tables for each engine, numbered from 0101. The numbers below belong to this crate.
pub struct Migrations {
    /// For SQLite.
    pub sqlite: Migrator,
    /// For PostgreSQL.
    pub postgres: Migrator,
}

impl Db {
    /// Brings the schema up to date: first the tables that every service has, then the service's own. Safe to run by many
    /// at once.
    ///
    /// # Errors
    /// When a migration fails, or one that was already applied has been changed since.
    pub async fn migrate(&self, own: &Migrations) -> Result<(), MigrateError> {
        for migrations in [&SHARED, own] {
            // Two sets of migrations share one table of what was applied, so each finds the other's there.
            let lenient = |migrator: &Migrator| {
                let mut migrator = Migrator::with_migrations(migrator.iter().cloned().collect());
                migrator.set_ignore_missing(true);
                migrator
            };
            match self.pools() {
                (Some(sqlite), _) => lenient(&migrations.sqlite).run(sqlite).await?,
                (_, Some(postgres)) => lenient(&migrations.postgres).run(postgres).await?,
                (None, None) => {}
            }
        }
        Ok(())
    }
}
