//! How long a call may take: the caller's deadline, or the server's own. What is left of it goes along to the services that the
//! call asks in its turn.

use std::time::{Duration, Instant};

use http::HeaderMap;

use crate::permission;

/// How long a call may take whose caller names no deadline.
const DEFAULT: Duration = Duration::from_secs(30);

/// How long a service waits for another's first answer when no call of a person's is behind it.
const OF_WORKERS: Duration = Duration::from_secs(10);

tokio::task_local! {
    /// When the running call has to be done.
    static DONE_BY: Option<Instant>;
}

/// The caller's deadline, or the server's own for a call that does not stream.
pub(super) fn limit(headers: &HeaderMap, method: &str) -> Option<Duration> {
    let asked = headers.get("grpc-timeout").and_then(|value| value.to_str().ok()).and_then(parse);
    // A little early, so that the caller hears DEADLINE_EXCEEDED with its details instead of a cancelled stream.
    let asked = asked.map(|asked| asked - (asked / 50).min(Duration::from_millis(20)));
    let streams = permission::method(&format!("/{method}")).is_some_and(|method| method.streams);
    asked.or((!streams).then_some(DEFAULT))
}

/// Runs a call that has to be done within a limit, if there is one. `None` when it was not.
pub(super) async fn within<T>(limit: Option<Duration>, call: impl Future<Output = T>) -> Option<T> {
    let done_by = limit.and_then(|limit| Instant::now().checked_add(limit));
    let call = DONE_BY.scope(done_by, call);
    match limit {
        Some(limit) => tokio::time::timeout(limit, call).await.ok(),
        None => Some(call.await),
    }
}

/// The `grpc-timeout` of a call that the running one makes.
pub(crate) fn passed_on() -> String {
    let left = match DONE_BY.try_with(|done_by| *done_by).ok().flatten() {
        Some(done_by) => done_by.saturating_duration_since(Instant::now()),
        None => OF_WORKERS,
    };
    // Eight digits at most.
    format!("{}m", left.as_millis().min(99_999_999))
}

fn parse(text: &str) -> Option<Duration> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let n: u64 = digits.parse().ok().filter(|_| digits.len() <= 8)?;
    Some(match unit {
        "H" => Duration::from_secs(n * 3600),
        "M" => Duration::from_secs(n * 60),
        "S" => Duration::from_secs(n),
        "m" => Duration::from_millis(n),
        "u" => Duration::from_micros(n),
        "n" => Duration::from_nanos(n),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_is_read_in_every_unit() {
        assert_eq!(parse("2S"), Some(Duration::from_secs(2)));
        assert_eq!(parse("50m"), Some(Duration::from_millis(50)));
        assert_eq!(parse("1H"), Some(Duration::from_secs(3600)));
        for bad in ["", "S", "5", "5x", "123456789S", "é"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    #[tokio::test]
    async fn what_is_left_is_passed_on() {
        let told = within(Some(Duration::from_secs(2)), async { parse(&passed_on()) }).await.unwrap().unwrap();
        assert!(told <= Duration::from_secs(2) && told > Duration::from_secs(1), "{told:?}");
        // A stream without a deadline, and a worker.
        let limit = Some(OF_WORKERS);
        assert_eq!(within(None, async { parse(&passed_on()) }).await.unwrap(), limit);
        assert_eq!(parse(&passed_on()), limit);
    }

    #[tokio::test]
    async fn what_takes_too_long_is_not_done() {
        assert!(within(Some(Duration::from_millis(1)), std::future::pending::<()>()).await.is_none());
    }
}
