//! The statements about files and their parts, over the tables of the service at hand.

use chrono::{DateTime, Utc};
use samspil_kit::{Error, common::Common};
use samspil_store::{Tx, sql};
use uuid::Uuid;

/// The tables of one kind of file, named once by [`tables!`](crate::tables!).
#[derive(Debug, Clone, Copy)]
pub struct Tables {
    #[doc(hidden)]
    pub objects: &'static str,
    #[doc(hidden)]
    pub open: &'static str,
    #[doc(hidden)]
    pub hold_sqlite: &'static str,
    #[doc(hidden)]
    pub hold_postgres: &'static str,
    #[doc(hidden)]
    pub parts: &'static str,
    #[doc(hidden)]
    pub insert_part: &'static str,
    #[doc(hidden)]
    pub drop_parts: &'static str,
    #[doc(hidden)]
    pub part_of_object: &'static str,
}

/// Names the tables of one kind of file: a constant of type [`Tables`](crate::Tables).
///
/// The table of files has a column `generation` (INTEGER, on PostgreSQL BIGINT; 0 at first) and a column `receive_time` (a
/// time, NULL at first), `id` is its key, and `waits` is true of a row whose bytes are still wanted. The table of parts has
/// that same key, `start` and `length` (INTEGER, on PostgreSQL BIGINT) and `object` (TEXT), with `(id, start)` as its
/// primary key.
///
/// `objects` is the prefix of the parts in the store of objects. No other kind of file may have it, whatever service it is
/// of: a sweep takes what lies under its prefix without a row for an orphan.
///
/// ```
/// const LETTERS: samspil_upload::Tables = samspil_upload::tables! {
///     files: "letters", id: "letter_id", waits: "state = 1", parts: "letter_parts", objects: "letter-uploads"
/// };
/// ```
#[macro_export]
macro_rules! tables {
    (files: $files:literal, id: $id:literal, waits: $waits:literal, parts: $parts:literal, objects: $objects:literal $(,)?) => {
        $crate::Tables {
            objects: $objects,
            open: concat!(
                "UPDATE ", $files, " SET generation = generation + 1, receive_time = COALESCE(receive_time, $2) WHERE ",
                $id, " = $1 RETURNING generation"
            ),
            hold_sqlite: $crate::tables!(@hold $files, $id, $waits, ""),
            hold_postgres: $crate::tables!(@hold $files, $id, $waits, " FOR UPDATE"),
            parts: concat!("SELECT start, length, object FROM ", $parts, " WHERE ", $id, " = $1 ORDER BY start"),
            insert_part: concat!("INSERT INTO ", $parts, " (", $id, ", start, length, object) VALUES ($1, $2, $3, $4)"),
            drop_parts: concat!("DELETE FROM ", $parts, " WHERE ", $id, " = $1 AND start >= $2"),
            part_of_object: concat!("SELECT start FROM ", $parts, " WHERE ", $id, " = $1 AND object = $2"),
        }
    };
    (@hold $files:literal, $id:literal, $waits:literal, $lock:literal) => {
        concat!(
            "SELECT generation, CASE WHEN ", $waits, " THEN 1 ELSE 0 END FROM ", $files, " WHERE ", $id, " = $1", $lock
        )
    };
}

/// A part that is written down.
#[derive(samspil_store::FromRow)]
pub(crate) struct Part {
    pub start: i64,
    pub length: i64,
    pub object: String,
}

/// Where a file stands.
pub(crate) struct Held {
    /// The newest stream.
    pub generation: i64,
    /// Its bytes are still wanted.
    pub waits: bool,
}

impl Tables {
    /// Bytes of a file that will not have to be sent again, while it is not stored.
    ///
    /// # Errors
    /// As the engine.
    pub async fn committed(&self, tx: &mut Tx, file: Uuid) -> Result<i64, Error> {
        Ok(self.parts(tx, file).await?.iter().map(|part| part.length).sum())
    }

    /// Drops the parts of a file that is stored, refused or withdrawn in this transaction. Their objects go after the commit
    /// ([`Receiver::forget`](crate::Receiver::forget)), else with the next sweep.
    ///
    /// # Errors
    /// As the engine.
    pub async fn drop_parts(&self, tx: &mut Tx, file: Uuid) -> Result<(), Error> {
        self.drop_parts_from(tx, file, 0).await
    }

    /// Drops those that begin at an offset or after it.
    pub(crate) async fn drop_parts_from(&self, tx: &mut Tx, file: Uuid, offset: i64) -> Result<(), Error> {
        sql!(tx, execute, self.drop_parts, file, offset)?;
        Ok(())
    }

    /// Makes a new stream the newest: gives its generation.
    pub(crate) async fn open(&self, tx: &mut Tx, file: Uuid, now: DateTime<Utc>) -> Result<i64, Error> {
        let (generation,) =
            sql!(tx, fetch_optional as (i64,), self.open, file, now)?.ok_or(Common::ResourceNotFound)?;
        Ok(generation)
    }

    /// The file, held so that nobody else changes it until the transaction ends.
    pub(crate) async fn hold(&self, tx: &mut Tx, file: Uuid) -> Result<Held, Error> {
        let row =
            sql!(tx, fetch_optional as (i64, i32), { sqlite: self.hold_sqlite, postgres: self.hold_postgres }, file)?;
        let (generation, waits) = row.ok_or(Common::ResourceNotFound)?;
        Ok(Held { generation, waits: waits == 1 })
    }

    pub(crate) async fn parts(&self, tx: &mut Tx, file: Uuid) -> Result<Vec<Part>, Error> {
        Ok(sql!(tx, fetch_all as Part, self.parts, file)?)
    }

    pub(crate) async fn insert_part(&self, tx: &mut Tx, file: Uuid, part: &Part) -> Result<(), Error> {
        sql!(tx, execute, self.insert_part, file, part.start, part.length, &part.object)?;
        Ok(())
    }

    /// Whether an object is a part that a row names.
    pub(crate) async fn names(&self, tx: &mut Tx, file: Uuid, object: &str) -> Result<bool, Error> {
        Ok(sql!(tx, fetch_optional as (i64,), self.part_of_object, file, object)?.is_some())
    }
}
