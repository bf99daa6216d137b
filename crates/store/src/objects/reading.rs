//! Objects piece by piece, and their keys.
//!
//! A connection that breaks in the middle is followed by one that goes on where it stood.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures::{StreamExt as _, TryStreamExt as _, stream, stream::BoxStream};
use object_store::{GetOptions, GetRange, GetResult, ObjectMeta, path::Path as Key};
use tokio::time::timeout;
use tracing::Instrument as _;

use super::{Error, Objects, again::LIMIT};

/// An object, as a list names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its key.
    pub key: String,
    /// Its size in bytes.
    pub size: u64,
    /// When it was written.
    pub changed: DateTime<Utc>,
}

impl From<ObjectMeta> for Listed {
    fn from(meta: ObjectMeta) -> Listed {
        Listed { key: meta.location.to_string(), size: meta.size, changed: meta.last_modified }
    }
}

/// An object that is being read.
struct Reading {
    objects: Objects,
    key: String,
    tag: Option<String>,
    at: u64,
    size: u64,
    rest: BoxStream<'static, object_store::Result<Bytes>>,
}

impl Objects {
    /// Reads an object piece by piece: its whole size and the stream.
    ///
    /// # Errors
    /// As [`Objects::get`].
    pub async fn stream(&self, key: &str) -> Result<(u64, BoxStream<'static, Result<Bytes, Error>>), Error> {
        let found = self.open(key, 0, None).await?;
        let (size, tag) = (found.meta.size, found.meta.e_tag.clone());
        let rest = found.into_stream();
        let reading = Reading { objects: self.clone(), key: key.to_owned(), tag, at: 0, size, rest };
        Ok((size, stream::try_unfold(reading, Reading::next).boxed()))
    }

    async fn open(&self, key: &str, at: u64, tag: Option<&String>) -> Result<GetResult, Error> {
        let path = &Key::from(key);
        let options = GetOptions {
            range: (at > 0).then_some(GetRange::Offset(at)),
            if_match: tag.cloned(),
            ..GetOptions::default()
        };
        let options = &options;
        self.ask(|| self.store.get_opts(path, options.clone())).instrument(self.span("get", key, 0)).await
    }

    /// The objects under a prefix, one after the other.
    pub fn walk(&self, prefix: &str) -> BoxStream<'static, Result<Listed, Error>> {
        let prefix = (!prefix.is_empty()).then(|| Key::from(prefix));
        let begin = (self.clone(), prefix, None::<Key>, None::<BoxStream<'static, object_store::Result<ObjectMeta>>>);
        let walked = stream::try_unfold(begin, |(objects, prefix, mut last, mut rest)| async move {
            loop {
                let listing = rest.get_or_insert_with(|| match &last {
                    None => objects.store.list(prefix.as_ref()),
                    Some(last) => objects.store.list_with_offset(prefix.as_ref(), last),
                });
                match within_limit(listing.next()).await {
                    Ok(None) => return Ok(None),
                    Ok(Some(meta)) => {
                        last = Some(meta.location.clone());
                        return Ok(Some((meta.into(), (objects, prefix, last, rest))));
                    }
                    Err(error) => objects.goes_on(error)?,
                }
                rest = None;
            }
        });
        walked.boxed()
    }

    /// The objects under a prefix, all at once: for those that are few.
    ///
    /// # Errors
    /// As the store.
    pub async fn list(&self, prefix: &str) -> Result<Vec<Listed>, Error> {
        self.walk(prefix).try_collect().await
    }

    /// Whether to go on after an error in the middle: a store far away that did not say no, while the budget lasts.
    fn goes_on(&self, error: object_store::Error) -> Result<(), Error> {
        match (&self.again, &error) {
            (Some(again), object_store::Error::Generic { .. }) if again.may() => {
                tracing::info!(error = %error, "the object store broke off and is asked for the rest");
                Ok(())
            }
            (Some(_), object_store::Error::Generic { .. }) => Err(Error::Unavailable(error.into())),
            _ => Err(error.into()),
        }
    }
}

impl Reading {
    async fn next(mut self) -> Result<Option<(Bytes, Reading)>, Error> {
        loop {
            match within_limit(self.rest.next()).await {
                Ok(Some(bytes)) => {
                    self.at += bytes.len() as u64;
                    return Ok(Some((bytes, self)));
                }
                Ok(None) if self.at == self.size => return Ok(None),
                Ok(None) => self.objects.goes_on(generic("the object ended too early"))?,
                Err(error) => self.objects.goes_on(error)?,
            }
            self.rest = self.objects.open(&self.key, self.at, self.tag.as_ref()).await?.into_stream();
        }
    }
}

/// The next of a stream. One that says nothing for too long has failed.
async fn within_limit<T>(
    next: impl Future<Output = Option<object_store::Result<T>>>,
) -> object_store::Result<Option<T>> {
    timeout(LIMIT, next).await.unwrap_or_else(|silent| Some(Err(generic(silent)))).transpose()
}

fn generic(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> object_store::Error {
    object_store::Error::Generic { store: "objects", source: source.into() }
}
