//! Files out, piece by piece.

use async_stream::try_stream;
use bytes::BytesMut;
use futures::{Stream, StreamExt as _};
use samspil_kit::{Ctx, Error};
use samspil_proto::{
    names::AttachmentName,
    referral::v1::{
        AttachmentState, DownloadAttachmentRequest, DownloadAttachmentResponse, download_attachment_response::Message,
    },
};
use tonic::Status;

use super::act;
use crate::{Referrals, error::Reason};

/// Bytes in a message.
const PIECE: usize = 256 << 10;

/// Streams a file. Whoever gets it stands in the audit log before the first byte leaves, and is asked for again before each
/// piece: who may see a patient may change while a file is on its way.
pub(crate) async fn download(
    service: &Referrals,
    ctx: Ctx,
    request: DownloadAttachmentRequest,
) -> Result<impl Stream<Item = Result<DownloadAttachmentResponse, Status>> + Send + 'static, Error> {
    let name: AttachmentName = request.name.parse()?;
    let attachment = act::find(&ctx, name).await?;
    if !attachment.photo.is_empty() {
        return Err(Error::from(Reason::AttachmentIsPhoto).with("photo", &attachment.photo));
    }
    if !attachment.is(AttachmentState::Stored) {
        return Err(Error::from(Reason::AttachmentNotStored).with("attachment", &request.name));
    }
    let (_, bytes) = service.objects.stream(&attachment.object()).await?;
    let mut bytes = samspil_upload::checked(bytes, attachment.object(), "sha256", attachment.sha256.clone()).boxed();
    ctx.audit_read([(name.patient, request.name.as_str())]).await?;
    let first = attachment.to_wire()?;
    Ok(try_stream! {
        yield DownloadAttachmentResponse { message: Some(Message::Attachment(first)) };
        let mut piece = BytesMut::with_capacity(PIECE);
        while let Some(bytes) = bytes.next().await {
            piece.extend_from_slice(&bytes?);
            while piece.len() >= PIECE {
                ctx.still_cares_for(name.patient).await?;
                yield data(piece.split_to(PIECE));
            }
        }
        if !piece.is_empty() {
            ctx.still_cares_for(name.patient).await?;
            yield data(piece);
        }
    })
}

fn data(piece: BytesMut) -> DownloadAttachmentResponse {
    DownloadAttachmentResponse { message: Some(Message::Data(piece.freeze())) }
}
