//! How long a transaction waits for a connection, and how many there are: OpenTelemetry's `db.client.connection.*`.

use std::time::Instant;

use opentelemetry::{
    KeyValue,
    metrics::{Histogram, Meter},
};
use sqlx::{Database, Pool};

/// A pool's waits. Measures nothing where nobody is told.
#[derive(Clone)]
pub(crate) struct Waits {
    waited: Histogram<f64>,
    pool: KeyValue,
}

/// Bounds in seconds: a connection that is free costs a fraction of a millisecond, and after some seconds nobody waits any more.
const BOUNDS: [f64; 10] = [0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 2.5, 5.0];

impl Waits {
    /// Of a pool, whose connections are counted from now on whenever a collector asks.
    pub(crate) fn of<D: Database>(pool: &Pool<D>, name: &str) -> Waits {
        let meter = opentelemetry::global::meter("samspil");
        let name = KeyValue::new("db.client.connection.pool.name", name.to_owned());
        observe(&meter, pool, &name);
        let waited = meter.f64_histogram("db.client.connection.wait_time").with_unit("s");
        let waited = waited.with_description("How long a transaction waits for a connection, with its BEGIN.");
        Waits { waited: waited.with_boundaries(BOUNDS.to_vec()).build(), pool: name }
    }

    /// Takes the time of getting one.
    pub(crate) async fn time<T>(&self, getting: impl Future<Output = T>) -> T {
        let begun = Instant::now();
        let got = getting.await;
        self.waited.record(begun.elapsed().as_secs_f64(), std::slice::from_ref(&self.pool));
        got
    }
}

fn observe<D: Database>(meter: &Meter, pool: &Pool<D>, name: &KeyValue) {
    let count = meter.i64_observable_up_down_counter("db.client.connection.count").with_unit("{connection}");
    let (told, of) = (pool.clone(), name.clone());
    let count = count.with_description("Connections, used and idle.").with_callback(move |observer| {
        let idle = told.num_idle() as i64;
        let state = |state: &'static str| [of.clone(), KeyValue::new("db.client.connection.state", state)];
        observer.observe(idle, &state("idle"));
        observer.observe((i64::from(told.size()) - idle).max(0), &state("used"));
    });
    count.build();
    let most = meter.i64_observable_up_down_counter("db.client.connection.max").with_unit("{connection}");
    let (told, of) = (pool.clone(), [name.clone()]);
    let most = most.with_description("The most connections that there may be.").with_callback(move |observer| {
        observer.observe(i64::from(told.options().get_max_connections()), &of);
    });
    most.build();
}
