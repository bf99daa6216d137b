//! A page of a long queue, beside the bare statement that reads it.
//!
//! Before a page leaves, the audit log says who saw what of whom: a row for each patient, here fifty, and a commit. That is by
//! design, and so there are two floors: the statement alone, and the statement with those rows and that commit.

use std::time::{Duration, Instant};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use samspil_client::{Clock, Connection};
use samspil_kit::identity::demo;
use samspil_proto::wound::v1::{AssessmentState, ListQueueRequest};
use samspil_store::{Db, Tx, audit, open_to, sql};
use uuid::Uuid;

use super::{
    fill::{Filled, fill},
    measure::{Samples, cpu_of, cpu_of_self, load, ms, peak_mb},
    report::{Report, Row, digits},
    site::{Engine, Server, Site},
};

const PAGE: i32 = 50;

pub(crate) async fn run(engine: &Engine, quick: bool, report: &mut Report) -> anyhow::Result<()> {
    let mut queues = Vec::new();
    for count in if quick { vec![10_000] } else { vec![10_000, 1_000_000] } {
        queues.push(Queue::of_length(engine, count, if quick { 100 } else { 200 }, report).await?);
    }
    if let [short, long] = queues.as_slice() {
        by_turns(short, long, engine, report).await?;
    }
    for queue in queues {
        queue.close().await?;
    }
    Ok(())
}

/// How often the first page of each queue is asked for, where they are compared.
const TURNS: usize = 1000;

/// The first page of a short and of a long queue by turns, so that both meet the same moments of the machine.
async fn by_turns(short: &Queue, long: &Queue, engine: &Engine, report: &mut Report) -> anyhow::Result<()> {
    let mut of_short = Samples::default();
    let mut of_long = Samples::default();
    for _ in 0..TURNS {
        of_short.push(page(short.specialist.clone(), first_page()).await?);
        of_long.push(page(long.specialist.clone(), first_page()).await?);
    }
    for (queue, samples) in [(short, &of_short), (long, &of_long)] {
        report.row(Row::new(queue.title("first page, by turns"), engine.name(), 1).samples(samples));
    }
    let (short, long) = (of_short.percentile_ms(99.0), of_long.percentile_ms(99.0));
    report.note(format!(
        "{}: p99 of a page with 1,000,000 in the queue is {:.2} × that with 10,000 ({} and {} ms), by turns",
        engine.name(),
        long / short,
        digits(long),
        digits(short)
    ));
    Ok(())
}

/// A queue that is filled and served.
struct Queue {
    count: i64,
    site: Site,
    db: Db,
    server: Server,
    specialist: Connection,
}

fn first_page() -> ListQueueRequest {
    ListQueueRequest { page_size: PAGE, ..ListQueueRequest::default() }
}

impl Queue {
    /// Fills one and measures it.
    async fn of_length(engine: &Engine, count: i64, repeat: usize, report: &mut Report) -> anyhow::Result<Queue> {
        let site = engine.site().await?;
        // It puts its people in, and then stays away while the tables are filled.
        site.serve().await?.stop().await?;
        let db = site.wound_db().await?;
        let begun = Instant::now();
        let filled = fill(&db, count, Clock::system().now()).await?;
        site.settle().await?;
        println!("  {count} assessments on {} written in {:.1} s", engine.name(), begun.elapsed().as_secs_f64());

        let begun = Instant::now();
        let server = site.serve().await?;
        let ready = begun.elapsed();
        let specialist = server.connect("specialist").await?;
        let queue = Queue { count, site, db, server, specialist };
        let ready = Row::new(queue.title("start to ready"), engine.name(), 1).samples(&[ready].into_iter().collect());
        report.row(ready);
        queue.measure(&filled, engine, repeat, report).await?;
        Ok(queue)
    }

    fn title(&self, what: &str) -> String {
        format!("queue of {}, {what}", grouped(self.count))
    }

    async fn measure(
        &self,
        filled: &Filled,
        engine: &Engine,
        repeat: usize,
        report: &mut Report,
    ) -> anyhow::Result<()> {
        let Queue { db, server, specialist, .. } = self;
        let first = first_page();
        let token = specialist.wound().list_queue(first.clone()).await?.into_inner().next_page_token;
        let deep = ListQueueRequest { page_token: moved(&token, filled)?, ..first.clone() };
        let more = ListQueueRequest { state: AssessmentState::AwaitingMore as i32, ..first.clone() };
        let (middle, start) = (filled.middle(), (DateTime::UNIX_EPOCH, Uuid::nil()));

        let statement = floor(db, start, repeat, false, self.title("first page"), report, engine).await?;
        let pages = Pages { server, specialist, engine, repeat };
        pages.list(self.title("first page"), &first, 1, Some(statement), report).await?;
        floor(db, start, repeat, true, self.title("first page"), report, engine).await?;
        pages.list(self.title("first page"), &first, 8, Some(statement), report).await?;
        let statement = floor(db, middle, repeat, false, self.title("page in the middle"), report, engine).await?;
        pages.list(self.title("page in the middle"), &deep, 1, Some(statement), report).await?;
        let few = Pages { repeat: repeat / 5, ..pages };
        few.list(self.title("page of the 1 in 1,000 in a state"), &more, 1, None, report).await
    }

    async fn close(self) -> anyhow::Result<()> {
        self.db.close().await;
        self.server.stop().await?;
        self.site.remove().await
    }
}

struct Pages<'a> {
    server: &'a Server,
    specialist: &'a Connection,
    engine: &'a Engine,
    repeat: usize,
}

