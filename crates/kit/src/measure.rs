//! The worker that looks how much waits in a service's tables, for whoever watches the installation.

use std::time::Duration;

use opentelemetry::{KeyValue, metrics::Gauge};
use samspil_store::{audit::seals, outbox};
use tokio_util::sync::CancellationToken;

use crate::{
    Base, Error,
    telemetry::metrics::{self, Since},
};

/// How often it looks. A collector that asks more often is told the same again; how long something has waited grows all the same.
pub const EVERY: Duration = Duration::from_secs(20);

/// A number of rows and the age of the oldest of them.
pub struct Backlog {
    rows: Gauge<u64>,
    oldest: Since,
    attributes: Vec<KeyValue>,
}

impl Backlog {
    /// Told under these names.
    pub fn new(
        base: &Base,
        (rows, unit, of): (&'static str, &'static str, &'static str),
        (oldest, age): (&'static str, &'static str),
        attributes: Vec<KeyValue>,
    ) -> Backlog {
        let rows = metrics::meter().u64_gauge(rows).with_unit(unit).with_description(of).build();
        let oldest = Since::observed(oldest, age, base.clock.clone(), attributes.clone());
        Backlog { rows, oldest, attributes }
    }

    /// What there is now.
    pub fn tell(&self, (rows, oldest): outbox::Waiting) {
        self.rows.record(rows.max(0) as u64, &self.attributes);
        self.oldest.set(oldest);
    }
}

/// Looks until it is told to stop, if there is anybody to tell.
pub(crate) async fn run(base: Base, own_name: &'static str, stop: CancellationToken) {
    if !metrics::is_on() {
        return;
    }
    let of = vec![metrics::service(own_name)];
    let events = Backlog::new(
        &base,
        ("samspil.outbox.events", "{event}", "Events that are committed and have no place in the log yet."),
        ("samspil.outbox.age", "How long the oldest event without a place in the log has waited."),
        of.clone(),
    );
    let entries = Backlog::new(
        &base,
        ("samspil.audit.unsealed.entries", "{entry}", "Entries of the audit that are outside of its chain."),
        ("samspil.audit.unsealed.age", "How long the oldest entry outside of the chain has waited."),
        of,
    );
    while again(&stop, look(&base, &events, &entries).await).await {}
}

async fn look(base: &Base, events: &Backlog, entries: &Backlog) -> Result<(), Error> {
    let mut tx = base.db.read().await?;
    events.tell(outbox::waiting(&mut tx).await?);
    entries.tell(seals::outside_of_chain(&mut tx).await?);
    Ok(())
}

/// Waits until it is time to look again; false when there is no more looking. A look that failed is logged.
pub async fn again(stop: &CancellationToken, looked: Result<(), Error>) -> bool {
    if let Err(error) = looked {
        tracing::warn!(reason = error.reason(), status = %tonic::Status::from(error), "failed to measure what waits");
    }
    stop.run_until_cancelled(tokio::time::sleep(EVERY)).await.is_some()
}
