//! How much one caller has of a process: whoever takes more than that takes it from others.

use std::{
    collections::HashMap,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use chrono::{DateTime, Utc};
use http_body::{Body as HttpBody, Frame, SizeHint};
use tonic::{Status, body::Body};

use crate::{Caller, Clock, Error, common::Common};

/// Calls of one person at a time in this process, streams among them. A nurse's phone has a handful, a program that sends for a
/// whole hospital some dozens; it is as many as one connection may have.
pub const CALLS_OF_ONE: usize = 256;

/// What one caller may ask of this process in a second. Ten seconds' worth can be saved up, so that whoever comes home with a day's photos
/// is not held up. 0 is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Calls that begin.
    pub calls: u32,
    /// Bytes that are sent to us.
    pub bytes: u64,
}

impl Limits {
    /// None at all, for what is measured, and for a test whose clock stands still.
    pub const NONE: Limits = Limits { calls: 0, bytes: 0 };
}

impl Default for Limits {
    /// Far more than people come to, and less than what one process can do.
    fn default() -> Limits {
        Limits { calls: 100, bytes: 64 << 20 }
    }
}

/// For how many seconds is saved up.
const SAVED: f64 = 10.0;

/// So many callers are remembered before anybody is forgotten.
const REMEMBERED: usize = 1024;

/// Who has how much.
#[derive(Clone)]
pub(super) struct Crowd {
    limits: Limits,
    clock: Clock,
    people: Arc<Mutex<People>>,
}

#[derive(Default)]
struct People {
    by_name: HashMap<Arc<str>, Person>,
    /// How many there were after those were forgotten about whom there is nothing to remember.
    kept: usize,
}

/// What a person has in hand, and what is left.
struct Person {
    calls_at_once: usize,
    calls: Bucket,
    bytes: Bucket,
}

/// What is left, and since when it fills up.
#[derive(Clone, Copy)]
struct Bucket {
    left: f64,
    at: DateTime<Utc>,
}

impl Bucket {
    fn full(per_second: f64, at: DateTime<Utc>) -> Bucket {
        Bucket { left: per_second * SAVED, at }
    }

    fn fill(&mut self, per_second: f64, now: DateTime<Utc>) {
        // A clock that was set back gives nothing, and takes nothing.
        let seconds = (now - self.at).to_std().unwrap_or_default().as_secs_f64();
        *self = Bucket { left: (self.left + seconds * per_second).min(per_second * SAVED), at: now };
    }

    /// Takes so much, or tells how long until there is so much.
    fn take(&mut self, count: f64, per_second: f64, now: DateTime<Utc>) -> Result<(), Error> {
        if per_second == 0.0 {
            return Ok(());
        }
        self.fill(per_second, now);
        if self.left < count {
            let wait = Duration::from_secs_f64((count - self.left) / per_second);
            return Err(Error::from(Common::Overloaded).after(wait));
        }
        self.left -= count;
        Ok(())
    }
}

/// A call that counts for as long as this is held.
pub(super) struct Place {
    crowd: Crowd,
    person: Arc<str>,
}

impl Crowd {
    pub(super) fn new(limits: Limits, clock: Clock) -> Crowd {
        Crowd { limits, clock, people: Arc::default() }
    }

    /// A place for one more call. Services are not counted: what they do for people counts with the people.
    pub(super) fn enter(&self, caller: &Caller) -> Result<Option<Place>, Error> {
        if caller.works_for_others() {
            return Ok(None);
        }
        let (now, per_second) = (self.clock.now(), f64::from(self.limits.calls));
        let person: Arc<str> = caller.person.as_str().into();
        let mut people = self.people();
        self.forget(&mut people, now);
        let known = people.by_name.entry(person.clone()).or_insert_with(|| self.stranger(now));
        if known.calls_at_once >= CALLS_OF_ONE {
            return Err(Common::Overloaded.into());
        }
        known.calls.take(1.0, per_second, now)?;
        known.calls_at_once += 1;
        Ok(Some(Place { crowd: self.clone(), person }))
    }

    fn stranger(&self, now: DateTime<Utc>) -> Person {
        let (calls, bytes) = (f64::from(self.limits.calls), self.limits.bytes as f64);
        Person { calls_at_once: 0, calls: Bucket::full(calls, now), bytes: Bucket::full(bytes, now) }
    }

    /// Forgets those who have all that a stranger has, when there are twice as many people as the last time.
    fn forget(&self, people: &mut People, now: DateTime<Utc>) {
        if people.by_name.len() < REMEMBERED.max(people.kept * 2) {
            return;
        }
        let (calls, bytes) = (f64::from(self.limits.calls), self.limits.bytes as f64);
        people.by_name.retain(|_, person| {
            person.calls.fill(calls, now);
            person.bytes.fill(bytes, now);
            person.calls_at_once > 0 || person.calls.left < calls * SAVED || person.bytes.left < bytes * SAVED
        });
        people.kept = people.by_name.len();
    }

