//! Referrals through their RPCs, on both engines.
//!
//! `stories` has the eighteen user stories of MedCom's model, each under its number; the others have what goes wrong.

mod approval;
mod attachments;
mod change;
mod clocks;
mod create;
mod deaths;
mod help;
mod left_behind;
mod list;
mod receipts;
mod stories;
mod verifying;
mod visibility;
mod watch;
mod wounds;
