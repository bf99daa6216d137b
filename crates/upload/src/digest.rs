//! Whether the bytes are those that were announced.

use sha2::{Digest as _, Sha256};

/// A digest in the making. Of a kind that there is not, it is nobody's.
pub(crate) enum Digest {
    Sha256(Box<Sha256>),
    Blake3(Box<blake3::Hasher>),
    Unknown,
}

impl Digest {
    /// `kind` is `sha256` or `blake3`, the faster of the two.
    pub(crate) fn new(kind: &str) -> Digest {
        match kind {
            "sha256" => Digest::Sha256(Box::default()),
            "blake3" => Digest::Blake3(Box::default()),
            _ => Digest::Unknown,
        }
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        match self {
            Digest::Sha256(digest) => digest.update(bytes),
            Digest::Blake3(digest) => {
                digest.update(bytes);
            }
            Digest::Unknown => {}
        }
    }

    /// Whether it is this one, in lower-case hexadecimal digits.
    pub(crate) fn is(self, expected: &str) -> bool {
        match self {
            Digest::Sha256(digest) => {
                let found: String = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
                found == expected
            }
            Digest::Blake3(digest) => digest.finalize().to_hex().as_str() == expected,
            Digest::Unknown => false,
        }
    }
}

/// Whether bytes have a digest, in lower-case hexadecimal digits. `kind` is `sha256` or `blake3`, the faster of the two.
/// Forty mebibytes take a moment: it is called where it holds nobody up.
pub fn is_digest_of(bytes: &[u8], kind: &str, expected: &str) -> bool {
    let mut digest = Digest::new(kind);
    digest.update(bytes);
    digest.is(expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABC_SHA256: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    const ABC_BLAKE3: &str = "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85";

    #[test]
    fn a_digest_is_of_its_own_bytes_and_its_own_kind() {
        assert!(is_digest_of(b"abc", "sha256", ABC_SHA256));
        assert!(is_digest_of(b"abc", "blake3", ABC_BLAKE3));
        assert!(!is_digest_of(b"abd", "sha256", ABC_SHA256));
        assert!(!is_digest_of(b"abd", "blake3", ABC_BLAKE3));
        assert!(!is_digest_of(b"abc", "sha256", ABC_BLAKE3));
        assert!(!is_digest_of(b"abc", "md5", ABC_SHA256));
    }
}
