//! Writes the files that the fuzzer starts from into a folder: `cargo run -p samspil-imaging --example seeds -- FOLDER`.

use std::path::PathBuf;

#[path = "../tests/imaging/corpus.rs"]
mod corpus;
#[path = "../tests/imaging/make.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod make;

fn main() {
    let folder = PathBuf::from(std::env::args_os().nth(1).expect("which folder?"));
    std::fs::create_dir_all(&folder).unwrap();
    for (name, bytes) in [corpus::jpegs(), corpus::pngs(), corpus::webps()].concat() {
        std::fs::write(folder.join(name), bytes).unwrap();
    }
}
