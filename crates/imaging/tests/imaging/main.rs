//! The crate from outside: whole files in, whole files out.

mod cost;
mod hostile;
mod inspecting;
mod make;
mod marker;
mod measuring;
mod photos;
mod processing;
mod stripping;
mod suggesting;
mod tiles;
