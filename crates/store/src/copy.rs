//! The rows of a SQLite database, taken over by an empty PostgreSQL one with the same tables.
//!
//! It is one transaction: an interrupted copy has written nothing. Rows go through it one after the other, so that a database of any
//! size takes the same memory. What a column is, the target says: its tables are the ones that migrations made there.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, bail, ensure};
use chrono::{DateTime, SecondsFormat, Utc};
use futures::TryStreamExt as _;
use sqlx::{AssertSqlSafe, PgConnection, Row as _, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;

use crate::{Db, db::Inner};

/// Bytes that are gathered before they are sent.
const SENT_AT_ONCE: usize = 256 << 10;

/// What a copy found in the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copied {
    /// Nothing, and wrote so many rows.
    Now(u64),
    /// As many rows in every table as the source has: an earlier copy was here.
    Before,
}

/// A table of the target.
struct Table {
    name: String,
    /// Names and types, without what the engine computes by itself.
    columns: Vec<(String, String)>,
    /// The column that the engine numbers.
    numbered: Option<String>,
}

/// Copies every row.
///
/// # Errors
/// When the target has other rows, when a row cannot be what its column says, and as the engines: then nothing was copied.
pub async fn copy(from: &Db, to: &Db) -> anyhow::Result<Copied> {
    let (mut from, mut to) = (from.read().await?, to.begin().await?);
    let (Inner::Sqlite(source), Inner::Postgres(target)) = (&mut from.inner, &mut to.inner) else {
        bail!("rows are copied from SQLite to PostgreSQL");
    };
    let tables = tables(target).await?;
    let mut held = Vec::new();
    for table in &tables {
        held.push((count_sqlite(source, &table.name).await?, count_postgres(target, &table.name).await?));
    }
    if held.iter().any(|(_, there)| *there > 0) {
        if let Some((table, (_, there))) = tables.iter().zip(&held).find(|(_, (here, there))| here != there) {
            bail!("the target is not empty: {} has {there} rows; give it an empty database", table.name);
        }
        // As many rows as another site has by chance: but no two have the same keys.
        const KEYS: &str = "SELECT wrapped FROM keys ORDER BY key_id";
        let here: Vec<Vec<u8>> = sqlx::query_scalar(KEYS).fetch_all(&mut **source).await?;
        let there: Vec<Vec<u8>> = sqlx::query_scalar(KEYS).fetch_all(&mut **target).await?;
        ensure!(here == there, "the target is another site; give it an empty database");
        return Ok(Copied::Before);
    }
    let mut rows = 0;
    for (table, (here, _)) in tables.iter().zip(held) {
        let copied = copy_table(source, target, table).await.with_context(|| format!("the rows of {}", table.name))?;
        ensure!(copied == here as u64, "{} has {here} rows, and {copied} were copied", table.name);
        rows += copied;
    }
    to.commit().await?;
    Ok(Copied::Now(rows))
}

