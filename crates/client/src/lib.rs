//! The nurse's side of Samspil: what a phone app, a command line or a test binds to in order to bring wounds, visits and photos
//! to the services over a link that comes and goes.
//!
//! ```no_run
//! use samspil_client::{Connection, Token, queue::{PhotoDraft, Queue, VisitDraft}};
//! # async fn visit(wound: samspil_proto::names::WoundName, now: chrono::DateTime<chrono::Utc>)
//! # -> Result<(), samspil_client::Error> {
//! // In the patient's home, with or without coverage: durable once the name is there.
//! let queue = Queue::open("queue")?;
//! let photos = vec![PhotoDraft { file: "heel.jpg".into(), capture_time: now }];
//! queue.enqueue(VisitDraft { wound, visit_time: now, findings: Default::default(), photos, ask: None }).await?;
//!
//! // Whenever there is coverage: goes on from wherever it was.
//! let connection = Connection::connect("https://samspil.example.dk", Token::new("…")).await?;
//! let report = queue.sync(&connection, |event| println!("{event:?}")).await?;
//! assert!(report.is_clear());
//! # Ok(()) }
//! ```
//!
//! # The rooms
//!
//! - [`Endpoint`] and [`Connection`]: the link, and the generated client of each service on it. Whatever is called over it has a
//!   deadline, a token, a span, and the trace context of the span around it ([`wire`]).
//! - [`Retry`]: what is tried again, and when it is given up. [`Connection::call`] applies it to any unary call.
//! - [`upload`]: one photo, in chunks from the disk, going on after a break where the service stands.
//! - [`queue`]: whole visits, on the disk, through crashes and days without coverage.
//! - [`Error`]: sorted by what can be done about it; a refusal carries the service's reason.
//! - [`digest`], [`json`]: what is announced of a file; messages as a person reads them.
//!
//! # What is promised
//!
//! *Nothing is lost*: a photo's bytes leave the disk only after the service's receipt has been noted there. *Nothing is doubled*:
//! each change has its `request_id` from the moment that the nurse made it. *Nothing is hidden*: what is refused, waits or cannot be
//! read is in [`queue::States`], with the reason.
//!
//! # To add to it
//!
//! A new RPC needs nothing here: the generated client has it, and [`Connection::call`] makes it. A new kind of change that has
//! to work without coverage becomes a step of the queue: a field of `visit.json` with its `request_id`, a `Step` in
//! `queue/record.rs`, and what the step does in `queue/visit.rs` or `queue/photo.rs`.

mod clock;
mod connection;
pub mod digest;
mod endpoint;
mod error;
pub mod json;
pub mod queue;
mod retry;
mod token;
pub mod upload;
pub mod wire;

pub use self::{
    clock::Clock,
    connection::Connection,
    endpoint::Endpoint,
    error::{Error, Refusal, Violation, code_name},
    retry::Retry,
    token::{Token, TokenFile, Tokens},
};
