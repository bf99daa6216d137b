//! Chance that is the same everywhere: hashes of lattice points, and smooth noise made from them.
//!
//! Only `+ - * /`, comparison and `sqrt` are used, which IEEE 754 defines to the last bit. So a picture does not
//! depend on the mathematics library of the machine that draws it.

/// Mixes a lattice point into 32 even bits.
fn hash(seed: u32, x: i32, y: i32) -> u32 {
    let mut h = seed ^ (x as u32).wrapping_mul(0x9e37_79b1) ^ (y as u32).wrapping_mul(0x85eb_ca77).rotate_left(13);
    h ^= h >> 15;
    h = h.wrapping_mul(0x2c1b_3c6d);
    h ^= h >> 12;
    h = h.wrapping_mul(0x297a_2d39);
    h ^ (h >> 15)
}

/// Mixes a seed and a stream's number, so that two uses of one seed know nothing of each other.
pub(crate) fn mix(seed: u64, stream: u64) -> u64 {
    let mut z = seed.wrapping_add(stream.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The largest whole number that is not above `x`; `f32::floor` is a call on a plain x86-64.
fn floor(x: f32) -> i32 {
    let cut = x as i32;
    cut - i32::from(x < cut as f32)
}

/// From 0 at `from` to 1 at `to`, with no corner at either end; `from` may be the larger.
pub(crate) fn step(from: f32, to: f32, x: f32) -> f32 {
    let t = ((x - from) / (to - from)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// The colour a share of the way from one to another.
pub(crate) fn blend(from: [f32; 3], to: [f32; 3], share: f32) -> [f32; 3] {
    std::array::from_fn(|c| from[c] + (to[c] - from[c]) * share)
}

/// A sequence of numbers drawn from a seed, for things that are placed once in a picture.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        Self(mix(seed, stream))
    }

    /// An even choice in `[low, high)`.
    pub(crate) fn between(&mut self, low: f32, high: f32) -> f32 {
        self.0 = mix(self.0, 1);
        low + (high - low) * (self.0 >> 40) as f32 / (1 << 24) as f32
    }
}

/// Unit vectors at every 22.5 degrees.
const DIRECTIONS: [[f32; 2]; 16] = {
    const A: f32 = 0.923_879_5;
    const B: f32 = 0.382_683_43;
    const C: f32 = std::f32::consts::FRAC_1_SQRT_2;
    [
        [1.0, 0.0],
        [A, B],
        [C, C],
        [B, A],
        [0.0, 1.0],
        [-B, A],
        [-C, C],
        [-A, B],
        [-1.0, 0.0],
        [-A, -B],
        [-C, -C],
        [-B, -A],
        [0.0, -1.0],
        [B, -A],
        [C, -C],
        [A, -B],
    ]
};

/// One field of noise over the plane.
#[derive(Clone, Copy)]
pub(crate) struct Noise(u32);

/// Where a point lies among scattered centres, one in each unit square.
pub(crate) struct Among {
    /// Distance to the nearest centre.
    pub(crate) nearest: f32,
    /// Distance to the next one.
    pub(crate) second: f32,
    /// An even number in `[0, 1)` that belongs to the nearest centre.
    pub(crate) chance: f32,
}

impl Noise {
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        Self(mix(seed, stream) as u32)
    }

    /// Gradient noise, about -1 to 1, with a wavelength of about 1.
    pub(crate) fn at(self, x: f32, y: f32) -> f32 {
        let (i, j) = (floor(x), floor(y));
        let (fx, fy) = (x - i as f32, y - j as f32);
        let slope = |di: i32, dj: i32| {
            let [gx, gy] = DIRECTIONS[(hash(self.0, i + di, j + dj) >> 28) as usize];
            gx * (fx - di as f32) + gy * (fy - dj as f32)
        };
        let fade = |t: f32| t * t * t * (t * (t * 6.0 - 15.0) + 10.0);
        let (wx, wy) = (fade(fx), fade(fy));
        let (a, b, c, d) = (slope(0, 0), slope(1, 0), slope(0, 1), slope(1, 1));
        let top = a + wx * (b - a);
        let bottom = c + wx * (d - c);
        1.5 * (top + wy * (bottom - top))
    }

    /// Octaves of noise, each half as long and half as strong as the one before it.
    pub(crate) fn layers(self, mut x: f32, mut y: f32, octaves: u32) -> f32 {
        let (mut sum, mut strength) = (0.0, 1.0);
        for _ in 0..octaves {
            // Each lattice is turned and shifted against the one before it, so that neither their lines nor their
            // points, where noise is 0, fall together.
            (x, y) = (0.8 * x - 0.6 * y + 17.3, 0.6 * x + 0.8 * y - 9.1);
            sum += strength * self.at(x, y);
            (x, y) = (2.0 * x, 2.0 * y);
            strength *= 0.5;
        }
        sum
    }

    /// The centres about a point: the grains, pores and spots of a surface.
    pub(crate) fn among(self, x: f32, y: f32) -> Among {
        let (i, j) = (floor(x), floor(y));
        let (fx, fy) = (x - i as f32, y - j as f32);
        let (mut nearest, mut second, mut owner) = (f32::MAX, f32::MAX, 0);
        for dj in -1..=1 {
            for di in -1..=1 {
                let h = hash(self.0, i + di, j + dj);
                let cx = di as f32 + (h & 0xff) as f32 / 256.0 - fx;
                let cy = dj as f32 + (h >> 8 & 0xff) as f32 / 256.0 - fy;
                let square = cx * cx + cy * cy;
                if square < nearest {
                    (second, nearest, owner) = (nearest, square, h);
                } else if square < second {
                    second = square;
                }
            }
        }
        Among { nearest: nearest.sqrt(), second: second.sqrt(), chance: (owner >> 16) as f32 / 65536.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_stays_near_its_range_and_has_no_offset() {
        let noise = Noise::new(7, 1);
        let values: Vec<f32> =
            (0..10_000).map(|n| noise.at((n % 100) as f32 * 0.37, (n / 100) as f32 * 0.41 - 20.0)).collect();
        assert!(values.iter().all(|v| v.abs() <= 1.1));
        assert!(values.iter().any(|v| *v > 0.6) && values.iter().any(|v| *v < -0.6));
        assert!((values.iter().sum::<f32>() / 10_000.0).abs() < 0.05);
    }

    #[test]
    fn the_second_centre_is_never_nearer_than_the_nearest() {
        let noise = Noise::new(7, 2);
        for n in 0..1000 {
            let here = noise.among(n as f32 * 0.113, n as f32 * -0.271);
            assert!(here.nearest <= here.second && (0.0..1.0).contains(&here.chance));
        }
    }
}
