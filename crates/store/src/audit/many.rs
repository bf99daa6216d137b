//! Many entries at once.

use sqlx::Postgres;

use super::{Entry, put};
use crate::{Engine, Tx, db::Inner, sql::timed};

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

/// Writes entries, and queues them for the sealer. SQLite has no round trips to save, and no lists.
///
/// # Errors
/// As [`put`].
pub async fn put_all(tx: &mut Tx, entries: &[Entry]) -> Result<(), sqlx::Error> {
    let Inner::Postgres(postgres) = &mut tx.inner else {
        for entry in entries {
            put(tx, entry).await?;
        }
        return Ok(());
    };
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
    timed(Engine::Postgres, STATEMENT, insert.execute(&mut **postgres)).await.map(|_| ())
}
