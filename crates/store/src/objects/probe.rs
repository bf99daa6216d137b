//! Whether a store keeps the promises that everything else rests on, asked before anything is served.

use bytes::Bytes;
use uuid::Uuid;

use super::{Error, Objects};

/// What a store lacks.
#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    /// It does not do what it is asked.
    #[error("it cannot be {0}")]
    Cannot(&'static str, #[source] Error),
    /// It writes over what is there although it was told not to: a photo could be lost.
    #[error("it writes over an object that is there, although it is told not to (If-None-Match)")]
    Overwrites,
    /// It gives other bytes back than it was given.
    #[error("it gives other bytes back than were written")]
    Garbles,
}

impl Objects {
    /// Writes an object, tries to write it again with other bytes, reads and removes it.
    ///
    /// # Errors
    /// With what the store lacks.
    pub async fn probe(&self) -> Result<(), Unfit> {
        let key = format!("probe/{}", Uuid::new_v4());
        let (first, second) = (Bytes::from_static(b"the first stands"), Bytes::from_static(b"the second must not"));
        self.put_once(&key, first.clone()).await.map_err(|error| Unfit::Cannot("written to", error))?;
        let again = self.put_once(&key, second).await;
        let found = self.get(&key).await;
        self.delete([key]).await.map_err(|error| Unfit::Cannot("removed from", error))?;
        match again {
            Ok(()) => return Err(Unfit::Overwrites),
            Err(Error::Taken(_)) => {}
            Err(error) => return Err(Unfit::Cannot("written to on a condition", error)),
        }
        match found {
            Ok(found) if found == first => Ok(()),
            Ok(_) => Err(Unfit::Garbles),
            Err(error) => Err(Unfit::Cannot("read", error)),
        }
    }
}
