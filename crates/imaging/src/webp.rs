//! WebP (RFC 9649): still pictures, lossy or lossless, with or without opacity.

mod chunks;
mod decode;
mod inspect;
mod strip;

pub(crate) use decode::decode;
pub(crate) use inspect::inspect;
pub(crate) use strip::strip;
