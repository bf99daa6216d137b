//! Pictures out, piece by piece.

use async_stream::try_stream;
use bytes::BytesMut;
use futures::{Stream, StreamExt as _, TryStreamExt as _};
use samspil_kit::{Ctx, Error};
use samspil_proto::{
    names::PhotoName,
    wound::v1::{DownloadPhotoRequest, DownloadPhotoResponse, PhotoState, Rendition},
};
use samspil_store::objects;
use tonic::Status;

use super::act;
use crate::{Reason, Wounds, access};

/// Bytes in a message.
const PIECE: usize = 256 << 10;

/// Streams a picture. Whoever gets it stands in the audit log before the first byte leaves, and is asked for again before each
/// piece: who may see a patient may change while a picture is on its way.
pub(crate) async fn download(
    service: &Wounds,
    ctx: Ctx,
    request: DownloadPhotoRequest,
) -> Result<impl Stream<Item = Result<DownloadPhotoResponse, Status>> + Send + 'static, Error> {
    let name: PhotoName = request.name.parse()?;
    access::patient(&ctx, name.patient).await?;
    let photo = act::find(&ctx, &mut ctx.read().await?, name).await?;
    if !photo.is(PhotoState::Stored) {
        return Err(Reason::PhotoNotStored.into());
    }
    let rendition = Rendition::try_from(request.rendition).unwrap_or(Rendition::Display);
    let content_type = match rendition {
        Rendition::Original => photo.content_type.clone(),
        _ => "image/jpeg".to_owned(),
    };
    let found = service.objects.stream(&photo.object(rendition)).await;
    let (size, bytes) = match found {
        // The row of a stored photo names its original; a rendition may still be on its way.
        Err(objects::Error::NotFound(_)) if rendition != Rendition::Original => {
            return Err(Reason::RenditionNotReady.into());
        }
        found => found?,
    };
    let mut bytes = match rendition {
        // A rendition has no digest in its row: it can be made again from what has one.
        Rendition::Original => {
            let key = photo.object(rendition);
            samspil_upload::checked(bytes, key, "blake3", photo.stored_blake3.clone()).boxed()
        }
        _ => bytes.map_err(Error::from).boxed(),
    };
    ctx.audit_read([(name.patient, request.name.as_str())]).await?;
    Ok(try_stream! {
        let mut first = Some((content_type, size as i64));
        let mut piece = BytesMut::with_capacity(PIECE);
        while let Some(bytes) = bytes.next().await {
            piece.extend_from_slice(&bytes?);
            while piece.len() >= PIECE {
                ctx.still_cares_for(name.patient).await?;
                yield message(first.take(), piece.split_to(PIECE));
            }
        }
        if !piece.is_empty() || first.is_some() {
            ctx.still_cares_for(name.patient).await?;
            yield message(first.take(), piece);
        }
    })
}

fn message(first: Option<(String, i64)>, piece: BytesMut) -> DownloadPhotoResponse {
    let (content_type, size_bytes) = first.unwrap_or_default();
    DownloadPhotoResponse { content_type, size_bytes, data: piece.freeze() }
}
