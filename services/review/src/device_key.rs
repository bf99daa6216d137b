//! The key with which a person's devices encrypt what waits in them.
//!
//! It is made once and never again: with another key, what was left on a device could be read by nobody. It goes to its person
//! alone, and into no log.

use aws_lc_rs::rand;
use samspil_kit::{Ctx, Error};
use samspil_proto::review::v1::{DeviceKey, GetDeviceKeyRequest};
use samspil_store::{audit, sql};

/// For AES-256.
const BYTES: usize = 32;

/// Gives the caller's key.
pub(crate) async fn get(ctx: &Ctx, _request: GetDeviceKeyRequest) -> Result<DeviceKey, Error> {
    let mut fresh = [0; BYTES];
    rand::fill(&mut fresh).map_err(|_| Error::internal("no randomness"))?;
    let mut tx = ctx.db().begin().await?;
    // Whoever is second, here or in another replica, waits for the first and then reads that one's key.
    sql!(
        &mut tx,
        execute,
        "INSERT INTO device_keys (person, key, create_time) VALUES ($1, $2, $3) ON CONFLICT (person) DO NOTHING",
        &ctx.caller.person,
        fresh.to_vec(),
        ctx.now()
    )?;
    let (key,) =
        sql!(&mut tx, fetch_one as (Vec<u8>,), "SELECT key FROM device_keys WHERE person = $1", &ctx.caller.person)?;
    audit::put(&mut tx, &ctx.audit_entry(None, "")).await?;
    tx.commit().await?;
    Ok(DeviceKey { key: key.into() })
}
