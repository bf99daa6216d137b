//! Whether the bytes are those that were announced.

use sha2::{Digest as _, Sha256};

/// Whether bytes have a digest, in lower-case hexadecimal digits. `kind` is `sha256` or `blake3`, the faster of the two.
/// Forty mebibytes take a moment: it is called where it holds nobody up.
pub fn is_digest_of(bytes: &[u8], kind: &str, digest: &str) -> bool {
    let found = match kind {
        "sha256" => Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect(),
        "blake3" => blake3::hash(bytes).to_hex().to_string(),
        _ => return false,
    };
    found == digest
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
