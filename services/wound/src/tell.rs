//! Who makes a change: a call, another service's event, or the clock alone. What the safety watch and the clocks do is the
//! same for all three.

use chrono::{DateTime, Utc};
use prost::{Message, Name};
use samspil_kit::{Base, Ctx, Error, deadlines::Deadlines, telemetry};
use samspil_store::{Tx, outbox};
use uuid::Uuid;

/// Whoever makes a change.
pub(crate) trait Teller: Sync {
    /// What time it is.
    fn now(&self) -> DateTime<Utc>;
    /// A new id.
    fn id(&self) -> Uuid;
    /// The W3C trace context of what is being done, or empty.
    fn traceparent(&self) -> String;
    /// By when something is to be done.
    fn deadlines(&self) -> &Deadlines;
}

impl Teller for Ctx {
    fn now(&self) -> DateTime<Utc> {
        Ctx::now(self)
    }

    fn id(&self) -> Uuid {
        Ctx::id(self)
    }

    fn traceparent(&self) -> String {
        self.traceparent.clone()
    }

    fn deadlines(&self) -> &Deadlines {
        Ctx::deadlines(self)
    }
}

impl Teller for Base {
    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    fn id(&self) -> Uuid {
        self.clock.id()
    }

    fn traceparent(&self) -> String {
        telemetry::current_traceparent()
    }

    fn deadlines(&self) -> &Deadlines {
        &self.deadlines
    }
}

/// Writes an event in the transaction of its change.
pub(crate) async fn tell<E: Message + Name>(
    teller: &impl Teller,
    tx: &mut Tx,
    subject: &str,
    organisations: &[String],
    event: &E,
) -> Result<(), Error> {
    let new = outbox::NewEvent {
        id: teller.id(),
        r#type: &E::full_name(),
        subject,
        organisations,
        time: teller.now(),
        traceparent: &teller.traceparent(),
        data: event.encode_to_vec(),
    };
    Ok(outbox::put(tx, new).await?)
}
