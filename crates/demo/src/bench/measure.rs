//! Processor time, memory and latencies, as the kernel and the clock tell them.

use std::{
    fs,
    process::{Command, id},
    sync::{
        Arc, LazyLock, Mutex,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use anyhow::Context as _;

/// In what a process's time is counted: a hundredth of a second nearly everywhere.
static TICKS_PER_SECOND: LazyLock<u64> = LazyLock::new(|| {
    let told = Command::new("getconf").arg("CLK_TCK").output().ok();
    told.and_then(|told| String::from_utf8(told.stdout).ok()?.trim().parse().ok()).unwrap_or(100)
});

/// The processor time of a process so far, user and system, all its threads.
pub(crate) fn cpu_of(pid: u32) -> anyhow::Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).context("the bench needs Linux's /proc")?;
    // The name in parentheses may hold spaces. What follows it begins with the third field; the fourteenth and fifteenth count.
    let fields = stat.rsplit_once(')').map(|(_, rest)| rest.split_whitespace()).context("a /proc/…/stat")?;
    let ticks: Vec<u64> = fields.skip(11).take(2).map(str::parse).collect::<Result<_, _>>()?;
    Ok(Duration::from_secs_f64(ticks.iter().sum::<u64>() as f64 / *TICKS_PER_SECOND as f64))
}

/// The processor time of this process.
pub(crate) fn cpu_of_self() -> anyhow::Result<Duration> {
    cpu_of(id())
}

/// The processor time of this thread, to the nanosecond.
pub(crate) fn cpu_of_thread() -> anyhow::Result<Duration> {
    let stat = fs::read_to_string("/proc/thread-self/schedstat").context("the kernel tells no thread's time")?;
    Ok(Duration::from_nanos(stat.split_whitespace().next().context("a schedstat")?.parse()?))
}

/// What a process holds in memory now, in MB.
pub(crate) fn rss_mb(pid: u32) -> anyhow::Result<f64> {
    status_mb(pid, "VmRSS:")
}

/// The most that it has held since [`forget_peak`], in MB.
pub(crate) fn peak_mb(pid: u32) -> anyhow::Result<f64> {
    status_mb(pid, "VmHWM:")
}

fn status_mb(pid: u32, field: &str) -> anyhow::Result<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(field)).context("a field of /proc/…/status")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? * 1024.0 / 1e6)
}

/// Sets the peak to what is held now. Where the kernel refuses, the peak is that since the start.
pub(crate) fn forget_peak(pid: u32) {
    let _ = fs::write(format!("/proc/{pid}/clear_refs"), "5");
}

/// Latencies of one kind of operation.
#[derive(Default, Clone)]
pub(crate) struct Samples(Vec<Duration>);

impl Samples {
    pub(crate) fn push(&mut self, sample: Duration) {
        self.0.push(sample);
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The sample that so many percent are not above, in milliseconds.
    pub(crate) fn percentile_ms(&self, percent: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let rank = (percent / 100.0 * sorted.len() as f64).ceil() as usize;
        sorted.get(rank.max(1) - 1).map_or(f64::NAN, |sample| ms(*sample))
    }
}

impl FromIterator<Duration> for Samples {
    fn from_iter<T: IntoIterator<Item = Duration>>(samples: T) -> Self {
        Samples(samples.into_iter().collect())
    }
}

/// How many wanted a processor of this machine over the last five minutes: how far its numbers can be trusted.
pub(crate) fn load_average() -> String {
    let told = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    told.split_whitespace().nth(1).unwrap_or("unknown").to_owned()
}

pub(crate) fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// Takes jobs off a list with as many workers as there are `workers`, and gives what came of them and how long it took.
pub(crate) async fn load<W, J, T, F, Fut>(workers: Vec<W>, jobs: Vec<J>, work: F) -> anyhow::Result<(Vec<T>, Duration)>
where
    W: Clone + Send + 'static,
    J: Clone + Send + Sync + 'static,
    T: Send + 'static,
    F: Fn(W, J) -> Fut + Clone + Send + 'static,
    Fut: Future<Output = anyhow::Result<T>> + Send,
{
    let (next, jobs) = (Arc::new(AtomicUsize::new(0)), Arc::new(jobs));
    let done = Arc::new(Mutex::new(Vec::with_capacity(jobs.len())));
    let begun = Instant::now();
    let running = workers.into_iter().map(|worker| {
        let (next, jobs, done, work) = (next.clone(), jobs.clone(), done.clone(), work.clone());
        tokio::spawn(async move {
            while let Some(job) = jobs.get(next.fetch_add(1, Relaxed)) {
                let result = work(worker.clone(), job.clone()).await?;
                done.lock().map_err(|_| anyhow::anyhow!("another worker panicked"))?.push(result);
            }
            anyhow::Ok(())
        })
    });
    for worker in running.collect::<Vec<_>>() {
        worker.await??;
    }
    let took = begun.elapsed();
    let done = std::mem::take(&mut *done.lock().map_err(|_| anyhow::anyhow!("a worker panicked"))?);
    Ok((done, took))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_a_sample_that_was_taken() {
        let samples: Samples = (1..=100).rev().map(Duration::from_millis).collect();
        assert_eq!((samples.percentile_ms(50.0), samples.percentile_ms(99.0)), (50.0, 99.0));
        let few: Samples = [Duration::from_millis(7)].into_iter().collect();
        assert_eq!((few.percentile_ms(50.0), few.percentile_ms(99.0)), (7.0, 7.0));
    }

    #[test]
    fn a_thread_that_works_uses_the_processor() {
        let before = (cpu_of_thread().unwrap(), cpu_of_self().unwrap());
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_millis(100) {
            std::hint::black_box(begun);
        }
        assert!(cpu_of_thread().unwrap() > before.0 && cpu_of_self().unwrap() > before.1);
        assert!(rss_mb(id()).unwrap() > 0.5 && peak_mb(id()).unwrap() >= rss_mb(id()).unwrap() / 2.0);
    }
}
