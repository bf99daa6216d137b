//! Removes objects that no row names: what a crash left between writing bytes and writing their row.

use std::time::Duration;

use chrono::TimeDelta;
use samspil_kit::Error;
use samspil_store::sql;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::Wounds;

/// How often it looks.
const EVERY: Duration = Duration::from_secs(3600);

/// What is younger than this may still get its row.
const AGE: TimeDelta = TimeDelta::hours(24);

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
    let before = service.base.clock.now() - AGE;
    for prefix in ["uploads", "photos"] {
        for (key, _, changed) in service.objects.list(prefix).await? {
            if changed < before && !is_named(service, &key).await? {
                tracing::info!(object = key, "removed an object that no row names");
                service.objects.delete([key]).await?;
            }
        }
    }
    let mut tx = service.base.db.begin().await?;
    samspil_store::requests::sweep(&mut tx, service.base.clock.now() - TimeDelta::days(30)).await?;
    Ok(tx.commit().await?)
}

/// Whether a row names an object: a part's own row, or that of a photo that is stored or may be.
async fn is_named(service: &Wounds, key: &str) -> Result<bool, Error> {
    let mut tx = service.base.db.read().await?;
    let photo = key.split('/').nth(1).and_then(|id| Uuid::try_parse(id).ok());
    let Some(photo) = photo else { return Ok(true) };
    let named = if key.starts_with("uploads/") {
        sql!(
            &mut tx,
            fetch_optional as (i64,),
            "SELECT start FROM upload_parts WHERE photo_id = $1 AND object = $2",
            photo,
            key
        )?
        .is_some()
    } else {
        // An announced photo may be stored at any moment, and its bytes are written first.
        sql!(
            &mut tx,
            fetch_optional as (i32,),
            "SELECT state FROM photos WHERE photo_id = $1 AND state IN (1, 2)",
            photo
        )?
        .is_some()
    };
    Ok(named)
}
