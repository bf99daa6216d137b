//! Files held against their rows: what is stored, what is on its way, and objects that nobody knows.

use chrono::{DateTime, Utc};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use samspil_kit::{
    Error,
    verify::{Report, Telling},
};
use samspil_store::{
    Db,
    objects::{self, Listed, Objects},
    sql,
};
use uuid::Uuid;

use crate::{Tables, digest::Digest, sweep};

/// Rows read at a time.
const BATCH: i64 = 200;

/// Files that are read at a time.
const AT_ONCE: usize = 4;

/// One kind of file of a service, as its rows tell it.
#[derive(Debug, Clone, Copy)]
pub struct Files {
    /// The parts of those that are on their way.
    pub parts: Tables,
    /// The statement for all parts after a file and an offset: id, start, length, object.
    pub all_parts: &'static str,
    /// Of a file that is whole, the key begins with this and its id.
    pub prefix: &'static str,
    /// And ends with this; empty for nothing more.
    pub suffix: &'static str,
    /// The statement for those that are stored after an id: id, size, digest, and what `made` is asked with.
    pub stored: &'static str,
    /// The kind of the digest.
    pub digest: &'static str,
    /// What has to lie beside the file, by what its row says was made of it.
    pub made: fn(Option<&[u8]>) -> &'static [&'static str],
    /// The statement for whether a file is stored or may be at any moment.
    pub may_be_stored: &'static str,
    /// The event that tells of one that is stored.
    pub told: Telling,
}

#[derive(samspil_store::FromRow)]
struct Stored {
    id: Uuid,
    size_bytes: i64,
    digest: String,
    made: Option<Vec<u8>>,
}

#[derive(samspil_store::FromRow)]
struct OnItsWay {
    id: Uuid,
    start: i64,
    length: i64,
    object: String,
}

