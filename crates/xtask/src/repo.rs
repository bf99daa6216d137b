//! Where this checkout is, and cargo in it.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
};

use crate::run::{Stop, output};

/// A checkout.
pub(crate) struct Repo {
    /// Its topmost folder.
    pub(crate) root: PathBuf,
    /// Where cargo builds, by whatever configuration.
    pub(crate) target: PathBuf,
}

impl Repo {
    /// The checkout that this program was started from.
    pub(crate) fn open() -> Result<Repo, Stop> {
        // At run time first: with one target folder for several checkouts this program may have been built in another.
        let package = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&package)
            .join("../..")
            .canonicalize()
            .map_err(|error| Stop::because(format!("cannot find the checkout of {}: {error}", package.display())))?;
        // Asked in the folder that the person stands in, as a relative CARGO_TARGET_DIR is meant from there.
        let manifest = root.join("Cargo.toml");
        let metadata = output(
            cargo()
                .args(["metadata", "--no-deps", "--format-version", "1", "--manifest-path"])
                .arg(manifest)
                .stderr(std::process::Stdio::inherit()),
        );
        let target = metadata
            .as_deref()
            .and_then(target_directory)
            .ok_or_else(|| Stop::because("`cargo metadata` does not tell the target folder"))?;
        Ok(Repo { root, target })
    }

    /// Cargo at the root, building where it always does.
    pub(crate) fn cargo<S: Into<OsString>>(&self, args: impl IntoIterator<Item = S>) -> Command {
        let mut cargo = cargo();
        cargo.args(args.into_iter().map(Into::into)).current_dir(&self.root).env("CARGO_TARGET_DIR", &self.target);
        cargo
    }

    /// The weights that suggest outlines, for servers that are started to try things out.
    pub(crate) fn outline_model(&self) -> PathBuf {
        self.root.join("crates/imaging/models/outline.onnx")
    }

    /// A folder for a tool that a task installs for itself.
    pub(crate) fn tools(&self, tool: &str) -> PathBuf {
        self.target.join("tools").join(tool)
    }
}

fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The target folder in what `cargo metadata` prints. The one thing wanted of it, so no JSON reader is brought in.
fn target_directory(metadata: &str) -> Option<PathBuf> {
    let (_, rest) = metadata.split_once(r#""target_directory":""#)?;
    let (folder, _) = rest.split_once('"')?;
    Some(PathBuf::from(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_folder_is_read_from_the_metadata() {
        let metadata = r#"{"packages":[],"target_directory":"/a/b c/target","version":1}"#;
        assert_eq!(target_directory(metadata), Some(PathBuf::from("/a/b c/target")));
        assert_eq!(target_directory("{}"), None);
    }
}
