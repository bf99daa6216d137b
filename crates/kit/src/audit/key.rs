//! The key that signs checkpoints, and a signed checkpoint as it is kept elsewhere.

use std::{path::Path, sync::Arc};

use anyhow::Context as _;
use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey},
};
use chrono::{DateTime, Utc};
use samspil_store::audit::{checkpoints::Checkpoint, seals::Head};
use serde::{Deserialize, Serialize};

use crate::identity::write_private;

/// Signs checkpoints. A key of its own: who can read the issuer's key makes tokens, and need not be able to make these.
#[derive(Clone)]
pub struct Key(Arc<Ed25519KeyPair>);

impl Key {
    /// The key in a file, which is made, readable by its owner alone, when it is not there.
    ///
    /// # Errors
    /// When the file cannot be read or made, or holds no key.
    pub fn made_in(path: &Path) -> anyhow::Result<Key> {
        if !path.exists() {
            write_private(path, &fresh()?)?;
        }
        Key::in_file(path)
    }

    /// The key in a file that is there.
    ///
    /// # Errors
    /// When the file cannot be read or holds no key.
    pub fn in_file(path: &Path) -> anyhow::Result<Key> {
        let pkcs8 = std::fs::read(path).with_context(|| format!("cannot read the audit's key {}", path.display()))?;
        Key::of(&pkcs8)
    }

    /// A key that is kept nowhere.
    ///
    /// # Errors
    /// When the machine gives no randomness.
    pub fn fresh() -> anyhow::Result<Key> {
        Key::of(&fresh()?)
    }

    fn of(pkcs8: &[u8]) -> anyhow::Result<Key> {
        let pair = Ed25519KeyPair::from_pkcs8(pkcs8);
        Ok(Key(Arc::new(pair.map_err(|error| anyhow::anyhow!("the audit's key is damaged: {error}"))?)))
    }

    /// The public half: Ed25519, 32 bytes.
    pub fn public(&self) -> &[u8] {
        self.0.public_key().as_ref()
    }

    /// Signs how far a service's chain has come.
    pub fn sign(&self, service: &str, head: Head, time: DateTime<Utc>) -> Signed {
        let signature = self.0.sign(&message(service, head.sequence, &head.hash, time)).as_ref().to_vec();
        let Head { sequence, hash } = head;
        let checkpoint = Checkpoint { sequence, hash, time, key: self.public().to_vec(), signature };
        Signed { service: service.to_owned(), checkpoint }
    }
}

fn fresh() -> anyhow::Result<Vec<u8>> {
    let key = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(|_| anyhow::anyhow!("no randomness"))?;
    Ok(key.as_ref().to_vec())
}

/// What is signed: its purpose, then each part in a form that nothing else has.
fn message(service: &str, sequence: i64, hash: &[u8], time: DateTime<Utc>) -> Vec<u8> {
    let mut message = Vec::new();
    for part in [b"samspil audit checkpoint 1", service.as_bytes(), hash] {
        message.extend((part.len() as u64).to_be_bytes());
        message.extend(part);
    }
    message.extend(sequence.to_be_bytes());
    message.extend(time.timestamp_micros().to_be_bytes());
    message
}

/// A checkpoint with the service whose chain it is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The service.
    pub service: String,
    /// How far its chain had come.
    pub checkpoint: Checkpoint,
}

impl Signed {
    /// Whether the key that it names has signed it.
    pub fn is_genuine(&self) -> bool {
        let Checkpoint { sequence, hash, time, key, signature } = &self.checkpoint;
        UnparsedPublicKey::new(&ED25519, key).verify(&message(&self.service, *sequence, hash, *time), signature).is_ok()
    }

    /// As a line of JSON.
    pub fn to_line(&self) -> String {
        let Checkpoint { sequence, hash, time, key, signature } = &self.checkpoint;
        let service = self.service.clone();
        let line = Line {
            service,
            sequence: *sequence,
            hash: hex(hash),
            time: *time,
            key: hex(key),
            signature: hex(signature),
        };
        serde_json::json!(line).to_string()
    }

    /// Reads a line.
    ///
    /// # Errors
    /// When it is no checkpoint.
    pub fn from_line(line: &str) -> anyhow::Result<Signed> {
        let line: Line = serde_json::from_str(line)?;
        let bytes = |name, text: &str| unhex(text).with_context(|| format!("`{name}` is not hexadecimal"));
        let checkpoint = Checkpoint {
            sequence: line.sequence,
            hash: bytes("hash", &line.hash)?,
            time: line.time,
            key: bytes("key", &line.key)?,
            signature: bytes("signature", &line.signature)?,
        };
        Ok(Signed { service: line.service, checkpoint })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    service: String,
    sequence: i64,
    hash: String,
    time: DateTime<Utc>,
    key: String,
    signature: String,
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<_> = text.chars().map(|digit| digit.to_digit(16)).collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|[high, low]| (high << 4 | low) as u8).collect())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn signed(key: &Key) -> Signed {
        key.sign(
            "wound",
            Head { sequence: 7, hash: vec![0xab; 32] },
            DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
        )
    }

    #[test]
    fn a_checkpoint_is_genuine_until_any_part_of_it_is_changed() {
        let good = signed(&Key::fresh().unwrap());
        assert!(good.is_genuine());
        assert_eq!(Signed::from_line(&good.to_line()).unwrap(), good);
        let changes: [fn(&mut Signed); 6] = [
            |signed| signed.service = "referral".to_owned(),
            |signed| signed.checkpoint.sequence += 1,
            |signed| signed.checkpoint.hash[0] ^= 1,
            |signed| signed.checkpoint.time += chrono::TimeDelta::microseconds(1),
            |signed| signed.checkpoint.key = Key::fresh().unwrap().public().to_vec(),
            |signed| signed.checkpoint.signature[3] ^= 1,
        ];
        for change in changes {
            let mut bad = good.clone();
            change(&mut bad);
            assert!(!bad.is_genuine(), "{bad:?}");
        }
    }

    #[test]
    fn a_line_that_is_no_checkpoint_is_refused() {
        let good = signed(&Key::fresh().unwrap()).to_line();
        for bad in
            ["", "{}", &good.replace("abab", "abxb"), &good.replace("\"abab", "\"bab"), &good.replace("key", "kex")]
        {
            assert!(Signed::from_line(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_key_is_made_once_and_is_its_owners_alone() {
        let folder = std::env::temp_dir().join(format!("samspil-audit-key-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir(&folder).unwrap();
        let path = folder.join("audit.key");
        assert!(Key::in_file(&path).is_err());
        let made = Key::made_in(&path).unwrap();
        assert_eq!(Key::made_in(&path).unwrap().public(), made.public());
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::write(&path, "no key").unwrap();
        assert!(Key::made_in(&path).is_err());
        std::fs::remove_dir_all(folder).unwrap();
    }
}
