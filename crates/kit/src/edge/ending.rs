//! The end of a call: told once, by whichever comes first of its trailers, its caller hanging up, and its token's end.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use http::{HeaderMap, Response};
use http_body::{Body as HttpBody, Frame, SizeHint};
use samspil_store::meter::Meter;
use tonic::{Code, Status, body::Body};
use tracing::Span;

use super::crowd::Place;
use crate::{
    Clock, Error,
    common::Common,
    identity::{Session, SignOuts},
};

pub(super) fn status_in(headers: &HeaderMap) -> Option<&'static str> {
    let code = headers.get("grpc-status")?.to_str().ok()?.parse::<i32>().ok()?;
    Some(name_of(Code::from_i32(code)))
}

pub(super) fn name_of(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}

/// The end of a call, told once.
pub(super) struct Ending {
    pub(super) path: String,
    pub(super) caller: String,
    pub(super) begun: Instant,
    pub(super) meter: Arc<Meter>,
    pub(super) span: Span,
    pub(super) told: bool,
    /// The server streams: the call may outlive the token that it began with.
    pub(super) streams: bool,
    /// What it counts as among its caller's calls, for as long as it lasts.
    pub(super) place: Option<Place>,
}

impl Ending {
    /// Ends the call with a refusal.
    pub(super) fn refuse(&mut self, error: Error) -> Response<Body> {
        self.tell(error.reason());
        Status::from(error).into_http()
    }

    pub(super) fn tell(&mut self, code: &str) {
        if std::mem::replace(&mut self.told, true) {
            return;
        }
        self.span.record("rpc.response.status_code", code);
        if matches!(code, "INTERNAL" | "UNKNOWN" | "DATA_LOSS" | "UNAVAILABLE" | "DEADLINE_EXCEEDED" | "UNIMPLEMENTED")
        {
            self.span.record("otel.status_code", "ERROR");
        }
        self.span.in_scope(|| {
            tracing::info!(
                method = self.path.trim_start_matches('/'),
                code,
                caller = self.caller,
                duration_us = self.begun.elapsed().as_micros() as u64,
                statements = self.meter.statements(),
                database_us = self.meter.time().as_micros() as u64,
                "request ended"
            );
        });
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        // The caller hung up before the trailers.
        self.tell("CANCELLED");
    }
}

/// When a token is no longer good. A stream ends with it: who may no longer ask is no longer told.
pub(super) struct Expiry {
    at: DateTime<Utc>,
    clock: Clock,
    sleep: Pin<Box<tokio::time::Sleep>>,
    sign_in: Option<SignIn>,
}

/// The sign-in that a token comes from, which may be over before the token is.
pub(super) struct SignIn {
    session: Session,
    sign_outs: SignOuts,
    /// Comes when something else is known.
    changed: Pin<Box<dyn Future<Output = ()> + Send>>,
    looked: bool,
}

impl SignIn {
    pub(super) fn new(session: Session, sign_outs: SignOuts) -> SignIn {
        let changed = Self::change(&sign_outs);
        SignIn { session, sign_outs, changed, looked: false }
    }

    fn change(sign_outs: &SignOuts) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let mut changes = sign_outs.changes();
        Box::pin(async move {
            // It cannot fail: what tells of changes is held beside it.
            let _ = changes.changed().await;
        })
    }

    /// Whether it is over; has the task woken when it may be.
    fn is_over(&mut self, cx: &mut Context<'_>) -> bool {
        while self.changed.as_mut().poll(cx).is_ready() {
            self.changed = Self::change(&self.sign_outs);
            self.looked = false;
        }
        let look = !std::mem::replace(&mut self.looked, true);
        look && self.sign_outs.has_ended(&self.session)
    }
}

impl Expiry {
    pub(super) fn new(at: DateTime<Utc>, clock: Clock, sign_in: Option<SignIn>) -> Expiry {
        let sleep = Self::sleep(at, &clock);
        Expiry { at, clock, sleep, sign_in }
    }

    fn sleep(at: DateTime<Utc>, clock: &Clock) -> Pin<Box<tokio::time::Sleep>> {
        let left = at.signed_duration_since(clock.now()).to_std().unwrap_or_default().min(LONGEST_SLEEP);
        Box::pin(tokio::time::sleep(left))
    }

    /// Why it has come, if it has; has the task woken when it may have.
    fn has_come(&mut self, cx: &mut Context<'_>) -> Option<Common> {
        if self.sign_in.as_mut().is_some_and(|sign_in| sign_in.is_over(cx)) {
            return Some(Common::TokenRevoked);
        }
        while self.clock.now() < self.at {
            if self.sleep.as_mut().poll(cx).is_pending() {
                return None;
            }
            // It came early, or somebody set the clock.
            self.sleep = Self::sleep(self.at, &self.clock);
        }
        Some(Common::TokenExpired)
    }
}

/// How long is slept without a look at the clock, which somebody may have set.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);

/// A body that sees the call's end pass by, or brings it about when the caller's token ends.
pub(super) struct Watched {
    pub(super) body: Body,
    pub(super) ending: Ending,
    pub(super) expiry: Expiry,
}

impl HttpBody for Watched {
    type Data = <Body as HttpBody>::Data;
    type Error = <Body as HttpBody>::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let span = self.ending.span.clone();
        let _in = span.enter();
        // What has ended has no more to say; what only answers is one frame, which is let out.
        if !self.ending.told
            && self.ending.streams
            && let Some(why) = self.expiry.has_come(cx)
        {
            let expired = Error::from(why);
            self.ending.tell(expired.reason());
            self.body = Body::empty();
            let trailers = Status::from(expired).into_http::<Body>().into_parts().0.headers;
            return Poll::Ready(Some(Ok(Frame::trailers(trailers))));
        }
        let frame = std::task::ready!(Pin::new(&mut self.body).poll_frame(cx));
        if let Some(Ok(frame)) = &frame
            && let Some(code) = frame.trailers_ref().and_then(status_in)
        {
            self.ending.tell(code);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[tokio::test]
    async fn a_quiet_stream_is_woken_when_its_token_ends() {
        let clock = Clock::system();
        let mut expiry = Expiry::new(clock.now() + TimeDelta::milliseconds(20), clock.clone(), None);
        let came = std::future::poll_fn(|cx| expiry.has_come(cx).map_or(Poll::Pending, |_| Poll::Ready(())));
        tokio::time::timeout(Duration::from_secs(20), came).await.unwrap();
        assert!(clock.now() >= expiry.at);
    }
}
