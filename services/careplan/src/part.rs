//! The parts of a plan besides its activities and reconciliations: team, conditions, goals, notes.
//!
//! They live in their versions alone: the last one is the part. People change them, no event does.

pub(crate) mod act;
mod fields;
pub(crate) mod name;
pub(crate) mod read;
pub(crate) mod references;
