//! Wounds, through their RPCs, on both engines.

mod access;
mod appending;
mod assessing;
mod bad_bytes;
mod before;
mod changing;
mod clocks;
mod drafts;
mod flags;
mod help;
mod journey;
mod left_behind;
mod lists;
mod outlines;
mod pictures;
mod presence;
mod queue;
mod quota;
mod real_photographs;
mod recording;
mod referred;
mod replicas;
mod scores;
mod second_opinion;
mod uploading;
mod watching;
