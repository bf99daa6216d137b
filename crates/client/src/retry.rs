//! When a call is made again.
//!
//! Only what says itself that it is passing is repeated: UNAVAILABLE, a link that broke, and RESOURCE_EXHAUSTED when the
//! service tells after how long to come back. ABORTED is not: it means that somebody else was first, and that what was read
//! has to be read again by the caller. A change is repeated only under its `request_id`, which makes two arrivals one effect.
//!
//! The pause grows twofold with every attempt and is drawn evenly between nothing and that ("full jitter"), so that phones which
//! lost the same mast do not come back in step. A budget shared by all calls of a connection keeps a service that is down
//! from being asked more often for being down.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use prost_reflect::ReflectMessage as _;
use rand::Rng as _;
use tokio::time::{Instant, sleep, timeout_at};
use tonic::{Code, Response, Status};
use tonic_types::StatusExt as _;

use crate::{Error, error::is_transport};

/// How often and for how long a call is made again.
#[derive(Debug, Clone)]
pub struct Retry {
    first: Duration,
    longest: Duration,
    overall: Duration,
    budget: Arc<Budget>,
}

impl Default for Retry {
    /// Pauses from 0.2 s to 10 s, a minute for everything, and 20 retries at once, then one a second.
    fn default() -> Self {
        Retry {
            first: Duration::from_millis(200),
            longest: Duration::from_secs(10),
            overall: Duration::from_secs(60),
            budget: Arc::new(Budget::new(20.0, 1.0)),
        }
    }
}

impl Retry {
    /// Never retries: for a caller that shows every failure at once.
    pub fn never() -> Self {
        Retry::default().budget(0.0, 0.0)
    }

    /// The bounds of the first pause and of any pause.
    pub fn pauses(mut self, first: Duration, longest: Duration) -> Self {
        (self.first, self.longest) = (first, longest);
        self
    }

    /// How long to try for. An upload counts from the last byte that got through.
    pub fn overall(mut self, overall: Duration) -> Self {
        self.overall = overall;
        self
    }

    /// How many retries may follow each other at once, and how many a second the budget regains.
    pub fn budget(mut self, at_once: f64, per_second: f64) -> Self {
        self.budget = Arc::new(Budget::new(at_once, per_second));
        self
    }

    pub(crate) async fn run<T, F, Fut>(&self, repeatable: bool, mut call: F) -> Result<T, Error>
    where
        F: FnMut() -> Fut,
        Fut: Future<Output = Result<Response<T>, Status>>,
    {
        let mut backoff = self.start();
        loop {
            let status = match timeout_at(backoff.end, call()).await {
                Err(_elapsed) => return Err(Error::Deadline),
                Ok(Ok(response)) => return Ok(response.into_inner()),
                Ok(Err(status)) => status,
            };
            if !repeatable {
                return Err(status.into());
            }
            backoff.pause(status).await?;
        }
    }

    pub(crate) fn start(&self) -> Backoff<'_> {
        Backoff { retry: self, attempt: 0, end: Instant::now() + self.overall }
    }
}

/// The pauses between the attempts of one call.
pub(crate) struct Backoff<'a> {
    retry: &'a Retry,
    attempt: u32,
    end: Instant,
}

impl Backoff<'_> {
    /// Waits before the next attempt, or gives the error back when there is to be none.
    pub(crate) async fn pause(&mut self, status: Status) -> Result<(), Error> {
        match pause_asked_for(&status) {
            Some(at_least) => self.wait(at_least, status).await,
            None => Err(status.into()),
        }
    }

    /// Waits at least so long, whatever the status says of itself.
    pub(crate) async fn wait(&mut self, at_least: Duration, status: Status) -> Result<(), Error> {
        let most = self.retry.first.saturating_mul(1 << self.attempt.min(16)).min(self.retry.longest);
        let pause = at_least + most.mul_f64(rand::rng().random_range(0.0..=1.0));
        if Instant::now() + pause >= self.end || !self.retry.budget.take() {
            return Err(status.into());
        }
        self.attempt += 1;
        sleep(pause).await;
        Ok(())
    }

    /// Something got through: the pauses begin anew, and so does the time for everything.
    pub(crate) fn progressed(&mut self) {
        self.attempt = 0;
        self.end = Instant::now() + self.retry.overall;
    }
}

/// Whether what failed may be tried again as it is.
pub(crate) fn is_passing(status: &Status) -> bool {
    pause_asked_for(status).is_some()
}

