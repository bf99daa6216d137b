//! Compiles the contract with a compiler in Rust, so that nothing has to be installed for it.

use std::path::{Path, PathBuf};

use prost::Message as _;
use protox::prost_reflect::prost_types::FileDescriptorSet;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../proto");
    println!("cargo:rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    collect(&root.join("samspil"), &mut files)?;
    files.sort();

    // Encoded by the compiler itself: going through prost's own types would drop the custom options, and with them the
    // permissions and the validation rules that the server reads from here.
    let mut compiler = protox::Compiler::new([&root])?;
    compiler.include_imports(true).include_source_info(false).open_files(&files)?;
    let encoded = compiler.encode_file_descriptor_set();
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    std::fs::write(out.join("samspil.bin"), &encoded)?;

    let mut compiler = protox::Compiler::new([&root])?;
    compiler.include_imports(true).include_source_info(true).open_files(&files)?;
    let mut ours = FileDescriptorSet::decode(compiler.encode_file_descriptor_set().as_slice())?;
    ours.file.retain(|file| {
        // The well-known types stay for their names; prost has its own Rust types for them.
        file.package() == "google.protobuf"
            || file.package().starts_with("samspil.") && file.package() != "samspil.options.v1"
    });
    let mut config = tonic_prost_build::Config::new();
    config.enable_type_names();
    tonic_prost_build::configure().bytes(".").build_transport(true).compile_fds_with_config(ours, config)?;
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|ext| ext == "proto") {
            files.push(path);
        }
    }
    Ok(())
}
