//! Removes objects that no row names: what a crash left between writing bytes and writing their row.

use std::time::Duration;

use chrono::TimeDelta;
use samspil_kit::Error;
use tokio_util::sync::CancellationToken;

use crate::{Wounds, photo::FILES};

/// How often it looks.
const EVERY: Duration = Duration::from_secs(3600);

/// Sweeps until it is told to stop.
pub(crate) async fn work(service: Wounds, stop: CancellationToken) {
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

async fn sweep(service: &Wounds) -> Result<(), Error> {
    service.uploads.sweep().await?;
    let now = service.base.clock.now();
    samspil_upload::sweep(&service.objects, FILES.prefix, now, |photo, _| FILES.may_be_stored(&service.base.db, photo))
        .await?;
    let mut tx = service.base.db.begin().await?;
    samspil_store::requests::sweep(&mut tx, now - TimeDelta::days(30)).await?;
    Ok(tx.commit().await?)
}
