//! PNG (W3C, third edition): every colour type and depth, interlaced or not.

mod chunks;
mod decode;
mod inspect;
mod strip;

pub(crate) use decode::decode;
pub(crate) use inspect::inspect;
pub(crate) use strip::strip;
