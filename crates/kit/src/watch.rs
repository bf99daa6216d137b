//! Streams for people: the events of the own log that concern them, from a cursor on, without a gap or a double.

use async_stream::try_stream;
use futures::stream::BoxStream;
use samspil_store::event_log::{self, LoggedEvent};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{Ctx, Error, common::Common, events};

/// What a watcher gets.
pub enum Seen {
    /// Where the stream begins: the first thing that is sent, so that a client knows where to go on from.
    From(i64),
    /// An event.
    Event(Box<LoggedEvent>),
}

/// A place in the log as a client keeps it: bound to the method and the organisation that it was given to.
pub fn token(ctx: &Ctx, sequence: i64) -> String {
    let mut hash = Sha256::new();
    for part in [ctx.method, &ctx.caller.organisation] {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    let bound = u64::from_be_bytes(hash.finalize()[..8].try_into().expect("eight of thirty-two bytes"));
    format!("{sequence}-{bound:016x}")
}

/// Reads a cursor that a client sent. An empty one is now.
///
/// # Errors
/// `CURSOR_INVALID` when it was not given to this organisation by this method, or lies in the future.
pub async fn cursor(ctx: &Ctx, text: &str) -> Result<i64, Error> {
    let last = event_log::last(ctx.db()).await?;
    if text.is_empty() {
        return Ok(last);
    }
    let sequence = text.split_once('-').and_then(|(sequence, _)| sequence.parse::<i64>().ok());
    match sequence {
        Some(at) if (0..=last).contains(&at) && token(ctx, at) == text => Ok(at),
        _ => Err(Common::CursorInvalid.into()),
    }
}

/// The events after a cursor that `wanted` picks, the stored ones first, then each as it comes into the log.
///
/// A stream of one `patient` ends with `NO_RELATION` once the caller may not see that patient any more, within a
/// second also while nothing happens. In a stream over many it is for each event to ask.
pub fn events(
    ctx: Ctx,
    patient: Option<Uuid>,
    from: i64,
    wanted: impl Fn(&LoggedEvent) -> bool + Send + 'static,
) -> BoxStream<'static, Result<Seen, Error>> {
    Box::pin(try_stream! {
        let mut logged = ctx.db().logged();
        let mut after = from;
        yield Seen::From(from);
        loop {
            let read = event_log::read(ctx.db(), after, 200).await?;
            let full = read.len() == 200;
            let mut asked = false;
            for event in read {
                after = event.sequence;
                if wanted(&event) {
                    still(&ctx, patient).await?;
                    asked = true;
                    yield Seen::Event(Box::new(event));
                }
            }
            if !full {
                if !asked {
                    still(&ctx, patient).await?;
                }
                events::wait(&mut logged).await;
            }
        }
    })
}

async fn still(ctx: &Ctx, patient: Option<Uuid>) -> Result<(), Error> {
    match patient {
        Some(patient) => ctx.still_cares_for(patient).await,
        None => Ok(()),
    }
}
