//! Many entries at once.

use sqlx::{PgConnection, Postgres, QueryBuilder, Sqlite, SqliteConnection};

use super::{Entry, put};
use crate::{Engine, Tx, db::Inner, sql::timed};

/// Rows of one statement on SQLite, which takes 32,766 values at most, and each row has fourteen.
const ROWS: usize = 1_000;

/// What is put before the rows on SQLite.
const INTO: &str =
    "INSERT INTO audit (entry_id, time, person, organisation, role, action, patient_id, resource, outcome, trace_id,
                        display_name, basis, reason, via) ";
const INTO_UNSEALED: &str = "INSERT INTO audit_unsealed (entry_id) ";

/// All of them in one round trip, from a list for each column.
const STATEMENT: &str = "WITH entries AS (
         SELECT * FROM UNNEST($1::UUID[], $2::TIMESTAMPTZ[], $3::TEXT[], $4::TEXT[], $5::TEXT[], $6::TEXT[], $7::UUID[],
                              $8::TEXT[], $9::TEXT[], $10::TEXT[], $11::TEXT[], $12::TEXT[], $13::TEXT[], $14::TEXT[])
             AS entry (entry_id, time, person, organisation, role, action, patient_id, resource, outcome, trace_id,
                       display_name, basis, reason, via)),
     queued AS (INSERT INTO audit_unsealed (entry_id) SELECT entry_id FROM entries)
     INSERT INTO audit (entry_id, time, person, organisation, role, action, patient_id, resource, outcome, trace_id,
                        display_name, basis, reason, via)
     SELECT entry_id, time, person, organisation, role, action, patient_id, resource, outcome, trace_id,
            display_name, basis, reason, via FROM entries";

/// Writes entries, and queues them for the sealer.
///
/// # Errors
/// As [`put`].
pub async fn put_all(tx: &mut Tx, entries: &[Entry]) -> Result<(), sqlx::Error> {
    match &mut tx.inner {
        // Known to the engine already, where a statement with many rows is read anew each time.
        _ if entries.len() < 3 => {
            for entry in entries {
                put(tx, entry).await?;
            }
            Ok(())
        }
        Inner::Sqlite(sqlite) => on_sqlite(sqlite, entries).await,
        Inner::Postgres(postgres) => on_postgres(postgres, entries).await,
    }
}

/// SQLite has no round trips and no lists. What it saves here is a change of thread for each row.
async fn on_sqlite(sqlite: &mut SqliteConnection, entries: &[Entry]) -> Result<(), sqlx::Error> {
    for some in entries.chunks(ROWS) {
        let mut rows = QueryBuilder::<Sqlite>::new(INTO);
        rows.push_values(some, |mut row, entry| {
            row.push_bind(entry.entry_id).push_bind(entry.time).push_bind(&entry.person);
            row.push_bind(&entry.organisation).push_bind(&entry.role).push_bind(&entry.action);
            row.push_bind(entry.patient_id).push_bind(&entry.resource).push_bind(&entry.outcome);
            row.push_bind(&entry.trace_id).push_bind(&entry.display_name).push_bind(&entry.basis);
            row.push_bind(&entry.reason).push_bind(&entry.via);
        });
        timed(Engine::Sqlite, INTO, rows.build().persistent(false).execute(&mut *sqlite)).await?;
        let mut queued = QueryBuilder::<Sqlite>::new(INTO_UNSEALED);
        queued.push_values(some, |mut row, entry| {
            row.push_bind(entry.entry_id);
        });
        timed(Engine::Sqlite, INTO_UNSEALED, queued.build().persistent(false).execute(&mut *sqlite)).await?;
    }
    Ok(())
}

async fn on_postgres(postgres: &mut PgConnection, entries: &[Entry]) -> Result<(), sqlx::Error> {
    let texts = |of: fn(&Entry) -> &String| entries.iter().map(|entry| of(entry).clone()).collect::<Vec<_>>();
    let insert = sqlx::query::<Postgres>(STATEMENT)
        .bind(entries.iter().map(|entry| entry.entry_id).collect::<Vec<_>>())
        .bind(entries.iter().map(|entry| entry.time).collect::<Vec<_>>())
        .bind(texts(|entry| &entry.person))
        .bind(texts(|entry| &entry.organisation))
        .bind(texts(|entry| &entry.role))
        .bind(texts(|entry| &entry.action))
        .bind(entries.iter().map(|entry| entry.patient_id).collect::<Vec<_>>())
        .bind(texts(|entry| &entry.resource))
        .bind(texts(|entry| &entry.outcome))
        .bind(texts(|entry| &entry.trace_id))
        .bind(texts(|entry| &entry.display_name))
        .bind(texts(|entry| &entry.basis))
        .bind(texts(|entry| &entry.reason))
        .bind(texts(|entry| &entry.via));
    timed(Engine::Postgres, STATEMENT, insert.execute(postgres)).await.map(|_| ())
}
