//! Colour spaces: the sRGB curve, and the primaries of sRGB and Display P3.

/// Levels of light in the table of the curve, which reaches to twice white: what is too bright is clipped only after
/// the sensor's noise is added.
const TABLE: usize = 8192;
const TOP: f32 = 2.0;

/// The sRGB curve from linear light to levels of 0 to 255 and beyond.
pub(crate) struct Curve(Vec<f32>);

impl Curve {
    pub(crate) fn new() -> Self {
        // Half a step more than whole, so that each entry is right in the middle of its range.
        let level = |n: usize| (255.0 * encode((n as f64 + 0.5) * f64::from(TOP) / TABLE as f64)) as f32;
        Self((0..TABLE).map(level).collect())
    }

    pub(crate) fn level(&self, light: f32) -> f32 {
        self.0[((light * (TABLE as f32 / TOP)) as usize).min(TABLE - 1)]
    }
}

/// x to the power of 1/2.4, that is 5/12, by roots: the bare operations of IEEE 754 are the same on all machines.
fn encode(x: f64) -> f64 {
    if x <= 0.003_130_8 {
        return 12.92 * x;
    }
    let fourth = x.sqrt().sqrt();
    let mut twelfth = 1.0f64;
    for _ in 0..24 {
        twelfth = (2.0 * twelfth + fourth / (twelfth * twelfth)) / 3.0;
    }
    1.055 * twelfth * twelfth * twelfth * twelfth * twelfth - 0.055
}

/// The linear light, of 1.0, of a level of 0 to 255: the inverse of the curve, found by halving.
pub(crate) fn light_of(level: u8) -> f64 {
    let wanted = f64::from(level) / 255.0;
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..48 {
        let middle = (low + high) / 2.0;
        if encode(middle) < wanted {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// Three rows of three.
pub(crate) type Matrix = [[f64; 3]; 3];

/// Chromaticities of red, green and blue.
pub(crate) type Primaries = [[f64; 2]; 3];

/// ITU-R BT.709, as in sRGB.
pub(crate) const SRGB: Primaries = [[0.640, 0.330], [0.300, 0.600], [0.150, 0.060]];
/// SMPTE EG 432-1, as in Display P3.
pub(crate) const DISPLAY_P3: Primaries = [[0.680, 0.320], [0.265, 0.690], [0.150, 0.060]];
/// The white of both.
const D65: [f64; 3] = [0.3127 / 0.3290, 1.0, (1.0 - 0.3127 - 0.3290) / 0.3290];
/// The white of ICC profiles.
pub(crate) const D50: [f64; 3] = [0.9642, 1.0, 0.8249];

/// From linear light to XYZ, white being D65.
pub(crate) fn to_xyz(primaries: Primaries) -> Matrix {
    let columns = primaries.map(|[x, y]| [x / y, 1.0, (1.0 - x - y) / y]);
    let unscaled = transposed(columns);
    let scale = apply(inverse(unscaled), D65);
    unscaled.map(|row| std::array::from_fn(|n| row[n] * scale[n]))
}

/// From linear sRGB to linear light with other primaries.
pub(crate) fn from_srgb(primaries: Primaries) -> Matrix {
    multiply(inverse(to_xyz(primaries)), to_xyz(SRGB))
}

/// Bradford's adaptation from D65 to D50.
pub(crate) fn adaptation() -> Matrix {
    const BRADFORD: Matrix = [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]];
    let (from, to) = (apply(BRADFORD, D65), apply(BRADFORD, D50));
    let scaled: Matrix = std::array::from_fn(|n| BRADFORD[n].map(|x| x * to[n] / from[n]));
    multiply(inverse(BRADFORD), scaled)
}

pub(crate) fn apply(m: Matrix, v: [f64; 3]) -> [f64; 3] {
    m.map(|row| row[0] * v[0] + row[1] * v[1] + row[2] * v[2])
}

pub(crate) fn multiply(a: Matrix, b: Matrix) -> Matrix {
    transposed(transposed(b).map(|column| apply(a, column)))
}

pub(crate) fn transposed(m: Matrix) -> Matrix {
    std::array::from_fn(|i| std::array::from_fn(|j| m[j][i]))
}

fn inverse(m: Matrix) -> Matrix {
    let minor = |i: usize, j: usize| {
        let (a, b) = ((i + 1) % 3, (i + 2) % 3);
        let (c, d) = ((j + 1) % 3, (j + 2) % 3);
        m[a][c] * m[b][d] - m[a][d] * m[b][c]
    };
    let size = m[0][0] * minor(0, 0) + m[0][1] * minor(0, 1) + m[0][2] * minor(0, 2);
    std::array::from_fn(|i| std::array::from_fn(|j| minor(j, i) / size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_is_that_of_srgb() {
        for n in 0..=200 {
            let x = f64::from(n) / 100.0;
            let wanted = if x <= 0.003_130_8 { 12.92 * x } else { 1.055 * x.powf(1.0 / 2.4) - 0.055 };
            assert!((encode(x) - wanted).abs() < 1e-12);
        }
        assert!((Curve::new().level(1.0) - 255.0).abs() < 0.05);
        for level in 0..=255 {
            assert!((encode(light_of(level)) * 255.0 - f64::from(level)).abs() < 1e-9);
        }
    }

    #[test]
    fn white_stays_white() {
        for row in from_srgb(DISPLAY_P3) {
            assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
        let white = apply(multiply(adaptation(), to_xyz(SRGB)), [1.0; 3]);
        assert!(white.iter().zip(D50).all(|(a, b)| (a - b).abs() < 1e-12));
    }
}
