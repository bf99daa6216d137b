//! Journeys of a patient through the running services; see `tests/`.
