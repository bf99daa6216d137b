//! The worker that rings clocks. Any replica may run it: the row that it changes in the event's transaction lets one win.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use opentelemetry::KeyValue;
use prost::{Message, Name};
use samspil_proto::{
    common::v1::{ClockStage, ClockStageReached},
    time,
};
use samspil_store::{
    Tx,
    clock::{DueClock, Table},
    outbox,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{Base, Error, telemetry::metrics::Since};

/// The clocks of one table.
pub trait Alarms: Send + Sync + 'static {
    /// The table.
    fn table(&self) -> &'static Table;

    /// Rings the clock of a row that is held: writes the event of each stage that [`DueClock::ring`] gives with [`reached`],
    /// and the row with the clock's new `alarm_time`.
    fn ring<'a>(&'a self, base: &'a Base, tx: &'a mut Tx, id: Uuid) -> BoxFuture<'a, Result<(), Error>>;
}

/// How many alarms are rung before the commits of others get a turn at a single writer.
const AT_A_TIME: usize = 50;

/// Rings until it is told to stop. What fails is logged and tried again.
pub async fn work(base: Base, clocks: Vec<Arc<dyn Alarms>>, poll: Duration, stop: CancellationToken) {
    let clocks: Vec<_> = clocks.into_iter().map(|alarms| (lateness(&base, alarms.table()), alarms)).collect();
    loop {
        for (late, alarms) in &clocks {
            if let Err(error) = ring(&base, &**alarms, late).await {
                tracing::error!(reason = error.reason(), status = %tonic::Status::from(error), "failed to ring a clock");
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(poll) => {}
        }
    }
}

/// How long the next alarm of a table should have rung for.
fn lateness(base: &Base, table: &'static Table) -> Since {
    let of = KeyValue::new("samspil.clock", table.name);
    let what = "For how long the next alarm should have been rung.";
    Since::observed("samspil.alarm.lateness", what, base.clock.clone(), vec![of])
}

async fn ring(base: &Base, alarms: &dyn Alarms, late: &Since) -> Result<(), Error> {
    loop {
        // A look first, so that an idle service writes nothing.
        let next = alarms.table().next(&mut base.db.read().await?).await?;
        // Told as soon as it is due, whether or not anybody gets to ring it.
        late.set(next);
        if next.is_none_or(|next| next > base.clock.now()) {
            return Ok(());
        }
        let mut tx = base.db.begin().await?;
        let mut rung = 0;
        while rung < AT_A_TIME
            && let Some(id) = alarms.table().due(&mut tx, base.clock.now()).await?
        {
            alarms.ring(base, &mut tx, id).await?;
            rung += 1;
        }
        tx.commit().await?;
        // Another replica holds what is left.
        if rung == 0 {
            return Ok(());
        }
    }
}

/// Writes the event of a stage that a clock reached. `subject` is what the clock is on, `owner` the SOR code of whose turn it
/// is.
///
/// # Errors
/// As the engine.
pub async fn reached(
    base: &Base,
    tx: &mut Tx,
    subject: &str,
    organisations: &[String],
    (clock, owner): (&str, &str),
    (stage, at): (ClockStage, &DueClock),
) -> Result<(), Error> {
    let now: DateTime<Utc> = base.clock.now();
    let escalate_to = if stage == ClockStage::Escalated { at.shown(now).escalate_to } else { String::new() };
    let event = ClockStageReached {
        clock: clock.to_owned(),
        stage: stage.into(),
        due_time: Some(time::to_wire(at.due())),
        owner: format!("organisations/{owner}"),
        escalate_to,
    };
    tell(base, tx, subject, organisations, &event).await
}

/// Writes an event that no call and no other service's event caused.
///
/// # Errors
/// As the engine.
pub async fn tell<E: Message + Name>(
    base: &Base,
    tx: &mut Tx,
    subject: &str,
    organisations: &[String],
    event: &E,
) -> Result<(), Error> {
    let new = outbox::NewEvent {
        id: base.clock.id(),
        r#type: &E::full_name(),
        subject,
        organisations,
        time: base.clock.now(),
        traceparent: "",
        data: event.encode_to_vec(),
    };
    Ok(outbox::put(tx, new).await?)
}
