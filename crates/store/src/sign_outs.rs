//! Who has signed out at a provider, for as long as a token from before could hold.

use chrono::{DateTime, Utc};

use crate::{Tx, sql};

/// A provider's word that somebody has signed out.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct SignOut {
    /// The provider.
    pub issuer: String,
    /// The id of its statement.
    pub statement: String,
    /// Whom, as the provider calls them. Empty where only the session was told.
    pub subject: String,
    /// Which session. Empty for all of the subject.
    pub session: String,
    /// Tokens up to then are meant.
    pub time: DateTime<Utc>,
    /// By then none of them holds any more.
    pub until: DateTime<Utc>,
}

/// Notes a statement; `false` when it is known already.
///
/// # Errors
/// As the engine.
pub async fn put(tx: &mut Tx, told: &SignOut) -> Result<bool, sqlx::Error> {
    let new = sql!(
        tx,
        execute,
        "INSERT INTO sign_outs (issuer, statement, subject, session, time, until) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (issuer, statement) DO NOTHING",
        &told.issuer,
        &told.statement,
        &told.subject,
        &told.session,
        told.time,
        told.until
    )?;
    Ok(new == 1)
}

/// All that still matter.
///
/// # Errors
/// As the engine.
pub async fn all(tx: &mut Tx, now: DateTime<Utc>) -> Result<Vec<SignOut>, sqlx::Error> {
    sql!(
        tx,
        fetch_all as SignOut,
        "SELECT issuer, statement, subject, session, time, until FROM sign_outs WHERE until > $1
         ORDER BY issuer, statement",
        now
    )
}

/// Removes those that no longer matter.
///
/// # Errors
/// As the engine.
pub async fn prune(tx: &mut Tx, now: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    sql!(tx, execute, "DELETE FROM sign_outs WHERE until <= $1", now)
}
