//! Where a target begins: inputs that it makes itself, from what it knows to be good.

/// Writes them into the folder that the environment names. Without one the fuzzer begins from nothing.
pub fn write(seeds: impl IntoIterator<Item = Vec<u8>>) {
    let Some(folder) = std::env::var_os("SAMSPIL_FUZZ_SEEDS") else { return };
    std::fs::create_dir_all(&folder).expect("a folder for seeds");
    for (n, seed) in seeds.into_iter().enumerate() {
        std::fs::write(std::path::Path::new(&folder).join(format!("{n:03}")), seed).expect("a seed");
    }
}
