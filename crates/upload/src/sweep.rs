//! Removes objects that no row names: what a crash left between writing bytes and writing their row.

use chrono::{DateTime, TimeDelta, Utc};
use futures::TryStreamExt as _;
use samspil_kit::Error;
use samspil_store::objects::{Listed, Objects};
use uuid::Uuid;

use crate::Uploads;

/// What is younger than this may still get its row.
const AGE: TimeDelta = TimeDelta::hours(24);

impl Uploads {
    /// Removes parts that no row names.
    ///
    /// # Errors
    /// As the engine, or the store of objects.
    pub async fn sweep(&self) -> Result<(), Error> {
        let is_named = |file, object: String| async move {
            self.tables.names(&mut self.base.db.read().await?, file, &object).await
        };
        sweep(&self.objects, self.tables.objects, self.base.clock.now(), is_named).await
    }
}

/// Removes objects under a prefix that no row names: `is_named` is asked about each that is a day old, with the id that
/// stands in its key after the prefix. One without an id there is left alone.
///
/// # Errors
/// As `is_named`, or the store of objects.
pub async fn sweep<F>(
    objects: &Objects,
    prefix: &str,
    now: DateTime<Utc>,
    is_named: impl Fn(Uuid, String) -> F,
) -> Result<(), Error>
where
    F: Future<Output = Result<bool, Error>>,
{
    let mut found = objects.walk(prefix);
    while let Some(Listed { key, changed, .. }) = found.try_next().await? {
        let Some(file) = id_in(&key, prefix).filter(|_| is_of_age(changed, now)) else { continue };
        if !is_named(file, key.clone()).await? {
            tracing::info!(object = key, "removed an object that no row names");
            objects.delete([key]).await?;
        }
    }
    Ok(())
}

/// The id that stands in a key after a prefix.
pub(crate) fn id_in(key: &str, prefix: &str) -> Option<Uuid> {
    Uuid::try_parse(key.strip_prefix(prefix)?.split('/').nth(1)?).ok()
}

/// Whether an object is too old to get its row yet.
pub(crate) fn is_of_age(changed: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    changed < now - AGE
}
