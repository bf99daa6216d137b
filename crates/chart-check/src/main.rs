//! Reads what the Helm chart rendered, as the Kubernetes API's own Rust types, and tells what does not hold together.
//!
//! `cargo xtask chart` calls it. The schemas of the API server have been asked before, by kubernetes-validate, and know more of single
//! fields: which are required, which values they take, in several releases. What they cannot tell is whether one object fits another: a
//! selector that selects nobody and a port that nobody listens on are valid. That takes typed objects, and so these are
//! `k8s-openapi`'s; a field that its types do not know fails here too.
//!
//! | module | what it is about |
//! | --- | --- |
//! | `object` | the objects of one rendering, by kind |
//! | `foreign` | the few kinds that are not Kubernetes' own |
//! | `keys` | what is configured, against what the program knows |
//! | `pods` | what every pod has to be |
//! | `wiring` | names, selectors and ports that have to meet |
//! | `flows` | who may call whom, against what the program does |

mod flows;
mod foreign;
mod keys;
mod object;
mod pods;
mod wiring;

use std::{env, fs, path::Path, process::ExitCode};

use anyhow::{Context as _, ensure};

use crate::object::Rendered;

fn main() -> anyhow::Result<ExitCode> {
    let folder = env::args().nth(1).context("the folder of what was rendered is missing")?;
    let mut findings = Vec::new();
    let mut sets = 0;
    for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {folder}"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            sets += 1;
            let set = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            findings.extend(check(&path)?.into_iter().map(|finding| format!("{set}: {finding}")));
        }
    }
    ensure!(sets > 0, "nothing was rendered to {folder}");
    for finding in &findings {
        eprintln!("{finding}");
    }
    eprintln!("{sets} value sets hold together but for {} findings", findings.len());
    Ok(if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn check(path: &Path) -> anyhow::Result<Vec<String>> {
    let objects = serde_json::from_str(&fs::read_to_string(path)?)?;
    let (rendered, mut findings) = Rendered::read(objects);
    findings.extend(pods::check(&rendered));
    findings.extend(wiring::check(&rendered));
    findings.extend(flows::check(&rendered));
    findings.extend(keys::check(&rendered));
    Ok(findings)
}
