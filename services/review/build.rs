//! Takes the built web tool in, where there is one, and embeds the migrations anew when one is added.

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=migrations");
    println!("cargo::rustc-check-cfg=cfg(web_built)");
    let dist = Path::new("web/dist");
    // Cargo would build this crate each time for a folder that is not there. Where it cannot be made, it does just that.
    if std::fs::create_dir_all(dist).is_err() {
        println!("cargo::rerun-if-changed=web");
    }
    // What the tests serve stands beside it: no Node is needed to run them.
    let mut folders = vec![("test", "tests/site")];
    if dist.join("index.html").exists() {
        println!("cargo::rustc-cfg=web_built");
        folders.push(("web", "web/dist"));
    }
    println!("cargo::rerun-if-changed={}", dist.display());
    let release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    memory_serve::load_names_directories(folders, release);
}
