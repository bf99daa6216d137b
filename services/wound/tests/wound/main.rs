//! Wounds, through their RPCs, on both engines.

mod access;
mod assessing;
mod bad_bytes;
mod clocks;
mod help;
mod journey;
mod left_behind;
mod lists;
mod pictures;
mod quota;
mod real_photographs;
mod recording;
mod referred;
mod replicas;
mod uploading;
mod watching;
