//! What a store far away failed at is tried again.
//!
//! Every request may arrive twice: a read changes nothing, what is written anew is the same, what is written once is compared, what is
//! removed is gone. So it is repeated whatever went wrong, unless the store has understood it and said no. The crate that
//! speaks S3 repeats nothing itself: it cannot know of a write on a condition that its answer was lost.
//!
//! A budget that all calls share keeps a store that is down from being asked more often for being down. What does not succeed
//! in time is refused, before the caller's own deadline ends the call without a word.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use rand::Rng as _;
use tokio::time::{Instant, sleep, timeout_at};

use super::Error;

/// Everything that one call has for one object. The deadline of a call that names none is 30 s, a client's own 15 s.
pub(super) const LIMIT: Duration = Duration::from_secs(10);

/// The longest first pause and the longest of all; each is drawn evenly between nothing and its longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(2));

/// Requests that may be repeated at once, and how many a second are regained.
const BUDGET: (f64, f64) = (50.0, 10.0);

/// How a store is asked again.
pub(super) struct Again {
    left: Mutex<(f64, Instant)>,
}

impl Default for Again {
    fn default() -> Self {
        Again { left: Mutex::new((BUDGET.0, Instant::now())) }
    }
}

impl Again {
    /// Asks until there is an answer, or no more time or budget.
    pub(super) async fn run<T, F, Fut>(&self, attempt: F) -> Result<T, Error>
    where
        F: Fn() -> Fut,
        Fut: Future<Output = object_store::Result<T>>,
    {
        let end = Instant::now() + LIMIT;
        let mut longest = PAUSES.0;
        loop {
            let error = match timeout_at(end, attempt()).await {
                Ok(Ok(answer)) => return Ok(answer),
                Ok(Err(object_store::Error::Generic { source, .. })) => source,
                Ok(Err(no)) => return Err(of(no)),
                Err(elapsed) => return Err(Error::Unavailable(elapsed.into())),
            };
            let pause = longest.mul_f64(rand::rng().random_range(0.0..=1.0));
            if Instant::now() + pause >= end || !self.may() {
                return Err(Error::Unavailable(error));
            }
            tracing::info!(error = %error, "the object store is asked again");
            sleep(pause).await;
            longest = (longest * 2).min(PAUSES.1);
        }
    }

    /// Takes one of the repetitions that the budget has.
    pub(super) fn may(&self) -> bool {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let (tokens, since) = *left;
        let now = Instant::now();
        let tokens = (tokens + BUDGET.1 * (now - since).as_secs_f64()).min(BUDGET.0);
        let may = tokens >= 1.0;
        *left = (if may { tokens - 1.0 } else { tokens }, now);
        may
    }
}

/// What the no of a store that has understood means.
fn of(no: object_store::Error) -> Error {
    use object_store::Error::{PermissionDenied, Unauthenticated};
    match no {
        // Keys that were changed or taken away are the operator's to mend; the caller may come again then.
        no @ (PermissionDenied { .. } | Unauthenticated { .. }) => Error::Unavailable(no.into()),
        no => no.into(),
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::Cell, future::pending};

    use super::*;

    fn broken<T>() -> object_store::Result<T> {
        Err(object_store::Error::Generic { store: "test", source: "cut".into() })
    }

    #[tokio::test(start_paused = true)]
    async fn what_passes_is_tried_again_and_a_no_is_taken() {
        let (again, asked) = (Again::default(), Cell::new(0));
        let third_time = || {
            asked.set(asked.get() + 1);
            std::future::ready(if asked.get() < 3 { broken() } else { Ok(7) })
        };
        assert_eq!(again.run(third_time).await.unwrap(), 7);
        asked.set(0);
        let there = || {
            asked.set(asked.get() + 1);
            std::future::ready(Err::<(), _>(object_store::Error::NotImplemented {
                operation: "put".to_owned(),
                implementer: "test".to_owned(),
            }))
        };
        assert!(matches!(again.run(there).await, Err(Error::Store(_))));
        assert_eq!(asked.get(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_store_that_says_nothing_or_nonsense_is_given_up_within_the_limit() {
        let again = Again::default();
        for silent in [true, false] {
            let begin = Instant::now();
            let attempt = || async move { if silent { pending().await } else { broken::<()>() } };
            assert!(matches!(again.run(attempt).await, Err(Error::Unavailable(_))));
            assert!(begin.elapsed() <= LIMIT);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_budget_is_shared_and_comes_back_with_time() {
        let again = Again::default();
        assert_eq!((0..100).filter(|_| again.may()).count(), BUDGET.0 as usize);
        let asked = Cell::new(0);
        let count = || {
            asked.set(asked.get() + 1);
            std::future::ready(broken::<()>())
        };
        assert!(again.run(count).await.is_err());
        assert_eq!(asked.get(), 1, "no budget, no second time");
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!((0..100).filter(|_| again.may()).count(), BUDGET.1 as usize);
    }
}
