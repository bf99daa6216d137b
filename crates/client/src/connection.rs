//! A connection to the services, and a call over it.

use samspil_proto::names::PhotoName;
use samspil_proto::{
    audit::v1::audit_service_client::AuditServiceClient,
    careplan::v1::care_plan_service_client::CarePlanServiceClient,
    directory::v1::directory_service_client::DirectoryServiceClient,
    referral::v1::referral_service_client::ReferralServiceClient,
    review::v1::review_service_client::ReviewServiceClient,
    wound::v1::{DownloadPhotoRequest, Rendition, wound_service_client::WoundServiceClient},
};
use tokio::io::{AsyncWrite, AsyncWriteExt as _};
use tonic::{Response, Status};

use crate::{Clock, Endpoint, Error, Retry, Tokens, retry, wire::Wire};

/// An answer larger than this is a fault. A page of a thousand visits is well below.
const LARGEST_ANSWER: usize = 32 * 1024 * 1024;

/// A connection. A clone is cheap and shares link and retry budget.
#[derive(Debug, Clone)]
pub struct Connection {
    wire: Wire,
    retry: Retry,
    clock: Clock,
}

macro_rules! services {
    ($($(#[$doc:meta])* $name:ident: $client:ident;)*) => {$(
        $(#[$doc])*
        pub fn $name(&self) -> $client<Wire> {
            $client::new(self.wire.clone()).max_decoding_message_size(LARGEST_ANSWER)
        }
    )*};
}

impl Connection {
    pub(crate) fn new(wire: Wire, retry: Retry, clock: Clock) -> Self {
        Connection { wire, retry, clock }
    }

    /// Connects with the defaults of [`Endpoint`].
    pub async fn connect(url: impl Into<String>, tokens: impl Tokens) -> Result<Self, Error> {
        Endpoint::new(url).tokens(tokens).connect().await
    }

    services! {
        /// Wounds, visits, photos, assessments.
        wound: WoundServiceClient;
        /// Organisations, citizens, consents.
        directory: DirectoryServiceClient;
        /// Care plans.
        careplan: CarePlanServiceClient;
        /// Referrals.
        referral: ReferralServiceClient;
        /// Who looked at a record.
        audit: AuditServiceClient;
        /// Who one is, and what the web tool needs.
        review: ReviewServiceClient;
    }

    /// Makes a unary call, again where [`Retry`] allows it. A change is only ever made again if it carries a `request_id`.
    ///
    /// ```no_run
    /// # async fn f(connection: samspil_client::Connection) -> Result<(), samspil_client::Error> {
    /// use samspil_proto::wound::v1::GetPhotoRequest;
    /// let request = GetPhotoRequest { name: "patients/…".to_owned() };
    /// let photo = connection.call(request, |services, request| async move { services.wound().get_photo(request).await }).await?;
    /// # Ok(()) }
    /// ```
    pub async fn call<M, T, F, Fut>(&self, request: M, mut call: F) -> Result<T, Error>
    where
        M: prost::Message + prost::Name + Clone,
        F: FnMut(Connection, M) -> Fut,
        Fut: Future<Output = Result<Response<T>, Status>>,
    {
        self.retry.run(retry::is_repeatable(&request), || call(self.clone(), request.clone())).await
    }

    /// Writes a picture of a photo to where it is wanted, piece by piece, and gives its media type.
    pub async fn download(
        &self,
        photo: &PhotoName,
        rendition: Rendition,
        to: &mut (impl AsyncWrite + Unpin),
    ) -> Result<String, Error> {
        let request = DownloadPhotoRequest { name: photo.to_string(), rendition: rendition.into() };
        let mut pieces = self.wound().download_photo(request).await?.into_inner();
        let (mut content_type, mut missing) = (String::new(), None);
        while let Some(piece) = pieces.message().await? {
            if missing.is_none() {
                content_type = piece.content_type;
                missing = Some(piece.size_bytes);
            }
            missing = missing.map(|missing| missing - piece.data.len() as i64);
            to.write_all(&piece.data).await.map_err(|source| Error::io("write the picture", source))?;
        }
        match missing {
            Some(0) => Ok(content_type),
            _ => Err(Error::Unavailable { message: "the picture broke off".to_owned() }),
        }
    }

    /// When calls are made again.
    pub fn retry(&self) -> &Retry {
        &self.retry
    }

    /// Where time and ids come from.
    pub fn clock(&self) -> Clock {
        self.clock
    }
}
