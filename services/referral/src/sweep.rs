//! Removes objects that no row names: what a crash left between writing bytes and writing their row.

use std::time::Duration;

use samspil_kit::Error;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{Referrals, attachment};

/// How often it looks.
const EVERY: Duration = Duration::from_secs(3600);

/// Sweeps until it is told to stop.
pub(crate) async fn work(service: Referrals, stop: CancellationToken) {
    loop {
        if let Err(error) = sweep(&service).await {
            tracing::error!(reason = error.reason(), status = %tonic::Status::from(error), "failed to sweep");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

async fn sweep(service: &Referrals) -> Result<(), Error> {
    service.uploads.sweep().await?;
    let now = service.base.clock.now();
    samspil_upload::sweep(&service.objects, attachment::OBJECTS, now, |id, _| may_be_stored(service, id)).await
}

async fn may_be_stored(service: &Referrals, attachment: Uuid) -> Result<bool, Error> {
    attachment::sql::may_be_stored(&mut service.base.db.read().await?, attachment).await
}
