//! What every server does alike, so that a service is only its own part of the domain.
//!
//! A call comes in at the [`edge`]: its span, its deadline, its caller and the permission that the contract asks for. The
//! service's method calls [`Base::enter`], which checks the message against the contract's own rules ([`validate`]) and gives
//! it a [`Ctx`]: who calls, what time it is, who may see a patient ([`access`]), and the only way to change anything,
//! [`Ctx::change`], which makes the change, its events, its audit entry and its remembered answer one transaction. What goes wrong
//! is an [`Error`] with a stable reason.
//!
//! Behind the calls run workers: the [`relay`], the [`audit`]'s sealer, the followers ([`follow`]) and what rings the clocks ([`alarms`], by the rules of
//! [`deadlines`]). [`serve`] puts services on a listener.

pub mod access;
mod ahead;
pub mod alarms;
pub mod assemble;
pub mod audit;
pub mod calendar;
mod clock;
mod ctx;
pub mod deadlines;
pub mod edge;
mod error;
pub mod events;
pub mod follow;
pub mod identity;
pub mod mask;
pub mod measure;
pub mod paging;
pub mod peers;
pub mod permission;
mod ready;
pub mod relay;
pub mod serve;
mod sign_out;
pub mod telemetry;
pub mod tls;
pub mod trace_service;
pub mod validate;
pub mod verify;
pub mod watch;
mod web;

pub use ahead::{Ahead, ahead};
pub use clock::Clock;
pub use ctx::{Base, Begun, Change, Ctx};
pub use error::{Error, Reason, Refused, common};
pub use identity::Caller;

#[doc(hidden)]
pub use tonic::Code;
