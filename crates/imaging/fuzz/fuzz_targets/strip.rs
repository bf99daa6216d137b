//! Headers and structure alone: many files a second, none decoded.

#![no_main]

use libfuzzer_sys::fuzz_target;
use samspil_imaging::Limits;

#[path = "../../tests/imaging/promises.rs"]
#[allow(dead_code, reason = "nothing is decoded here")]
mod promises;

fuzz_target!(|bytes: &[u8]| promises::keep_when_stripping(bytes, &Limits::default()));
