//! Removes objects that no row names: what a crash left between writing bytes and writing their row.

use std::time::Duration;

use samspil_kit::Error;
use tokio_util::sync::CancellationToken;

use crate::{Referrals, attachment::FILES};

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
    samspil_upload::sweep(&service.objects, FILES.prefix, now, |id, _| FILES.may_be_stored(&service.base.db, id)).await
}
