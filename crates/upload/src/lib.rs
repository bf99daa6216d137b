//! Files that come in over a bad link: a stream that breaks is followed by one that goes on where it stood.
//!
//! The client has announced a file under an id that it chose, with its size and its digest; the service keeps a row for
//! it. Then come streams: each opens with a start and hears the committed offset, chunks follow, and the offset comes back
//! now and then. What has arrived when a stream ends is written down as a part, an object that is durable before the row
//! that names it, so that any stream at any replica goes on from there. The newest stream alone may write: it counts the
//! file's generation up, and an older one finds itself overtaken. A client that cannot stream, such as a browser, brings
//! each chunk in a call of its own ([`Uploads::append`]); each is the newest as a stream is, so either goes on after the other.
//!
//! | file | what |
//! | --- | --- |
//! | `uploads` | what a service holds: its tables, its objects, its limits |
//! | `call` | the stream: slot, start, silence, a task of its own for the answers |
//! | `append` | a chunk in a call of its own |
//! | `receiver` | the bytes on their way in: offsets, parts, the whole |
//! | `tables` | the statements, one text for both engines |
//! | `digest`, `stored` | the bytes that were announced, and whether they still are |
//! | `verify` | files held against their rows |
//! | `sweep`, `error` | what a crash left; reasons |
//!
//! A service that takes files in gives two things: the names of its tables ([`tables!`]) and its messages ([`Wire`]). It
//! decides by itself who may upload and what becomes of a file that is whole, in an order that keeps the promise of the
//! receipt: the bytes, then the row together with [`Tables::drop_parts`], then the answer, then [`Receiver::forget`].

mod append;
mod call;
mod digest;
mod error;
mod receiver;
mod stored;
mod sweep;
mod tables;
mod uploads;
mod verify;

pub use append::Appended;
pub use call::{Call, Chunk, Out, Requests, Wire};
pub use digest::is_digest_of;
pub use error::Reason;
pub use receiver::Receiver;
pub use stored::{checked, read};
pub use sweep::sweep;
pub use tables::Tables;
pub use uploads::{Settings, Uploads};
pub use verify::Files;
