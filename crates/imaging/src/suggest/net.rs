//! The network in its runtime.

use std::sync::Arc;

use rten::{ModelOptions, NodeId, RunOptions, ThreadPool};
use rten_tensor::{Layout as _, NdTensor};

use super::map::Map;
use super::{Failure, Unreadable};
use crate::picture::{Layout, Picture};

/// Width and height of what the network sees are multiples of this.
pub(super) const GRAIN: u32 = 32;
/// It tells of every second pixel in each direction.
const STRIDE: u32 = 2;

/// A network that tells, for places of a picture, how surely they are wound.
pub(super) struct Net {
    model: rten::Model,
    image: NodeId,
    threads: Arc<ThreadPool>,
}

impl Net {
    pub(super) fn read(onnx: Vec<u8>) -> Result<Self, Unreadable> {
        let model = ModelOptions::with_all_ops().load(onnx).map_err(|error| Unreadable::Damaged(error.to_string()))?;
        let (&[image], &[_]) = (model.input_ids(), model.output_ids()) else {
            return Err(Unreadable::Other("it has not one input and one output".to_owned()));
        };
        let net = Self { model, image, threads: Arc::new(ThreadPool::with_num_threads(1)) };
        net.look(&Picture {
            samples: vec![128; (GRAIN * GRAIN) as usize],
            ..Picture::blank(GRAIN, GRAIN, Layout::Luma)
        })
        .map_err(|error| Unreadable::Other(error.to_string()))?;
        Ok(net)
    }

    /// What the file says of itself by a name.
    pub(super) fn fact(&self, name: &str) -> Option<String> {
        let mut fields = self.model.metadata().fields();
        fields.find(|(field, _)| *field == name).map(|(_, value)| value.to_owned())
    }

    /// Looks at a picture, whose sides are multiples of [`GRAIN`].
    pub(super) fn look(&self, picture: &Picture) -> Result<Map, Failure> {
        let (width, height) = (picture.width as usize, picture.height as usize);
        let image = NdTensor::from_data([1, 3, height, width], planes(picture));
        let options = RunOptions::default().with_thread_pool(Some(self.threads.clone()));
        let failure = |error: &dyn std::fmt::Display| Failure::Net(error.to_string());
        let [seen] = self
            .model
            .run_n(vec![(self.image, image.into())], [self.model.output_ids()[0]], Some(options))
            .map_err(|error| failure(&error))?;
        let seen: NdTensor<f32, 4> = seen.try_into().map_err(|_| failure(&"it gives no map"))?;
        let (width, height) = (picture.width / STRIDE, picture.height / STRIDE);
        if seen.shape() != [1, 1, height as usize, width as usize] {
            return Err(failure(&"its map has another size"));
        }
        Ok(Map { width, height, values: seen.into_data() })
    }
}

impl std::fmt::Debug for Net {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Net").finish_non_exhaustive()
    }
}

/// All of the red, then all of the green, then all of the blue, from 0 to 1.
fn planes(picture: &Picture) -> Vec<f32> {
    let of = |channel: usize| picture.samples.iter().skip(channel).step_by(3).map(|&it| f32::from(it) / 255.0);
    match picture.layout {
        Layout::Luma => picture.samples.iter().map(|&it| f32::from(it) / 255.0).collect::<Vec<_>>().repeat(3),
        Layout::Rgb => of(0).chain(of(1)).chain(of(2)).collect(),
        Layout::YCbCr => {
            // JPEG's own conversion: BT.601, full range.
            let plane = |blue: f32, red: f32| {
                let from = of(0).zip(of(1)).zip(of(2));
                from.map(move |((y, b), r)| {
                    (y + blue * (b - 128.0 / 255.0) + red * (r - 128.0 / 255.0)).clamp(0.0, 1.0)
                })
            };
            plane(0.0, 1.402).chain(plane(-0.344_136, -0.714_136)).chain(plane(1.772, 0.0)).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn red_is_red_however_it_is_kept() {
        let pixel =
            |samples: &[u8], layout| planes(&Picture { samples: samples.to_vec(), ..Picture::blank(1, 1, layout) });
        assert_eq!(pixel(&[255, 0, 0], Layout::Rgb), [1.0, 0.0, 0.0]);
        assert_eq!(pixel(&[51], Layout::Luma), [0.2, 0.2, 0.2]);
        let red = pixel(&[76, 85, 255], Layout::YCbCr);
        assert!(red.iter().zip([1.0, 0.0, 0.0]).all(|(found, expected)| (found - expected).abs() < 0.01), "{red:?}");
    }

    #[test]
    fn what_is_no_network_is_not_taken_for_one() {
        for bytes in [&b""[..], b"no weights at all", &[8, 7, 58, 0]] {
            assert!(Net::read(bytes.to_vec()).is_err());
        }
    }
}
