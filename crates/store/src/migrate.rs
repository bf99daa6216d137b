//! Migrations: forward only, never changed once merged.

use std::{collections::BTreeMap, fs::File};

use sqlx::migrate::Migrator;

use crate::{Db, Engine, db::Pools, sql};

static SHARED: Migrations =
    Migrations { sqlite: sqlx::migrate!("migrations/sqlite"), postgres: sqlx::migrate!("migrations/postgres") };

/// A service's migrations, the same tables for each engine, numbered from 0101. The numbers below belong to this crate.
pub struct Migrations {
    /// For SQLite.
    pub sqlite: Migrator,
    /// For PostgreSQL.
    pub postgres: Migrator,
}

impl Migrations {
    fn on(&self, engine: Engine) -> &Migrator {
        match engine {
            Engine::Sqlite => &self.sqlite,
            Engine::Postgres => &self.postgres,
        }
    }
}

/// Why a database's tables are not those that this program was built for.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// It is older, or empty.
    #[error("its tables are older than this program: {} to be applied, from {:04} on; `samspil migrate` does it", .0.len(), .0[0])]
    Stale(Vec<i64>),
    /// It was migrated by a newer program.
    #[error("its tables are newer than this program: it does not know migration {0:04}")]
    Newer(i64),
    /// What was applied is not what this program has under that number.
    #[error("migration {0:04} was applied with another text than this program has")]
    Changed(i64),
    /// It could not be asked.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl Db {
    /// Brings the schema up to date: first the tables that every service has, then the service's own. Safe to run by many
    /// at once. Gives how many migrations were applied.
    ///
    /// # Errors
    /// When a migration fails, one that was already applied has been changed since, or a newer program was here.
    pub async fn migrate(&self, own: &Migrations) -> anyhow::Result<usize> {
        let _turn = self.turn_to_migrate().await?;
        let missing = match self.schema(own).await {
            Ok(()) => return Ok(0),
            Err(SchemaError::Stale(missing)) => missing,
            Err(other) => return Err(other.into()),
        };
        for migrations in [&SHARED, own] {
            let migrator = lenient(migrations.on(self.engine()));
            match self.pools() {
                Pools::Sqlite { writer, .. } => migrator.run(writer).await?,
                Pools::Postgres { pool, .. } => migrator.run(pool).await?,
            }
        }
        Ok(missing.len())
    }

    /// Waits for others who migrate the same SQLite file, for as long as what this gives is held. PostgreSQL's own lock does it there.
    async fn turn_to_migrate(&self) -> anyhow::Result<Option<File>> {
        let Pools::Sqlite { file, .. } = self.pools() else { return Ok(None) };
        // A file beside it: closing one that SQLite has open would take SQLite's own locks away.
        let beside = file.with_extension("migrating");
        let locked = tokio::task::spawn_blocking(move || {
            let file = File::create(beside)?;
            file.lock()?;
            Ok::<_, std::io::Error>(file)
        });
        Ok(Some(locked.await??))
    }

    /// Passes when the tables are those that this program was built for.
    ///
    /// # Errors
    /// As [`SchemaError`] tells.
    pub async fn schema(&self, own: &Migrations) -> Result<(), SchemaError> {
        let known = [&SHARED, own].into_iter().flat_map(|migrations| migrations.on(self.engine()).iter());
        let known: BTreeMap<i64, &[u8]> = known.map(|one| (one.version, &*one.checksum)).collect();
        let applied = self.applied().await?;
        for (version, checksum) in &applied {
            match known.get(version) {
                None => return Err(SchemaError::Newer(*version)),
                Some(of_ours) if of_ours != checksum => return Err(SchemaError::Changed(*version)),
                Some(_) => {}
            }
        }
        let missing: Vec<i64> = known.into_keys().filter(|version| !applied.contains_key(version)).collect();
        if missing.is_empty() { Ok(()) } else { Err(SchemaError::Stale(missing)) }
    }

    /// What was applied, with its checksum.
    async fn applied(&self) -> Result<BTreeMap<i64, Vec<u8>>, sqlx::Error> {
        let mut tx = self.read().await?;
        let table = sql!(&mut tx, fetch_optional as (i32,), {
            sqlite: "SELECT 1 FROM sqlite_master WHERE name = '_sqlx_migrations'",
            postgres: "SELECT 1 WHERE to_regclass('_sqlx_migrations') IS NOT NULL"
        })?;
        if table.is_none() {
            return Ok(BTreeMap::new());
        }
        let rows =
            sql!(&mut tx, fetch_all as (i64, Vec<u8>), "SELECT version, checksum FROM _sqlx_migrations WHERE success")?;
        Ok(rows.into_iter().collect())
    }
}

/// Two sets of migrations share one table of what was applied, so each finds the other's there.
fn lenient(migrator: &Migrator) -> Migrator {
    let mut migrator = Migrator::with_migrations(migrator.iter().cloned().collect());
    migrator.set_ignore_missing(true);
    migrator
}
