//! Statements on organisations.

use chrono::{DateTime, Utc};
use samspil_proto::directory::v1::OrganisationKind;
use samspil_store::{Error, FromRow, Tx, sql};

use super::Organisation;

#[derive(FromRow)]
struct Row {
    sor: String,
    display_name: String,
    gln: String,
    kind: i32,
    municipality_code: String,
    update_time: DateTime<Utc>,
}

impl From<Row> for Organisation {
    fn from(row: Row) -> Organisation {
        Organisation {
            sor: row.sor,
            display_name: row.display_name,
            gln: row.gln,
            // What was written by a newer version of this program is a kind that this one cannot tell.
            kind: OrganisationKind::try_from(row.kind).unwrap_or_default(),
            municipality_code: row.municipality_code,
            update_time: row.update_time,
        }
    }
}

/// Adds an organisation or changes the one with its SOR code.
pub(crate) async fn put(tx: &mut Tx, organisation: &Organisation) -> Result<(), Error> {
    sql!(
        tx,
        execute,
        "INSERT INTO organisations (sor, display_name, gln, kind, municipality_code, update_time)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (sor) DO UPDATE SET display_name = excluded.display_name, gln = excluded.gln, kind = excluded.kind,
             municipality_code = excluded.municipality_code, update_time = excluded.update_time",
        &organisation.sor,
        &organisation.display_name,
        &organisation.gln,
        organisation.kind as i32,
        &organisation.municipality_code,
        organisation.update_time
    )?;
    Ok(())
}

/// Adds an organisation when there is none with its SOR code. Tells whether it was added.
pub(crate) async fn add(tx: &mut Tx, organisation: &Organisation) -> Result<bool, Error> {
    let added = sql!(
        tx,
        execute,
        "INSERT INTO organisations (sor, display_name, gln, kind, municipality_code, update_time)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (sor) DO NOTHING",
        &organisation.sor,
        &organisation.display_name,
        &organisation.gln,
        organisation.kind as i32,
        &organisation.municipality_code,
        organisation.update_time
    )?;
    Ok(added == 1)
}

/// The organisation with a SOR code.
pub(crate) async fn get(tx: &mut Tx, sor: &str) -> Result<Option<Organisation>, Error> {
    let row = sql!(
        tx,
        fetch_optional as Row,
        "SELECT sor, display_name, gln, kind, municipality_code, update_time FROM organisations WHERE sor = $1",
        sor
    )?;
    Ok(row.map(Organisation::from))
}

/// Organisations after a SOR code, in its order.
pub(crate) async fn list(tx: &mut Tx, after: &str, limit: i64) -> Result<Vec<Organisation>, Error> {
    let rows = sql!(
        tx,
        fetch_all as Row,
        "SELECT sor, display_name, gln, kind, municipality_code, update_time
         FROM organisations WHERE sor > $1 ORDER BY sor LIMIT $2",
        after,
        limit
    )?;
    Ok(rows.into_iter().map(Organisation::from).collect())
}

/// Whether there is an organisation with a SOR code.
pub(crate) async fn exists(tx: &mut Tx, sor: &str) -> Result<bool, Error> {
    let row = sql!(tx, fetch_optional as (String,), "SELECT sor FROM organisations WHERE sor = $1", sor)?;
    Ok(row.is_some())
}
