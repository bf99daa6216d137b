//! Lists the requests of the contract with their types in Rust, so that none can be left out.

use std::{collections::BTreeSet, fs, io, path::Path};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let proto = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../proto");
    println!("cargo:rerun-if-changed={}", proto.display());
    let mut files = Vec::new();
    collect(&proto.join("samspil"), &mut files)?;
    let contract = protox::compile(files, [&proto])?;
    let services = contract.file.iter().flat_map(|file| &file.service);
    let names: BTreeSet<_> = services.flat_map(|service| &service.method).map(|method| method.input_type()).collect();
    let requests = names.iter().map(|name| {
        let ours = name.strip_prefix(".samspil.").ok_or_else(|| format!("{name} is not ours"))?;
        Ok(format!("request::<samspil_proto::{}>(),", ours.replace('.', "::")))
    });
    let requests: Vec<_> = requests.collect::<Result<_, String>>()?;
    let folder = std::env::var("OUT_DIR")?;
    Ok(fs::write(Path::new(&folder).join("requests.rs"), format!("[{}]", requests.concat()))?)
}

fn collect(folder: &Path, files: &mut Vec<std::path::PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|ext| ext == "proto") {
            files.push(path);
        }
    }
    Ok(())
}