async fn copy_table(source: &mut SqliteConnection, target: &mut PgConnection, table: &Table) -> anyhow::Result<u64> {
    let quoted: Vec<_> = table.columns.iter().map(|(name, _)| format!("\"{name}\"")).collect();
    let columns = quoted.join(", ");
    let mut copied = 0;
    let mut into = target.copy_in_raw(&format!("COPY \"{}\" ({columns}) FROM STDIN", table.name)).await?;
    let select = format!("SELECT {columns} FROM \"{}\"", table.name);
    let mut rows = sqlx::query(AssertSqlSafe(select)).fetch(source);
    let mut text = String::new();
    while let Some(row) = rows.try_next().await? {
        for (at, (name, kind)) in table.columns.iter().enumerate() {
            if at > 0 {
                text.push('\t');
            }
            field(&mut text, &row, at, kind).with_context(|| format!("the column {name} of row {}", copied + 1))?;
        }
        text.push('\n');
        copied += 1;
        if text.len() >= SENT_AT_ONCE {
            into.send(std::mem::take(&mut text).into_bytes()).await?;
        }
    }
    into.send(text.into_bytes()).await?;
    ensure!(into.finish().await? == copied, "the target took in another number of rows");
    if let Some(column) = &table.numbered {
        // What is numbered next comes after what was numbered before.
        let next = format!(
            "SELECT setval(pg_get_serial_sequence('\"{name}\"', '{column}'), MAX(\"{column}\")) FROM \"{name}\"
             HAVING MAX(\"{column}\") IS NOT NULL",
            name = table.name
        );
        sqlx::query(AssertSqlSafe(next)).execute(target).await?;
    }
    Ok(copied)
}

/// Writes a value as COPY reads it.
fn field(text: &mut String, row: &SqliteRow, at: usize, kind: &str) -> anyhow::Result<()> {
    let value = match kind {
        "uuid" => row.try_get::<Option<Uuid>, _>(at)?.map(|id| id.to_string()),
        "timestamp with time zone" => {
            row.try_get::<Option<DateTime<Utc>>, _>(at)?.map(|time| time.to_rfc3339_opts(SecondsFormat::Micros, true))
        }
        "boolean" => row.try_get::<Option<bool>, _>(at)?.map(|yes| yes.to_string()),
        "bigint" | "integer" => row.try_get::<Option<i64>, _>(at)?.map(|number| number.to_string()),
        "text" => row.try_get::<Option<String>, _>(at)?,
        "bytea" => row
            .try_get::<Option<Vec<u8>>, _>(at)?
            .map(|bytes| bytes.iter().fold(String::from("\\x"), |hex, byte| hex + &format!("{byte:02x}"))),
        other => bail!("nothing is known of columns of type {other}"),
    };
    let Some(value) = value else {
        text.push_str("\\N");
        return Ok(());
    };
    for letter in value.chars() {
        match letter {
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\0' => bail!("a text with a zero byte in it, which PostgreSQL does not keep"),
            other => text.push(other),
        }
    }
    Ok(())
}

/// The tables, each after those that it refers to.
async fn tables(target: &mut PgConnection) -> anyhow::Result<Vec<Table>> {
    let columns: Vec<(String, String, String, bool)> = sqlx::query_as(
        "SELECT c.table_name::TEXT, c.column_name::TEXT, c.data_type::TEXT, c.is_identity = 'YES'
         FROM information_schema.columns c
         JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
         WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.table_name <> '_sqlx_migrations'
           AND c.is_generated = 'NEVER'
         ORDER BY c.table_name, c.ordinal_position",
    )
    .fetch_all(&mut *target)
    .await?;
    let mut tables: BTreeMap<String, Table> = BTreeMap::new();
    for (table, column, kind, numbered) in columns {
        let new = || Table { name: table.clone(), columns: Vec::new(), numbered: None };
        let table = tables.entry(table.clone()).or_insert_with(new);
        if numbered {
            table.numbered = Some(column.clone());
        }
        table.columns.push((column, kind));
    }
    let refers: Vec<(String, String)> = sqlx::query_as(
        "SELECT conrelid::regclass::TEXT, confrelid::regclass::TEXT FROM pg_constraint
         WHERE contype = 'f' AND connamespace = current_schema()::regnamespace AND conrelid <> confrelid",
    )
    .fetch_all(target)
    .await?;
    let mut ordered: Vec<Table> = Vec::new();
    while !tables.is_empty() {
        let left: BTreeSet<String> = tables.keys().cloned().collect();
        let waits = |table: &String| refers.iter().any(|(from, to)| from == table && left.contains(to));
        let next: Vec<String> = left.iter().filter(|table| !waits(table)).cloned().collect();
        ensure!(!next.is_empty(), "tables refer to each other in a circle");
        ordered.extend(next.iter().filter_map(|name| tables.remove(name)));
    }
    Ok(ordered)
}

async fn count_sqlite(source: &mut SqliteConnection, table: &str) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(AssertSqlSafe(format!("SELECT COUNT(*) FROM \"{table}\""))).fetch_one(source).await
}

async fn count_postgres(target: &mut PgConnection, table: &str) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(AssertSqlSafe(format!("SELECT COUNT(*) FROM \"{table}\""))).fetch_one(target).await
}
