//! What is told of the queue and of the image steps. It names nobody: the queue is that of all specialists together.

use std::{sync::LazyLock, time::Duration};

use chrono::{DateTime, Utc};
use opentelemetry::{
    KeyValue,
    metrics::{Gauge, Histogram},
};
use samspil_kit::{
    Base, Error,
    measure::{Backlog, again},
    telemetry::metrics,
};
use samspil_proto::wound::v1::AssessmentState;
use samspil_store::{Tx, sql};
use tokio_util::sync::CancellationToken;

/// Looks at the queue until it is told to stop, if there is anybody to tell.
pub(crate) async fn work(base: Base, stop: CancellationToken) {
    if !metrics::is_on() {
        return;
    }
    let queue = Backlog::new(
        &base,
        ("samspil.assessment.queue.length", "{assessment}", "Questions that wait for a specialist's answer."),
        ("samspil.assessment.queue.age", "How long the oldest question has waited."),
        vec![],
    );
    let meter = metrics::meter();
    let overdue = meter.u64_gauge("samspil.assessment.queue.overdue").with_unit("{assessment}");
    let overdue = overdue.with_description("Questions that are past their due time.").build();
    while again(&stop, look(&base, &queue, &overdue).await).await {}
}

async fn look(base: &Base, queue: &Backlog, overdue: &Gauge<u64>) -> Result<(), Error> {
    let (open, oldest, late) = waiting(&mut base.db.read().await?, base.clock.now()).await?;
    queue.tell((open, oldest));
    overdue.record(late.max(0) as u64, &[]);
    Ok(())
}

/// How many questions wait for a specialist, since when the oldest does, and how many are past their due time. One that waits for more
/// from whoever asked is nobody's here.
async fn waiting(tx: &mut Tx, now: DateTime<Utc>) -> Result<(i64, Option<DateTime<Utc>>, i64), Error> {
    Ok(sql!(
        tx,
        fetch_one as (i64, Option<DateTime<Utc>>, i64),
        "SELECT COUNT(*), MIN(create_time), COUNT(CASE WHEN due_time < $1 THEN 1 END)
         FROM assessments WHERE is_open AND state <> $2",
        now,
        AssessmentState::AwaitingMore as i32
    )?)
}

/// Measures image steps that are over.
pub(crate) fn steps(steps: impl Iterator<Item = (&'static str, Duration)>) {
    static STEPS: LazyLock<Histogram<f64>> =
        LazyLock::new(|| metrics::seconds("samspil.image.step.duration", "How long each step of a photo takes."));
    for (name, took) in steps {
        STEPS.record(took.as_secs_f64(), &[KeyValue::new("samspil.image.step", name)]);
    }
}
