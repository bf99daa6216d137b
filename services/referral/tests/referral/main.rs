//! Referrals through their RPCs, on both engines.

mod change;
mod create;
mod help;
mod list;
mod watch;
