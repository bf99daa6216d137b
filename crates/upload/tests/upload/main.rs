//! Uploads into a service of their own, the smallest that there can be, on both engines.

mod client;
mod letters;
mod parts;
mod streams;

use samspil_testkit::Refusal;
use tonic::Status;

/// What a call was refused with, for the reason that was expected.
#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T, impl Into<Status>>, reason: &str) -> Refusal {
    let refusal = samspil_testkit::refusal(result.map_err(Into::into));
    assert_eq!(refusal.reason, reason);
    refusal
}
