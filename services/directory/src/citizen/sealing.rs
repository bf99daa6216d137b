//! Numbers at rest: sealing those that were written before there were keys, and sealing anew after a key was replaced.

use samspil_kit::{Base, Error};

use super::sql;
use crate::person_number::PersonNumber;

/// Seals every number that still stands in the clear. Before anybody is served: nobody would be found by it.
pub(crate) async fn seal_all(base: &Base) -> Result<u64, Error> {
    let mut count = 0;
    loop {
        let mut tx = base.db.begin().await?;
        let plain = sql::in_the_clear(&mut tx).await?;
        if plain.is_empty() {
            return Ok(count);
        }
        for (text, patient) in plain {
            let number = PersonNumber::read(&text).map_err(|_| Error::internal("a stored number is none"))?;
            sql::give_number(&mut tx, &base.keys, &number, patient).await?;
            sql::forget(&mut tx, &text).await?;
            count += 1;
        }
        tx.commit().await?;
    }
}

/// Seals every number anew that is not sealed with the present key.
pub(crate) async fn reseal_all(base: &Base) -> Result<u64, Error> {
    let mut count = 0;
    loop {
        let mut tx = base.db.begin().await?;
        let old = sql::sealed_before(&mut tx, &base.keys).await?;
        if old.is_empty() {
            return Ok(count);
        }
        for (hash, patient, sealed) in old {
            let place = patient.as_bytes();
            let number = base.keys.open_sealed(place, &sealed).await.map_err(Error::internal)?;
            let sealed = base.keys.seal(place, &number).map_err(Error::internal)?;
            sql::reseal(&mut tx, &hash, &sealed).await?;
            count += 1;
        }
        tx.commit().await?;
    }
}
