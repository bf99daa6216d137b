//! Size and digest of a file, read in pieces.

use std::{
    fs::File,
    io::{self, Read, Write},
    path::Path,
};

use chrono::{DateTime, Utc};
use samspil_proto::{time, wound::v1 as pb};
use serde::{Deserialize, Serialize};
use sha2::Digest as _;
use uuid::Uuid;

use crate::Error;

/// How a photo's bytes are summed up. The service takes either.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Algorithm {
    /// BLAKE3, which costs a twentieth of SHA-256 where the processor has no instruction for that.
    #[default]
    Blake3,
    /// SHA-256, where a rule asks for it.
    Sha256,
}

/// What is announced of a photo's bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// How many bytes.
    pub size_bytes: u64,
    /// By which algorithm.
    pub algorithm: Algorithm,
    /// 64 lower-case hexadecimal digits.
    pub hex: String,
}

impl Digest {
    /// Reads a file in pieces and sums it up.
    pub async fn of_file(path: impl AsRef<Path>, algorithm: Algorithm) -> Result<Digest, Error> {
        let path = path.as_ref().to_owned();
        let doing = format!("read {}", path.display());
        let read = tokio::task::spawn_blocking(move || copy(&mut File::open(path)?, &mut io::sink(), algorithm)).await;
        read.unwrap_or_else(|stopped| Err(io::Error::other(stopped))).map_err(|source| Error::io(doing, source))
    }

    /// Sums up bytes in memory.
    pub fn of_bytes(bytes: &[u8], algorithm: Algorithm) -> Digest {
        let mut sum = Sum::new(algorithm);
        sum.update(bytes);
        sum.finish(bytes.len() as u64)
    }

    /// The announcement of a photo with these bytes, as `CreateVisit` and `AnnouncePhoto` take it.
    pub fn announce(&self, photo_id: Uuid, capture_time: DateTime<Utc>) -> pb::Photo {
        let mut photo = pb::Photo {
            photo_id: photo_id.to_string(),
            size_bytes: i64::try_from(self.size_bytes).unwrap_or(i64::MAX),
            capture_time: Some(time::to_wire(capture_time)),
            ..pb::Photo::default()
        };
        match self.algorithm {
            Algorithm::Blake3 => photo.blake3.clone_from(&self.hex),
            Algorithm::Sha256 => photo.sha256.clone_from(&self.hex),
        }
        photo
    }
}

/// Copies everything and sums it up on the way.
pub(crate) fn copy(from: &mut impl Read, to: &mut impl Write, algorithm: Algorithm) -> io::Result<Digest> {
    let mut sum = Sum::new(algorithm);
    let mut size_bytes = 0;
    let mut piece = vec![0; 256 * 1024];
    loop {
        let read = match from.read(&mut piece) {
            Ok(0) => return Ok(sum.finish(size_bytes)),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        sum.update(&piece[..read]);
        to.write_all(&piece[..read])?;
        size_bytes += read as u64;
    }
}

enum Sum {
    Blake3(Box<blake3::Hasher>),
    Sha256(sha2::Sha256),
}

impl Sum {
    fn new(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Blake3 => Sum::Blake3(Box::default()),
            Algorithm::Sha256 => Sum::Sha256(sha2::Sha256::new()),
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        match self {
            Sum::Blake3(sum) => {
                sum.update(bytes);
            }
            Sum::Sha256(sum) => sum.update(bytes),
        }
    }

    fn finish(self, size_bytes: u64) -> Digest {
        let (algorithm, hex) = match self {
            Sum::Blake3(sum) => (Algorithm::Blake3, sum.finalize().to_hex().to_string()),
            Sum::Sha256(sum) => (Algorithm::Sha256, sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect()),
        };
        Digest { size_bytes, algorithm, hex }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_and_its_bytes_have_one_digest() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let bytes = vec![7; 300_000];
        std::fs::write(file.path(), &bytes).unwrap();
        for algorithm in [Algorithm::Blake3, Algorithm::Sha256] {
            assert_eq!(Digest::of_file(file.path(), algorithm).await.unwrap(), Digest::of_bytes(&bytes, algorithm));
        }
    }

    #[test]
    fn the_digests_are_those_of_the_specifications() {
        let blake3 = "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85";
        let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Digest::of_bytes(b"abc", Algorithm::Blake3).hex, blake3);
        assert_eq!(Digest::of_bytes(b"abc", Algorithm::Sha256).hex, sha256);
    }
}
