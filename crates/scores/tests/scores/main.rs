//! The scores from outside, against the published limits written down a second time.

mod bwat;
mod grades;
mod pressure;
mod push;
mod safety;
mod tables;
mod wifi;
