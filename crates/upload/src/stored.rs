//! What is stored, held against the digest in its row: bytes that have changed since are given to nobody.

use bytes::Bytes;
use futures::{Stream, TryStreamExt as _, future, stream};
use samspil_kit::{Error, common::Common};
use samspil_store::objects::{self, Objects};

use crate::digest::Digest;

/// Reads an object whole.
///
/// # Errors
/// `OBJECT_DAMAGED` when it is not what its row says; else as the store of objects.
pub async fn read(objects: &Objects, key: &str, kind: &str, digest: &str) -> Result<Bytes, Error> {
    let bytes = objects.get(key).await?;
    let (hashed, kind, digest) = (bytes.clone(), kind.to_owned(), digest.to_owned());
    // Forty mebibytes take a moment.
    let same = tokio::task::spawn_blocking(move || crate::is_digest_of(&hashed, &kind, &digest));
    if same.await.map_err(Error::internal)? { Ok(bytes) } else { Err(damaged(key)) }
}

/// Passes on the pieces of an object, and fails at its end when it was not what its row says, so that nobody takes it for whole.
pub fn checked(
    pieces: impl Stream<Item = Result<Bytes, objects::Error>>,
    key: String,
    kind: &str,
    expected: String,
) -> impl Stream<Item = Result<Bytes, Error>> {
    let begin = Some((Box::pin(pieces), Digest::new(kind)));
    let pieces = stream::try_unfold(begin, move |state| {
        let (key, expected) = (key.clone(), expected.clone());
        async move {
            let Some((mut pieces, mut digest)) = state else { return Ok(None) };
            match pieces.try_next().await? {
                Some(piece) => {
                    digest.update(&piece);
                    Ok(Some((piece, Some((pieces, digest)))))
                }
                None if digest.is(&expected) => Ok(None),
                None => Err(damaged(&key)),
            }
        }
    });
    pieces.try_filter(|piece| future::ready(!piece.is_empty()))
}

fn damaged(key: &str) -> Error {
    tracing::error!(object = key, "a stored object is not what its row says");
    Common::ObjectDamaged.into()
}