    fn people(&self) -> MutexGuard<'_, People> {
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// The body of the call's request, which ends with a refusal where its caller has sent too much.
    pub(super) fn counts(&self, body: Body) -> Body {
        if self.crowd.limits.bytes == 0 {
            return body;
        }
        Body::new(Counted { body, crowd: self.crowd.clone(), person: self.person.clone() })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(person) = self.crowd.people().by_name.get_mut(&self.person) {
            person.calls_at_once -= 1;
        }
    }
}

/// A body whose bytes count.
struct Counted {
    body: Body,
    crowd: Crowd,
    person: Arc<str>,
}

impl HttpBody for Counted {
    type Data = <Body as HttpBody>::Data;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Self::Data>, Status>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if let Some(Ok(frame)) = &frame
            && let Some(data) = frame.data_ref()
        {
            let (now, per_second) = (self.crowd.clock.now(), self.crowd.limits.bytes as f64);
            let mut people = self.crowd.people();
            let person = people.by_name.entry(self.person.clone()).or_insert_with(|| self.crowd.stranger(now));
            if let Err(error) = person.bytes.take(data.len() as f64, per_second, now) {
                return Poll::Ready(Some(Err(error.into())));
            }
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
    use http_body_util::{BodyExt as _, Full};
    use tonic_types::StatusExt as _;

    use super::*;

    fn person(name: &str) -> Caller {
        Caller { person: name.to_owned(), role: "nurse".to_owned(), ..Caller::default() }
    }

    fn crowd(calls: u32, bytes: u64) -> Crowd {
        Crowd::new(Limits { calls, bytes }, Clock::at(DateTime::from_timestamp(1_800_000_000, 0).unwrap()))
    }

    fn wait(refused: Error) -> Duration {
        let status = Status::from(refused);
        assert_eq!(status.code(), tonic::Code::ResourceExhausted);
        status.get_details_retry_info().unwrap().retry_delay.unwrap()
    }

    #[test]
    fn who_has_too_many_calls_waits_and_nobody_else_does() {
        let crowd = crowd(0, 0);
        let mut places: Vec<_> = (0..CALLS_OF_ONE).map(|_| crowd.enter(&person("one")).unwrap()).collect();
        assert_eq!(crowd.enter(&person("one")).err().unwrap().reason(), "OVERLOADED");
        assert!(crowd.enter(&person("other")).is_ok());
        let passed_on = Caller { via: "wound".to_owned(), ..person("one") };
        assert!(crowd.enter(&passed_on).unwrap().is_none());
        places.pop();
        assert!(crowd.enter(&person("one")).is_ok());
    }

    #[test]
    fn who_calls_too_often_is_told_when_to_come_back_and_may_then() {
        let crowd = crowd(5, 0);
        for _ in 0..50 {
            crowd.enter(&person("one")).unwrap();
        }
        assert_eq!(wait(crowd.enter(&person("one")).err().unwrap()), Duration::from_millis(200));
        assert!(crowd.enter(&person("other")).is_ok());
        let service = Caller { role: "service".to_owned(), ..person("one") };
        assert!(crowd.enter(&service).unwrap().is_none());
        crowd.clock.advance(TimeDelta::milliseconds(199));
        assert!(crowd.enter(&person("one")).is_err());
        crowd.clock.advance(TimeDelta::milliseconds(1));
        assert!(crowd.enter(&person("one")).is_ok());
        assert!(crowd.enter(&person("one")).is_err());
        // No more is saved up than ten seconds' worth, and a clock that is set back changes nothing.
        crowd.clock.advance(TimeDelta::hours(1));
        assert_eq!((0..100).filter(|_| crowd.enter(&person("one")).is_ok()).count(), 50);
        crowd.clock.advance(TimeDelta::hours(-2));
        assert!(crowd.enter(&person("one")).is_err());
    }

    #[tokio::test]
    async fn who_sends_too_much_is_told_when_to_go_on() {
        let crowd = crowd(0, 100);
        let place = crowd.enter(&person("one")).unwrap().unwrap();
        let body = |bytes: usize| place.counts(Body::new(Full::new(bytes::Bytes::from(vec![7; bytes]))));
        assert_eq!(body(900).collect().await.unwrap().to_bytes().len(), 900);
        let refused = body(150).collect().await.unwrap_err();
        let wait = refused.get_details_retry_info().unwrap().retry_delay.unwrap();
        assert_eq!((refused.code(), wait), (tonic::Code::ResourceExhausted, Duration::from_millis(500)));
        crowd.clock.advance(TimeDelta::milliseconds(500));
        assert!(body(150).collect().await.is_ok());
    }

    #[test]
    fn who_asks_for_nothing_is_forgotten() {
        let crowd = crowd(5, 100);
        let held = crowd.enter(&person("stays")).unwrap();
        for number in 0..10 * REMEMBERED {
            crowd.enter(&person(&number.to_string())).unwrap();
            crowd.clock.advance(TimeDelta::milliseconds(10));
        }
        assert!(crowd.people().by_name.len() <= REMEMBERED, "{}", crowd.people().by_name.len());
        assert!(crowd.people().by_name.contains_key("stays"));
        drop(held);
    }
}
