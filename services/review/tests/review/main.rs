//! The web tool's service, as browsers and gRPC clients meet it.

mod beside;
mod browser;
mod device_key;
mod secrets;
mod sign_in;
mod sign_in_wrongly;
mod site;
mod text_blocks;
