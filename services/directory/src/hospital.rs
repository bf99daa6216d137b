//! What hospitals tell of a citizen.

pub(crate) mod act;
