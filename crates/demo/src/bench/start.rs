//! How soon it serves, and what it takes while nobody asks for anything.

use std::time::{Duration, Instant};

use samspil_proto::wound::v1::ListQueueRequest;

use super::{
    measure::{Samples, cpu_of, ms, rss_mb},
    report::{Report, Row},
    site::{Engine, Server, Site},
};

/// How long it is watched doing nothing.
const IDLE: Duration = Duration::from_secs(5);

pub(crate) async fn run(engine: &Engine, quick: bool, report: &mut Report) -> anyhow::Result<()> {
    let site = engine.site().await?;
    let (server, new, _) = started(&site).await?;
    server.stop().await?;
    report.row(Row::new("first start, migrated", engine.name(), 1).samples(&[new].into_iter().collect()));

    let (mut ready, mut answered, mut cpu) = (Samples::default(), Samples::default(), Duration::ZERO);
    for _ in 0..if quick { 5 } else { 20 } {
        let (server, until_ready, until_answered) = started(&site).await?;
        ready.push(until_ready);
        answered.push(until_answered);
        cpu += cpu_of(server.pid)?;
        server.stop().await?;
    }
    let cpu_ms_per_op = Some(ms(cpu) / ready.len() as f64);
    report.row(Row { cpu_ms_per_op, ..Row::new("start to ready", engine.name(), 1).samples(&ready) });
    report.row(Row::new("start to the first answer", engine.name(), 1).samples(&answered));

    let (server, ..) = started(&site).await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let before = cpu_of(server.pid)?;
    tokio::time::sleep(IDLE).await;
    let cpu = cpu_of(server.pid)? - before;
    let idle = Row {
        cpu_ms_per_op: Some(ms(cpu) / IDLE.as_secs_f64()),
        rss_mb: Some(rss_mb(server.pid)?),
        ..Row::new("idle, all roles, each second", engine.name(), 0)
    };
    report.row(idle);
    server.stop().await?;
    site.remove().await
}

/// Starts the server: how long until it says that it serves, and until a call is answered.
async fn started(site: &Site) -> anyhow::Result<(Server, Duration, Duration)> {
    let begun = Instant::now();
    let server = site.serve().await?;
    let ready = begun.elapsed();
    let specialist = server.connect("specialist").await?;
    specialist.wound().list_queue(ListQueueRequest::default()).await?;
    Ok((server, ready, begun.elapsed()))
}