impl Pages<'_> {
    async fn list(
        &self,
        scenario: String,
        request: &ListQueueRequest,
        concurrency: usize,
        floor_cpu_ms: Option<f64>,
        report: &mut Report,
    ) -> anyhow::Result<()> {
        for _ in 0..3 {
            page(self.specialist.clone(), request.clone()).await?;
        }
        let specialists = self.server.connections("specialist", concurrency).await?;
        let before = cpu_of(self.server.pid)?;
        let (samples, took) = load(specialists, vec![request.clone(); self.repeat], page).await?;
        let cpu = cpu_of(self.server.pid)? - before;
        let samples: Samples = samples.into_iter().collect();
        report.row(Row {
            ops_per_s: Some(self.repeat as f64 / took.as_secs_f64()),
            cpu_ms_per_op: Some(ms(cpu) / self.repeat as f64),
            floor_cpu_ms,
            rss_mb: Some(peak_mb(self.server.pid)?),
            ..Row::new(scenario, self.engine.name(), concurrency).samples(&samples)
        });
        Ok(())
    }
}

async fn page(specialist: Connection, request: ListQueueRequest) -> anyhow::Result<Duration> {
    let begun = Instant::now();
    let listed = specialist.wound().list_queue(request).await?.into_inner().assessments.len();
    let took = begun.elapsed();
    anyhow::ensure!(listed > 0, "the queue is empty");
    Ok(took)
}

/// What of a row is looked at.
#[derive(sqlx::FromRow)]
struct Read {
    patient_id: Uuid,
    assessment_id: Uuid,
    due_time: DateTime<Utc>,
    detail: Vec<u8>,
}

/// The bare statement, as the service has it in `assessment/queue/sql.rs`, for the whole queue.
async fn statement(tx: &mut Tx, after: (DateTime<Utc>, Uuid)) -> anyhow::Result<Vec<Read>> {
    Ok(sql!(
        tx,
        fetch_all as Read,
        concat!(
            "SELECT a.* FROM assessments a
             WHERE a.receiver = $1 AND a.is_open = $2 AND ($3 = 0 OR a.state = $3)
               AND (a.due_time, a.rank, a.assessment_id)
                   > ($4, COALESCE((SELECT p.rank FROM assessments p WHERE p.assessment_id = $5), 0), $5)
               AND ",
            open_to!("a.patient_id", "$1", "$7", "$8"),
            " ORDER BY a.due_time, a.rank, a.assessment_id LIMIT $6"
        ),
        demo::HOSPITAL,
        true,
        0,
        after.0,
        after.1,
        i64::from(PAGE) + 1,
        "demo-specialist",
        after.0
    )?)
}

/// Measures the statement, alone or with the rows of the audit log. Gives its processor time in milliseconds.
async fn floor(
    db: &Db,
    after: (DateTime<Utc>, Uuid),
    repeat: usize,
    audited: bool,
    scenario: String,
    report: &mut Report,
    engine: &Engine,
) -> anyhow::Result<f64> {
    // Processor time is counted in hundredths of a second: the statement alone needs many to fill one.
    let repeat = if audited { repeat } else { repeat * 5 };
    let (mut samples, mut cpu) = (Samples::default(), cpu_of_self()?);
    for i in 0..repeat + 3 {
        if i == 3 {
            // The first ones warm up.
            (samples, cpu) = (Samples::default(), cpu_of_self()?);
        }
        let begun = Instant::now();
        let rows = statement(&mut db.read().await?, after).await?;
        anyhow::ensure!(rows.iter().all(|row| row.due_time > after.0 && !row.detail.is_empty()), "another page");
        if audited {
            let mut tx = db.begin().await?;
            for row in rows.iter().take(PAGE as usize) {
                audit::put(&mut tx, &entry(row)).await?;
            }
            tx.commit().await?;
        }
        samples.push(begun.elapsed());
    }
    let cpu_ms = ms(cpu_of_self()? - cpu) / repeat as f64;
    let what = if audited { "bare statement and 50 audit rows" } else { "bare statement" };
    let row = Row::new(format!("floor: {scenario}, {what}"), engine.name(), 1).samples(&samples);
    report.row(Row { cpu_ms_per_op: Some(cpu_ms), ..row });
    Ok(cpu_ms)
}

fn entry(row: &Read) -> audit::Entry {
    let clock = Clock::system();
    audit::Entry {
        entry_id: clock.id(),
        time: clock.now(),
        person: "bench".to_owned(),
        display_name: "Søren Holm".to_owned(),
        organisation: demo::HOSPITAL.to_owned(),
        role: "specialist".to_owned(),
        action: "samspil.wound.v1.WoundService/ListQueue".to_owned(),
        patient_id: Some(row.patient_id),
        resource: format!("patients/{0}/wounds/{0}/assessments/{1}", row.patient_id, row.assessment_id),
        outcome: "OK".to_owned(),
        trace_id: "0af7651916cd43dd8448eb211c80319c".to_owned(),
        ..audit::Entry::default()
    }
}

/// The token of the page in the middle, made from that of the second: eight bytes that say of which list it is, then the time
/// in microseconds and the id that the page comes after (`kit::paging`). To walk there would take longer than to measure.
fn moved(token: &str, filled: &Filled) -> anyhow::Result<String> {
    let mut bytes = URL_SAFE_NO_PAD.decode(token)?;
    anyhow::ensure!(bytes.len() == 32, "page tokens have changed");
    let (time, id) = filled.middle();
    bytes[8..16].copy_from_slice(&time.timestamp_micros().to_be_bytes());
    bytes[16..].copy_from_slice(id.as_bytes());
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// 1000000 as 1,000,000.
fn grouped(n: i64) -> String {
    let digits = n.to_string();
    let parts: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    parts.join(",")
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_number_is_grouped_by_thousands() {
        assert_eq!([super::grouped(10_000), super::grouped(1_000_000)], ["10,000", "1,000,000"]);
    }
}
