//! The seals: which entry stands where in the chain, and the sealer that puts it there.

use std::fmt::Write as _;

use sqlx::FromRow;
use uuid::Uuid;

use super::{Entry, chain};
use crate::{Db, Engine, Tx, sql};

/// The last seal of a chain, or what the first one follows.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Head {
    /// Its number; 0 before the first.
    pub sequence: i64,
    /// Its hash.
    pub hash: chain::Hash,
}

/// How far a service's chain has come.
///
/// # Errors
/// As the engine.
pub async fn head(tx: &mut Tx, service: &str) -> Result<Head, sqlx::Error> {
    let last =
        sql!(tx, fetch_optional as Head, "SELECT sequence, hash FROM audit_seals ORDER BY sequence DESC LIMIT 1")?;
    Ok(last.unwrap_or_else(|| Head { sequence: 0, hash: chain::genesis(service) }))
}

/// Seals committed entries in the order in which they were queued, at most `limit`. Gives how many there were.
///
/// An entry is chained after its transaction, not in it: there everybody would wait for the head of the chain. What is committed
/// waits in `audit_unsealed`, so that one which was begun early and committed late is found without a search.
///
/// # Errors
/// As the engine; then nothing was sealed.
pub async fn seal(db: &Db, service: &str, limit: i64) -> Result<usize, sqlx::Error> {
    // Without this look, an idle service would open a writing transaction every second.
    let mut tx = db.read().await?;
    if waiting(&mut tx, 1).await?.is_empty() {
        return Ok(0);
    }
    drop(tx);
    let mut tx = db.begin().await?;
    if tx.engine() == Engine::Postgres {
        // SQLite has one writer anyway.
        sql!(tx, execute, "SELECT pg_advisory_xact_lock(hashtext(current_schema() || '.seal'))")?;
    }
    let Head { sequence: before, mut hash } = head(&mut tx, service).await?;
    let entries = waiting(&mut tx, limit).await?;
    let mut seals = String::from("[");
    for (sequence, entry) in (before + 1..).zip(&entries) {
        hash = chain::link(&hash, sequence, entry);
        let comma = if sequence == before + 1 { "" } else { "," };
        let _ = write!(seals, r#"{comma}[{sequence},"{}","{}"]"#, entry.entry_id.simple(), hex(&hash));
    }
    seals.push(']');
    sql!(
        tx,
        execute,
        {
            sqlite: "INSERT INTO audit_seals (sequence, entry_id, hash)
                     SELECT value ->> 0, unhex(value ->> 1), unhex(value ->> 2) FROM json_each($1)",
            postgres: "INSERT INTO audit_seals (sequence, entry_id, hash)
                       SELECT (value ->> 0)::BIGINT, (value ->> 1)::UUID, decode(value ->> 2, 'hex')
                       FROM json_array_elements($1::JSON)"
        },
        seals
    )?;
    // By what is sealed, not by position: a row that became visible in between has not been sealed.
    sql!(
        tx,
        execute,
        "DELETE FROM audit_unsealed WHERE entry_id IN (SELECT entry_id FROM audit_seals WHERE sequence > $1)",
        before
    )?;
    tx.commit().await?;
    Ok(entries.len())
}

async fn waiting(tx: &mut Tx, limit: i64) -> Result<Vec<Entry>, sqlx::Error> {
    sql!(
        tx,
        fetch_all as Entry,
        super::entries!("JOIN audit_unsealed AS queue ON queue.entry_id = audit.entry_id ORDER BY position LIMIT $1"),
        limit
    )
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A seal with its entry, as they are found.
#[derive(Debug)]
pub struct Found {
    /// Its number.
    pub sequence: i64,
    /// The entry that it seals.
    pub entry_id: Uuid,
    /// Its hash.
    pub hash: chain::Hash,
    /// The entry: `None` when it is gone, an error when its columns cannot be read any more.
    pub entry: Option<Result<Entry, sqlx::Error>>,
}

impl<'r, R: sqlx::Row> FromRow<'r, R> for Found
where
    &'static str: sqlx::ColumnIndex<R>,
    Entry: FromRow<'r, R>,
    i64: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
    bool: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
    Uuid: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
    Vec<u8>: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        let is_there: bool = row.try_get("is_there")?;
        Ok(Found {
            sequence: row.try_get("sequence")?,
            entry_id: row.try_get("sealed_id")?,
            hash: row.try_get("hash")?,
            entry: is_there.then(|| Entry::from_row(row)),
        })
    }
}

/// What is committed and not in the chain yet.
///
/// # Errors
/// As the engine.
pub async fn outside_of_chain(tx: &mut Tx) -> Result<crate::outbox::Waiting, sqlx::Error> {
    sql!(
        tx,
        fetch_one as crate::outbox::Waiting,
        "SELECT COUNT(*), MIN(audit.time) FROM audit_unsealed AS queue LEFT JOIN audit ON audit.entry_id = queue.entry_id"
    )
}

/// The seals after a number, at most `limit`, with their entries.
///
/// # Errors
/// As the engine.
pub async fn walk(db: &Db, after: i64, limit: i64) -> Result<Vec<Found>, sqlx::Error> {
    let mut tx = db.read().await?;
    // A time that no calendar has, such as PostgreSQL's infinity, comes as NULL: it cannot be read, and nothing breaks over it.
    sql!(
        tx,
        fetch_all as Found,
        "SELECT seal.sequence, seal.entry_id AS sealed_id, seal.hash, audit.entry_id IS NOT NULL AS is_there,
                audit.entry_id, CASE WHEN time > '0001-01-02' AND time < '9999-01-01' THEN time END AS time, person, display_name, organisation, role, action, patient_id, resource, outcome,
                trace_id, basis, reason, via
         FROM audit_seals AS seal LEFT JOIN audit ON audit.entry_id = seal.entry_id
         WHERE seal.sequence > $1 ORDER BY seal.sequence LIMIT $2",
        after,
        limit
    )
}

/// An entry outside the chain.
#[derive(Debug, Clone, FromRow)]
pub struct Outside {
    /// The entry.
    pub entry_id: Uuid,
    /// It waits for the sealer; else nobody ever told the sealer of it.
    pub waits: bool,
    /// It is there; else it was taken away while it waited.
    pub is_there: bool,
}

/// Entries outside the chain: those that no sealer was told of, and those that have waited since before `since` or are gone.
/// At most `limit`.
///
/// # Errors
/// As the engine.
pub async fn outside(db: &Db, since: chrono::DateTime<chrono::Utc>, limit: i64) -> Result<Vec<Outside>, sqlx::Error> {
    let mut tx = db.read().await?;
    // One statement, and so one moment: an entry goes from the queue to the chain in one transaction.
    sql!(
        tx,
        fetch_all as Outside,
        "SELECT audit.entry_id, FALSE AS waits, TRUE AS is_there FROM audit
         WHERE NOT EXISTS (SELECT 1 FROM audit_seals AS seal WHERE seal.entry_id = audit.entry_id)
           AND NOT EXISTS (SELECT 1 FROM audit_unsealed AS queue WHERE queue.entry_id = audit.entry_id)
         UNION ALL
         SELECT queue.entry_id, TRUE AS waits, audit.entry_id IS NOT NULL AS is_there
         FROM audit_unsealed AS queue LEFT JOIN audit ON audit.entry_id = queue.entry_id
         WHERE audit.entry_id IS NULL OR audit.time < $1
         LIMIT $2",
        since,
        limit
    )
}
