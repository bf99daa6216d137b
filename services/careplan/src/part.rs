//! The parts of a plan besides its activities and reconciliations: team, conditions, goals, notes.

pub(crate) mod name;
pub(crate) mod references;
