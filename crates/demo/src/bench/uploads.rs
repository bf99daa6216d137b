//! Photos through the service: one at a time and several at once, beside the plain loop and the bare stream.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use samspil_client::{
    Connection,
    upload::{self, Event},
};
use samspil_proto::names::{PhotoName, WoundName};

use super::{
    floor::{self, Floor},
    measure::{Samples, cpu_of, forget_peak, load, ms, peak_mb},
    photos::{Picture, Pictures},
    report::{Report, Row, digits},
    setup,
    site::{Engine, Server},
    stream::Far,
};

/// What is done on the server after the last verdict belongs to the uploads too.
const AFTERMATH: Duration = Duration::from_millis(300);

/// The most photos that a visit may announce.
const OF_A_VISIT: usize = 50;

pub(crate) async fn run(engine: &Engine, pictures: &Pictures, quick: bool, report: &mut Report) -> anyhow::Result<()> {
    let site = engine.site().await?;
    let server = site.serve().await?;
    let nurse = server.connect("nurse").await?;
    let wound = setup::wound(&nurse).await?;
    for megapixels in pictures.sizes() {
        // Photos at once, and how many in all.
        let mut rounds = if quick { vec![(1, 8), (8, 24)] } else { vec![(1, 30), (8, 96)] };
        if !quick && megapixels == 12 {
            rounds.push((64, 64));
        }
        let sample = pictures.distinct(megapixels, if quick { 6 } else { 15 }, "floor");
        // The machine changes from minute to minute: the floor is taken before and after each round.
        let mut before = floor::of(&sample, site.folder.path()).await?;
        for (concurrency, count) in rounds {
            let batch = pictures.distinct(megapixels, count, &format!("{concurrency}"));
            let round = Round::run(&server, &wound, &batch, concurrency).await?;
            let after = floor::of(&sample, site.folder.path()).await?;
            round.report(engine, megapixels, (before.cpu_ms() + after.cpu_ms()) / 2.0, report);
            if concurrency == 1 {
                report.row(loop_row(engine, megapixels, &after));
            }
            // A photo of 3 MP fits into the windows whole: that would measure nothing.
            if concurrency == 1 && megapixels == 12 {
                let batch = pictures.distinct(megapixels, if quick { 8 } else { OF_A_VISIT }, "stream");
                transport(engine, megapixels, &server, &wound, &batch, report).await?;
            }
            before = after;
        }
    }
    server.stop().await?;
    site.remove().await
}

fn loop_row(engine: &Engine, megapixels: u32, floor: &Floor) -> Row {
    let row = Row::new(format!("floor: {megapixels} MP in a plain loop"), engine.name(), 1).samples(&floor.samples);
    Row { cpu_ms_per_op: Some(floor.cpu_ms()), ..row }
}

/// A client's times of one upload, each from its beginning.
#[derive(Default)]
struct Times {
    /// The service has said from which byte to go on.
    opened: Option<Duration>,
    /// The link has taken the last byte.
    handed_over: Option<Duration>,
    receipt: Option<Duration>,
    verdict: Option<Duration>,
}

struct Round {
    concurrency: usize,
    receipt: Samples,
    verdict: Samples,
    took: Duration,
    cpu: Duration,
    peak_mb: f64,
}

impl Round {
    async fn run(server: &Server, wound: &WoundName, batch: &[Picture], concurrency: usize) -> anyhow::Result<Round> {
        let nurses = server.connections("nurse", concurrency).await?;
        let nurse = nurses.first().context("a nurse")?;
        let mut jobs = Vec::with_capacity(batch.len());
        for pictures in batch.chunks(OF_A_VISIT) {
            let (_, names) = setup::visit(nurse, wound, pictures).await?;
            jobs.extend(names.into_iter().zip(pictures.iter().cloned()));
        }
        forget_peak(server.pid);
        let before = cpu_of(server.pid)?;
        let (times, took) = load(nurses, jobs, |nurse, (name, picture)| upload(nurse, name, picture)).await?;
        tokio::time::sleep(AFTERMATH).await;
        let samples = |of: fn(&Times) -> Option<Duration>| times.iter().filter_map(of).collect();
        Ok(Round {
            concurrency,
            receipt: samples(|times| times.receipt),
            verdict: samples(|times| times.verdict),
            took,
            cpu: cpu_of(server.pid)? - before,
            peak_mb: peak_mb(server.pid)?,
        })
    }

