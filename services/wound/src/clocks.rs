//! Alarms: an answer that did not come in time, photos that did not come in time. Each is raised once.

use chrono::{DateTime, Utc};
use prost::Name as _;
use samspil_kit::Error;
use samspil_proto::{
    common::v1::{ClockStage, ClockStageReached},
    names::WoundName,
    time,
};
use samspil_store::{Tx, outbox, sql};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{Wounds, assessment, wound};

/// Looks for clocks that ran out, until it is told to stop.
pub(crate) async fn work(service: Wounds, stop: CancellationToken) {
    loop {
        match raise(&service).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => {
                tracing::error!(reason = error.reason(), status = %tonic::Status::from(error), "failed to raise an alarm")
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(service.settings.poll) => {}
        }
    }
}

/// Raises one alarm, if one is due.
async fn raise(service: &Wounds) -> Result<bool, Error> {
    let now = service.base.clock.now();
    // A look first, so that an idle service writes nothing.
    let mut tx = service.base.db.read().await?;
    let (answer, photo) = (assessment::sql::overdue(&mut tx, now).await?, photo_overdue(&mut tx, now).await?);
    drop(tx);
    if let Some(found) = answer {
        return answer_is_late(service, &found, now).await;
    }
    if let Some((wound, patient, due)) = photo {
        return photos_are_late(service, WoundName { patient, wound }, due, now).await;
    }
    Ok(false)
}

async fn answer_is_late(service: &Wounds, found: &assessment::Assessment, now: DateTime<Utc>) -> Result<bool, Error> {
    let mut tx = service.base.db.begin().await?;
    // Marked where it is still so: of two workers, and of a worker and an answer, one is first.
    let marked = sql!(
        &mut tx,
        execute,
        "UPDATE assessments SET overdue = $1, version = version + 1, update_time = $2
         WHERE assessment_id = $3 AND clock_state = 1 AND NOT overdue AND due_time = $4",
        true,
        now,
        found.assessment_id,
        found.due_time
    )?;
    if marked == 1 {
        let event = ClockStageReached {
            due_time: Some(time::to_wire(found.due_time)),
            stage: ClockStage::Overdue.into(),
            ..Default::default()
        };
        let wound = WoundName { patient: found.patient_id, wound: found.wound_id };
        tell(service, &mut tx, wound, &found.name().to_string(), &ClockStageReached::full_name(), &event, now).await?;
        tx.commit().await?;
    }
    Ok(true)
}

async fn photo_overdue(
    tx: &mut Tx,
    now: DateTime<Utc>,
) -> Result<Option<(Uuid, Uuid, DateTime<Utc>)>, samspil_store::Error> {
    sql!(
        tx,
        fetch_optional as (Uuid, Uuid, DateTime<Utc>),
        "SELECT wound_id, patient_id, next_photo_due FROM wounds
         WHERE next_photo_due IS NOT NULL AND photo_alarm IS NULL AND next_photo_due < $1 ORDER BY next_photo_due LIMIT 1",
        now
    )
}

async fn photos_are_late(
    service: &Wounds,
    name: WoundName,
    due: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let mut tx = service.base.db.begin().await?;
    let marked = sql!(
        &mut tx,
        execute,
        "UPDATE wounds SET photo_alarm = $1 WHERE wound_id = $2 AND next_photo_due = $3 AND photo_alarm IS NULL",
        now,
        name.wound,
        due
    )?;
    if marked == 1 {
        let event = ClockStageReached {
            due_time: Some(time::to_wire(due)),
            stage: ClockStage::Overdue.into(),
            ..Default::default()
        };
        tell(service, &mut tx, name, &name.to_string(), &ClockStageReached::full_name(), &event, now).await?;
        tx.commit().await?;
    }
    Ok(true)
}

async fn tell(
    service: &Wounds,
    tx: &mut Tx,
    wound: WoundName,
    subject: &str,
    r#type: &str,
    event: &impl prost::Message,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let found = wound::sql::get(tx, wound).await?.ok_or_else(|| Error::internal("a clock without its wound"))?;
    let new = outbox::NewEvent {
        id: service.base.clock.id(),
        r#type,
        subject,
        organisations: &found.organisations(),
        time: now,
        traceparent: "",
        data: event.encode_to_vec(),
    };
    Ok(outbox::put(tx, new).await?)
}
