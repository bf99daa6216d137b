//! Where a photo's bytes come from.

use std::{
    io::SeekFrom,
    path::{Path, PathBuf},
};

use bytes::Bytes;
use tokio::{
    fs::File,
    io::{AsyncReadExt as _, AsyncSeekExt as _},
};

use crate::Error;

/// The bytes of a photo: a file, which is read piece by piece, or bytes that are in memory anyhow.
#[derive(Debug, Clone)]
pub enum Source {
    /// A file. It must not change while it is uploaded.
    File(PathBuf),
    /// Bytes.
    Bytes(Bytes),
}

impl Source {
    pub(crate) async fn size(&self) -> Result<u64, Error> {
        match self {
            Source::Bytes(bytes) => Ok(bytes.len() as u64),
            Source::File(path) => {
                let found = tokio::fs::metadata(path).await;
                Ok(found.map_err(|source| Error::io(format!("read {}", path.display()), source))?.len())
            }
        }
    }

    pub(crate) async fn open(&self, offset: u64) -> Result<Reader<'_>, Error> {
        match self {
            Source::Bytes(bytes) => Ok(Reader::Bytes(bytes.slice((offset as usize).min(bytes.len())..))),
            Source::File(path) => {
                let opened = async {
                    let mut file = File::open(path).await?;
                    file.seek(SeekFrom::Start(offset)).await?;
                    Ok(file)
                };
                let file = opened.await.map_err(|source| Error::io(format!("open {}", path.display()), source))?;
                Ok(Reader::File { file, path })
            }
        }
    }
}

impl From<Bytes> for Source {
    fn from(bytes: Bytes) -> Self {
        Source::Bytes(bytes)
    }
}

impl From<Vec<u8>> for Source {
    fn from(bytes: Vec<u8>) -> Self {
        Source::Bytes(bytes.into())
    }
}

impl From<&Path> for Source {
    fn from(path: &Path) -> Self {
        Source::File(path.to_owned())
    }
}

impl From<PathBuf> for Source {
    fn from(path: PathBuf) -> Self {
        Source::File(path)
    }
}

/// Reads on from an offset.
pub(crate) enum Reader<'a> {
    File { file: File, path: &'a Path },
    Bytes(Bytes),
}

impl Reader<'_> {
    /// The next bytes, exactly so many. A file that has become shorter is an error.
    pub(crate) async fn next(&mut self, bytes: usize) -> Result<Bytes, Error> {
        match self {
            Reader::Bytes(rest) => Ok(rest.split_to(bytes.min(rest.len()))),
            Reader::File { file, path } => {
                let mut chunk = vec![0; bytes];
                let read = file.read_exact(&mut chunk).await;
                read.map_err(|source| Error::io(format!("read {}", path.display()), source))?;
                Ok(chunk.into())
            }
        }
    }
}
