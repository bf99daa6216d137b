//! The key that wraps the others. It stands in a file, or in whatever puts it there: a secret of the platform's, a key service.

use std::{fs, io::Write as _, os::unix::fs::OpenOptionsExt as _, path::Path, sync::Arc};

use anyhow::{Context as _, anyhow, ensure};
use aws_lc_rs::{
    aead::{AES_256_GCM, RandomizedNonceKey},
    rand,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};

/// Master keys by their ids, the present one first. The others only open what they have wrapped.
#[derive(Clone)]
pub struct MasterKey(Arc<Vec<(String, RandomizedNonceKey)>>);

impl MasterKey {
    /// Reads lines of an id, a space, and 32 bytes in base64. The first is the present one.
    ///
    /// # Errors
    /// Where a line is none of these. It is told by its number, never by what it says.
    pub fn parse(text: &str) -> anyhow::Result<MasterKey> {
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
        let mut keys: Vec<(String, RandomizedNonceKey)> = Vec::new();
        for (number, line) in lines {
            let wrong = || anyhow!("line {} is not an id, a space and 32 bytes in base64", number + 1);
            let (id, key) = line.trim().split_once(' ').ok_or_else(wrong)?;
            let key = STANDARD.decode(key.trim()).map_err(|_| wrong())?;
            let key = RandomizedNonceKey::new(&AES_256_GCM, &key).map_err(|_| wrong())?;
            ensure!(keys.iter().all(|(other, _)| other != id), "line {} has an id that another has", number + 1);
            keys.push((id.to_owned(), key));
        }
        ensure!(!keys.is_empty(), "there is no key in it");
        Ok(MasterKey(Arc::new(keys)))
    }

    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read, or as [`MasterKey::parse`].
    pub fn in_file(path: &Path) -> anyhow::Result<MasterKey> {
        let failed = || format!("the master key {}", path.display());
        MasterKey::parse(&fs::read_to_string(path).with_context(failed)?).with_context(failed)
    }

    /// The key in `master.key` of a folder, which is made, readable by its owner alone, when it is not there.
    ///
    /// # Errors
    /// As [`MasterKey::in_file`].
    pub fn in_folder(folder: &Path) -> anyhow::Result<MasterKey> {
        let path = folder.join("master.key");
        if !path.exists() {
            fs::create_dir_all(folder)?;
            let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
            writeln!(file, "# Whoever has this file can read the person numbers. Without it nobody can.")?;
            writeln!(file, "{}", MasterKey::line("first")?)?;
            file.sync_all()?;
        }
        MasterKey::in_file(&path)
    }

    /// A new line for the file.
    ///
    /// # Errors
    /// When the machine gives no randomness.
    pub fn line(id: &str) -> anyhow::Result<String> {
        let mut key = [0; super::KEY];
        rand::fill(&mut key).map_err(|_| anyhow!("no randomness"))?;
        Ok(format!("{id} {}", STANDARD.encode(key)))
    }

    /// The id of the present one.
    pub fn current(&self) -> &str {
        self.0.first().map_or("", |(id, _)| id)
    }

    pub(super) fn wrap(&self, key_id: i64, key: &[u8]) -> anyhow::Result<Vec<u8>> {
        let (_, master) = self.0.first().context("no master key")?;
        super::seal(master, key_id, b"key", key)
    }

    pub(super) fn unwrap(&self, id: &str, key_id: i64, wrapped: &[u8]) -> anyhow::Result<Vec<u8>> {
        let found = self.0.iter().find(|(own, _)| own == id);
        let (_, master) =
            found.with_context(|| format!("the master key {id}, which wraps key {key_id}, is not there"))?;
        super::open(master, key_id, b"key", wrapped).with_context(|| format!("the master key {id} is another one"))
    }
}
