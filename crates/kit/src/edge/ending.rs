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
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::sync::CancellationToken;
use tonic::{Code, Status, body::Body};
use tracing::Span;

use super::crowd::Place;
use crate::{
    Clock, Error,
    common::Common,
    identity::{Session, SignOuts},
    telemetry::metrics,
};

pub(super) fn status_in(headers: &HeaderMap) -> Option<&'static str> {
    let code = headers.get("grpc-status")?.to_str().ok()?.parse::<i32>().ok()?;
    Some(name_of(Code::from_i32(code)))
}

pub(crate) fn name_of(code: Code) -> &'static str {
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
    /// What it counts as among all calls and among its caller's, for as long as it lasts.
    pub(super) places: (Option<OwnedSemaphorePermit>, Option<Place>),
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
        metrics::call_ended(&self.path, code, self.begun.elapsed());
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

/// When streams that never end by themselves end all the same, so that their clients go on at another replica.
#[derive(Debug, Clone)]
pub struct Moving {
    /// When this one is about to stop.
    pub stop: CancellationToken,
    /// When they have lasted so long, more or less: who connected when there were fewer replicas comes to the new ones, too.
    pub age: Option<Duration>,
}

impl Moving {
    /// Comes when a stream that begins now has to move on.
    pub(super) fn on(&self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let stop = self.stop.clone().cancelled_owned();
        // Those that began together, after a restart, do not all move together.
        let Some(age) = self.age.map(|age| age.mul_f64(rand::random_range(0.9..1.1))) else { return Box::pin(stop) };
        Box::pin(async move {
            // Late by the age is as good as told to stop.
            let _ = tokio::time::timeout(age, stop).await;
        })
    }
}

/// A body that sees the call's end pass by, or brings it about when the caller's token ends or the stream has to move on.
pub(super) struct Watched {
    pub(super) body: Body,
    pub(super) ending: Ending,
    pub(super) expiry: Expiry,
    /// For a stream that never ends by itself.
    pub(super) moving: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl Watched {
    /// Why the stream ends here and now, if it does.
    fn cut(&mut self, cx: &mut Context<'_>) -> Option<Common> {
        // What has ended has no more to say; what only answers is one frame, which is let out.
        if self.ending.told || !self.ending.streams {
            return None;
        }
        if let Some(why) = self.expiry.has_come(cx) {
            return Some(why);
        }
        let moves = self.moving.as_mut().is_some_and(|moving| moving.as_mut().poll(cx).is_ready());
        moves.then_some(Common::StreamMoved)
    }
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
        if let Some(reason) = self.cut(cx) {
            let cut = Error::from(reason);
            self.ending.tell(cut.reason());
            self.body = Body::empty();
            let trailers = Status::from(cut).into_http::<Body>().into_parts().0.headers;
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
