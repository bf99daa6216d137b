//! How a sealed object looks.
//!
//! ```text
//! "samseal" 1 | key id, 8 bytes | data key, wrapped: nonce, 32 bytes, tag | chunk | chunk | … | last chunk
//! ```
//!
//! A chunk is 64 KiB and its tag (AES-256-GCM); the last is shorter, and the only one of an empty object. Its nonce is its number and
//! whether it is the last, so that chunks which were moved, doubled, left out or cut off do not open. The nonces come again with each
//! object, the data key never does.

use anyhow::{Context as _, anyhow, ensure};
use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    rand,
};

/// Plain bytes of a chunk.
pub(crate) const CHUNK: u64 = 64 << 10;

/// What sealing adds to a chunk.
const TAG: u64 = 16;

/// A chunk as it is stored.
pub(super) const SEALED_CHUNK: u64 = CHUNK + TAG;

/// What a sealed object begins with: a word, and the version of the format.
const MAGIC: &[u8; 8] = b"samseal\x01";

/// Bytes of a data key.
pub(super) const KEY: usize = 32;

/// A data key as it is wrapped.
const WRAPPED: usize = NONCE_LEN + KEY + TAG as usize;

/// Bytes before the first chunk.
pub(super) const HEADER: u64 = (MAGIC.len() + 8 + WRAPPED) as u64;

/// What a sealed object begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// Which of the service's keys wraps the data key.
    pub(super) key_id: i64,
    /// The wrapped data key.
    pub(super) wrapped: Vec<u8>,
}

impl Header {
    pub(super) fn write(&self) -> Vec<u8> {
        [&MAGIC[..], &self.key_id.to_be_bytes(), &self.wrapped].concat()
    }

    /// Reads what an object begins with; `None` when that is no sealed object.
    pub(super) fn read(bytes: &[u8]) -> Option<Header> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let (key_id, rest) = rest.split_first_chunk()?;
        Some(Header { key_id: i64::from_be_bytes(*key_id), wrapped: rest.get(..WRAPPED)?.to_vec() })
    }
}

/// How many chunks so many plain bytes are in.
pub(super) fn chunks(plain: u64) -> u64 {
    plain.div_ceil(CHUNK).max(1)
}

/// The plain size of a sealed object; `None` when no sealed object has this size.
pub(super) fn plain_size(sealed: u64) -> Option<u64> {
    let body = sealed.checked_sub(HEADER)?;
    let plain = body.checked_sub(body.div_ceil(SEALED_CHUNK) * TAG)?;
    (body >= TAG && chunks(plain) * TAG + plain == body).then_some(plain)
}

/// Seals and opens the chunks of one object.
pub(super) struct Cipher(LessSafeKey);

impl Cipher {
    /// With a new data key, and the key.
    pub(super) fn fresh() -> anyhow::Result<([u8; KEY], Cipher)> {
        let mut key = [0; KEY];
        rand::fill(&mut key).map_err(|_| anyhow!("no randomness"))?;
        Ok((key, Cipher::of(&key)?))
    }

    pub(super) fn of(key: &[u8]) -> anyhow::Result<Cipher> {
        let key = UnboundKey::new(&AES_256_GCM, key).map_err(|_| anyhow!("the data key is none"))?;
        Ok(Cipher(LessSafeKey::new(key)))
    }

    /// The whole object, behind its header.
    pub(super) fn seal(&self, header: &[u8], plain: &[u8]) -> anyhow::Result<Vec<u8>> {
        let count = chunks(plain.len() as u64);
        let mut sealed = Vec::with_capacity(header.len() + plain.len() + (count * TAG) as usize);
        sealed.extend_from_slice(header);
        for index in 0..count {
            let begin = (index * CHUNK) as usize;
            let end = plain.len().min(begin + CHUNK as usize);
            let at = sealed.len();
            sealed.extend_from_slice(&plain[begin..end]);
            let (_, chunk) = sealed.split_at_mut(at);
            let tag = self.0.seal_in_place_separate_tag(nonce(index, index + 1 == count), Aad::empty(), chunk);
            sealed.extend_from_slice(tag.map_err(|_| anyhow!("cannot be sealed"))?.as_ref());
        }
        Ok(sealed)
    }

    /// Opens one chunk of `count` in its place.
    pub(super) fn open<'c>(&self, index: u64, count: u64, chunk: &'c mut [u8]) -> anyhow::Result<&'c [u8]> {
        let nonce = nonce(index, index + 1 == count);
        let plain = self.0.open_in_place(nonce, Aad::empty(), chunk);
        plain.map(|plain| &*plain).map_err(|_| anyhow!("chunk {index} of {count} was changed or moved"))
    }

    /// The plain bytes of a whole object.
    pub(super) fn open_all(&self, sealed: &[u8]) -> anyhow::Result<Vec<u8>> {
        let size = plain_size(sealed.len() as u64).context("an object of this size was cut")?;
        let body = sealed.get(HEADER as usize..).unwrap_or_default();
        let mut plain = Vec::with_capacity(size as usize);
        for (index, chunk) in (0..).zip(body.chunks(SEALED_CHUNK as usize)) {
            plain.extend_from_slice(self.open(index, chunks(size), &mut chunk.to_vec())?);
        }
        ensure!(plain.len() as u64 == size, "an object of another size");
        Ok(plain)
    }
}

fn nonce(index: u64, last: bool) -> Nonce {
    let mut nonce = [0; NONCE_LEN];
    nonce[..8].copy_from_slice(&index.to_be_bytes());
    nonce[8] = u8::from(last);
    Nonce::assume_unique_for_key(nonce)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_before_and_after_sealing_tells_the_other() {
        let (_, cipher) = Cipher::fresh().unwrap();
        let header = Header { key_id: 7, wrapped: vec![1; WRAPPED] };
        for size in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 5] {
            let plain = vec![9; size as usize];
            let sealed = cipher.seal(&header.write(), &plain).unwrap();
            assert_eq!(plain_size(sealed.len() as u64), Some(size));
            assert_eq!(Header::read(&sealed), Some(header.clone()));
            assert_eq!(cipher.open_all(&sealed).unwrap(), plain);
        }
        for none in [0, HEADER, HEADER + TAG - 1, HEADER + SEALED_CHUNK + TAG, HEADER + SEALED_CHUNK + 3] {
            assert_eq!(plain_size(none), None, "{none}");
        }
    }
}
