//! Codes: good once, for a minute, for the client and the address that they were given to.

use aws_lc_rs::rand;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use samspil_kit::Caller;
use samspil_store::{FromRow, sql};
use sha2::{Digest as _, Sha256};

use super::{SignIn, authorize::Asked};

const GOOD_FOR: TimeDelta = TimeDelta::seconds(60);

/// What a code was given for.
#[derive(FromRow)]
pub(super) struct Code {
    pub person: String,
    pub nonce: String,
    redirect_uri: String,
    challenge: String,
    expire_time: DateTime<Utc>,
}

/// A new code for a person. There is one client, so that the code need not say which.
pub(super) async fn issue(provider: &SignIn, asked: &Asked, person: &Caller) -> anyhow::Result<String> {
    let mut secret = [0; 32];
    rand::fill(&mut secret).map_err(|_| anyhow::anyhow!("no randomness"))?;
    let code = URL_SAFE_NO_PAD.encode(secret);
    let now = provider.clock.now();
    let mut tx = provider.db.begin().await?;
    sql!(&mut tx, execute, "DELETE FROM sign_in_codes WHERE expire_time <= $1", now)?;
    sql!(
        &mut tx,
        execute,
        "INSERT INTO sign_in_codes (code_digest, person, redirect_uri, challenge, nonce, expire_time)
         VALUES ($1, $2, $3, $4, $5, $6)",
        digest(&code),
        &person.person,
        &asked.redirect_uri,
        &asked.code_challenge,
        &asked.nonce,
        now + GOOD_FOR
    )?;
    tx.commit().await?;
    Ok(code)
}

/// Takes a code: from here on it is used, whether it was shown rightly or not.
pub(super) async fn take(
    provider: &SignIn,
    code: &str,
    redirect_uri: &str,
    verifier: &str,
) -> Result<Option<Code>, samspil_store::Error> {
    let mut tx = provider.db.begin().await?;
    let taken = sql!(
        &mut tx,
        fetch_optional as Code,
        "DELETE FROM sign_in_codes WHERE code_digest = $1
         RETURNING person, nonce, redirect_uri, challenge, expire_time",
        digest(code)
    )?;
    tx.commit().await?;
    Ok(taken.filter(|taken| {
        taken.expire_time > provider.clock.now()
            && taken.redirect_uri == redirect_uri
            && taken.challenge == URL_SAFE_NO_PAD.encode(digest(verifier))
    }))
}

fn digest(text: &str) -> Vec<u8> {
    Sha256::digest(text).to_vec()
}