/// The least pause before the call may be repeated; `None` when it must not be.
fn pause_asked_for(status: &Status) -> Option<Duration> {
    let hint = status.get_details_retry_info().and_then(|info| info.retry_delay);
    match status.code() {
        Code::DeadlineExceeded => None,
        Code::Unavailable => Some(hint.unwrap_or_default()),
        _ if is_transport(status) => Some(Duration::ZERO),
        Code::ResourceExhausted => hint,
        _ => None,
    }
}

/// Whether a request may arrive twice: a read, which has no `request_id`, or a change that carries one.
pub(crate) fn is_repeatable<M: prost::Message + prost::Name>(request: &M) -> bool {
    let Some(descriptor) = samspil_proto::descriptors().get_message_by_name(&M::full_name()) else {
        return false;
    };
    let Some(field) = descriptor.get_field_by_name("request_id") else {
        return true;
    };
    let mut message = prost_reflect::DynamicMessage::new(descriptor);
    message.transcode_from(request).is_ok() && message.transcode_to_dynamic().has_field(&field)
}

/// A bucket of tokens, one for each retry.
#[derive(Debug)]
struct Budget {
    most: f64,
    per_second: f64,
    left: Mutex<Option<(f64, Instant)>>,
}

impl Budget {
    fn new(most: f64, per_second: f64) -> Self {
        Budget { most, per_second, left: Mutex::new(None) }
    }

    fn take(&self) -> bool {
        let now = Instant::now();
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let (tokens, since) = left.unwrap_or((self.most, now));
        let tokens = (tokens + self.per_second * (now - since).as_secs_f64()).min(self.most);
        let taken = tokens >= 1.0;
        *left = Some((if taken { tokens - 1.0 } else { tokens }, now));
        taken
    }
}

#[cfg(test)]
mod tests {
    use samspil_proto::wound::v1::{CreateVisitRequest, GetPhotoRequest};
    use tonic_types::ErrorDetails;

    use super::*;

    fn exhausted(hint: Option<Duration>) -> Status {
        match hint {
            None => Status::resource_exhausted("full"),
            hint => Status::with_error_details(Code::ResourceExhausted, "full", ErrorDetails::with_retry_info(hint)),
        }
    }

    #[test]
    fn only_what_is_passing_is_repeated() {
        let second = Duration::from_secs(1);
        assert_eq!(pause_asked_for(&Status::unavailable("restarts")), Some(Duration::ZERO));
        assert_eq!(pause_asked_for(&exhausted(Some(second))), Some(second));
        assert_eq!(pause_asked_for(&Status::from_error(Box::new(std::io::Error::other("cut")))), Some(Duration::ZERO));
        assert_eq!(pause_asked_for(&exhausted(None)), None);
        for code in [Code::Aborted, Code::Internal, Code::DeadlineExceeded, Code::FailedPrecondition, Code::Cancelled] {
            assert_eq!(pause_asked_for(&Status::new(code, "")), None, "{code}");
        }
    }

    #[test]
    fn a_change_is_repeatable_only_with_its_request_id() {
        assert!(is_repeatable(&GetPhotoRequest::default()));
        assert!(!is_repeatable(&CreateVisitRequest::default()));
        assert!(is_repeatable(&CreateVisitRequest { request_id: "id".to_owned(), ..CreateVisitRequest::default() }));
    }

    #[tokio::test(start_paused = true)]
    async fn retries_end_with_the_budget_and_come_back_with_time() {
        let retry = Retry::default().budget(2.0, 1.0);
        let mut calls = 0;
        let call = || {
            calls += 1;
            async { Err::<Response<()>, _>(Status::unavailable("down")) }
        };
        assert!(retry.run(true, call).await.unwrap_err().is_passing());
        assert!((3..=5).contains(&calls), "{calls} calls");
        tokio::time::advance(Duration::from_secs(2)).await;
        assert!(retry.budget.take());
    }

    #[tokio::test(start_paused = true)]
    async fn the_overall_time_ends_an_endless_call_and_endless_retries() {
        let retry = Retry::default().overall(Duration::from_secs(5));
        let begin = Instant::now();
        let endless = retry.run::<(), _, _>(true, std::future::pending).await;
        assert!(matches!(endless, Err(Error::Deadline)));
        let down = retry.run::<(), _, _>(true, || async { Err(Status::unavailable("down")) }).await;
        assert!(matches!(down, Err(Error::Unavailable { .. })));
        assert!(begin.elapsed() <= Duration::from_secs(10));
    }
}