    fn report(&self, engine: &Engine, megapixels: u32, floor_cpu_ms: f64, report: &mut Report) {
        let row = |of: &str, samples| {
            let row = Row::new(format!("upload {megapixels} MP, {of}"), engine.name(), self.concurrency);
            row.samples(samples)
        };
        report.row(row("receipt", &self.receipt));
        let count = self.verdict.len() as f64;
        report.row(Row {
            ops_per_s: Some(count / self.took.as_secs_f64()),
            cpu_ms_per_op: Some(ms(self.cpu) / count),
            floor_cpu_ms: Some(floor_cpu_ms),
            rss_mb: Some(self.peak_mb),
            ..row("verdict", &self.verdict)
        });
    }
}

async fn upload(nurse: Connection, name: PhotoName, picture: Picture) -> anyhow::Result<Times> {
    let (begun, mut times, mut broken) = (Instant::now(), Times::default(), false);
    let photo = upload::upload_photo(&nurse, &name, picture.bytes, |event| match event {
        Event::Progress { sent, size, .. } => {
            times.opened.get_or_insert_with(|| begun.elapsed());
            if sent == size {
                times.handed_over.get_or_insert_with(|| begun.elapsed());
            }
        }
        Event::Interrupted => broken = true,
        Event::Stored(_) => times.receipt = Some(begun.elapsed()),
        Event::Verdict(_) => times.verdict = Some(begun.elapsed()),
    })
    .await?;
    anyhow::ensure!(!broken && times.verdict.is_some(), "the upload of {} was not a plain one", photo.name);
    Ok(times)
}

/// The same bytes over a bare stream, one photo this way and one that way, since the machine changes from minute to minute.
async fn transport(
    engine: &Engine,
    megapixels: u32,
    server: &Server,
    wound: &WoundName,
    batch: &[Picture],
    report: &mut Report,
) -> anyhow::Result<()> {
    let (far, nurse) = (Far::start().await?, server.connect("nurse").await?);
    let (mut opened, mut transfer, mut bare) = (Samples::default(), Samples::default(), Samples::default());
    let before = cpu_of(far.pid)?;
    let (_, names) = setup::visit(&nurse, wound, batch).await?;
    for (name, picture) in names.into_iter().zip(batch) {
        // The first one wakes the link up, as an upload's opening does.
        far.send(picture).await?;
        bare.push(far.send(picture).await?);
        let times = upload(nurse.clone(), name, picture.clone()).await?;
        let (begin, end) = times.opened.zip(times.handed_over).context("an upload's progress")?;
        opened.push(begin);
        transfer.push(end - begin);
    }
    let cpu = (cpu_of(far.pid)? - before) / (2 * batch.len() as u32);
    far.stop().await?;
    let row = |what: &str| Row::new(format!("{what}, {megapixels} MP"), engine.name(), 1);
    report.row(row("upload opened").samples(&opened));
    report.row(row("upload handed to the link").samples(&transfer));
    report.row(Row { cpu_ms_per_op: Some(ms(cpu)), ..row("floor: a bare stream").samples(&bare) });
    let megabytes = batch.iter().map(|picture| picture.bytes.len()).sum::<usize>() as f64 / batch.len() as f64 / 1e6;
    let rate = |ms: f64| megabytes / ms * 1e3;
    let [opened, transfer, bare] = [opened, transfer, bare].map(|samples| samples.percentile_ms(50.0));
    report.note(format!(
        "{}: an opened upload hands {} MB to the link at {} MB/s, a bare stream at {} MB/s: {:.0} % of it, and {:.0} % with the \
         opening (medians)",
        engine.name(),
        digits(megabytes),
        digits(rate(transfer)),
        digits(rate(bare)),
        100.0 * bare / transfer,
        100.0 * bare / (opened + transfer)
    ));
    Ok(())
}
