//! What holds the audit's entries to what they were: the [`sealer`] chains them, a [`Key`] signs checkpoints of the chain, and
//! [`verify()`] finds what was done to them since. [`Audits`] shows them to those whom they are kept for. The design is in `docs/adr/0017-audit-chain.md`.

mod finding;
mod key;
pub mod sealer;
mod service;
mod verify;
mod walk;

pub use finding::{Finding, Report, Wrong};
pub use key::{Key, Signed};
pub use sealer::Sealing;
pub use service::Audits;
pub use verify::verify;
