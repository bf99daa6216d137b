//! The photographs that are uploaded: a few are drawn, and each upload gets one that no other has.

use bytes::Bytes;
use samspil_client::digest::{Algorithm, Digest};
use samspil_phantom::{Metadata, Scene};

/// How many of each size are drawn.
const DRAWN: u64 = 3;

/// Drawn photographs of two sizes.
pub(crate) struct Pictures {
    sizes: Vec<(u32, Vec<Bytes>)>,
}

/// A photograph with what is announced of it.
#[derive(Clone)]
pub(crate) struct Picture {
    pub bytes: Bytes,
    pub digest: Digest,
}

impl Pictures {
    /// Draws them, before anything is measured.
    pub(crate) async fn draw() -> anyhow::Result<Pictures> {
        println!("drawing {} photographs", 2 * DRAWN);
        let draw = |megapixels| {
            let one = |seed| {
                let scene = Scene::visit(seed, 1).megapixels(megapixels);
                Bytes::from(samspil_phantom::photograph(&scene, &Metadata::default()).0)
            };
            (megapixels, (1..=DRAWN).map(one).collect())
        };
        let sizes = tokio::task::spawn_blocking(move || [3, 12].map(draw).into()).await?;
        Ok(Pictures { sizes })
    }

    /// How many megapixels, the smallest first: what memory the large ones leave behind is not counted for them.
    pub(crate) fn sizes(&self) -> impl Iterator<Item = u32> {
        self.sizes.iter().map(|(megapixels, _)| *megapixels)
    }

    /// So many photographs, each with bytes of its own: a comment behind the first marker makes the difference, which costs
    /// a decoder nothing.
    pub(crate) fn distinct(&self, megapixels: u32, count: usize, batch: &str) -> Vec<Picture> {
        let drawn = self.sizes.iter().filter(|(size, _)| *size == megapixels).flat_map(|(_, drawn)| drawn);
        let drawn = drawn.cycle().take(count).zip(0..);
        drawn.map(|(jpeg, n)| with_comment(jpeg, &format!("bench {batch} {n:08}"))).collect()
    }
}

fn with_comment(jpeg: &[u8], comment: &str) -> Picture {
    let mut bytes = Vec::with_capacity(jpeg.len() + comment.len() + 4);
    bytes.extend(&jpeg[..2]);
    bytes.extend([0xff, 0xfe]);
    bytes.extend((comment.len() as u16 + 2).to_be_bytes());
    bytes.extend(comment.as_bytes());
    bytes.extend(&jpeg[2..]);
    let digest = Digest::of_bytes(&bytes, Algorithm::default());
    Picture { bytes: bytes.into(), digest }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_makes_another_file_of_the_same_photograph() {
        let scene = Scene { width: 320, height: 240, ..Scene::visit(1, 0) };
        let (jpeg, _) = samspil_phantom::photograph(&scene, &Metadata::default());
        let (one, other) = (with_comment(&jpeg, "1"), with_comment(&jpeg, "2"));
        assert_ne!(one.digest, other.digest);
        let strip = |picture: &Picture| {
            let inspected = samspil_imaging::inspect(&picture.bytes, &samspil_imaging::Limits::default()).unwrap();
            samspil_imaging::strip(&picture.bytes, &inspected).unwrap()
        };
        assert_eq!(strip(&one), strip(&other));
    }
}
