//! The crate from outside: whole files in, whole files out.

mod colours;
mod corpus;
mod cost;
mod every_byte;
mod hostile;
mod inspecting;
mod make;
mod marker;
mod measuring;
mod phones;
mod photos;
mod processing;
mod promises;
mod showing;
mod stripping;
mod suggesting;
mod tiles;