/// What is wrong with one file.
type Wrong = (&'static str, String, String);

impl Files {
    fn key(&self, id: Uuid) -> String {
        format!("{}/{id}{}", self.prefix, self.suffix)
    }

    /// Whether a file is stored or may be at any moment: its bytes are written before its row says so.
    ///
    /// # Errors
    /// As the engine.
    pub async fn may_be_stored(&self, db: &Db, id: Uuid) -> Result<bool, Error> {
        let mut tx = db.read().await?;
        Ok(sql!(&mut tx, fetch_optional as (i32,), self.may_be_stored, id)?.is_some())
    }

    /// Holds every file against its row and every object against the rows that may name it. It may be served meanwhile.
    ///
    /// # Errors
    /// As the engine, or the store of objects: what could not be looked at is not told to be right.
    pub async fn verify(
        &self,
        db: &Db,
        objects: &Objects,
        now: DateTime<Utc>,
        report: &mut Report,
    ) -> Result<(), Error> {
        self.stored(db, objects, report).await?;
        self.on_their_way(db, objects, report).await?;
        self.unnamed(db, objects, now, report).await
    }

    async fn stored(&self, db: &Db, objects: &Objects, report: &mut Report) -> Result<(), Error> {
        let mut after = Uuid::nil();
        loop {
            let mut tx = db.read().await?;
            let batch = sql!(&mut tx, fetch_all as Stored, self.stored, after, BATCH)?;
            // Nothing waits for the store of objects with a transaction in its hands.
            drop(tx);
            let full = batch.len() == BATCH as usize;
            after = batch.last().map_or(after, |last| last.id);
            report.files += batch.len() as u64;
            let looks: Vec<_> = batch.iter().map(|file| self.look(objects, file)).collect();
            let mut looks = stream::iter(looks).buffered(AT_ONCE);
            let mut ids = batch.iter().map(|file| file.id);
            while let (Some(id), Some(found)) = (ids.next(), looks.next().await) {
                let (read, wrong) = found?;
                report.objects += read;
                for (wrong, key, text) in wrong {
                    report.find(wrong, Some(format!("{} {id}", self.prefix)), Some(key), text);
                }
            }
            if !full {
                return Ok(());
            }
        }
    }

    /// Reads a stored file and what lies beside it: how many objects there are, and what is wrong with them.
    async fn look(&self, objects: &Objects, file: &Stored) -> Result<(u64, Vec<Wrong>), Error> {
        let key = self.key(file.id);
        let mut wrong: Vec<Wrong> = Vec::new();
        let mut read = 0;
        match objects.stream(&key).await {
            Err(objects::Error::NotFound(_)) => wrong.push(("OBJECT_MISSING", key, "the object is gone".to_owned())),
            Err(objects::Error::Damaged(_)) => wrong.push(("OBJECT_CHANGED", key, "it does not open".to_owned())),
            Err(error) => return Err(error.into()),
            Ok((size, mut pieces)) => {
                read += 1;
                let mut digest = Digest::new(self.digest);
                let opens = loop {
                    match pieces.try_next().await {
                        Ok(Some(piece)) => digest.update(&piece),
                        Ok(None) => break true,
                        Err(objects::Error::Damaged(_)) => break false,
                        Err(error) => return Err(error.into()),
                    }
                };
                if !opens {
                    wrong.push(("OBJECT_CHANGED", key, "it does not open".to_owned()));
                } else if size as i64 != file.size_bytes {
                    let text = format!("it has {size} bytes, and its row says {}", file.size_bytes);
                    wrong.push(("OBJECT_SIZE", key, text));
                } else if !digest.is(&file.digest) {
                    let text = format!("its bytes are not those of the {} in its row", self.digest);
                    wrong.push(("OBJECT_CHANGED", key, text));
                }
            }
        }
        for name in (self.made)(file.made.as_deref()) {
            let key = format!("{}/{}/{name}", self.prefix, file.id);
            match objects.range(&key, 0..1).await {
                Ok(_) => read += 1,
                Err(objects::Error::Damaged(_)) => wrong.push(("OBJECT_CHANGED", key, "it does not open".to_owned())),
                Err(objects::Error::NotFound(_)) => {
                    let text = "what was made of the file is gone; it can be made again".to_owned();
                    wrong.push(("RENDITION_MISSING", key, text));
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok((read, wrong))
    }

    async fn on_their_way(&self, db: &Db, objects: &Objects, report: &mut Report) -> Result<(), Error> {
        let (mut file, mut at, mut end) = (Uuid::nil(), -1, 0);
        loop {
            let mut tx = db.read().await?;
            let batch = sql!(&mut tx, fetch_all as OnItsWay, self.all_parts, file, at, BATCH)?;
            drop(tx);
            let full = batch.len() == BATCH as usize;
            for part in batch {
                if part.id != file {
                    end = 0;
                }
                (file, at) = (part.id, part.start);
                let row = Some(format!("{} {} from {}", self.prefix, part.id, part.start));
                if part.start != end {
                    let text = format!("the part before it ends at {end}");
                    report.find("PART_MISSING", row.clone(), None, text);
                }
                end = part.start + part.length;
                if let Some((wrong, text)) = self.look_at_part(db, objects, &part).await? {
                    report.find(wrong, row, Some(part.object), text);
                }
            }
            if !full {
                return Ok(());
            }
        }
    }

    async fn look_at_part(
        &self,
        db: &Db,
        objects: &Objects,
        part: &OnItsWay,
    ) -> Result<Option<(&'static str, String)>, Error> {
        match objects.stream(&part.object).await {
            Ok((size, _)) if size as i64 == part.length => Ok(None),
            Err(objects::Error::Damaged(_)) => Ok(Some(("OBJECT_CHANGED", "it does not open".to_owned()))),
            Ok((size, _)) => {
                Ok(Some(("OBJECT_SIZE", format!("it has {size} bytes, and its row says {}", part.length))))
            }
            // A file that was finished meanwhile has no parts any more, and so no row.
            Err(objects::Error::NotFound(_)) => {
                let stands = self.parts.names(&mut db.read().await?, part.id, &part.object).await?;
                Ok(stands.then(|| ("OBJECT_MISSING", "the part is gone".to_owned())))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Objects that the sweep would have taken if it ran.
    async fn unnamed(&self, db: &Db, objects: &Objects, now: DateTime<Utc>, report: &mut Report) -> Result<(), Error> {
        for prefix in [self.prefix, self.parts.objects] {
            let mut found = objects.walk(prefix);
            while let Some(Listed { key, changed, .. }) = found.try_next().await? {
                let Some(id) = sweep::id_in(&key, prefix).filter(|_| sweep::is_of_age(changed, now)) else { continue };
                let named = match prefix == self.prefix {
                    true => self.may_be_stored(db, id).await?,
                    false => self.parts.names(&mut db.read().await?, id, &key).await?,
                };
                if !named {
                    let text = format!("no row names it, and it is of {changed}; the sweep takes it");
                    report.find("OBJECT_UNNAMED", None, Some(key), text);
                }
            }
        }
        Ok(())
    }
}
