//! The whole way of a photo, within tight limits.

#![no_main]

use std::panic;
use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use samspil_imaging::Limits;

#[path = "../../tests/imaging/promises.rs"]
mod promises;

const LIMITS: Limits =
    Limits { max_bytes: 64 * 1024, max_pixels: 256 * 256, max_side: 2048, max_decode: Duration::from_secs(1) };

/// What may be lost at the end: the marker's detector keeps its family of tags for as long as its thread lives, 369 bytes.
#[unsafe(no_mangle)]
extern "C" fn __lsan_default_suppressions() -> *const std::ffi::c_char {
    c"leak:tag36h11_create".as_ptr()
}

fuzz_target!(
    // By itself the fuzzer takes every panic for a find. One inside a decoder is caught and the file refused, as promised; only
    // what leaves the crate counts. With SAMSPIL_FUZZ_DECODERS set, the decoders' own count too.
    init: if std::env::var_os("SAMSPIL_FUZZ_DECODERS").is_none() {
        panic::set_hook(Box::new(|what| eprintln!("{what}")));
    },
    |bytes: &[u8]| promises::keep(bytes, &LIMITS)
);
