//! The event log: numbered without gaps, readable, and each event in one place.

use chrono::{DateTime, TimeDelta, Utc};
use samspil_store::{
    Db,
    event_log::{self, LoggedEvent},
    sql,
};
use uuid::Uuid;

use super::Report;

/// Events read at a time.
const BATCH: i64 = 500;

/// How much older an event may say that it is than one before it. Replicas' clocks differ, and one may jump by an hour and back.
const PATIENCE: TimeDelta = TimeDelta::hours(2);

/// An event that says that a row is there: the name of its message, and the statement that looks for the row by the last id in its
/// subject.
#[derive(Debug, Clone, Copy)]
pub struct Telling {
    /// The payload's full message name.
    pub event: &'static str,
    /// Gives a row with one INTEGER in it when the row of `$1` is there.
    pub row: &'static str,
}

/// Walks the log of a service and its outbox. `telling` are the events whose rows are looked for.
///
/// # Errors
/// As the engine.
pub async fn events(db: &Db, telling: &[Telling], report: &mut Report) -> Result<(), samspil_store::Error> {
    let (mut expected, mut latest) = (1, DateTime::<Utc>::MIN_UTC);
    // From below the first number: somebody may have put an event there.
    let mut after = i64::MIN;
    loop {
        let batch = event_log::read_rows(db, after, BATCH).await?;
        let full = batch.len() == BATCH as usize;
        for event in batch {
            report.events += 1;
            after = event.sequence;
            let row = Some(format!("event_log {}", event.sequence));
            match event.sequence - expected {
                0 => {}
                ..0 => report.find("EVENT_MISPLACED", row.clone(), None, "the log begins at 1"),
                1 => report.find("EVENT_MISSING", Some(format!("event_log {expected}")), None, "the event is gone"),
                gone => {
                    let text = format!("{gone} events are gone");
                    report.find("EVENT_MISSING", Some(format!("event_log {expected}")), None, text);
                }
            }
            expected = expected.max(event.sequence + 1);
            if latest.signed_duration_since(event.time) > PATIENCE {
                let text = format!("it is of {}, after one of {latest}", event.time);
                report.find("EVENT_OUT_OF_ORDER", row.clone(), None, text);
            }
            latest = latest.max(event.time);
            if let Some(text) = unreadable(&event) {
                report.find("EVENT_UNREADABLE", row.clone(), None, text);
            }
            tells_the_truth(db, telling, &event, report).await?;
        }
        if !full {
            break;
        }
    }
    twice(db, report).await
}

/// Why those who follow could not read it.
fn unreadable(event: &LoggedEvent) -> Option<String> {
    let Some(message) = samspil_proto::descriptors().get_message_by_name(&event.r#type) else {
        return Some(format!("there is no event {}", event.r#type));
    };
    let read = prost_reflect::DynamicMessage::decode(message, &*event.data);
    read.err().map(|error| format!("it is no {}: {error}", event.r#type))
}

async fn tells_the_truth(
    db: &Db,
    telling: &[Telling],
    event: &LoggedEvent,
    report: &mut Report,
) -> Result<(), samspil_store::Error> {
    let Some(telling) = telling.iter().find(|telling| telling.event == event.r#type) else { return Ok(()) };
    let id = event.subject.rsplit('/').next().and_then(|id| Uuid::try_parse(id).ok());
    let mut tx = db.read().await?;
    let found = match id {
        Some(id) => sql!(&mut tx, fetch_optional as (i32,), telling.row, id)?,
        None => None,
    };
    if found.is_none() {
        let text = format!("event {} says that it was stored, and there is no such row", event.sequence);
        report.find("ROW_MISSING", Some(event.subject.clone()), None, text);
    }
    Ok(())
}

/// Events that wait for the relay although they are in the log: it could never move them.
async fn twice(db: &Db, report: &mut Report) -> Result<(), samspil_store::Error> {
    let mut tx = db.read().await?;
    let found = sql!(
        &mut tx,
        fetch_all as (i64, Uuid, i64),
        "SELECT outbox.position, outbox.event_id, event_log.sequence FROM outbox
         JOIN event_log ON event_log.event_id = outbox.event_id ORDER BY outbox.position LIMIT $1",
        BATCH
    )?;
    for (position, id, sequence) in found {
        let text = format!("event {id} waits for the relay and is {sequence} in the log already");
        report.find("EVENT_TWICE", Some(format!("outbox {position}")), None, text);
    }
    Ok(())
}
