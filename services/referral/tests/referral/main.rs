//! Referrals through their RPCs, on both engines.
mod attachments;
mod help;
mod stories;
