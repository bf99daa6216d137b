//! Metrics: how they leave the process, and what the kit itself measures. docs/metrics.md lists all of them. Names and units are
//! those of OpenTelemetry's conventions where it has any.
//!
//! Instruments come from OpenTelemetry's global meter. Without a collector that is one that does nothing, so whoever measures
//! need not ask. What has to be read from a database is read by one worker now and then, only when there is a collector
//! ([`is_on`]), however often it asks.

use std::{
    sync::{
        Arc, LazyLock,
        atomic::{AtomicBool, AtomicI64, Ordering::Relaxed},
    },
    time::Duration,
};

use chrono::{DateTime, Utc};
use opentelemetry::{
    KeyValue,
    metrics::{Counter, Histogram, Meter},
};
use opentelemetry_sdk::{Resource, metrics::SdkMeterProvider};
use tonic::metadata::MetadataMap;

use crate::{Clock, common::Common, edge::name_of, permission};

static ON: AtomicBool = AtomicBool::new(false);

/// Whether anybody is told. What costs a query is not measured for nobody.
pub fn is_on() -> bool {
    ON.load(Relaxed)
}

/// The meter that our instruments are of.
pub fn meter() -> Meter {
    opentelemetry::global::meter("samspil")
}

/// Which of our services something is measured of.
pub fn service(name: &'static str) -> KeyValue {
    KeyValue::new("samspil.service", name)
}

/// Begins to send what is measured to a collector.
///
/// # Errors
/// When the endpoint is none.
pub(super) fn start(endpoint: &str, metadata: MetadataMap, resource: Resource) -> anyhow::Result<SdkMeterProvider> {
    use opentelemetry_otlp::{WithExportConfig as _, WithTonicConfig as _};
    let exporter = opentelemetry_otlp::MetricExporter::builder();
    let exporter = exporter.with_tonic().with_endpoint(endpoint).with_metadata(metadata).build()?;
    let provider = SdkMeterProvider::builder().with_resource(resource).with_periodic_exporter(exporter).build();
    opentelemetry::global::set_meter_provider(provider.clone());
    ON.store(true, Relaxed);
    Ok(provider)
}

/// The bounds that OpenTelemetry's conventions name for calls, in seconds.
const SECONDS: [f64; 14] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// A histogram of seconds.
pub fn seconds(name: &'static str, description: &'static str) -> Histogram<f64> {
    let meter = meter();
    let histogram = meter.f64_histogram(name).with_unit("s").with_description(description);
    histogram.with_boundaries(SECONDS.to_vec()).build()
}

/// Codes that say that something broke here, by OpenTelemetry's conventions for servers.
const BROKEN: [&str; 6] = ["UNKNOWN", "DEADLINE_EXCEEDED", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS"];

/// Measures a call that has ended with a code, or with the reason of a refusal of the edge's. A path that is no method of ours is
/// measured as such, as anybody may think of any number of them.
pub(crate) fn call_ended(path: &str, code: &str, took: Duration) {
    static CALLS: LazyLock<Histogram<f64>> =
        LazyLock::new(|| seconds("rpc.server.call.duration", "How long calls take."));
    let method = permission::method(path).map_or("_OTHER", |method| method.name);
    let code = Common::ALL.iter().find(|(reason, ..)| *reason == code).map_or(code, |(_, code, _)| name_of(*code));
    let mut attributes = vec![
        KeyValue::new("rpc.system.name", "grpc"),
        KeyValue::new("rpc.method", method),
        KeyValue::new("rpc.response.status_code", code.to_owned()),
    ];
    if BROKEN.contains(&code) {
        attributes.push(KeyValue::new("error.type", code.to_owned()));
    }
    CALLS.record(took.as_secs_f64(), &attributes);
}

/// How a follower gets on with a source's log.
pub(crate) struct Following {
    behind: Since,
    handled: Counter<u64>,
    attributes: [KeyValue; 2],
}

impl Following {
    pub(crate) fn of(clock: Clock, own_name: &'static str, source: &'static str) -> Following {
        let attributes = [service(own_name), KeyValue::new("samspil.follower.source", source)];
        let behind = Since::observed(
            "samspil.follower.lag",
            "For how long the follower has not had what it follows: the age of the event at hand, or the time since the source \
             was last reached.",
            clock,
            attributes.to_vec(),
        );
        let meter = meter();
        let handled = meter.u64_counter("samspil.follower.events").with_unit("{event}");
        let handled = handled.with_description("Events whose effect the follower had, or failed to have.").build();
        Following { behind, handled, attributes }
    }

    /// An event is at hand.
    pub(crate) fn has(&self, event: DateTime<Utc>) {
        self.behind.begin(event);
    }

    /// The source cannot be reached, or its event cannot be handled: what was late already stays so.
    pub(crate) fn is_interrupted(&self, now: DateTime<Utc>) {
        self.behind.begin(now);
    }

    /// Everything that is known of has had its effect.
    pub(crate) fn is_up_to_date(&self) {
        self.behind.end();
    }

    /// The effect of the event at hand was had, or not.
    pub(crate) fn handled(&self, outcome: &'static str) {
        let [service, source] = self.attributes.clone();
        self.handled.add(1, &[service, source, KeyValue::new("samspil.outcome", outcome)]);
    }
}

/// Since when something has been waiting. What is told is how long that is at the moment of telling, so that it grows by itself
/// when whoever should end the wait, or look for it, is gone.
#[derive(Clone)]
pub struct Since(Arc<AtomicI64>);

/// Nothing waits.
const NOTHING: i64 = i64::MAX;

impl Since {
    /// One that is told as a gauge of seconds, 0 while nothing waits.
    pub fn observed(name: &'static str, description: &'static str, clock: Clock, attributes: Vec<KeyValue>) -> Since {
        let since = Since(Arc::new(AtomicI64::new(NOTHING)));
        let told = since.clone();
        let meter = meter();
        let gauge = meter.f64_observable_gauge(name).with_unit("s").with_description(description);
        gauge.with_callback(move |observer| observer.observe(told.seconds(clock.now()), &attributes)).build();
        since
    }

    /// It has been waiting since then: what was known to wait for longer goes on.
    pub fn begin(&self, at: DateTime<Utc>) {
        self.0.fetch_min(at.timestamp_micros(), Relaxed);
    }

    /// Since then exactly, or not at all.
    pub fn set(&self, at: Option<DateTime<Utc>>) {
        self.0.store(at.map_or(NOTHING, |at| at.timestamp_micros()), Relaxed);
    }

    /// Nothing waits any more.
    pub fn end(&self) {
        self.set(None);
    }

    fn seconds(&self, now: DateTime<Utc>) -> f64 {
        let since = self.0.load(Relaxed);
        if since == NOTHING { 0.0 } else { (now.timestamp_micros() - since).max(0) as f64 / 1e6 }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_wait_grows_until_it_ends_and_begins_with_what_has_waited_longest() {
        let since = Since(Arc::new(AtomicI64::new(NOTHING)));
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let ago = |seconds| now - TimeDelta::seconds(seconds);
        assert_eq!(since.seconds(now), 0.0);
        since.begin(ago(5));
        since.begin(ago(2));
        assert_eq!(since.seconds(now), 5.0);
        assert_eq!(since.seconds(now + TimeDelta::seconds(7)), 12.0);
        since.set(Some(now + TimeDelta::seconds(9)));
        assert_eq!(since.seconds(now), 0.0, "what is due later does not wait yet");
        since.end();
        assert_eq!(since.seconds(now), 0.0);
    }
}
